"""Drafts: a leader's question until one press sends it. Rows, so they survive a restart."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from bot.operations import access, attachments, due_dates, inquiries, prompts, refusals
from bot.operations.seeking import Sought, seek, seek_in
from bot.rules.numbers import DecisionNumber
from bot.rules.office import Office
from bot.rules.permissions import Right
from bot.wording.catalogue import say
from storage import attachments as stored_attachments
from storage import outbox
from storage import prompts as stored_prompts
from storage.kinds import CardKind, DraftState, Lane, PromptPurpose, SubjectKind
from storage.people import Member
from storage.tables import Attachment, Branch, Case, Draft, Inquiry, SentMessage

OPEN = (DraftState.CHOOSING, DraftState.WRITING, DraftState.READY)


def begin(
    session: Session,
    text: str,
    *,
    files: Sequence[Attachment] = (),
    by: Member,
    now: datetime,
    office: Office,
) -> Draft:
    """Begin a draft from a leader's words: the case if it is beyond doubt, else a choice."""
    access.require_right(Right.ASK, by)
    sought = seek(session, text)
    draft = Draft(
        person_id=by.id,
        state=DraftState.CHOOSING,
        sought=sought.words or _first_words(text),
        text=sought.question,
        branch_id=sought.branch.id if sought.branch else None,
        created_at=now,
    )
    _settle(session, draft, sought.only, files, by=by, now=now, office=office)
    return draft


def _first_words(text: str) -> str:
    """Return what to call a text in which no case was named."""
    return " ".join(text.split()[:6])


def begin_on(
    session: Session,
    case: Case,
    text: str,
    *,
    files: Sequence[Attachment] = (),
    by: Member,
    now: datetime,
    office: Office,
) -> Draft:
    """Begin a draft on a case that is at hand."""
    access.require_right(Right.ASK, by)
    draft = Draft(
        person_id=by.id,
        state=DraftState.CHOOSING,
        sought=case.decision_number,
        text=text,
        created_at=now,
    )
    _settle(session, draft, case, files, by=by, now=now, office=office)
    return draft


def _settle(
    session: Session,
    draft: Draft,
    case: Case | None,
    files: Sequence[Attachment] = (),
    *,
    by: Member,
    now: datetime,
    office: Office,
) -> None:
    """Take the case, if it is known, and show the draft; ask for the question where it is missing."""
    if case is not None:
        draft.case_id, draft.branch_id = case.id, case.branch_id
        draft.state = DraftState.READY if draft.text else DraftState.WRITING
    session.add(draft)
    session.flush()
    attachments.attach(session, files, SubjectKind.DRAFT, draft.id)
    show(session, draft, by=by, now=now)
    if not draft.text and (case is not None or files):
        await_question(session, draft, case, by=by, now=now, office=office)


def await_question(
    session: Session, draft: Draft, case: Case | None, *, by: Member, now: datetime, office: Office
) -> None:
    """Ask for the question; beside files one line will do (trích yếu), but without any text none is sent."""
    assert draft.id is not None
    files = stored_attachments.of(session, SubjectKind.DRAFT, draft.id)
    number = case.decision_number if case else ""
    html = say("drafts.ask_gist" if files else "drafts.ask_question", number=number, count=len(files))
    prompts.open_prompt(session, by, PromptPurpose.QUESTION, draft.id, html, now=now, office=office)


def show(session: Session, draft: Draft, *, by: Member, now: datetime) -> None:
    """Ask for the draft's card to show its present state: it has changed."""
    draft.changed_at = now
    session.add(draft)
    if by.chat_id is not None and draft.id is not None:
        outbox.want_card(session, CardKind.DRAFT, draft.id, by.chat_id, lane=Lane.OWN, now=now)


def find(session: Session, draft_id: int, *, by: Member) -> Draft:
    """Return a person's own open draft. Raises a refusal when it is not theirs, sent or cancelled."""
    draft = session.get(Draft, draft_id)
    if draft is None or draft.state is DraftState.CANCELLED:
        raise refusals.Gone
    if draft.person_id != by.id:
        raise refusals.NotYours
    access.require_right(Right.ASK, by)
    if draft.state is DraftState.SENT:
        inquiry = session.get(Inquiry, draft.inquiry_id)
        assert inquiry is not None
        raise refusals.DraftSent(number=f"{inquiry.number}/{inquiry.year}")
    return draft


def pick(
    session: Session, draft_id: int, case_id: int, *, by: Member, now: datetime, office: Office
) -> Draft:
    """Settle the case that the asker chose among those offered; once settled it stays."""
    draft = find(session, draft_id, by=by)
    if draft.case_id is not None:
        return draft
    case = session.get(Case, case_id)
    if case is None:
        raise refusals.Gone
    _settle(session, draft, case, by=by, now=now, office=office)
    return draft


def ask_anyway(session: Session, draft_id: int, *, by: Member, now: datetime, office: Office) -> Draft:
    """Ask about a case that is not in the register, as typed; the branch will confirm the number."""
    draft = find(session, draft_id, by=by)
    if draft.case_id is not None:
        return draft
    sought = seek_in(session, draft.sought, _branch(session, draft))
    if draft.branch_id is None or sought.number is None:
        raise refusals.Gone
    case = _as_typed(session, draft.branch_id, sought, sought.number)
    _settle(session, draft, case, by=by, now=now, office=office)
    return draft


def _as_typed(session: Session, branch_id: int, sought: Sought, number: DecisionNumber) -> Case:
    """Return the branch's case of this number, unlisted if it is not in the register.

    Asked about twice, it stays one case; one that was imported since is taken. Raises `Gone` when there
    are several by now: that is a choice.
    """
    known = [case for case in sought.cases if sought.is_exact and case.branch_id == branch_id]
    if len(known) > 1:
        raise refusals.Gone
    if known:
        return known[0]
    case = Case(
        branch_id=branch_id,
        decision_number=number.text,
        decision_key=number.key,
        decision_serial=number.serial,
        is_listed=False,
    )
    session.add(case)
    session.flush()
    return case


def seek_again(session: Session, draft_id: int, *, by: Member, now: datetime, office: Office) -> None:
    """Ask for other words for the case; the question is kept."""
    draft = find(session, draft_id, by=by)
    assert draft.id is not None
    prompts.open_prompt(
        session, by, PromptPurpose.QUESTION, draft.id, say("drafts.ask_words"), now=now, office=office
    )


def take_text(
    session: Session,
    draft_id: int,
    text: str,
    *,
    files: Sequence[Attachment] = (),
    by: Member,
    now: datetime,
    office: Office,
) -> Draft:
    """Take a text for a draft: other words for its case while that is open, else its question.

    Files are added to those that came before; without a text they change nothing else.
    """
    draft = find(session, draft_id, by=by)
    renew_card(session, draft, by=by)
    if text:  # what comes next may be a new question: it must not be taken for this draft
        _await_nothing(session, draft_id, now=now)
    if draft.case_id is None and text:
        sought = _read_words(session, draft, text)
        _settle(session, draft, sought.only, files, by=by, now=now, office=office)
        if sought.only is None and stored_attachments.of(session, SubjectKind.DRAFT, draft.id):
            seek_again(session, draft_id, by=by, now=now, office=office)  # the files wait for their case
        return draft
    if text:
        draft.text = text
        draft.is_choosing_urgency = draft.is_choosing_due = False
    case = session.get(Case, draft.case_id) if draft.case_id else None
    _settle(session, draft, case, files, by=by, now=now, office=office)
    return draft


def join(
    session: Session,
    draft_id: int,
    text: str,
    *,
    files: Sequence[Attachment],
    by: Member,
    now: datetime,
    office: Office,
) -> Draft:
    """Add late files of an album to the draft that has the others; their caption is a further line."""
    draft = find(session, draft_id, by=by)
    if text and draft.text:
        draft.text, text = f"{draft.text}\n{text}", ""
    return take_text(session, draft_id, text, files=files, by=by, now=now, office=office)


def _read_words(session: Session, draft: Draft, text: str) -> Sought:
    """Read which case a text names for a draft; what asks on is the question, or the gist of its files."""
    sought = seek_in(session, text, _branch(session, draft))
    draft.sought = sought.words or _first_words(text)
    has_files = bool(stored_attachments.of(session, SubjectKind.DRAFT, draft.id))
    if sought.question and (sought.words or (has_files and not draft.text)):
        draft.text = sought.question
    draft.branch_id = sought.branch.id if sought.branch else draft.branch_id
    return sought


def _branch(session: Session, draft: Draft) -> Branch | None:
    return session.get(Branch, draft.branch_id) if draft.branch_id else None


def renew_card(session: Session, draft: Draft, *, by: Member) -> None:
    """Let the draft's card be sent as a new message, where its writer is looking; the old one is deleted."""
    if by.chat_id is None or draft.id is None:
        return
    card = outbox.find_card(session, CardKind.DRAFT, draft.id, by.chat_id)
    if card is not None and card.message_id is not None:
        card.replaces, card.message_id, card.digest = card.message_id, None, ""
        session.add(card)
        session.flush()


def show_anew(session: Session, draft_id: int, *, by: Member, now: datetime) -> None:
    """Show a draft whole, at the end of the chat."""
    draft = find(session, draft_id, by=by)
    renew_card(session, draft, by=by)
    show(session, draft, by=by, now=now)


def edit(session: Session, draft_id: int, *, by: Member, now: datetime, office: Office) -> None:
    """Ask for another wording of the question."""
    draft = find(session, draft_id, by=by)
    case = session.get(Case, draft.case_id) if draft.case_id else None
    if case is None:
        seek_again(session, draft_id, by=by, now=now, office=office)
    else:
        await_question(session, draft, case, by=by, now=now, office=office)


def cancel(session: Session, draft_id: int, *, by: Member, now: datetime) -> None:
    """Drop a draft; nothing was sent to anybody."""
    draft = find(session, draft_id, by=by)
    draft.state = DraftState.CANCELLED
    session.add(draft)
    session.flush()
    _await_nothing(session, draft_id, now=now)
    show(session, draft, by=by, now=now)


def _await_nothing(session: Session, draft_id: int, *, now: datetime) -> None:
    """A text that comes now is no longer meant for this draft."""
    stored_prompts.close_on(session, [PromptPurpose.QUESTION, PromptPurpose.DUE], draft_id, now)


def send(session: Session, draft_id: int, *, by: Member, now: datetime, office: Office) -> Inquiry:
    """Turn a draft into an inquiry; its card becomes the asker's live card."""
    draft = find(session, draft_id, by=by)
    case = session.get(Case, draft.case_id) if draft.case_id else None
    if case is None or not draft.text:
        raise refusals.NothingWritten
    if draft.due_on is not None:
        due_dates.check(draft.due_on, now=now, office=office)
    draft.state = DraftState.SENT
    _await_nothing(session, draft_id, now=now)
    inquiry = inquiries.ask(
        session,
        case,
        draft.text,
        files=stored_attachments.of(session, SubjectKind.DRAFT, draft.id),
        by=by,
        now=now,
        urgency=draft.urgency,
        due_on=draft.due_on,
    )
    draft.inquiry_id = inquiry.id
    session.add(draft)
    session.flush()
    _become_tracking_card(session, draft, inquiry, by=by)
    inquiries.send(session, inquiry, now=now, office=office)
    return inquiry


def _become_tracking_card(session: Session, draft: Draft, inquiry: Inquiry, *, by: Member) -> None:
    assert draft.id is not None
    assert inquiry.id is not None
    card = outbox.find_card(session, CardKind.DRAFT, draft.id, by.chat_id or 0)
    if card is None:
        return
    card.kind, card.subject_id = CardKind.TRACKING, inquiry.id
    session.add(card)
    if card.message_id is not None:
        sent = session.get(SentMessage, (card.chat_id, card.message_id))
        if sent is not None:
            sent.kind, sent.subject_id, sent.round = SubjectKind.INQUIRY, inquiry.id, inquiry.round
            session.add(sent)
    session.flush()


def open_drafts(session: Session, member: Member) -> Sequence[Draft]:
    """Return a person's drafts that are neither sent nor cancelled."""
    found = select(Draft).where(Draft.person_id == member.id, col(Draft.state).in_(OPEN))
    return session.exec(found.order_by(col(Draft.id))).all()
