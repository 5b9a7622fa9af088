"""Locks between processes: one `chatvan run` serves, one process migrates."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, Engine, text

from storage.engine import DatabaseUnusable, check, sqlite_path

SERVE = 431_2019
MIGRATE = 431_2020


class ServeLock:
    """Held by the one process that serves a database; freed by the system when the process ends."""

    def __init__(self, engine: Engine, url: str) -> None:
        self._engine = engine
        self._path = sqlite_path(url)
        self._file: IO[str] | None = None
        self._connection: Connection | None = None

    @property
    def may_wait(self) -> bool:
        """On PostgreSQL a second process stands by; on SQLite it is a mistake."""
        return self._path is None

    def acquire(self) -> bool:
        """Return whether this process serves now. Raises DatabaseUnusable."""
        if self._path is not None:
            return self._lock_file(f"{self._path}.lock")
        self._release_connection()
        check(self._engine)
        self._connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        return bool(self._connection.scalar(text(f"SELECT pg_try_advisory_lock({SERVE})")))

    def is_held(self) -> bool:
        """Return whether the lock still stands: a lost connection to PostgreSQL loses it."""
        if self._connection is None:
            return self._file is not None
        try:
            self._connection.execute(text("SELECT 1"))
        except Exception:
            return False
        return True

    def release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
        self._release_connection()

    def _lock_file(self, path: str) -> bool:
        file = _opened(path)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._file = file
        return True

    def _release_connection(self) -> None:
        if self._connection is not None:
            self._connection.invalidate()  # closes it for good, so that the lock goes with it
            self._connection.close()
            self._connection = None


def is_served(engine: Engine, url: str) -> bool:
    """Return whether a process serves this database now; nothing is left locked. Raises OSError."""
    path = sqlite_path(url)
    if path is None:
        held = "SELECT 1 FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database"
        this = f"locktype = 'advisory' AND granted AND classid = 0 AND objid = {SERVE} AND objsubid = 1"
        with engine.connect() as connection:
            found = connection.scalar(text(f"{held} WHERE {this} AND datname = current_database()"))
            return found is not None
    lock = Path(f"{path}.lock")
    if not lock.exists():
        return False
    with lock.open(encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _opened(path: str) -> IO[str]:
    try:
        return Path(path).open("a", encoding="ascii")
    except OSError as error:
        raise DatabaseUnusable(f"{path}: {error.strerror}") from error


@contextmanager
def migrating(engine: Engine, url: str) -> Iterator[None]:
    """Hold the right to change the schema; a second process waits here."""
    path = sqlite_path(url)
    if path is None:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"SELECT pg_advisory_lock({MIGRATE})"))
            try:
                yield
            finally:
                connection.execute(text(f"SELECT pg_advisory_unlock({MIGRATE})"))
        return
    with _opened(f"{path}.migrating") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
