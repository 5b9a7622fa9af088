"""The append-only history: each row chains a salted digest of its details.

The details stand in a table of their own and may be purged by retention: the chain needs their
digest alone. `verify` finds a row that was changed, removed or inserted; the last row's digest is
also kept as a fact, so that rows cut off at the end are missed.
"""

import hashlib
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from storage.tables import Fact, History, HistoryDetail

BEGINNING = "0" * 64
HEAD = "history.head"
SHORT = 8
"""So many hexadecimal figures of the head are printed."""


def append(
    session: Session,
    act: str,
    *,
    by: int | None,
    now: datetime,
    inquiry: int | None = None,
    round: int = 0,
    **details: Any,
) -> History:
    """Record one act. `details` must be plain JSON values."""
    last = session.exec(select(History).order_by(col(History.seq).desc()).limit(1)).first()
    salt = secrets.token_hex(16)
    row = History(
        seq=last.seq + 1 if last else 1,
        at=now.astimezone(UTC),
        act=act,
        person_id=by,
        inquiry_id=inquiry,
        round=round,
        details_digest=_digest_details(salt, details),
        previous=last.digest if last else BEGINNING,
        digest="",
    )
    row.digest = _digest_row(row)
    session.add(row)
    session.flush()
    session.add(HistoryDetail(seq=row.seq, salt=salt, details=details))
    session.merge(Fact(key=HEAD, value=f"{row.seq}:{row.digest}"))
    session.flush()
    return row


def _digest_details(salt: str, details: dict[str, Any]) -> str:
    plain = json.dumps(details, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{salt}\n{plain}".encode()).hexdigest()


def _digest_row(row: History) -> str:
    said = (
        row.seq,
        row.at.astimezone(UTC).isoformat(timespec="microseconds"),
        row.act,
        row.person_id,
        row.inquiry_id,
        row.round,
        row.details_digest,
        row.previous,
    )
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True)
class Fault:
    """A place where the history is not what was written. `kind` names the sentence that says so."""

    kind: str
    seq: int


def verify(session: Session) -> Iterator[Fault]:
    """Yield what is wrong with the chain, in its order; nothing when all is as it was written."""
    expected, previous = 1, BEGINNING
    details = {detail.seq: detail for detail in session.exec(select(HistoryDetail))}
    for row in session.exec(select(History).order_by(col(History.seq))):
        if row.seq != expected:
            yield Fault("removed", expected)
        elif row.previous != previous:
            yield Fault("inserted", row.seq)
        if _digest_row(row) != row.digest:
            yield Fault("changed", row.seq)
        detail = details.pop(row.seq, None)
        if detail and _digest_details(detail.salt, detail.details) != row.details_digest:
            yield Fault("details_changed", row.seq)
        expected, previous = row.seq + 1, row.digest
    for seq in details:
        if seq >= expected:  # a gap within the chain was found above
            yield Fault("removed", seq)
    head = session.get(Fact, HEAD)
    if (head.value if head else f"0:{BEGINNING}") != f"{expected - 1}:{previous}":
        yield Fault("cut_off", expected)


def short_head(session: Session) -> str:
    """Return the chain's head in the short form that is printed: `7F3A-91C2`."""
    head = session.get(Fact, HEAD)
    digest = head.value.partition(":")[2] if head else BEGINNING
    return f"{digest[:4]}-{digest[4:8]}".upper()


def has_head(session: Session, short: str) -> bool:
    """Return whether a row's digest begins as the printed head says: an anchor outside the server."""
    start = short.strip().replace("-", "").lower()
    if len(start) != SHORT:
        return False
    found = select(History.seq).where(col(History.digest).startswith(start, autoescape=True))
    return session.exec(found).first() is not None


def of_inquiry(session: Session, inquiry_id: int) -> list[tuple[History, dict[str, Any]]]:
    """Return an inquiry's acts in order, each with its details (empty when they were purged)."""
    rows = session.exec(
        select(History, HistoryDetail)
        .join(HistoryDetail, col(HistoryDetail.seq) == col(History.seq), isouter=True)
        .where(History.inquiry_id == inquiry_id)
        .order_by(col(History.seq))
    )
    return [(row, detail.details if detail else {}) for row, detail in rows]


def count(session: Session) -> int:
    return session.exec(select(func.count()).select_from(History)).one()
