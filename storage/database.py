"""One writer, many readers.

Everything that changes rows goes through one writer thread, as units: plain functions of a session.
The writer takes the units that wait (up to 16) into one transaction, each under a savepoint of its
own, and commits once. A unit that fails rolls back alone; trouble of the database itself (locked,
full, gone) fails nobody: the whole batch is run again until it goes through.
"""

import asyncio
import queue
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, TypeVar

import structlog
from sqlalchemy import Connection
from sqlmodel import Session

from storage import facts
from storage.engine import BUSY_SECONDS, TROUBLE, make_engine, reason

BATCH = 16
LONGEST_WAIT = 5.0
PATIENCE = 3  # tries of a batch that fail although the database is well
PROBE = "writer.probe"

T = TypeVar("T")
log = structlog.get_logger("storage")


@dataclass
class _Waiting:
    unit: Callable[[Session], Any]
    done: "Future[Any]" = field(default_factory=Future)


class Database:
    """The door to the rows: `write` for units, `read` for snapshots."""

    def __init__(self, url: str, *, busy_seconds: float = BUSY_SECONDS) -> None:
        self.engine = make_engine(url, busy_seconds=busy_seconds)
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._closing = threading.Event()
        self._writer: threading.Thread | None = None

    # --- for the service: units of many chats, committed together ---

    def start(self) -> None:
        """Start the writer thread."""
        self._writer = threading.Thread(target=self._write_until_closed, name="writer", daemon=True)
        self._writer.start()

    async def write(self, unit: Callable[[Session], T]) -> T:
        """Run `unit` in the writer and return what it returned, after the commit."""
        if self._writer is None:
            raise RuntimeError("the writer does not run: nobody would ever answer")
        waiting = _Waiting(unit)
        self._queue.put(waiting)
        result: T = await asyncio.wrap_future(waiting.done)
        return result

    async def read(self, question: Callable[[Session], T]) -> T:
        """Run `question` on a snapshot, beside the writer, when the database answers."""
        for pause in _pauses():
            try:
                return await asyncio.to_thread(self.read_now, question)
            except TROUBLE as trouble:
                if self._closing.is_set():
                    raise
                log.warning("database_waits", reason=reason(trouble), retry_in_seconds=pause)
            await asyncio.sleep(pause)
        raise AssertionError("the pauses never end")

    def close(self) -> None:
        """Let the writer finish what waits, then close."""
        self._closing.set()
        if self._writer is not None:
            self._queue.put(None)
            self._writer.join()
            self._writer = None
        self.engine.dispose()

    # --- for commands, which are alone with their unit ---

    def write_now(self, unit: Callable[[Session], T]) -> T:
        """Run `unit` in a transaction of its own, in this thread."""
        with self.engine.connect().execution_options(writes=True) as connection, connection.begin():
            return _run(connection, unit)

    def read_now(self, question: Callable[[Session], T]) -> T:
        """Run `question` on a snapshot, in this thread. Rows it returns stay readable."""
        with self.engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin(), Session(bind=connection, expire_on_commit=False) as session:
                answer = question(session)
                session.expunge_all()
                return answer

    # --- the writer thread ---

    def _write_until_closed(self) -> None:
        while (batch := self._take()) is not None:
            self._settle(batch)

    def _take(self) -> list[_Waiting] | None:
        """Wait for work; return what waits, or None when all is done and the database closes."""
        first = self._queue.get()
        if first is None:
            return None
        batch = [first]
        while len(batch) < BATCH:
            try:
                waiting = self._queue.get_nowait()
            except queue.Empty:
                break
            if waiting is None:
                self._queue.put(None)
                break
            batch.append(waiting)
        return batch

    def _settle(self, batch: list[_Waiting]) -> None:
        """Run the batch until the database takes it, then tell those who wait.

        A unit that the database refuses time and again while it is well is itself at fault, and fails alone.
        """
        blamed = 0
        for pause in _pauses():
            try:
                outcomes = self._commit(batch)
            except TROUBLE as trouble:
                log.warning("database_waits", reason=reason(trouble), retry_in_seconds=pause)
                self._closing.wait(pause)
                blamed += self._is_well()
                if blamed < PATIENCE and not self._closing.is_set():
                    continue
                if len(batch) > 1:
                    self._settle_singly(batch)
                    return
                outcomes = [_Failed(trouble)]
            except Exception as error:  # the writer must live, and nobody wait for ever
                log.exception("batch_failed")
                outcomes = [_Failed(error)] * len(batch)
            for waiting, outcome in zip(batch, outcomes, strict=True):
                _tell(waiting, outcome)
            return

    def _settle_singly(self, batch: list[_Waiting]) -> None:
        for waiting in batch:
            self._settle([waiting])

    def _is_well(self) -> bool:
        """Return whether the database takes a small write of ours."""
        try:
            self.write_now(lambda session: facts.remember(session, PROBE, ""))
        except TROUBLE:
            return False
        return True

    def _commit(self, batch: list[_Waiting]) -> list[Any]:
        outcomes: list[Any] = []
        with self.engine.connect().execution_options(writes=True) as connection, connection.begin():
            for waiting in batch:
                try:
                    outcomes.append(_run(connection, waiting.unit))
                except TROUBLE:
                    raise
                except Exception as error:
                    outcomes.append(_Failed(error))
        return outcomes


def _pauses() -> Iterator[float]:
    """Yield the seconds between two tries: short at first, then steady."""
    yield from (0.05, 0.1, 0.2, 0.5, 1.0, 2.0)
    while True:
        yield LONGEST_WAIT


@dataclass(frozen=True)
class _Failed:
    error: Exception


def _run(connection: Connection, unit: Callable[[Session], T]) -> T:
    """Run one unit under a savepoint; what it raises undoes its own work alone."""
    mode = "create_savepoint"
    with Session(bind=connection, join_transaction_mode=mode, expire_on_commit=False) as session:  # type: ignore[arg-type]
        try:
            result = unit(session)
            session.commit()
        except BaseException:
            session.rollback()
            raise
        return result


def _tell(waiting: _Waiting, outcome: Any) -> None:
    if not waiting.done.set_running_or_notify_cancel():
        return  # whoever waited has gone; the unit stands all the same
    if isinstance(outcome, _Failed):
        waiting.done.set_exception(outcome.error)
    else:
        waiting.done.set_result(outcome)
