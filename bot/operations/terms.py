"""A draft's term: how urgent the question is, or the day on which its asker wants the answer."""

from datetime import date, datetime

from sqlmodel import Session

from bot.operations import drafts, due_dates, prompts, refusals
from bot.rules.office import Office
from bot.wording.catalogue import say
from storage import prompts as stored_prompts
from storage.kinds import DraftState, PromptPurpose, Urgency
from storage.people import Member
from storage.tables import Case, Draft


def choose_urgency(session: Session, draft_id: int, *, by: Member, now: datetime, office: Office) -> Draft:
    """Show the urgency marks in place of the draft's other buttons."""
    draft = drafts.find(session, draft_id, by=by)
    return _with_buttons(session, draft, urgency=True, by=by, now=now, office=office)


def keep_urgency(session: Session, draft_id: int, *, by: Member, now: datetime, office: Office) -> Draft:
    """Go back to the draft's own buttons."""
    draft = drafts.find(session, draft_id, by=by)
    return _with_buttons(session, draft, by=by, now=now, office=office)


def _with_buttons(
    session: Session,
    draft: Draft,
    *,
    urgency: bool = False,
    due: bool = False,
    by: Member,
    now: datetime,
    office: Office,
) -> Draft:
    """Show the draft with one set of buttons; leaving the days, a typed one is no longer awaited."""
    leaves_due = draft.is_choosing_due and not due
    draft.is_choosing_urgency, draft.is_choosing_due = urgency, due
    session.add(draft)
    session.flush()
    drafts.show(session, draft, by=by, now=now)
    if leaves_due:
        _await_no_date(session, draft, by=by, now=now, office=office)
    return draft


def _await_no_date(session: Session, draft: Draft, *, by: Member, now: datetime, office: Office) -> None:
    assert draft.id is not None
    stored_prompts.close_on(session, [PromptPurpose.DUE], draft.id, now)
    case = session.get(Case, draft.case_id) if draft.case_id else None
    if case is not None and draft.state is DraftState.WRITING:
        drafts.await_question(session, draft, case, by=by, now=now, office=office)


def set_urgency(
    session: Session, draft_id: int, urgency: Urgency, *, by: Member, now: datetime, office: Office
) -> Draft:
    """Give the draft another urgency mark, and with it the mark's own term."""
    draft = drafts.find(session, draft_id, by=by)
    draft.urgency, draft.due_on = urgency, None
    return _with_buttons(session, draft, by=by, now=now, office=office)


def choose_due(session: Session, draft_id: int, *, by: Member, now: datetime, office: Office) -> Draft:
    """Offer days in place of the draft's other buttons, and take one that is typed."""
    draft = drafts.find(session, draft_id, by=by)
    case = session.get(Case, draft.case_id) if draft.case_id else None
    if case is None:
        raise refusals.Gone
    html = say("due.prompt", number=case.decision_number)
    prompts.open_prompt(session, by, PromptPurpose.DUE, draft_id, html, now=now, office=office)
    return _with_buttons(session, draft, due=True, by=by, now=now, office=office)


def set_due(
    session: Session, draft_id: int, day: date, *, by: Member, now: datetime, office: Office
) -> Draft:
    """Let the answer be due on this day instead of after the urgency's term.

    Hỏa tốc means a few hours and a sound at any hour; with a day of its own a question is an ordinary one.
    """
    draft = drafts.find(session, draft_id, by=by)
    draft.due_on = due_dates.check(day, now=now, office=office)
    if draft.urgency is Urgency.FLASH:
        draft.urgency = Urgency.NORMAL
    return _with_buttons(session, draft, by=by, now=now, office=office)


def take_due(
    session: Session, draft_id: int, text: str, *, by: Member, now: datetime, office: Office
) -> Draft:
    """Take a day that was typed; the draft is shown at the end of the chat."""
    day = due_dates.read(text, now=now, office=office)
    drafts.renew_card(session, drafts.find(session, draft_id, by=by), by=by)
    return set_due(session, draft_id, day, by=by, now=now, office=office)
