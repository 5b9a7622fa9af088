"""An office's data for the tests of backups, and the means to compare them wholly."""

from pathlib import Path
from typing import Any

from sqlalchemy import inspect, text
from sqlmodel import Session

from storage import history
from storage.backup.places import Places
from storage.database import Database
from storage.engine import make_engine
from storage.files import FileStore
from storage.kinds import Media, SubjectKind
from storage.tables import Attachment
from tests.storage import rows

WORDS = 'Vì sao chưa kê biên?\n\t"Kê biên" \\N \\ \r\n\\.\n⚡ {"a": [null]} \x0b'
"""All that could be lost on the way through a dump."""


def places(url: str, folder: Path) -> Places:
    """Return places for a database, its files and backups in `folder`."""
    return Places(url, folder / "files", folder / "backups")


def fill(there: Places, inquiries: int = 3) -> None:
    """Write people, inquiries with history, and a file for each."""
    database, store = Database(there.url), FileStore(there.files)
    try:
        database.write_now(lambda session: _fill(session, store, inquiries))
    finally:
        database.close()


def _fill(session: Session, store: FileStore, inquiries: int) -> None:
    branch = rows.branch(session)
    asker = rows.person(session, WORDS, branch_id=branch, telegram_id=2**40)
    case = rows.case(session, branch, notes=WORDS, amount_due=2**50)
    assert case.id is not None
    for number in range(1, inquiries + 1):
        inquiry = rows.inquiry(session, case.id, branch, asker, number, rounds=2)
        history.append(
            session, "ask", by=asker, now=rows.NOW, inquiry=inquiry.id, round=1, words=WORDS, number=number
        )
        attach(session, store, asker, inquiry.id, f"biên bản {number}".encode() * 1000)


def attach(session: Session, store: FileStore, sender: int, inquiry: int | None, content: bytes) -> str:
    """Keep a file of an inquiry; return its digest."""
    sha256 = store.put(content)
    session.add(
        Attachment(
            person_id=sender,
            received_at=rows.NOW,
            kind=SubjectKind.INQUIRY,
            subject_id=inquiry,
            round=1,
            media=Media.PHOTO,
            name=WORDS,
            size=len(content),
            sha256=sha256,
            bot_id=7,
            file_id="AgAC",
        )
    )
    session.flush()
    return sha256


def everything(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table."""
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            tables = inspect(connection).get_table_names()
            return {
                table: sorted(map(tuple, connection.execute(text(f"SELECT * FROM {table}"))), key=repr)
                for table in tables
            }
    finally:
        engine.dispose()


def all_files(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every file below a folder, by its path."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def execute(url: str, *statements: str) -> None:
    """Change rows as somebody does who goes around the program."""
    engine = make_engine(url)
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()
