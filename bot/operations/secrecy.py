"""What carries a mark of secrecy is not kept: the message is deleted, and with it the rest of its album."""

from datetime import datetime

from sqlmodel import Session

from bot.operations import answers, drafts
from storage import attachments, inbox, outbox, people
from storage import inquiries as stored
from storage.dossiers import gather
from storage.kinds import AnswerState, InboxState, Lane, OutboxKind, SubjectKind
from storage.people import Member
from storage.tables import Answer, Attachment, Draft, InboxUpdate


def delete_message(
    session: Session, chat_id: int, message_id: int, *, is_told: bool = True, now: datetime
) -> None:
    """Have a message deleted; with `is_told` its sender is told why, afterwards."""
    payload: dict[str, object] = {"message_id": message_id}
    if is_told:
        payload["for_secrecy"] = True
    outbox.queue(session, chat_id, OutboxKind.DELETE, payload, lane=Lane.OWN, now=now)


def is_marked(session: Session, chat_id: int | None, album: str) -> bool:
    """Return whether a part of the album carried a mark."""
    return any(row.state is InboxState.REFUSED for row in inbox.of_album(session, chat_id, album))


def forget_album(session: Session, chat_id: int, album: str, *, now: datetime) -> list[str]:
    """Forget the parts of an album that came before the marked one.

    Their messages are deleted, their files leave what was being written. Returns the digests of bytes that
    nothing else needs. What was sent on already cannot be called back.
    """
    for row in inbox.of_album(session, chat_id, album):
        if row.raw is not None:
            _delete(session, row, now=now)
            inbox.refuse(session, row)
    member = people.by_telegram_id(session, chat_id)
    return _detach(session, member, album, now=now) if member else []


def _delete(session: Session, row: InboxUpdate, *, now: datetime) -> None:
    message = (row.raw or {}).get("message")
    message_id = message.get("message_id") if isinstance(message, dict) else None
    if isinstance(message_id, int) and row.chat_id is not None:
        delete_message(session, row.chat_id, message_id, is_told=False, now=now)


def _detach(session: Session, member: Member, album: str, *, now: datetime) -> list[str]:
    files = [one for one in attachments.album(session, member.id, album) if not _is_sent(session, one)]
    places = {(one.kind, one.subject_id) for one in files}
    digests = {one.sha256 for one in files}
    for one in files:
        session.delete(one)
    session.flush()
    for kind, subject_id in places:
        _show_again(session, member, kind, subject_id, now=now)
    return sorted(digest for digest in digests if not attachments.is_needed(session, digest))


def _is_sent(session: Session, file: Attachment) -> bool:
    if file.kind is SubjectKind.ANSWER:
        answer = session.get(Answer, file.subject_id)
        return answer is not None and answer.state is AnswerState.SENT
    return file.kind is SubjectKind.INQUIRY


def _show_again(
    session: Session, member: Member, kind: SubjectKind | None, subject_id: int | None, *, now: datetime
) -> None:
    """Let what is being written show that the files are gone."""
    if kind is SubjectKind.DRAFT and (draft := session.get(Draft, subject_id)):
        drafts.show(session, draft, by=member, now=now)
    if kind is SubjectKind.ANSWER and (answer := session.get(Answer, subject_id)):
        dossier = gather(session, stored.get(session, answer.inquiry_id))
        answers.show_preview(session, dossier, answer, by=member, now=now)
