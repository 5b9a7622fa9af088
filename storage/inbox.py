"""What Telegram sent: stored before it is acknowledged, worked off in order within a chat."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from storage.kinds import InboxState
from storage.tables import InboxUpdate
from storage.text import nfc

AT_ONCE = 500
"""So many rows are read at a time."""


@dataclass(frozen=True)
class Arrival:
    """One update as it arrived. `raw` is None when its content may not be kept."""

    update_id: int
    identity: str
    chat_id: int | None
    raw: dict[str, Any] | None
    album: str = ""


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
        album=arrival.album,
        received_at=now,
        raw=arrival.raw,
        state=InboxState.REFUSED if arrival.raw is None else InboxState.PENDING,
    )


def of_album(session: Session, chat_id: int | None, album: str) -> Sequence[InboxUpdate]:
    """Return the stored updates of an album, oldest first."""
    found = select(InboxUpdate).where(InboxUpdate.album == album, InboxUpdate.chat_id == chat_id)
    return session.exec(found.order_by(col(InboxUpdate.seq))).all()


def refuse(session: Session, row: InboxUpdate) -> None:
    """Keep of an update its ids and dates alone; what waits is not worked off."""
    if row.state is InboxState.PENDING:
        row.state = InboxState.REFUSED
    row.raw = None
    session.add(row)
    session.flush()


def pending(session: Session, after: int, limit: int = AT_ONCE) -> Sequence[InboxUpdate]:
    """Return the updates that wait, beyond the sequence number `after`, oldest first."""
    waiting = select(InboxUpdate).where(InboxUpdate.state == InboxState.PENDING, col(InboxUpdate.seq) > after)
    return session.exec(waiting.order_by(col(InboxUpdate.seq)).limit(limit)).all()


def passed_over(session: Session, upto: int, but: Collection[int]) -> Sequence[InboxUpdate]:
    """Return the updates that wait up to the sequence number `upto`, oldest first, without those in `but`.

    They were put back after they had failed.
    """
    waiting = select(InboxUpdate.seq).where(
        InboxUpdate.state == InboxState.PENDING, col(InboxUpdate.seq) <= upto
    )
    again = sorted(seq for seq in session.exec(waiting) if seq is not None and seq not in but)
    if not again:
        return ()
    rows = select(InboxUpdate).where(col(InboxUpdate.seq).in_(again[:AT_ONCE]))
    return session.exec(rows.order_by(col(InboxUpdate.seq))).all()


def count_pending(session: Session) -> int:
    waiting = select(func.count()).select_from(InboxUpdate).where(InboxUpdate.state == InboxState.PENDING)
    return session.exec(waiting).one()


def count_failed(session: Session) -> int:
    kept = select(func.count()).select_from(InboxUpdate).where(InboxUpdate.state == InboxState.FAILED)
    return session.exec(kept).one()


def oldest_pending(session: Session) -> datetime | None:
    """Return when the oldest of the updates that wait was received."""
    waiting = select(func.min(InboxUpdate.received_at)).where(InboxUpdate.state == InboxState.PENDING)
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


# --- what failed ------------------------------------------------------------------------------


def failed(session: Session) -> Sequence[InboxUpdate]:
    """Return the updates that failed and that nobody has dealt with, oldest first."""
    kept = select(InboxUpdate).where(InboxUpdate.state == InboxState.FAILED)
    return session.exec(kept.order_by(col(InboxUpdate.seq))).all()


def with_its_album(session: Session, seq: int) -> Sequence[InboxUpdate]:
    """Return a failed update, with those of its album that failed with it; nothing if it has not failed."""
    row = session.get(InboxUpdate, seq)
    if row is None or row.state is not InboxState.FAILED:
        return ()
    if not row.album:
        return (row,)
    parts = of_album(session, row.chat_id, row.album)
    return [one for one in parts if one.state is InboxState.FAILED]


def put_back(session: Session, rows: Iterable[InboxUpdate]) -> None:
    """Let failed updates wait again. Their error stays until they are worked off: it tells them apart."""
    for row in rows:
        row.state = InboxState.PENDING
        session.add(row)
    session.flush()


def drop(session: Session, rows: Iterable[InboxUpdate], note: str) -> None:
    """Keep failed updates for the record only, with a note beside the error."""
    for row in rows:
        row.state, row.error = InboxState.DROPPED, f"{row.error}\n{nfc(note)}"
        session.add(row)
    session.flush()
