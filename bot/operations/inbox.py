"""What could not be worked off: an operator sees it, has it tried again, or drops it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.operations import post
from bot.wording.catalogue import say
from bot.wording.message import Message
from storage import history, inbox, people
from storage.tables import InboxUpdate

KINDS = {"callback_query": "press", "edited_message": "edit", "my_chat_member": "membership"}


class NotFailed(Exception):
    """No update of this number has failed, or somebody has dealt with it."""


@dataclass(frozen=True)
class Failure:
    """An update that failed: its number, when it came, from whom if known, its kind, its error."""

    seq: int
    received_at: datetime
    name: str
    kind: str
    error: str


def failures(session: Session) -> list[Failure]:
    """Return what failed and waits for a decision, oldest first; no contents."""
    return [_failure(session, row) for row in inbox.failed(session)]


def _failure(session: Session, row: InboxUpdate) -> Failure:
    assert row.seq is not None
    member = people.by_telegram_id(session, row.chat_id) if row.chat_id is not None else None
    name = member.person.name if member else ""
    return Failure(row.seq, row.received_at, name, _kind(row.raw or {}), row.error)


def _kind(raw: Mapping[str, Any]) -> str:
    """Return what sort of update it is: press, edit, membership, text, file or other."""
    known = next((kind for key, kind in KINDS.items() if key in raw), None)
    if known is not None:
        return known
    message = raw.get("message")
    if not isinstance(message, dict):
        return "other"
    return "text" if "text" in message else "file"


def retry(session: Session, seq: int, *, now: datetime) -> int:
    """Put an update back, with its album; return how many wait again. Raises NotFailed."""
    return _put_back(session, _required(session, seq), now=now)


def retry_all(session: Session, *, now: datetime) -> int:
    """Put back all that failed; return how many."""
    return _put_back(session, inbox.failed(session), now=now)


def _put_back(session: Session, rows: Sequence[InboxUpdate], *, now: datetime) -> int:
    if rows:
        inbox.put_back(session, rows)
        history.append(session, "retry_update", by=None, now=now, seqs=[row.seq for row in rows])
    return len(rows)


def drop(session: Session, seq: int, note: str, *, now: datetime) -> int:
    """Give an update up, with its album; who sent it is told. Returns how many. Raises NotFailed."""
    rows = _required(session, seq)
    inbox.drop(session, rows, note)
    history.append(session, "drop_update", by=None, now=now, seqs=[row.seq for row in rows], note=note)
    chat_id = rows[0].chat_id
    if chat_id is not None and people.by_telegram_id(session, chat_id) is not None:
        message = Message(say("refusal.update_dropped", at=rows[0].received_at))
        post.tell_chat(session, chat_id, message, now=now)
    return len(rows)


def _required(session: Session, seq: int) -> Sequence[InboxUpdate]:
    rows = inbox.with_its_album(session, seq)
    if not rows:
        raise NotFailed
    return rows
