"""Asking by buttons: the branch, one of its cases or a number that the register lacks, then the question."""

from datetime import datetime

from sqlmodel import Session

from bot.operations import access, drafts, prompts, refusals
from bot.rules.office import Office
from bot.rules.permissions import Right
from bot.wording.catalogue import say
from storage.kinds import DraftState, PromptPurpose
from storage.people import Member
from storage.tables import Branch, Draft


def begin(session: Session, *, by: Member, now: datetime) -> Draft:
    """Begin a draft of which nothing is known yet: its card offers the branches."""
    access.require_right(Right.ASK, by)
    draft = Draft(person_id=by.id, state=DraftState.CHOOSING, created_at=now)
    session.add(draft)
    session.flush()
    drafts.show(session, draft, by=by, now=now)
    return draft


def pick_branch(session: Session, draft_id: int, branch_id: int, *, by: Member, now: datetime) -> Draft:
    """Offer the cases of a branch, longest pending first."""
    if session.get(Branch, branch_id) is None:
        raise refusals.Gone
    return _offer(session, draft_id, branch_id, 0, by=by, now=now)


def other_branch(session: Session, draft_id: int, *, by: Member, now: datetime) -> Draft:
    """Offer the branches again."""
    return _offer(session, draft_id, None, None, by=by, now=now)


def turn(session: Session, draft_id: int, page: int, *, by: Member, now: datetime) -> Draft:
    """Show another page of the branch's cases."""
    branch_id = drafts.find(session, draft_id, by=by).branch_id
    return _offer(session, draft_id, branch_id, page, by=by, now=now)


def _offer(
    session: Session, draft_id: int, branch_id: int | None, page: int | None, *, by: Member, now: datetime
) -> Draft:
    draft = drafts.find(session, draft_id, by=by)
    if draft.case_id is None:  # once settled, a case stays; a late press changes nothing
        draft.branch_id, draft.page, draft.sought = branch_id, page, ""
        session.add(draft)
        session.flush()
        drafts.show(session, draft, by=by, now=now)
    return draft


def ask_number(session: Session, draft_id: int, *, by: Member, now: datetime, office: Office) -> None:
    """Ask for the number of a case that the branch's list does not hold."""
    draft = drafts.find(session, draft_id, by=by)
    branch = session.get(Branch, draft.branch_id) if draft.branch_id else None
    if branch is None or draft.case_id is not None:
        raise refusals.Gone
    html = say("drafts.ask_number", branch=branch.name)
    prompts.open_prompt(session, by, PromptPurpose.QUESTION, draft_id, html, now=now, office=office)
