"""A question that was not sent yet: its card, the choice of a case, the empty-handed search."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from markupsafe import Markup

from bot.rules import due_dates
from bot.rules.dates import HANOI, format_date, format_short_weekday
from bot.rules.deadlines import Limit
from bot.rules.office import Office
from bot.wording import attachments, cases
from bot.wording.callbacks import Tap
from bot.wording.catalogue import plain, say
from bot.wording.links import link
from bot.wording.message import Button, Message, Row, button, rows
from bot.wording.people import given_name
from storage.dossiers import Dossier
from storage.kinds import CaseStatus, SubjectKind, Urgency
from storage.people import Member
from storage.tables import Branch, Case, Draft

OPTIONS = 8
"""So many cases are offered at most."""

OPEN_SHOWN = 5
"""So many open inquiries on the case are named, the newest: with all of them a card may be too long."""


@dataclass(frozen=True)
class DraftView:
    """What a draft's card shows. `case` is None while it is not settled; `asked` are earlier inquiries."""

    draft: Draft
    branch: Branch | None
    head: Member | None
    case: Case | None
    register_on: date | None
    asked: Sequence[Dossier] = ()
    still_open: Sequence[Dossier] = ()
    files: int = 0


def allowance(limit: Limit) -> str:
    """Return `5 ngày làm việc` or `4 giờ`."""
    if limit.working_days is not None:
        return plain("drafts.allowance_days", days=limit.working_days)
    return plain("drafts.allowance_hours", hours=limit.clock_hours)


def card(view: DraftView, office: Office, now: datetime) -> Message:
    """Return a draft that is complete but for the press that sends it."""
    draft, case, branch = view.draft, view.case, view.branch
    assert case is not None
    assert branch is not None
    reckoned = office.reckon(now, draft.urgency, due_on=draft.due_on)
    last = view.asked[-1] if view.asked else None
    html = say(
        "drafts.card",
        addressee=view.head.person.name if view.head else "",
        title=view.head.person.title if view.head else "",
        branch=branch.name,
        number=case.decision_number,
        decided=case.decision_on,
        debtors=case.debtors,
        amount=cases.amounts(case),
        text=draft.text,
        files=attachments.line(view.files) if view.files else "",
        urgency=plain(f"urgency.{draft.urgency}"),
        due=reckoned.due_at,
        allowance=plain("due.own") if draft.due_on else allowance(office.limit(draft.urgency)),
        warnings=_warnings(view, office, now),
        asked_before=len(view.asked),
        last_number=last.number if last else "",
        last_asker=last.asker.person.name if last else "",
        last_at=format_date(last.inquiry.asked_at.astimezone(HANOI).date()) if last else "",
        last_link=link("xem", last.inquiry, now) if last else "",
    )
    return Message(html, _buttons(draft, office, now))


def _buttons(draft: Draft, office: Office, now: datetime) -> tuple[Row, ...]:
    if draft.is_choosing_due:
        return _due_rows(draft, office, now)
    return _urgency_rows(draft) if draft.is_choosing_urgency else _rows(draft)


def _warnings(view: DraftView, office: Office, now: datetime) -> list[str]:
    """Return the warning lines that are true now, the gravest first."""
    assert view.case is not None
    assert view.branch is not None
    lines = []
    if view.head is None:
        lines.append(say("drafts.warn_no_head", branch=office.full_branch_name(view.branch.name)))
    elif view.head.account is None:
        lines.append(say("drafts.warn_not_enrolled", name=given_name(view.head)))
    if not view.case.is_listed:
        lines.append(say("drafts.warn_unlisted", imported=view.register_on))
    elif view.case.status in (CaseStatus.CLOSED, CaseStatus.ENFORCED, CaseStatus.TERMINATED):
        status = plain(f"status.{view.case.status}")
        lines.append(say("drafts.warn_closed", imported=cases.imported_on(view.case), status=status))
    lines += [_still_open(view.draft, other, now) for other in view.still_open[-OPEN_SHOWN:]]
    return [*lines, *_timing(view, office, now)]


def _still_open(draft: Draft, other: Dossier, now: datetime) -> Markup:
    is_own = other.asker.id == draft.person_id
    name = other.asker.person.name
    return say("drafts.warn_open", is_own=is_own, name=name, link=link("xem", other.inquiry, now))


def _timing(view: DraftView, office: Office, now: datetime) -> list[str]:
    if view.draft.urgency is Urgency.FLASH:
        if view.draft.is_choosing_due:
            return [say("drafts.warn_due_ends_flash")]
        return [say("drafts.warn_flash", name=given_name(view.head))] if view.head else []
    if office.calendar.is_working_time(now):
        return []
    return [say("drafts.warn_outside", at=office.calendar.next_working_moment(now))]


def _draft_button(draft: Draft, tap: Tap, extra: str = "", label: str | None = None) -> Button:
    assert draft.id is not None
    return button(tap, SubjectKind.DRAFT, draft.id, extra=extra, label=label)


def _rows(draft: Draft) -> tuple[Row, ...]:
    send = Tap.SEND_FLASH if draft.urgency is Urgency.FLASH else Tap.SEND
    return rows(
        [_draft_button(draft, send) if draft.text else None],
        [_draft_button(draft, Tap.URGENCY), _draft_button(draft, Tap.EDIT)],
        [_draft_button(draft, Tap.CANCEL)],
    )


def _urgency_rows(draft: Draft) -> tuple[Row, ...]:
    normal, urgent, very_urgent, flash = (
        _draft_button(draft, Tap.SET_URGENCY, urgency.value, plain(f"urgency.{urgency}"))
        for urgency in Urgency
    )
    way_out = [_draft_button(draft, Tap.CHOOSE_DUE), _draft_button(draft, Tap.BACK)]
    return rows([normal, urgent], [very_urgent, flash], way_out)


def _due_rows(draft: Draft, office: Office, now: datetime) -> tuple[Row, ...]:
    """Return the days that are offered as deadline, two to a row."""
    buttons = [
        _draft_button(draft, Tap.SET_DUE, f"{day:%Y%m%d}", _due_option(day, count))
        for count, day in due_dates.offered(now, office.calendar)
    ]
    buttons.append(_draft_button(draft, Tap.BACK))
    return rows(*(buttons[at : at + 2] for at in range(0, len(buttons), 2)))


def _due_option(day: date, count: int) -> str:
    """Return `T3 08/12 · 1 ngày`."""
    return plain("due.option", weekday=format_short_weekday(day), day=day, count=count)


def choice(draft: Draft, options: Sequence[tuple[Case, Branch]], total: int) -> Message:
    """Return the offer of the cases that a draft's words may mean. Ambiguity is offered, never guessed."""
    html = say("drafts.choose", sought=draft.sought, count=total, more=total > len(options), text=draft.text)
    return Message(html, rows(*_options(draft, options), _ways_out(draft)))


def not_found(
    draft: Draft, branch: Branch | None, options: Sequence[tuple[Case, Branch]], register_on: date | None
) -> Message:
    """Return what is shown when no case answers to the words: near ones, or to ask all the same."""
    html = say("drafts.not_found", sought=draft.sought, imported=register_on, branch=branch, text=draft.text)
    anyway = (
        _draft_button(draft, Tap.ASK_ANYWAY, label=plain("button.ask_anyway", branch=branch.name))
        if branch
        else None
    )
    return Message(html, rows(*_options(draft, options), [anyway], _ways_out(draft)))


def _options(draft: Draft, options: Sequence[tuple[Case, Branch]]) -> list[list[Button]]:
    dated = len({(case.decision_key, case.branch_id) for case, _branch in options}) < len(options)
    return [
        [_draft_button(draft, Tap.PICK, str(case.id), cases.option(case, branch, dated=dated))]
        for case, branch in options
    ]


def _ways_out(draft: Draft) -> list[Button]:
    return [_draft_button(draft, Tap.SEEK_AGAIN), _draft_button(draft, Tap.CANCEL)]


def cancelled() -> Message:
    return Message(say("drafts.cancelled"))


def with_files(message: Message, count: int) -> Message:
    """Return a choice of cases that says how many files wait for it too."""
    if not count:
        return message
    return replace(message, html=message.html + Markup("\n") + attachments.line(count))
