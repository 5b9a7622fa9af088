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
from sqlalchemy.orm import load_only
from sqlmodel import Session, col, select

from storage.tables import Fact, History, HistoryDetail, Inquiry

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


# Columns by name: one that a later schema adds is not asked of a copy that is older. Row by row: the history
# of many years need not fit into memory.
_CHAIN = (
    select(History, HistoryDetail)
    .join(HistoryDetail, col(HistoryDetail.seq) == col(History.seq), isouter=True)
    .options(
        load_only(
            *(History.seq, History.at, History.act, History.person_id, History.inquiry_id, History.round),  # type: ignore[arg-type]
            *(History.details_digest, History.previous, History.digest),  # type: ignore[arg-type]
        ),
        load_only(HistoryDetail.seq, HistoryDetail.salt, HistoryDetail.details),  # type: ignore[arg-type]
    )
    .order_by(col(History.seq))
    .execution_options(yield_per=500)
)


@dataclass(frozen=True)
class Fault:
    """A place where the history is not what was written. `kind` names the sentence that says so."""

    kind: str
    seq: int


def verify(session: Session) -> Iterator[Fault]:
    """Yield what is wrong with the chain, in its order; nothing when all is as it was written."""
    expected, previous = 1, BEGINNING
    for row, detail in session.exec(_CHAIN):
        if row.seq != expected:
            yield Fault("removed", expected)
        elif row.previous != previous:
            yield Fault("inserted", row.seq)
        if _digest_row(row) != row.digest:
            yield Fault("changed", row.seq)
        if detail and _digest_details(detail.salt, detail.details) != row.details_digest:
            yield Fault("details_changed", row.seq)
        expected, previous = row.seq + 1, row.digest
    # Of a gap within the chain it was told above.
    for seq in session.exec(select(HistoryDetail.seq).where(col(HistoryDetail.seq) >= expected)):
        yield Fault("removed", seq)
    if head(session) != f"{expected - 1}:{previous}":
        yield Fault("cut_off", expected)


def head(session: Session) -> str:
    """Return the last row's number and digest as they were noted when it was written: `12:7f3a…`."""
    noted = session.get(Fact, HEAD)
    return noted.value if noted else f"0:{BEGINNING}"


def short_head(session: Session) -> str:
    """Return the chain's head in the short form that is printed: `7F3A-91C2`."""
    return shortened(head(session))


def shortened(head: str) -> str:
    """Return a head in the short form that is printed."""
    digest = head.partition(":")[2]
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


def by_branch(
    session: Session, act: str, since: datetime, until: datetime
) -> list[tuple[int, dict[str, Any]]]:
    """Return the acts of a kind on inquiries after `since` and up to `until`: the branch, and the details."""
    found = session.exec(
        select(Inquiry.branch_id, HistoryDetail.details)
        .join(History, col(History.inquiry_id) == col(Inquiry.id))
        .join(HistoryDetail, col(HistoryDetail.seq) == col(History.seq))
        .where(History.act == act, col(History.at) > since, col(History.at) <= until)
        .order_by(col(History.seq))
    )
    return [(branch_id, dict(details)) for branch_id, details in found]


def count(session: Session) -> int:
    return session.exec(select(func.count()).select_from(History)).one()
