"""What a draft shows now: its card, a choice of cases, or that none was found."""

from datetime import datetime

from sqlmodel import Session

from bot.operations.cases import branch_of
from bot.operations.seeking import seek_in
from bot.rules.dates import HANOI
from bot.rules.lifecycle import OPEN
from bot.rules.office import Office
from bot.wording import choosing, pages
from bot.wording import drafts as wording
from bot.wording.message import Message
from storage import attachments, branches, cases, inquiries, people
from storage.dossiers import gather
from storage.kinds import DraftState, SubjectKind
from storage.tables import Branch, Case, Draft


def draw_draft(session: Session, draft_id: int, office: Office, now: datetime) -> Message:
    """Return a draft's card as it stands."""
    draft = session.get(Draft, draft_id)
    assert draft is not None
    if draft.state is DraftState.CANCELLED:
        return wording.cancelled()
    if draft.case_id is not None:
        return wording.card(view(session, draft), office, now)
    shown = _draw_choice(session, draft) if draft.sought else _draw_buttons(session, draft, now)
    files = attachments.of(session, SubjectKind.DRAFT, draft.id)
    return wording.with_files(shown, len(files))


def _draw_choice(session: Session, draft: Draft) -> Message:
    branch = session.get(Branch, draft.branch_id) if draft.branch_id else None
    found = seek_in(session, draft.sought, branch)
    options = [(case, branch_of(session, case)) for case in found.cases[: wording.OPTIONS]]
    if found.is_exact:
        return wording.choice(draft, options, len(found.cases))
    imported = cases.newest_import(session)
    register_on = imported.imported_at.astimezone(HANOI).date() if imported else None
    return wording.not_found(draft, branch if found.number else None, options, register_on)


def _draw_buttons(session: Session, draft: Draft, now: datetime) -> Message:
    """Return the offer of the branches, or of the chosen branch's cases."""
    branch = session.get(Branch, draft.branch_id) if draft.branch_id else None
    if branch is None or branch.id is None:
        return choosing.branches(draft, branches.all_branches(session))
    total = cases.count_pending(session, branch.id)
    page = pages.within(draft.page or 0, total)
    shown = cases.pending(session, branch.id, limit=pages.SIZE, offset=page * pages.SIZE)
    today = now.astimezone(HANOI).date()
    return choosing.pending(draft, branch, shown, page=page, total=total, today=today)


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
        files=len(attachments.of(session, SubjectKind.DRAFT, draft.id)),
    )
