"""What people attach: noted when it arrives, given its place by the text beside it, sent on as it came."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup
from sqlmodel import Session

from bot.operations import access
from bot.operations.post import About
from bot.operations.refusals import Refusal
from bot.rules import enclosures
from bot.rules.dates import HANOI
from bot.wording import attachments as wording
from storage import attachments, outbox
from storage.dossiers import gather, sent_answer
from storage.kinds import AnswerState, Lane, Media, OutboxKind, SubjectKind
from storage.people import Member
from storage.tables import Answer, Attachment, Card, Inquiry, Prompt, Remark


@dataclass(frozen=True)
class Received:
    """A file whose bytes are in the store. `size` is in bytes; `bot_id` is whom the file id was given."""

    media: Media
    name: str
    size: int
    sha256: str
    album: str
    bot_id: int
    file_id: str


@dataclass(frozen=True)
class Fetched:
    """The files of an update, or why they are not taken: all of them or none, so that albums stay whole."""

    files: tuple[Received, ...] = ()
    refusal: Refusal | None = None


class TooBig(Refusal):
    """A file is larger than Telegram lets a bot fetch."""

    key = "attachments.too_big"


class TooMuch(Refusal):
    """The person has sent as much today as one may."""

    key = "attachments.too_much"


class NotFetched(Refusal):
    """Telegram did not give the file out."""

    key = "attachments.not_fetched"


class Unused(Refusal):
    """What is awaited here is a text; no file goes with it."""

    key = "attachments.unused"


class Late(Refusal):
    """The album has been sent already; a file of it came after that."""

    key = "attachments.late"


PLACES: Mapping[SubjectKind, type[Answer | Remark | Prompt]] = {
    SubjectKind.ANSWER: Answer,
    SubjectKind.REMARK: Remark,
    SubjectKind.PROMPT: Prompt,
}
"""What is being written, beside drafts, to which files belong until it is sent."""


def volume_today(session: Session, member: Member, *, now: datetime) -> int:
    """Return how many bytes a person has sent since midnight."""
    midnight = now.astimezone(HANOI).replace(hour=0, minute=0, second=0, microsecond=0)
    return attachments.volume(session, member.id, midnight)


def note(session: Session, files: Sequence[Received], *, by: Member, now: datetime) -> list[Attachment]:
    """Note files that have come; they belong nowhere yet."""
    noted = [
        Attachment(
            person_id=by.id,
            received_at=now,
            media=file.media,
            name=file.name,
            size=file.size,
            sha256=file.sha256,
            album=file.album,
            bot_id=file.bot_id,
            file_id=file.file_id,
        )
        for file in files
    ]
    for one in noted:  # one by one: their numbers follow the order of arrival
        session.add(one)
        session.flush()
    return noted


def require_place(files: Sequence[Attachment]) -> None:
    """Refuse files that nothing has taken: none may vanish in silence."""
    if any(one.kind is None for one in files):
        raise Unused(count=len(files))


def attach(
    session: Session, files: Sequence[Attachment], kind: SubjectKind, subject_id: int | None, round: int = 0
) -> None:
    """Let files belong to a subject, whatever they belonged to before."""
    for one in files:
        one.kind, one.subject_id, one.round = kind, subject_id, round
        session.add(one)
    session.flush()


def digests(files: Sequence[Attachment]) -> dict[str, list[str]]:
    """Return what the history keeps of files: their SHA-256; nothing if there are none."""
    return {"files": [one.sha256 for one in files]} if files else {}


def require_unsent(session: Session, file: Attachment) -> None:
    """Refuse what comes after the rest of its album was sent."""
    if file.kind is SubjectKind.INQUIRY:
        raise Late
    kind = PLACES.get(file.kind) if file.kind else None
    place = session.get(kind, file.subject_id) if kind else None
    is_over = (
        (isinstance(place, Answer) and place.state is not AnswerState.PREPARING)
        or (isinstance(place, Remark) and place.used_at is not None)
        or (isinstance(place, Prompt) and place.closed_at is not None)
    )
    if is_over:
        raise Late


def show(session: Session, inquiry: Inquiry, *, to: Member, now: datetime) -> int:
    """Send a person all files of an inquiry's questions and answers; return how many there are."""
    dossier = gather(session, inquiry)
    access.require_view(to, dossier)
    about = About(SubjectKind.INQUIRY, dossier.id, inquiry.round)
    count = 0
    for round in dossier.rounds:
        asked = attachments.of(session, SubjectKind.INQUIRY, dossier.id, round.number)
        caption = wording.with_question(dossier, round.number)
        send(session, to, asked, caption, now=now, about=about, lane=Lane.OWN)
        answered = sent_answer(session, inquiry, round.number)
        files = answered.files if answered else ()
        caption = wording.with_answer(dossier, round.number)
        send(session, to, files, caption, now=now, about=about, lane=Lane.OWN)
        count += len(asked) + len(files)
    return count


def send(
    session: Session,
    to: Member,
    files: Sequence[Attachment],
    caption: Markup,
    *,
    now: datetime,
    about: About,
    is_flash: bool = False,
    lane: Lane = Lane.NOTICE,
    under: Card | None = None,
) -> None:
    """Queue files to a person, albums together, silently: the message that follows them sounds."""
    if to.chat_id is None:
        return
    for group in enclosures.groups(files, lambda one: one.media):
        payload: dict[str, Any] = {
            "files": [one.id for one in group],
            "html": str(caption),
            "sound": "never",
            "about": [about.kind, about.subject_id, about.round],
        }
        if under is not None:
            payload["under_card"] = under.id
        outbox.queue(
            session, to.chat_id, OutboxKind.FILES, payload, lane=Lane.OWN if is_flash else lane, now=now
        )
