"""An inquiry on the phone: the addressee's notice, the asker's live card."""

from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup, escape

from bot.rules.dates import HANOI, format_date, format_deadline, format_weekday
from bot.rules.deadlines import days_early, days_overdue, is_overdue
from bot.rules.lifecycle import LIFECYCLE, OPEN
from bot.rules.office import Office
from bot.rules.reminders import Rule
from bot.wording import attachments, cases
from bot.wording.callbacks import Tap
from bot.wording.catalogue import plain, say
from bot.wording.lengths import LONGEST_TEXT, chunks, visible_length
from bot.wording.message import ROOM, Button, Message, Row, button, rows
from bot.wording.people import given_name
from storage.dossiers import Dossier
from storage.kinds import Act, RoundKind, State, SubjectKind, Urgency
from storage.tables import Round

SIGNS = {State.HELD: "❗", State.ACCEPTED: "✅"}
WHAT = {RoundKind.FURTHER: "inquiries.what_further", RoundKind.AGAIN: "inquiries.what_again"}


# --- the addressee's notice -------------------------------------------------------------------


def notice(dossier: Dossier, round: Round, office: Office, now: datetime) -> Message:
    """Return the addressee's message of one round, as things stand.

    Before it is delivered its deadline is reckoned from `now`, the moment of sending.
    """
    values = {
        "number": dossier.number,
        "is_flash": dossier.inquiry.urgency is Urgency.FLASH,
        "due_text": due_text(dossier, round, office, now),
        "text": round.text,
        "files": files_line(dossier, round),
        "case_lines": case_lines(dossier, for_head=True),
        "steps": _notice_steps(dossier, round),
        "outside": "\n".join(_timing_lines(dossier, round, office, now)),
        "request": _request(dossier, round),
    }
    empty = visible_length(_notice_text(dossier, round, room=1, **values))
    html = _notice_text(dossier, round, room=ROOM - empty, **values)
    return Message(html, notice_buttons(dossier, round))


def _notice_text(dossier: Dossier, round: Round, **values: object) -> Markup:
    asker = dossier.asker.person
    if round.number == 1:
        name = plain(f"urgency.{dossier.inquiry.urgency}")
        urgency = name.upper() if values["is_flash"] else name
        asks = say("inquiries.asks", name=asker.name, title=asker.title)
        return say("inquiries.notice", urgency=urgency, asker_line=asks, **values)
    return say(
        "inquiries.notice_round",
        what=plain(WHAT[round.kind]),
        round=round.number,
        asker_line=say("inquiries.opinion", name=asker.name),
        **values,
    )


def full_text(dossier: Dossier, round: Round, office: Office, now: datetime) -> list[Message]:
    """Return the messages that carry a question too long for its notice; none if it fits."""
    shown = notice(dossier, round, office, now)
    if f"<blockquote>{escape(round.text)}</blockquote>" in shown.html:
        return []
    head = say("inquiries.full_text", number=dossier.number)
    first, *others = chunks(round.text, LONGEST_TEXT - 200)
    return [Message(head + "\n" + first), *(Message(escape(other)) for other in others)]


def due_text(dossier: Dossier, round: Round, office: Office, now: datetime) -> str:
    """Return the deadline as the notice says it; a flash one names the hours."""
    urgency = dossier.inquiry.urgency
    reckoned = office.reckon(round.delivered_at or now, urgency, round.number, round.due_on)
    due = (round.due_at or reckoned.due_at).astimezone(HANOI)
    hours = office.limit(urgency).clock_hours
    if hours is None or round.due_on is not None:
        return format_deadline(due)
    is_today = due.date() == now.astimezone(HANOI).date()
    day = plain("inquiries.today") if is_today else format_weekday(due.date())
    return plain("inquiries.due_flash", due=due, day=day, date=format_date(due.date()), hours=hours)


def outside_line(dossier: Dossier, round: Round, office: Office, now: datetime) -> str:
    """Return the line that says from when the time counts, if the notice comes outside working hours."""
    delivered = round.delivered_at or now
    if dossier.inquiry.urgency is Urgency.FLASH or office.calendar.is_working_time(delivered):
        return ""
    return plain("inquiries.outside", at=office.calendar.next_working_moment(delivered))


def files_line(dossier: Dossier, round: Round) -> Markup | None:
    """Return how many files belong to a round's question; None if there are none."""
    count = dossier.files.get(round.number, 0)
    return attachments.line(count) if count else None


def _timing_lines(dossier: Dossier, round: Round, office: Office, now: datetime) -> list[str]:
    outside = outside_line(dossier, round, office, now)
    is_open = round.number == dossier.inquiry.round and dossier.inquiry.state in OPEN
    return [*([outside] if outside else []), *(moved_lines(dossier) if is_open else [])]


def case_lines(dossier: Dossier, *, for_head: bool) -> Markup:
    """Return what a message says of the case; to the head, whether it is the head's own."""
    case = dossier.case
    imported = cases.imported_on(case)
    officer = ""
    if for_head and dossier.head and case.officer_name == dossier.head.person.name:
        officer = plain("inquiries.officer_is_head", imported=imported)
    elif case.officer_name:
        officer = plain("inquiries.officer", officer=case.officer_name, imported=imported)
    elif imported:
        officer = plain("inquiries.figures_of", imported=imported)
    return say(
        "inquiries.case_lines",
        number=case.decision_number,
        decided=case.decision_on,
        is_listed=case.is_listed,
        debtors=case.debtors,
        amount=cases.amounts(case),
        officer_line=officer,
    )


def _notice_steps(dossier: Dossier, round: Round) -> list[str]:
    steps = []
    if round.received_at:
        steps.append(plain("step.received", at=round.received_at))
    if round.answered_at:
        steps.append(plain("step.answered", at=round.answered_at, timeliness=""))
    if round.number == dossier.inquiry.round:
        # The answer stands in the line above: it is not told again.
        is_lapsed = dossier.inquiry.state is State.LAPSED
        steps += [plain("step.lapsed_on_notice")] if is_lapsed else _ending(dossier)
    return steps


def _ending(dossier: Dossier) -> list[str]:
    inquiry = dossier.inquiry
    if inquiry.state is State.ACCEPTED:
        return [plain("step.accepted", at=inquiry.closed_at)]
    if inquiry.state is State.LAPSED:
        return [plain("step.lapsed", answered=dossier.round.answered_at)]
    if inquiry.state is State.WITHDRAWN:
        return [plain("step.withdrawn", at=inquiry.closed_at, note=inquiry.closing_note)]
    return []


def _request(dossier: Dossier, round: Round) -> str:
    if round.number != dossier.inquiry.round or dossier.inquiry.state not in OPEN:
        return ""
    return plain("inquiries.request_received" if round.received_at else "inquiries.request")


def notice_buttons(dossier: Dossier, round: Round) -> tuple[Row, ...]:
    """Return what the addressee can do now."""
    if round.number != dossier.inquiry.round or dossier.inquiry.state not in OPEN:
        return ()
    return rows(
        [
            None if round.received_at else _inquiry_button(Tap.RECEIVE, dossier),
            _inquiry_button(Tap.ANSWER, dossier),
        ],
        [_inquiry_button(Tap.RECKONING, dossier)],
    )


def files_row(dossier: Dossier) -> tuple[Row, ...]:
    """Return the button that sends what was attached once more."""
    return rows([_inquiry_button(Tap.SHOW_FILES, dossier)])


def _inquiry_button(tap: Tap, dossier: Dossier) -> Button:
    return button(tap, SubjectKind.INQUIRY, dossier.id, dossier.inquiry.round)


def with_round(dossier: Dossier) -> str:
    """Return `12/2027`, from the second round on `12/2027, lần 2`."""
    if dossier.inquiry.round == 1:
        return dossier.number
    return plain("inquiries.number_of_round", number=dossier.number, round=dossier.inquiry.round)


# --- the asker's live card --------------------------------------------------------------------


def tracking(dossier: Dossier, office: Office, now: datetime) -> Message:
    """Return the asker's live card: the receipt ladder of the present round."""
    round, shown = dossier.round, headline(dossier, office, now)
    html = say(
        "inquiries.tracking",
        sign=shown.sign,
        number=dossier.number,
        round=round.number,
        state=shown.state,
        branch=dossier.branch.name,
        addressee=dossier.head.person.name if dossier.head else "",
        due=round.due_at,
        text=_question(dossier),
        files=files_line(dossier, round),
        case_number=dossier.case.decision_number,
        lines=[*_ladder(dossier, office), *_lateness(dossier, office, now)],
    )
    return Message(html, tracking_buttons(dossier, now))


def _question(dossier: Dossier) -> str:
    """Return what is to be answered: after "chưa đạt yêu cầu" still the question, not the reason."""
    asked = dossier.rounds[: dossier.inquiry.round]
    return next(round.text for round in reversed(asked) if round.kind is not RoundKind.AGAIN)


def _is_overdue(dossier: Dossier, now: datetime) -> bool:
    return dossier.inquiry.state in OPEN and is_overdue(dossier.round.due_at, now)


@dataclass(frozen=True)
class Headline:
    """How an inquiry stands, in the words that cards, views and lists share; `sign` may be empty."""

    sign: str
    state: str


def headline(dossier: Dossier, office: Office, now: datetime) -> Headline:
    """Return how an inquiry stands now: `❗` and `Quá hạn 2 ngày`."""
    sign = "❗" if _is_overdue(dossier, now) else SIGNS.get(dossier.inquiry.state, "")
    return Headline(sign, _state(dossier, office, now))


def _state(dossier: Dossier, office: Office, now: datetime) -> str:
    """Return where an inquiry stands; what is late comes before it."""
    if _is_overdue(dossier, now):
        assert dossier.round.due_at is not None
        days = days_overdue(dossier.round.due_at, now, office.calendar)
        return plain("state.overdue_days", days=days) if days else plain("state.overdue")
    if _unconfirmed(dossier):
        return plain("state.unconfirmed")
    is_again = dossier.round.kind is RoundKind.AGAIN and dossier.inquiry.state is State.DELIVERED
    return plain("state.delivered_again" if is_again else f"state.{dossier.inquiry.state}")


def _unconfirmed(dossier: Dossier) -> datetime | None:
    """Return when the head was reminded to confirm the receipt, as long as it is not confirmed."""
    asked = (one.sent_at for one in dossier.reminded if one.rule == Rule.RECEIPT)
    return next(asked, None) if dossier.inquiry.state is State.DELIVERED else None


def _lateness(dossier: Dossier, office: Office, now: datetime) -> list[str]:
    """Return the lines that say how late the answer is, and that the deadline was moved."""
    lines = [] if dossier.inquiry.state not in OPEN else moved_lines(dossier)
    if _is_overdue(dossier, now):
        due = dossier.round.due_at
        assert due is not None
        times = sum(one.rule == Rule.OVERDUE for one in dossier.reminded)
        days = days_overdue(due, now, office.calendar)
        lines.append(plain("step.overdue_days" if days else "step.overdue", days=days, due=due, times=times))
    return lines


def moved_lines(dossier: Dossier) -> list[str]:
    """Return the line that names the deadline and the one before it, if an outage moved it."""
    move, due = dossier.move, dossier.round.due_at
    if move is None or due is None:
        return []
    is_same_day = move.old_due_at.astimezone(HANOI).date() == due.astimezone(HANOI).date()
    return [plain("step.moved", due=due, old=move.old_due_at, is_same_day=is_same_day)]


def _ladder(dossier: Dossier, office: Office) -> list[str]:
    inquiry, round = dossier.inquiry, dossier.round
    lines = []
    if round.kind is RoundKind.FURTHER:
        lines.append(plain("step.further", at=round.asked_at, due=round.due_at))
    elif round.kind is RoundKind.AGAIN:
        lines.append(plain("step.again", at=round.asked_at, text=round.text))
    if inquiry.state is State.HELD:
        name = given_name(dossier.head) if dossier.head else ""
        return [*lines, plain(f"hindrance.{inquiry.hindrance}_on_card", name=name)]
    for name, done in (("delivered", round.delivered_at), ("received", round.received_at)):
        lines.append(f"✓ {plain(f'step.{name}', at=done)}" if done else f"· {plain(f'ladder.{name}')}")
    if reminded_at := _unconfirmed(dossier):
        lines[-1] = plain("step.unconfirmed", at=reminded_at)
    if round.answered_at:
        said = timeliness(round, office)
        lines.append("✓ " + plain("step.answered", at=round.answered_at, timeliness=said))
    elif inquiry.state in OPEN:
        lines += [f"· {plain('ladder.preparing')}", f"· {plain('ladder.answered')}"]
    return [*(line for line in lines if inquiry.state in OPEN or line[0] != "·"), *_ending(dossier)]


def tracking_buttons(dossier: Dossier, now: datetime) -> tuple[Row, ...]:
    """Return what the asker can do now."""
    state = dossier.inquiry.state
    if state is State.ANSWERED:
        return rows([_inquiry_button(Tap.SHOW_ANSWER, dossier)])
    if state in LIFECYCLE[Act.REOPEN].sources:
        return rows([_inquiry_button(Tap.REOPEN, dossier)])
    is_late = state is State.DELIVERED and (bool(dossier.reminded) or _is_overdue(dossier, now))
    if state is State.RECEIVED or is_late:
        return rows([_inquiry_button(Tap.URGE, dossier), _inquiry_button(Tap.WITHDRAW, dossier)])
    if state in OPEN:
        is_reckoned = state is State.DELIVERED
        return rows(
            [
                _inquiry_button(Tap.WITHDRAW, dossier),
                _inquiry_button(Tap.RECKONING, dossier) if is_reckoned else None,
            ]
        )
    return ()


def hindrance(dossier: Dossier) -> str:
    """Return why the notice cannot be delivered, as a sentence."""
    assert dossier.inquiry.hindrance is not None
    return plain(
        f"hindrance.{dossier.inquiry.hindrance}",
        name=dossier.head.person.name if dossier.head else "",
        branch=dossier.branch.name,
    )


def timeliness(round: Round, office: Office) -> str:
    """Return `trước hạn 1 ngày làm việc`, `đúng hạn` or `quá hạn …`, as fixed when the answer was sent."""
    if round.answered_at is None or round.due_at is None:
        return ""
    if round.is_timely:
        early = days_early(round.due_at, round.answered_at, office.calendar)
        return plain("timeliness.days_early", days=early) if early else plain("timeliness.in_time")
    late = days_overdue(round.due_at, round.answered_at, office.calendar)
    return plain("timeliness.days_late", days=late) if late else plain("timeliness.late")


def not_delivered(dossier: Dossier, now: datetime) -> Message:
    """Return the asker's message that a notice could not be delivered, and why."""
    assert dossier.inquiry.hindrance is not None
    remedy = plain(
        f"remedy.{dossier.inquiry.hindrance}", name=given_name(dossier.head) if dossier.head else ""
    )
    html = say(
        "inquiries.not_delivered", number=dossier.number, reason=hindrance(dossier), remedy=remedy, at=now
    )
    return Message(html, rows([_inquiry_button(Tap.WITHDRAW, dossier), _inquiry_button(Tap.SHOW, dossier)]))


def not_delivered_to_admin(dossier: Dossier) -> Message:
    """Return the administrator's message; it says nothing of the case or the question."""
    return Message(
        say(
            "inquiries.not_delivered_to_admin",
            number=dossier.number,
            branch=dossier.branch.name,
            reason=hindrance(dossier),
        )
    )


def delivered_after_all(dossier: Dossier) -> Message:
    """Return the asker's message that what was held has been delivered."""
    round = dossier.round
    return Message(
        say("inquiries.delivered_after_all", number=dossier.number, at=round.delivered_at, due=round.due_at)
    )
