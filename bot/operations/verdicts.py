"""The asker's judgment: it judges the answer only, and approves no proposal that the answer makes."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from bot.operations import access, answers, attachments, cards, inquiries, post, prompts, refusals
from bot.operations.post import About
from bot.rules.deadlines import lapses_at
from bot.rules.office import Office
from bot.wording import verdicts as wording
from bot.wording.catalogue import say
from bot.wording.message import Message
from storage import attachments as stored_attachments
from storage import inquiries as stored
from storage import people, reminders
from storage.dossiers import Dossier, gather
from storage.kinds import Act, Lane, PromptPurpose, RoundKind, State, SubjectKind
from storage.people import Member
from storage.tables import Attachment, Inquiry, Remark, Round

PROMPTS = {
    Act.ASK_FURTHER: (PromptPurpose.FURTHER, "verdicts.prompt_further"),
    Act.FIND_INSUFFICIENT: (PromptPurpose.INSUFFICIENT, "verdicts.prompt_insufficient"),
}
KINDS = {Act.ASK_FURTHER: RoundKind.FURTHER, Act.FIND_INSUFFICIENT: RoundKind.AGAIN}


def accept(session: Session, inquiry: Inquiry, *, round: int, by: Member, now: datetime) -> None:
    """Find the answer sufficient; the inquiry ends."""
    dossier = gather(session, inquiry)
    access.require(session, Act.ACCEPT, by, dossier, round=round, now=now)
    inquiry.closed_at = now
    _judge(session, dossier, Act.ACCEPT, now=now)
    inquiries.record(session, Act.ACCEPT, inquiry, by=by, now=now)
    cards.refresh(session, inquiry, now=now)
    _tell_head_quietly(session, dossier, wording.accepted_to_head(dossier, now), now=now)


def reopen(
    session: Session, inquiry: Inquiry, *, round: int, by: Member, now: datetime, office: Office
) -> None:
    """Take the end back: the answer lies before its asker again, and the verdict is awaited anew."""
    access.require(session, Act.REOPEN, by, gather(session, inquiry), round=round, now=now)
    inquiry.closed_at, inquiry.closing_note = None, ""
    present = stored.round_of(session, inquiry)
    present.judged_at, present.reopened_at = None, now
    session.add(present)
    inquiries.move(session, inquiry, Act.REOPEN)
    inquiries.record(session, Act.REOPEN, inquiry, by=by, now=now)
    cards.refresh(session, inquiry, now=now)
    dossier = gather(session, inquiry)
    answers.show(session, dossier, inquiry.round, to=by, now=now, office=office)
    _tell_head_quietly(session, dossier, wording.reopened_to_head(dossier, now), now=now)


def _tell_head_quietly(session: Session, dossier: Dossier, message: Message, *, now: datetime) -> None:
    if dossier.head:
        about = inquiries.about(dossier.inquiry)
        post.tell(session, dossier.head, message, now=now, about=about, is_quiet=True)


def lapse_due(session: Session, *, now: datetime, office: Office) -> int:
    """Close what no verdict was given on for too long; return how many inquiries that were."""
    awaiting = reminders.standing(session, {State.ANSWERED})
    due = [one.inquiry for one in awaiting if _lapses_at(one.round, office) <= now]
    for inquiry in due:
        _lapse(session, gather(session, inquiry), now=now)
    return len(due)


def _lapses_at(round: Round, office: Office) -> datetime:
    since = round.reopened_at or round.answered_at
    assert since is not None
    return lapses_at(since, office.verdict_days, office.calendar)


def _lapse(session: Session, dossier: Dossier, *, now: datetime) -> None:
    """Close an inquiry without a verdict: the card says so, the head is told silently."""
    dossier.inquiry.closed_at = now
    inquiries.move(session, dossier.inquiry, Act.LAPSE)
    inquiries.record(session, Act.LAPSE, dossier.inquiry, by=None, now=now)
    answer = stored.sent_answer(session, dossier.inquiry, dossier.inquiry.round)
    assert answer is not None
    post.unbutton(session, answers.about(answer), now=now)
    prompts.close_on_inquiry(session, dossier.id, now=now)
    cards.refresh(session, dossier.inquiry, now=now)
    _tell_head_quietly(session, dossier, wording.lapsed_to_head(dossier), now=now)


def _judge(session: Session, dossier: Dossier, act: Act, *, now: datetime) -> None:
    """Close the round with a judgment; what offered others is over."""
    dossier.round.judged_at = now
    session.add(dossier.round)
    answer = stored.sent_answer(session, dossier.inquiry, dossier.inquiry.round)
    assert answer is not None
    inquiries.move(session, dossier.inquiry, act)
    post.unbutton(session, answers.about(answer), now=now)
    prompts.close_on_inquiry(session, dossier.id, now=now)


def begin(
    session: Session, inquiry: Inquiry, act: Act, *, round: int, by: Member, now: datetime, office: Office
) -> None:
    """Ask for the further question, or for the reason why the answer is not sufficient."""
    dossier = gather(session, inquiry)
    access.require(session, act, by, dossier, round=round, now=now)
    purpose, key = PROMPTS[act]
    html = say(key, number=dossier.number)
    prompts.open_prompt(session, by, purpose, dossier.id, html, round=round, now=now, office=office)


def ask_on(
    session: Session,
    inquiry: Inquiry,
    act: Act,
    text: str,
    *,
    files: Sequence[Attachment] = (),
    round: int,
    by: Member,
    now: datetime,
    office: Office,
) -> None:
    """Open the next round with a further question, or with the reason why the answer must be given again."""
    dossier = gather(session, inquiry)
    access.require(session, act, by, dossier, round=round, now=now)
    _judge(session, dossier, act, now=now)
    inquiries.open_round(session, inquiry, KINDS[act], text, files=files, now=now)
    inquiries.record(session, act, inquiry, by=by, now=now, text=text, **attachments.digests(files))
    inquiries.send(session, inquiry, now=now, office=office)
    if act is Act.FIND_INSUFFICIENT:
        _tell_chief(session, gather(session, inquiry), text, by=by, now=now)


def _tell_chief(session: Session, dossier: Dossier, reason: str, *, by: Member, now: datetime) -> None:
    """Tell the chief of the second insufficient answer, unless the chief asked."""
    times = sum(round.kind is RoundKind.AGAIN for round in dossier.rounds)
    chief = people.chief(session)
    if times == 2 and chief is not None and chief.id != by.id:
        message = wording.second_insufficient_to_chief(dossier, reason)
        post.tell(session, chief, message, now=now, about=inquiries.about(dossier.inquiry))


# --- a text in reply to an answer -------------------------------------------------------------


def remark(
    session: Session,
    inquiry: Inquiry,
    text: str,
    *,
    files: Sequence[Attachment] = (),
    round: int,
    is_reason: bool = False,
    by: Member,
    now: datetime,
    office: Office,
) -> None:
    """Keep a text on an answer, with its files, and ask what it is; nothing is sent yet.

    Files without a text are kept until one line is written to them. `is_reason`: it was asked for as the
    reason why the answer is not sufficient.
    """
    dossier = gather(session, inquiry)
    access.require(session, Act.ASK_FURTHER, by, dossier, round=round, now=now)
    kept = Remark(inquiry_id=dossier.id, round=round, person_id=by.id, text=text, created_at=now)
    session.add(kept)
    session.flush()
    assert kept.id is not None
    attachments.attach(session, files, SubjectKind.REMARK, kept.id)
    if not text:
        purpose, _key = PROMPTS[Act.FIND_INSUFFICIENT if is_reason else Act.ASK_FURTHER]
        html = say("verdicts.ask_gist", number=dossier.number, count=len(files))
        prompts.open_prompt(session, by, purpose, dossier.id, html, round=round, now=now, office=office)
        return
    _gather_files(session, kept)
    count = len(stored_attachments.of(session, SubjectKind.REMARK, kept.id))
    message = wording.remark(dossier, kept, files=count, is_reason=is_reason)
    about = About(SubjectKind.REMARK, kept.id, round)
    post.tell(session, by, message, now=now, about=about, lane=Lane.OWN)


def _gather_files(session: Session, kept: Remark) -> None:
    """Take over the files that waited for this text."""
    for waiting in stored.wordless_remarks(session, kept):
        files = stored_attachments.of(session, SubjectKind.REMARK, waiting.id)
        attachments.attach(session, files, SubjectKind.REMARK, kept.id)


def use_remark(
    session: Session, remark_id: int, act: Act, *, by: Member, now: datetime, office: Office
) -> Inquiry:
    """Make of a kept text what its writer chose: a further question, or the reason for a new answer."""
    kept = _unused_remark(session, remark_id, by=by, now=now)
    inquiry = stored.get(session, kept.inquiry_id)
    files = stored_attachments.of(session, SubjectKind.REMARK, kept.id)
    ask_on(session, inquiry, act, kept.text, files=files, round=kept.round, by=by, now=now, office=office)
    _mark_used(session, kept, "verdicts.remark_sent", now=now)
    return inquiry


def note(session: Session, remark_id: int, *, by: Member, now: datetime) -> Inquiry:
    """Let a kept text stand in the record only: nobody is told, and the verdict is still awaited."""
    kept = _unused_remark(session, remark_id, by=by, now=now)
    inquiry = stored.get(session, kept.inquiry_id)
    access.require(session, Act.NOTE, by, gather(session, inquiry), round=kept.round, now=now)
    files = attachments.digests(stored_attachments.of(session, SubjectKind.REMARK, kept.id))
    inquiries.record(session, Act.NOTE, inquiry, by=by, now=now, text=kept.text, **files)
    _mark_used(session, kept, "verdicts.remark_noted", now=now)
    return inquiry


def _unused_remark(session: Session, remark_id: int, *, by: Member, now: datetime) -> Remark:
    kept = session.get(Remark, remark_id)
    if kept is None:
        raise refusals.Gone
    if kept.person_id != by.id:
        raise refusals.NotYours
    if kept.used_at is not None:
        raise refusals.Already(at=access.clock(kept.used_at, now))
    if not kept.text:
        raise refusals.NothingWritten
    return kept


def _mark_used(session: Session, kept: Remark, key: str, *, now: datetime) -> None:
    assert kept.id is not None
    kept.used_at = now
    session.add(kept)
    inquiry = stored.get(session, kept.inquiry_id)
    instead = say(key, number=f"{inquiry.number}/{inquiry.year}", text=kept.text)
    post.unbutton(session, About(SubjectKind.REMARK, kept.id, kept.round), instead=instead, now=now)
