"""What Telegram sent: stored before it is acknowledged, worked off in order within a chat."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from storage.kinds import InboxState
from storage.tables import InboxUpdate
from storage.text import nfc


@dataclass(frozen=True)
class Arrival:
    """One update as it arrived. `raw` is None when its content may not be kept."""

    update_id: int
    identity: str
    chat_id: int | None
    raw: dict[str, Any] | None


def store(session: Session, bot_id: int, arrivals: Sequence[Arrival], now: datetime) -> int:
    """Store what has not been stored before; return how many that were."""
    known = set(
        session.exec(
            select(InboxUpdate.update_id, InboxUpdate.identity).where(
                InboxUpdate.bot_id == bot_id,
                col(InboxUpdate.update_id).in_([arrival.update_id for arrival in arrivals]),
            )
        )
    )
    stored = 0
    for arrival in arrivals:
        key = (arrival.update_id, arrival.identity)
        if key not in known:
            known.add(key)
            session.add(_row(bot_id, arrival, now))
            session.flush()  # one by one: the sequence follows the order of arrival
            stored += 1
    return stored


def is_known(session: Session, bot_id: int, arrival: Arrival) -> bool:
    """Return whether this very update was stored before."""
    known = select(InboxUpdate.seq).where(
        InboxUpdate.bot_id == bot_id,
        InboxUpdate.update_id == arrival.update_id,
        InboxUpdate.identity == arrival.identity,
    )
    return session.exec(known).first() is not None


def _row(bot_id: int, arrival: Arrival, now: datetime) -> InboxUpdate:
    return InboxUpdate(
        bot_id=bot_id,
        update_id=arrival.update_id,
        identity=arrival.identity,
        chat_id=arrival.chat_id,
        received_at=now,
        raw=arrival.raw,
        state=InboxState.REFUSED if arrival.raw is None else InboxState.PENDING,
    )


def pending(session: Session, after: int, limit: int = 500) -> Sequence[InboxUpdate]:
    """Return the updates that wait, beyond the sequence number `after`, oldest first."""
    waiting = select(InboxUpdate).where(InboxUpdate.state == InboxState.PENDING, col(InboxUpdate.seq) > after)
    return session.exec(waiting.order_by(col(InboxUpdate.seq)).limit(limit)).all()


def count_pending(session: Session) -> int:
    waiting = select(func.count()).select_from(InboxUpdate).where(InboxUpdate.state == InboxState.PENDING)
    return session.exec(waiting).one()


def mark_done(session: Session, seq: int) -> bool:
    """Mark an update as worked off; return False when it already was (then do nothing)."""
    row = session.get(InboxUpdate, seq)
    if row is None or row.state != InboxState.PENDING:
        return False
    row.state = InboxState.DONE
    session.add(row)
    return True


def mark_failed(session: Session, seq: int, error: str) -> None:
    """Keep an update that could not be worked off, with its error; it blocks nobody."""
    row = session.get(InboxUpdate, seq)
    if row is not None:
        row.state = InboxState.FAILED
        row.error = nfc(error)  # what was raised may quote letters that no database takes
        session.add(row)
