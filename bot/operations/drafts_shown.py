"""What a draft shows now: its card, a choice of cases, or that none was found."""

from datetime import datetime

from sqlmodel import Session

from bot.operations.cases import branch_of
from bot.operations.seeking import seek
from bot.rules.dates import HANOI
from bot.rules.lifecycle import OPEN
from bot.rules.office import Office
from bot.wording import drafts as wording
from bot.wording.message import Message
from storage import cases, inquiries, people
from storage.dossiers import gather
from storage.kinds import DraftState
from storage.tables import Branch, Case, Draft


def draw_draft(session: Session, draft_id: int, office: Office, now: datetime) -> Message:
    """Return a draft's card as it stands."""
    draft = session.get(Draft, draft_id)
    assert draft is not None
    if draft.state is DraftState.CANCELLED:
        return wording.cancelled()
    if draft.case_id is None:
        return _draw_choice(session, draft)
    return wording.card(view(session, draft), office, now)


def _draw_choice(session: Session, draft: Draft) -> Message:
    found = seek(session, draft.sought)
    # Without a number there is nothing to ask about as typed.
    branch = session.get(Branch, draft.branch_id) if draft.branch_id and found.number else None
    options = [(case, branch_of(session, case)) for case in found.cases[: wording.OPTIONS]]
    if found.is_exact:
        return wording.choice(draft, options, len(found.cases))
    imported = cases.newest_import(session)
    register_on = imported.imported_at.astimezone(HANOI).date() if imported else None
    return wording.not_found(draft, branch, options, register_on)


def view(session: Session, draft: Draft) -> wording.DraftView:
    """Gather what the card of a draft with a settled case shows."""
    assert draft.case_id is not None
    case = session.get(Case, draft.case_id)
    assert case is not None
    asked = [gather(session, inquiry) for inquiry in inquiries.of_case(session, draft.case_id)]
    imported = cases.newest_import(session)
    return wording.DraftView(
        draft=draft,
        branch=branch_of(session, case),
        head=people.head_of(session, case.branch_id),
        case=case,
        register_on=imported.imported_at.astimezone(HANOI).date() if imported else None,
        asked=asked,
        still_open=[one for one in asked if one.inquiry.state in OPEN],
    )
