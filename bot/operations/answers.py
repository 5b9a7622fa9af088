"""Answers: parts are gathered and previewed; nothing reaches the asker without the head's press (R6)."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from bot.operations import access, attachments, cards, inquiries, post, prompts, refusals
from bot.operations.post import About
from bot.rules.office import Office
from bot.wording import answers as wording
from bot.wording import attachments as wording_attachments
from bot.wording.catalogue import say
from bot.wording.inquiries import with_round
from storage import attachments as stored_attachments
from storage import inquiries as stored
from storage import prompts as stored_prompts
from storage.dossiers import Dossier, gather, sent_answer
from storage.kinds import Act, AnswerState, Lane, PromptPurpose, SubjectKind, Urgency
from storage.people import Member
from storage.tables import Answer, AnswerPart, Attachment, Inquiry, Prompt


def require(
    session: Session, inquiry: Inquiry, *, round: int, by: Member, now: datetime, office: Office
) -> Dossier:
    """Return the dossier if this person may answer this round now; raise the refusal that fits."""
    if access.may(Act.ANSWER, by, gather(session, inquiry)) and round == inquiry.round:
        inquiries.prove_delivery(session, inquiry, now=now, office=office)
    dossier = gather(session, inquiry)
    access.require(session, Act.ANSWER, by, dossier, round=round, now=now)
    return dossier


def begin(
    session: Session, inquiry: Inquiry, *, round: int, by: Member, now: datetime, office: Office
) -> None:
    """Ask the head for the text of an answer."""
    dossier = require(session, inquiry, round=round, by=by, now=now, office=office)
    _await_text(session, dossier, "answers.prompt", by=by, now=now, office=office)


def _await_text(
    session: Session, dossier: Dossier, key: str, *, by: Member, now: datetime, office: Office
) -> None:
    prompts.open_prompt(
        session,
        by,
        PromptPurpose.ANSWER,
        dossier.id,
        say(key, number=with_round(dossier)),
        round=dossier.inquiry.round,
        now=now,
        office=office,
    )


def write(
    session: Session,
    inquiry: Inquiry,
    text: str,
    *,
    files: Sequence[Attachment] = (),
    round: int,
    message_id: int,
    by: Member,
    now: datetime,
    office: Office,
) -> Answer:
    """Add a part, or files, to the answer in preparation, and show the whole before anything is sent."""
    dossier = require(session, inquiry, round=round, by=by, now=now, office=office)
    answer = stored.answer_in_preparation(session, inquiry, by.id)
    answer = answer or _begin_answer(session, inquiry, by=by, now=now)
    assert answer.id is not None
    if text:
        position = len(stored.parts(session, answer)) + 1
        session.add(AnswerPart(answer_id=answer.id, position=position, text=text, message_id=message_id))
        session.flush()
    attachments.attach(session, files, SubjectKind.ANSWER, answer.id)
    show_preview(session, dossier, answer, by=by, now=now)
    return answer


def _begin_answer(session: Session, inquiry: Inquiry, *, by: Member, now: datetime) -> Answer:
    assert inquiry.id is not None
    answer = Answer(
        inquiry_id=inquiry.id,
        round=inquiry.round,
        person_id=by.id,
        state=AnswerState.PREPARING,
        created_at=now,
    )
    session.add(answer)
    session.flush()
    return answer


def about(answer: Answer) -> About:
    assert answer.id is not None
    return About(SubjectKind.ANSWER, answer.id, answer.round)


def show_preview(session: Session, dossier: Dossier, answer: Answer, *, by: Member, now: datetime) -> None:
    """Show a new preview; the older ones say that they are none any more."""
    post.unbutton(session, about(answer), instead=say("answers.preview_old"), now=now)
    answer.preview, answer.changed_at = answer.preview + 1, now
    session.add(answer)
    session.flush()
    files = stored_attachments.of(session, SubjectKind.ANSWER, answer.id)
    message = wording.preview(dossier, answer, stored.parts(session, answer), files=len(files))
    post.tell(session, by, message, now=now, about=about(answer), lane=Lane.OWN)


def find(
    session: Session, answer_id: int, *, by: Member, now: datetime, preview: int | None = None
) -> Answer:
    """Return a person's own answer in preparation, as the preview numbered `preview` shows it."""
    answer = session.get(Answer, answer_id)
    if answer is None or answer.state is AnswerState.CANCELLED:
        raise refusals.Gone
    if answer.person_id != by.id:
        raise refusals.NotYours
    if answer.state is AnswerState.SENT and answer.sent_at:
        raise refusals.Already(at=access.clock(answer.sent_at, now))
    if preview is not None and preview != answer.preview:
        raise refusals.PreviewOld
    return answer


def write_more(session: Session, answer_id: int, *, by: Member, now: datetime, office: Office) -> None:
    """Ask for a further part."""
    answer = find(session, answer_id, by=by, now=now)
    dossier = _dossier(session, answer, by=by, now=now, office=office)
    _await_text(session, dossier, "answers.prompt_more", by=by, now=now, office=office)


def rewrite(session: Session, answer_id: int, *, by: Member, now: datetime, office: Office) -> None:
    """Drop the parts written so far and ask for the text anew; the files stay."""
    answer = find(session, answer_id, by=by, now=now)
    dossier = _dossier(session, answer, by=by, now=now, office=office)
    files = stored_attachments.of(session, SubjectKind.ANSWER, answer.id)
    _drop(session, answer, now=now)
    if files:
        fresh = _begin_answer(session, dossier.inquiry, by=by, now=now)
        attachments.attach(session, files, SubjectKind.ANSWER, fresh.id)
    key = "answers.prompt_anew_files" if files else "answers.prompt_anew"
    _await_text(session, dossier, key, by=by, now=now, office=office)


def _dossier(session: Session, answer: Answer, *, by: Member, now: datetime, office: Office) -> Dossier:
    inquiry = stored.get(session, answer.inquiry_id)
    return require(session, inquiry, round=answer.round, by=by, now=now, office=office)


def _drop(session: Session, answer: Answer, *, now: datetime) -> None:
    answer.state = AnswerState.CANCELLED
    session.add(answer)
    session.flush()
    post.unbutton(session, about(answer), instead=say("answers.preview_dropped"), now=now)


def cancel(session: Session, answer_id: int, *, by: Member, now: datetime) -> Inquiry:
    """Drop an answer that was not sent."""
    answer = find(session, answer_id, by=by, now=now)
    _drop(session, answer, now=now)
    stored_prompts.close_on(session, (PromptPurpose.ANSWER,), answer.inquiry_id, now)
    inquiry = stored.get(session, answer.inquiry_id)
    post.tell(
        session, by, wording.cancelled(inquiry, now), now=now, about=inquiries.about(inquiry), lane=Lane.OWN
    )
    return inquiry


def send(
    session: Session, answer_id: int, *, preview: int, by: Member, now: datetime, office: Office
) -> Inquiry:
    """Send the answer that the preview shows. Whether it is in time is fixed now."""
    answer = find(session, answer_id, by=by, now=now, preview=preview)
    dossier = _dossier(session, answer, by=by, now=now, office=office)
    inquiry, round = dossier.inquiry, dossier.round
    answer.state, answer.sent_at = AnswerState.SENT, now
    round.answered_at, round.answered_by = now, by.id
    round.is_timely = round.due_at is None or now <= round.due_at
    session.add_all([answer, round])
    inquiries.move(session, inquiry, Act.ANSWER)
    text = stored.answer_text(session, answer)
    files = attachments.digests(stored_attachments.of(session, SubjectKind.ANSWER, answer.id))
    inquiries.record(session, Act.ANSWER, inquiry, by=by, now=now, text=text, timely=round.is_timely, **files)
    post.unbutton(session, about(answer), instead=say("answers.preview_sent"), now=now)
    prompts.close_on_inquiry(session, dossier.id, now=now)
    post.tell(session, by, wording.sent(dossier, now), now=now, about=about(answer), lane=Lane.OWN)
    cards.refresh(session, inquiry, now=now)
    show(session, dossier, answer.round, to=dossier.asker, now=now, office=office)
    return inquiry


def show(
    session: Session, dossier: Dossier, round: int, *, to: Member, now: datetime, office: Office
) -> None:
    """Show a person the answer that a round received."""
    answered = sent_answer(session, dossier.inquiry, round)
    if answered is None:
        raise refusals.TooEarly
    is_flash = dossier.inquiry.urgency is Urgency.FLASH
    under = post.tracking_card(session, dossier.id, to)
    attachments.send(
        session,
        to,
        answered.files,
        wording_attachments.with_answer(dossier, round),
        now=now,
        about=about(answered.answer),
        is_flash=is_flash,
        under=under,
    )
    for message in wording.answer(dossier, answered, office, for_asker=to.id == dossier.asker.id):
        post.tell(
            session,
            to,
            message,
            now=now,
            about=about(answered.answer),
            is_flash=is_flash,
            under=under,
        )


# --- a text that belongs nowhere --------------------------------------------------------------


def ask_where(
    session: Session,
    text: str,
    *,
    files: Sequence[Attachment] = (),
    message_id: int,
    by: Member,
    now: datetime,
) -> None:
    """Ask to which inquiry a head's text and files belong; they are kept meanwhile and sent to nobody."""
    waiting = inquiries.waiting_for(session, by)
    if not waiting:
        raise NothingToAnswer
    prompt = Prompt(
        person_id=by.id,
        purpose=PromptPurpose.BELONGING,
        subject_id=message_id,
        text=text,
        opened_at=now,
        lapses_at=now,  # it takes no text: a button decides
    )
    session.add(prompt)
    session.flush()
    assert prompt.id is not None
    attachments.attach(session, files, SubjectKind.PROMPT, prompt.id)
    message = wording.which(prompt, text, waiting, files=len(files))
    post.tell(session, by, message, now=now, about=About(SubjectKind.PROMPT, prompt.id), lane=Lane.OWN)


class NothingToAnswer(refusals.Refusal):
    """No inquiry waits for this person's answer."""

    key = "refusal.nothing_to_answer"


def belongs(
    session: Session, prompt_id: int, inquiry_id: int | None, *, by: Member, now: datetime, office: Office
) -> None:
    """Add a kept text to the inquiry that the head chose; None: to none, the text is dropped."""
    prompt = session.get(Prompt, prompt_id)
    if prompt is None or prompt.purpose is not PromptPurpose.BELONGING:
        raise refusals.Gone
    if prompt.person_id != by.id:
        raise refusals.NotYours
    if prompt.closed_at is not None:
        raise refusals.Already(at=access.clock(prompt.closed_at, now))
    if inquiry_id is not None:
        _add(session, prompt, inquiry_id, by=by, now=now, office=office)
    prompts.close(session, prompt, now=now)
    key = "answers.dropped" if inquiry_id is None else "answers.placed"
    post.unbutton(session, About(SubjectKind.PROMPT, prompt_id), instead=say(key), now=now)


def _add(
    session: Session, prompt: Prompt, inquiry_id: int, *, by: Member, now: datetime, office: Office
) -> None:
    inquiry = session.get(Inquiry, inquiry_id)
    if inquiry is None:
        raise refusals.Gone
    write(
        session,
        inquiry,
        prompt.text,
        files=stored_attachments.of(session, SubjectKind.PROMPT, prompt.id),
        round=inquiry.round,
        message_id=prompt.subject_id,
        by=by,
        now=now,
        office=office,
    )


def in_preparation(session: Session, member: Member) -> Sequence[Answer]:
    """Return what a person has begun to answer and not sent."""
    found = select(Answer).where(Answer.person_id == member.id, Answer.state == AnswerState.PREPARING)
    return session.exec(found.order_by(col(Answer.id))).all()
