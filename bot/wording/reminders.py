"""Reminders on the phone: one message a person, a section for each kind of thing that is due."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from markupsafe import Markup

from bot.rules.dates import HANOI
from bot.rules.deadlines import days_overdue
from bot.rules.office import Office
from bot.rules.reminders import Rule
from bot.wording.answers import preview_rows, verdict_rows
from bot.wording.callbacks import Tap
from bot.wording.catalogue import plain, say
from bot.wording.links import link
from bot.wording.message import Button, Message, Row, button, rows
from bot.wording.people import given_name
from storage.dossiers import Dossier
from storage.kinds import Hindrance, SubjectKind, Urgency
from storage.tables import Answer, Case, Draft

LISTED = 8
"""So many inquiries a section names, and so many buttons a message has."""
NOON = 12


@dataclass(frozen=True)
class Item:
    """What a person is reminded of: an inquiry, with the answer to it that was not sent, or a draft."""

    rule: Rule
    dossier: Dossier | None = None
    answer: Answer | None = None
    draft: Draft | None = None
    case: Case | None = None  # the draft's, once it is settled

    @property
    def about(self) -> Dossier:
        assert self.dossier is not None
        return self.dossier

    @property
    def due_at(self) -> datetime:
        assert self.about.round.due_at is not None
        return self.about.round.due_at


@dataclass(frozen=True)
class Moment:
    """Now, in this office: what every section needs to know."""

    now: datetime
    office: Office

    @property
    def today(self) -> date:
        return self.now.astimezone(HANOI).date()


def compose(items: Sequence[Item], office: Office, now: datetime) -> Message:
    """Return the one message that tells a person of all these."""
    moment = Moment(now, office)
    items = sorted(items, key=_nearest_first)
    sections = [
        section([item for item in items if item.rule in rules], moment)
        for rules, section in SECTIONS.items()
        if any(item.rule in rules for item in items)
    ]
    buttons = _own_rows(items[0]) if len(items) == 1 else _numbered_rows(items)
    return Message(Markup("\n\n").join(sections), buttons)


def _nearest_first(item: Item) -> tuple[bool, float]:
    due = item.dossier.round.due_at if item.dossier else None
    return due is None, due.timestamp() if due else 0.0


# --- sections ---------------------------------------------------------------------------------


def _named(key: str, items: Sequence[Item], moment: Moment, **values: Any) -> Markup:
    """Say a section that lists its items; `values` are added."""
    lines = [_line(item, moment) for item in items[:LISTED]]
    return say(key, count=len(items), lines=lines, more=len(items) - len(lines), **values)


def _line(item: Item, moment: Moment) -> Markup:
    is_to_answer = item.rule in TO_ANSWER
    return say(
        "reminders.line",
        number=item.about.number,
        due=item.about.round.due_at,
        answered=item.about.round.answered_at if item.rule is Rule.VERDICT else None,
        asker=given_name(item.about.asker) if is_to_answer else "",
        branch="" if is_to_answer else item.about.branch.name,
        link=link("traloi" if is_to_answer else "xem", item.about.inquiry, moment.now),
    )


def _near(items: Sequence[Item], moment: Moment) -> Markup:
    """Say what has a deadline soon, or has not been received: one in full, several as a list."""
    item, rule = items[0], items[0].rule
    if len(items) > 1:
        return _named("reminders.near_list", items, moment, title=plain(f"reminders.{rule}"))
    return say(
        "reminders.near",
        is_flash=item.about.inquiry.urgency is Urgency.FLASH,
        number=item.about.number,
        what=_left(item, moment) if rule is Rule.DUE_SOON else plain(f"reminders.{rule}").lower(),
        due=item.due_at,
        asker=item.about.asker.person.name,
        case_number=item.about.case.decision_number,
        delivered=item.about.round.delivered_at if rule is Rule.RECEIPT else None,
    )


def _left(item: Item, moment: Moment) -> str:
    """Return `còn 1 ngày làm việc`, or the hours when it is the same day."""
    calendar = moment.office.calendar
    if item.about.inquiry.urgency is Urgency.FLASH:
        return plain("reminders.left_clock", hours=_hours(item.due_at - moment.now))
    days = calendar.workdays_between(moment.today, item.due_at.astimezone(HANOI).date())
    if days:
        return plain("reminders.left_days", days=days)
    return plain("reminders.left_hours", hours=_hours(calendar.working_time_between(moment.now, item.due_at)))


def _hours(left: timedelta) -> int:
    """Round to whole hours, at least one."""
    return max(1, round(left / timedelta(hours=1)))


def _overdue(items: Sequence[Item], moment: Moment) -> Markup:
    """Say what is overdue, the longest first, and of what the chief will be told tomorrow."""
    calendar = moment.office.calendar
    ordered = list({item.about.id: item for item in items}.values())
    warned = [item for item in items if item.rule is Rule.WARNING]
    return say(
        "reminders.overdue",
        count=len(ordered),
        part=_part_of_day(moment.now),
        day=moment.now,
        lines=[_overdue_line(item, moment) for item in ordered[:LISTED]],
        more=max(0, len(ordered) - LISTED),
        warned=", ".join(item.about.number for item in warned),
        escalates=calendar.first_opening(calendar.next_workday(moment.today)),
        chief=moment.office.profile.chief,
    )


def _part_of_day(at: datetime) -> str:
    return plain("reminders.morning" if at.astimezone(HANOI).hour < NOON else "reminders.afternoon")


def _overdue_line(item: Item, moment: Moment) -> Markup:
    return say(
        "reminders.overdue_line",
        number=item.about.number,
        late=how_late(item.due_at, moment),
        asker=given_name(item.about.asker),
        is_escalated=any(one.rule == Rule.ESCALATION for one in item.about.reminded),
        chief=moment.office.profile.chief,
        link=link("traloi", item.about.inquiry, moment.now),
    )


def how_late(due_at: datetime, moment: Moment) -> str:
    """Return `quá 1 ngày làm việc`, before that `quá hạn từ 17:00 hôm qua`."""
    days = days_overdue(due_at, moment.now, moment.office.calendar)
    if days:
        return plain("reminders.late_days", days=days)
    ago = (moment.today - due_at.astimezone(HANOI).date()).days
    key = {0: "reminders.late_today", 1: "reminders.late_yesterday"}.get(ago, "reminders.late_since")
    return plain(key, due=due_at)


def _told(items: Sequence[Item], moment: Moment) -> Markup:
    """Say to an asker that the deadline has passed."""
    if len(items) > 1:
        reasons = {item.about.branch.name: unreached(item.about) for item in items}
        lost = [f"{branch}, {why}" for branch, why in reasons.items() if why]
        is_any, lost_branches = len(lost) < len(reasons), "; ".join(lost)
        return _named("reminders.told_list", items, moment, unreached=lost_branches, is_any=is_any)
    about = items[0].about
    why = unreached(about)
    return say(
        "reminders.told",
        number=about.number,
        due=items[0].due_at,
        branch=about.branch.name,
        received=about.round.received_at,
        unreached=why[:1].upper() + why[1:],
    )


def _escalation(items: Sequence[Item], moment: Moment) -> Markup:
    """Say to the chief what is overdue, and what was done about it."""
    calendar = moment.office.calendar
    days = [days_overdue(item.due_at, moment.now, calendar) for item in items]
    return say(
        "reminders.escalation",
        chief=moment.office.profile.chief,
        count=len(items),
        days=min(days),
        or_more=max(days) > min(days),
        blocks=[_escalated(item) for item in items[:LISTED]],
        more=max(0, len(items) - LISTED),
    )


def _escalated(item: Item) -> Markup:
    about = item.about
    warned = next((one.sent_at for one in about.reminded if one.rule == Rule.WARNING), None)
    return say(
        "reminders.escalated",
        number=about.number,
        branch=about.branch.name,
        head=about.head.person.name if about.head else "",
        case_number=about.case.decision_number,
        asker=about.asker.person.name,
        asked=about.round.asked_at,
        due=item.due_at,
        received=about.round.received_at,
        times=times_reminded(about),
        warned=warned,
        part=_part_of_day(warned).lower() if warned else "",
        unreached=unreached(about),
    )


def unreached(dossier: Dossier) -> str:
    """Return why no reminder reaches the head now: `đ/c Tâm đã chặn hệ thống trên Telegram`; else nothing."""
    head = dossier.head
    if head is None:
        return plain(f"unreached.{Hindrance.NO_HEAD}")
    kind = head.account.hindrance if head.account else Hindrance.NOT_ENROLLED
    return plain(f"unreached.{kind}", name=given_name(head)) if kind else ""


def _own(items: Sequence[Item], moment: Moment) -> Markup:
    """Say to the chief which of the own inquiries are overdue: nobody else reports them."""
    lines = [_own_line(item, moment) for item in items[:LISTED]]
    return say("reminders.own", count=len(items), lines=lines, more=len(items) - len(lines))


def _own_line(item: Item, moment: Moment) -> Markup:
    return say(
        "reminders.own_line",
        number=item.about.number,
        branch=item.about.branch.name,
        late=how_late(item.due_at, moment),
        link=link("xem", item.about.inquiry, moment.now),
    )


def times_reminded(dossier: Dossier) -> int:
    """Return on how many mornings the head was reminded that the answer is overdue."""
    return sum(one.rule == Rule.OVERDUE for one in dossier.reminded)


def _verdict(items: Sequence[Item], moment: Moment) -> Markup:
    """Say, gently, that an answer waits for its asker's opinion."""
    if len(items) > 1:
        return _named("reminders.verdict_list", items, moment)
    about = items[0].about
    assert about.round.answered_at is not None
    answered_on = about.round.answered_at.astimezone(HANOI).date()
    return say(
        "reminders.verdict",
        number=about.number,
        branch=about.branch.name,
        answered=about.round.answered_at,
        days=moment.office.calendar.workdays_between(answered_on, moment.today),
        case_number=about.case.decision_number,
        link=link("xem", about.inquiry, moment.now),
    )


def _written(items: Sequence[Item], _moment: Moment) -> Markup:
    """Say what was written and not sent."""
    return Markup("\n").join(
        say("reminders.unsent_answer", number=item.about.number)
        if item.answer
        else say(
            "reminders.unsent_draft",
            case_number=item.case.decision_number if item.case else "",
            text=item.draft.text if item.draft else "",
        )
        for item in items[:LISTED]
    )


Section = Callable[[Sequence[Item], Moment], Markup]
SECTIONS: Mapping[frozenset[Rule], Section] = {
    frozenset({Rule.OWN_OVERDUE}): _own,
    frozenset({Rule.ESCALATION}): _escalation,
    frozenset({Rule.OVERDUE, Rule.WARNING}): _overdue,
    frozenset({Rule.OVERDUE_TOLD}): _told,
    frozenset({Rule.DUE_TODAY}): _near,
    frozenset({Rule.DUE_SOON}): _near,
    frozenset({Rule.RECEIPT}): _near,
    frozenset({Rule.VERDICT}): _verdict,
    frozenset({Rule.UNSENT_ANSWER, Rule.UNSENT_DRAFT}): _written,
}
"""In the order in which they stand in a message."""
TO_ANSWER = frozenset({Rule.RECEIPT, Rule.DUE_SOON, Rule.DUE_TODAY, Rule.OVERDUE, Rule.WARNING})


# --- buttons ----------------------------------------------------------------------------------


def _own_rows(item: Item) -> tuple[Row, ...]:
    """Return all that can be done with the only thing that a message is about."""
    if item.answer is not None:
        return preview_rows(item.answer)
    if item.draft is not None:
        return _draft_rows(item)
    if item.rule is Rule.VERDICT:
        return verdict_rows(item.about)
    if item.rule in (Rule.OVERDUE, Rule.WARNING):
        return _numbered_rows([item])
    if item.rule in TO_ANSWER:
        is_received = item.about.round.received_at is not None
        receive = None if is_received else _button(Tap.RECEIVE, item.about)
        return rows([receive, _button(Tap.ANSWER, item.about)])
    return rows([_button(Tap.URGE, item.about), _button(Tap.SHOW, item.about)])


def _button(tap: Tap, dossier: Dossier, label: str | None = None) -> Button:
    return button(tap, SubjectKind.INQUIRY, dossier.id, dossier.inquiry.round, label=label)


def _draft_rows(item: Item) -> tuple[Row, ...]:
    """Return the buttons under a reminder of a draft: to send it, its writer must see what goes to whom."""
    assert item.draft is not None
    assert item.draft.id is not None
    showing, cancelling = (
        button(tap, SubjectKind.DRAFT, item.draft.id) for tap in (Tap.SHOW_DRAFT, Tap.CANCEL)
    )
    return rows([showing], [cancelling])


def _numbered_rows(items: Sequence[Item]) -> tuple[Row, ...]:
    """Return one button for each thing, two a row, with the number that tells them apart."""
    buttons = list(dict.fromkeys(found for item in items if (found := _numbered(item))))[:LISTED]
    return tuple(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2))


def _numbered(item: Item) -> Button | None:
    if item.draft is not None:
        return None  # nothing tells two drafts apart on a button
    if item.answer is not None:
        send = preview_rows(item.answer)[0][0]
        return Button(f"{send.label} {item.about.inquiry.number}", send.data)
    tap = Tap.ANSWER if item.rule in TO_ANSWER else Tap.URGE
    if item.rule is Rule.VERDICT:
        tap = Tap.SHOW_ANSWER
    label = plain(f"button.{tap.name.lower()}")
    return _button(tap, item.about, f"{label} {item.about.inquiry.number}")
