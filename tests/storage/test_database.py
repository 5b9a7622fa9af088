"""One writer, many readers: units are whole, in order, and alone in their failure."""

import asyncio
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session, select

from storage import database as module
from storage import engine, facts
from storage.database import Database
from storage.engine import DatabaseUnusable, check, make_engine, sqlite_path
from storage.tables import Fact, Person
from tests.storage import rows

NOWHERE = "postgresql://nobody@127.0.0.1:1/chatvan?connect_timeout=2"


def names(session: Session) -> list[str]:
    return [person.name for person in session.exec(select(Person).order_by(text("id"))).all()]


def adding(name: str) -> Any:
    return lambda session: rows.person(session, name)


def failing(name: str) -> Any:
    def unit(session: Session) -> None:
        rows.person(session, name)
        raise ValueError(name)

    return unit


class Gate:
    """Holds the writer in a unit of its own, so that what is written meanwhile waits together."""

    def __init__(self, database: Database) -> None:
        self._open, self._entered = threading.Event(), threading.Event()
        self.passed = asyncio.create_task(database.write(self._wait))

    def _wait(self, _session: Session) -> None:
        self._entered.set()
        assert self._open.wait(10)

    async def entered(self) -> None:
        await asyncio.to_thread(self._entered.wait, 10)

    def open(self) -> None:
        self._open.set()


# --- units ---


async def test_what_a_unit_returns_is_known_after_the_commit(database: Database) -> None:
    person_id = await database.write(adding("Tâm"))
    with closing(Database(str(database.engine.url.render_as_string(hide_password=False)))) as other:
        found = other.read_now(lambda session: session.get(Person, person_id))
    assert found is not None
    assert found.name == "Tâm"


async def test_a_failing_unit_rolls_back_alone(database: Database) -> None:
    gate = Gate(database)
    await gate.entered()
    waiting = [asyncio.create_task(database.write(unit)) for unit in (adding("a"), failing("b"), adding("c"))]
    await asyncio.sleep(0)
    gate.open()
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(one) for one in outcomes] == [int, ValueError, int]
    assert await database.read(names) == ["a", "c"]


async def test_a_unit_that_breaks_a_rule_of_the_tables_fails_alone(database: Database) -> None:
    gate = Gate(database)
    await gate.entered()
    doubled = [
        asyncio.create_task(database.write(lambda session: rows.branch(session, code="PLOC")))
        for _ in range(2)
    ]
    after = asyncio.create_task(database.write(adding("sau")))
    await asyncio.sleep(0)
    gate.open()
    first, second, _third = await asyncio.gather(*doubled, after, return_exceptions=True)
    assert isinstance(first, int)
    assert isinstance(second, IntegrityError)
    assert await database.read(names) == ["sau"]


async def test_a_unit_sees_its_own_work_midway_and_that_of_units_before(database: Database) -> None:
    def unit(session: Session) -> list[str]:
        rows.person(session, "hai")
        return names(session)

    gate = Gate(database)
    await gate.entered()
    first, second = (
        asyncio.create_task(database.write(adding("một"))),
        asyncio.create_task(database.write(unit)),
    )
    await asyncio.sleep(0)
    gate.open()
    await first
    assert await second == ["một", "hai"]


async def test_units_run_in_order_sixteen_to_a_commit(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    commit = database._commit

    def counting(batch: list[Any]) -> list[Any]:
        sizes.append(len(batch))
        return commit(batch)

    gate = Gate(database)
    await gate.entered()
    monkeypatch.setattr(database, "_commit", counting)
    waiting = [asyncio.create_task(database.write(adding(f"{number:02}"))) for number in range(40)]
    await asyncio.sleep(0)
    gate.open()
    await asyncio.gather(*waiting)
    assert sizes == [16, 16, 8]
    assert await database.read(names) == [f"{number:02}" for number in range(40)]


async def test_whoever_no_longer_waits_stops_nobody(database: Database) -> None:
    """A task that is cancelled while its unit waits: the unit stands, the writer lives."""
    gate = Gate(database)
    await gate.entered()
    leaving = asyncio.create_task(database.write(adding("người đi")))
    staying = asyncio.create_task(database.write(adding("người ở")))
    await asyncio.sleep(0)
    leaving.cancel()
    gate.open()
    await staying
    assert await database.read(names) == ["người đi", "người ở"]


async def test_writing_without_a_writer_is_an_error_and_not_a_long_wait(migrated_url: str) -> None:
    with closing(Database(migrated_url)) as database:
        with pytest.raises(RuntimeError, match="writer"):
            await database.write(adding("Tâm"))
        database.start()
        await database.write(adding("Tâm"))
    with pytest.raises(RuntimeError, match="writer"):
        await database.write(adding("Tâm"))


async def test_close_drains_what_waits(migrated_url: str) -> None:
    database = Database(migrated_url)
    database.start()
    gate = Gate(database)
    await gate.entered()
    waiting = [asyncio.create_task(database.write(adding(str(number)))) for number in range(20)]
    await asyncio.sleep(0)
    threading.Timer(0.1, gate.open).start()
    await asyncio.to_thread(database.close)
    await asyncio.gather(*waiting)
    with closing(Database(migrated_url)) as again:
        assert len(again.read_now(names)) == 20


# --- trouble of the database ---


@pytest.mark.parametrize("dialect", ["sqlite"])
@pytest.mark.parametrize("busy_seconds", [0.05, 30])
async def test_a_locked_file_fails_nobody(
    migrated_url: str, busy_seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a short patience of the driver our own retries carry it through."""
    monkeypatch.setattr(engine, "BUSY_SECONDS", busy_seconds)
    path = sqlite_path(migrated_url)
    assert path is not None
    database = Database(migrated_url)
    database.start()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        waiting = [asyncio.create_task(database.write(adding(str(number)))) for number in range(3)]
        done, _ = await asyncio.wait(waiting, timeout=1)
        assert not done
        assert await database.read(names) == []
        other.execute("COMMIT")
    await asyncio.gather(*waiting)
    assert await database.read(names) == ["0", "1", "2"]
    await asyncio.to_thread(database.close)


@pytest.mark.parametrize("dialect", ["postgresql"])
async def test_lost_connections_fail_nobody(database: Database) -> None:
    await database.write(adding("trước"))

    def lose(session: Session) -> list[str]:
        if not lost:
            lost.append(True)
            session.connection().execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        rows.person(session, "sau")
        return names(session)

    lost: list[bool] = []
    assert await database.write(lose) == ["trước", "sau"]
    assert await database.read(names) == ["trước", "sau"]


async def test_a_unit_that_the_well_database_refuses_fails_alone(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No such table: SQLite calls that the same kind of error as a locked file."""
    monkeypatch.setattr(module, "_pauses", lambda: iter([0.01] * 100))

    def refused(session: Session) -> None:
        rows.person(session, "không ở lại")
        raise OperationalError("SELECT 1", None, Exception("no such table"))

    gate = Gate(database)
    await gate.entered()
    units = (adding("trước"), refused, adding("sau"))
    waiting = [asyncio.create_task(database.write(unit)) for unit in units]
    await asyncio.sleep(0)
    gate.open()
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(one) for one in outcomes] == [int, OperationalError, int]
    assert await database.read(names) == ["trước", "sau"]


async def test_a_commit_that_fails_for_another_reason_leaves_the_writer_alive(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_batch: list[Any]) -> list[Any]:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(database, "_commit", broken)
        with pytest.raises(MemoryError):
            await asyncio.wait_for(database.write(adding("a")), 5)
    await asyncio.wait_for(database.write(adding("b")), 5)
    assert await database.read(names) == ["b"]


# --- two processes ---

COUNTING = """
import sys
from sqlmodel import Session
from storage import facts
from storage.database import Database

database = Database(sys.argv[1])

def number(session: Session) -> None:
    last = int(facts.recall(session, "number") or 0)
    facts.remember(session, "number", str(last + 1))
    facts.remember(session, f"taken.{last + 1}", sys.argv[2])

for _ in range(40):
    database.write_now(number)
database.close()
"""


def test_writers_of_two_processes_take_turns(migrated_url: str) -> None:
    """Read the last number, write the next one: no gap and no double, on both databases."""
    running = [
        subprocess.Popen(
            [sys.executable, "-c", COUNTING, migrated_url, name], stderr=subprocess.PIPE, text=True
        )
        for name in ("một", "hai")
    ]
    said = [process.communicate(timeout=120)[1] for process in running]
    assert [process.returncode for process in running] == [0, 0], said
    with closing(Database(migrated_url)) as database:
        taken = database.read_now(
            lambda session: [
                fact.value for fact in session.exec(select(Fact)) if fact.key.startswith("taken.")
            ]
        )
        last = database.read_now(lambda session: facts.recall(session, "number"))
    assert last == "80"
    assert sorted(taken) == ["hai"] * 40 + ["một"] * 40


# --- readers ---


async def test_a_reader_sees_nothing_uncommitted_and_waits_for_nobody(database: Database) -> None:
    await database.write(adding("cũ"))
    written, may_end = threading.Event(), threading.Event()

    def slow(session: Session) -> None:
        rows.person(session, "mới")
        written.set()
        assert may_end.wait(10)

    writing = asyncio.create_task(database.write(slow))
    await asyncio.to_thread(written.wait, 10)
    started = time.monotonic()
    assert await database.read(names) == ["cũ"]
    assert time.monotonic() - started < 2
    may_end.set()
    await writing
    assert await database.read(names) == ["cũ", "mới"]


async def test_a_snapshot_stays_as_it_was(database: Database) -> None:
    await database.write(adding("cũ"))
    looked, written = threading.Event(), threading.Event()

    def twice(session: Session) -> tuple[list[str], list[str]]:
        first = names(session)
        looked.set()
        assert written.wait(10)
        session.expire_all()
        return first, names(session)

    reading = asyncio.create_task(database.read(twice))
    await asyncio.to_thread(looked.wait, 10)
    await database.write(adding("mới"))
    written.set()
    assert await reading == (["cũ"], ["cũ"])


def test_rows_of_a_snapshot_stay_readable(database: Database) -> None:
    database.write_now(adding("Tâm"))
    [found] = database.read_now(lambda session: session.exec(select(Person)).all())
    assert (found.name, found.created_at) == ("Tâm", rows.NOW)


# --- opening ---


def test_relative_and_absolute_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sqlite_path("sqlite:///chatvan.sqlite3") == Path("chatvan.sqlite3")
    assert sqlite_path("sqlite:////srv/chatvan/chatvan.sqlite3") == Path("/srv/chatvan/chatvan.sqlite3")
    monkeypatch.chdir(tmp_path)
    for url in ("sqlite:///moi/o-day.sqlite3", f"sqlite:///{tmp_path}/xa/o-kia.sqlite3"):
        opened = make_engine(url)
        check(opened)
        opened.dispose()
    assert (tmp_path / "moi" / "o-day.sqlite3").exists()
    assert (tmp_path / "xa" / "o-kia.sqlite3").exists()


@pytest.mark.parametrize("url", ["postgresql://a/b", "postgres://a/b", "postgresql+psycopg://a/b"])
def test_postgresql_has_no_file(url: str) -> None:
    assert sqlite_path(url) is None
    assert engine.normal_url(url) == "postgresql+psycopg://a/b"


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_in_memory_is_refused(url: str) -> None:
    """It would be gone with the process, and empty for a second connection."""
    with pytest.raises(DatabaseUnusable):
        Database(url)


def test_a_server_that_does_not_answer() -> None:
    opened = make_engine(NOWHERE)
    with pytest.raises(DatabaseUnusable):
        check(opened)
    opened.dispose()


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "thu.docx").write_bytes(b"PK" + b"x" * 4096)
    opened = make_engine(f"sqlite:///{tmp_path / 'thu.docx'}")
    with pytest.raises(DatabaseUnusable):
        check(opened)
    opened.dispose()


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "tep").write_text("")
    with pytest.raises(DatabaseUnusable, match="tep"):
        make_engine(f"sqlite:///{tmp_path / 'tep' / 'chatvan.sqlite3'}")


@pytest.mark.parametrize("dialect", ["sqlite"])
def test_sqlite_is_safe_against_a_power_cut(database: Database) -> None:
    def settings(session: Session) -> list[object]:
        pragmas = ("journal_mode", "foreign_keys", "synchronous")
        return [session.connection().scalar(text(f"PRAGMA {name}")) for name in pragmas]

    assert database.read_now(settings) == ["wal", 1, 2]
