"""What a copy of a database holds: its rows are counted, its history is verified, as `chatvan verify` does.

Copies may be of an older schema than the code's: only what has been there from the start is asked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from storage import history
from storage.backup.troubles import DumpUnreadable
from storage.engine import frozen_engine, reason
from storage.migrations import current, known


@dataclass(frozen=True)
class Census:
    """`rows` by table; `head` and `faults` of the history; `attachments` by SHA-256, with bytes."""

    revision: str
    rows: Mapping[str, int]
    head: str
    faults: int
    attachments: Mapping[str, int]


def of_sqlite(file: Path) -> Census:
    """Return what a SQLite file holds that nobody writes. Raises DumpUnreadable."""
    engine = frozen_engine(file)
    try:
        with engine.connect() as connection:
            _check_integrity(connection)
            return of_connection(connection)
    except DBAPIError as error:
        raise DumpUnreadable(reason=reason(error)) from error
    finally:
        engine.dispose()


def _check_integrity(connection: Connection) -> None:
    said = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
    if said != "ok":
        raise DumpUnreadable(reason=str(said))


def of_connection(connection: Connection) -> Census:
    """Return what the tables hold that this connection sees."""
    quoted = connection.dialect.identifier_preparer.quote
    tables = sorted(inspect(connection).get_table_names())
    rows = {
        table: connection.execute(text(f"SELECT count(*) FROM {quoted(table)}")).scalar_one()
        for table in tables
    }
    revision = current(connection) or ""
    head, faults = _history(connection, revision) if "history" in rows else ("", 0)
    attachments = _attachments(connection) if "attachments" in rows else {}
    return Census(revision, rows, head, faults, attachments)


def _history(connection: Connection, revision: str) -> tuple[str, int]:
    with Session(bind=connection) as session:
        # The history of a newer chatvan may follow rules that are not known here.
        faults = sum(1 for _ in history.verify(session)) if revision in known() else 0
        return history.head(session), faults


def _attachments(connection: Connection) -> dict[str, int]:
    found = connection.execute(text("SELECT sha256, size FROM attachments"))
    return {row.sha256: row.size for row in found}
