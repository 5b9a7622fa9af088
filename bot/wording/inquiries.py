"""An inquiry on the phone: the addressee's notice, the asker's live card."""

from datetime import datetime

from markupsafe import Markup, escape

from bot.rules.dates import HANOI, format_date, format_deadline, format_weekday
from bot.rules.deadlines import days_early, days_overdue
from bot.rules.lifecycle import OPEN
from bot.rules.office import Office
from bot.wording import cases
from bot.wording.callbacks import Tap
from bot.wording.catalogue import plain, say
from bot.wording.lengths import LONGEST_TEXT, chunks, visible_length
from bot.wording.message import ROOM, Button, Message, Row, button, rows
from bot.wording.people import given_name
from storage.dossiers import Dossier
from storage.kinds import RoundKind, State, SubjectKind, Urgency
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
        "case_lines": case_lines(dossier, for_head=True),
        "steps": _notice_steps(dossier, round),
        "outside": outside_line(dossier, round, office, now),
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
    reckoned = office.reckon(round.delivered_at or now, dossier.inquiry.urgency, round.number)
    due = (round.due_at or reckoned.due_at).astimezone(HANOI)
    hours = office.limit(dossier.inquiry.urgency).clock_hours
    if hours is None:
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
        steps += _ending(dossier)
    return steps


def _ending(dossier: Dossier) -> list[str]:
    inquiry = dossier.inquiry
    if inquiry.state is State.ACCEPTED:
        return [plain("step.accepted", at=inquiry.closed_at)]
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
    inquiry, round = dossier.inquiry, dossier.round
    html = say(
        "inquiries.tracking",
        sign=SIGNS.get(inquiry.state, ""),
        number=dossier.number,
        round=round.number,
        state=_state(dossier),
        branch=dossier.branch.name,
        addressee=dossier.head.person.name if dossier.head else "",
        due=round.due_at,
        text=_question(dossier),
        case_number=dossier.case.decision_number,
        lines=_ladder(dossier, office),
    )
    return Message(html, tracking_buttons(dossier))


def _state(dossier: Dossier) -> str:
    """Return the state as the card's first line names it; a round that begins again says so."""
    is_again = dossier.round.kind is RoundKind.AGAIN and dossier.inquiry.state is State.DELIVERED
    return plain("state.delivered_again" if is_again else f"state.{dossier.inquiry.state}")


def _question(dossier: Dossier) -> str:
    """Return what is to be answered: after "chưa đạt yêu cầu" still the question, not the reason."""
    asked = dossier.rounds[: dossier.inquiry.round]
    return next(round.text for round in reversed(asked) if round.kind is not RoundKind.AGAIN)


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
    if round.answered_at:
        said = timeliness(round, office)
        lines.append("✓ " + plain("step.answered", at=round.answered_at, timeliness=said))
    elif inquiry.state in OPEN:
        lines += [f"· {plain('ladder.preparing')}", f"· {plain('ladder.answered')}"]
    return [*(line for line in lines if inquiry.state in OPEN or line[0] != "·"), *_ending(dossier)]


def tracking_buttons(dossier: Dossier) -> tuple[Row, ...]:
    """Return what the asker can do now."""
    state = dossier.inquiry.state
    if state is State.ANSWERED:
        return rows([_inquiry_button(Tap.SHOW_ANSWER, dossier)])
    if state in OPEN:
        is_reckoned = state in (State.DELIVERED, State.RECEIVED)
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
