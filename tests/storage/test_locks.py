"""One process serves a database; one at a time changes its schema."""

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.engine import DatabaseUnusable, make_engine, sqlite_path
from storage.locks import ServeLock, migrating
from tests.storage.test_database import NOWHERE

HOLDING = """
import sys, time
from storage.engine import make_engine
from storage.locks import ServeLock

lock = ServeLock(make_engine(sys.argv[1]), sys.argv[1])
print(lock.acquire(), flush=True)
time.sleep(60)
"""


def lock_of(url: str) -> ServeLock:
    return ServeLock(make_engine(url), url)


def test_one_holds_it_at_a_time(database_url: str) -> None:
    first, second = lock_of(database_url), lock_of(database_url)
    assert first.acquire()
    assert not second.acquire()
    assert (first.is_held(), second.may_wait) == (True, sqlite_path(database_url) is None)
    first.release()
    assert not first.is_held()
    assert second.acquire()
    second.release()


def test_it_falls_with_its_process(database_url: str) -> None:
    """Also when the process is killed: nothing is left that an operator must clear away."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDING, database_url], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "True\n"
    mine = lock_of(database_url)
    assert not mine.acquire()
    holder.send_signal(signal.SIGKILL)
    holder.communicate()
    for _ in range(100):
        if mine.acquire():
            break
        time.sleep(0.05)
    assert mine.is_held()
    mine.release()


@pytest.mark.parametrize("dialect", ["postgresql"])
def test_a_lost_connection_loses_it(database_url: str) -> None:
    first, other = lock_of(database_url), make_engine(database_url)
    assert first.acquire()
    with other.connect() as connection:
        connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted")
        )
    assert not first.is_held()
    second = lock_of(database_url)
    assert second.acquire()
    assert not first.acquire()
    second.release()
    first.release()
    other.dispose()


@pytest.mark.parametrize("dialect", ["postgresql"])
def test_standing_by_keeps_no_lock_of_its_own(database_url: str) -> None:
    first, second = lock_of(database_url), lock_of(database_url)
    assert first.acquire()
    assert not second.acquire()
    second.release()
    first.release()
    assert second.acquire()
    second.release()


def test_one_migrates_at_a_time(database_url: str) -> None:
    order: list[str] = []
    first_is_in = threading.Event()

    def first() -> None:
        engine = make_engine(database_url)
        with migrating(engine, database_url):
            first_is_in.set()
            time.sleep(0.3)
            order.append("first")
        engine.dispose()

    thread = threading.Thread(target=first)
    thread.start()
    assert first_is_in.wait(10)
    engine = make_engine(database_url)
    with migrating(engine, database_url):
        order.append("second")
    thread.join()
    engine.dispose()
    assert order == ["first", "second"]


@pytest.mark.parametrize("dialect", ["sqlite"])
def test_a_lock_file_that_cannot_be_made(database_url: str) -> None:
    path = sqlite_path(database_url)
    assert path is not None
    for ending in (".lock", ".migrating"):
        Path(f"{path}{ending}").mkdir()
    with pytest.raises(DatabaseUnusable, match="lock"):
        lock_of(database_url).acquire()
    with (
        pytest.raises(DatabaseUnusable, match="migrating"),
        migrating(make_engine(database_url), database_url),
    ):
        pass


def test_a_server_that_does_not_answer() -> None:
    with pytest.raises(DatabaseUnusable):
        lock_of(NOWHERE).acquire()
