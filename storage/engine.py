"""Opening a database: SQLite or PostgreSQL, behind one URL.

Write transactions are serial on both: BEGIN IMMEDIATE on SQLite, an advisory lock on PostgreSQL, so that
numbers, order and history come out the same.
"""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, NullPool, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted

BUSY_SECONDS = 30
# An arbitrary number that every writer of this database agrees on.
WRITE_LOCK = 431_2018
TROUBLE = (OperationalError, InterfaceError, InternalError, PoolExhausted)
"""Trouble of the database itself, not of what was asked of it."""


def reason(trouble: Exception) -> str:
    """Return what the database says is wrong, without the statement."""
    return str(getattr(trouble, "orig", trouble)).strip()


class DatabaseUnusable(Exception):
    """The database cannot be opened."""


def normal_url(url: str) -> str:
    """Return `url` with the driver named that this project uses for PostgreSQL."""
    for plain in ("postgresql://", "postgres://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    return url


def sqlite_path(url: str) -> Path | None:
    """Return the file behind a SQLite URL, or None for PostgreSQL."""
    parsed = make_url(normal_url(url))
    if parsed.get_backend_name() != "sqlite":
        return None
    if not parsed.database or parsed.database == ":memory:":
        raise DatabaseUnusable("SQLite needs a file: sqlite:///chatvan.sqlite3")
    return Path(parsed.database)


def make_engine(url: str, *, busy_seconds: float = BUSY_SECONDS) -> Engine:
    """Return an engine whose write transactions are serial on both databases.

    `busy_seconds` is how long SQLite waits for another process that writes. Errors do not repeat what was
    to be stored: they are logged and told.
    """
    path = sqlite_path(url)
    if path is None:
        engine = create_engine(normal_url(url), pool_pre_ping=True, hide_parameters=True)
    else:
        _make_folder(path.parent)
        wait = {"timeout": busy_seconds, "check_same_thread": False}
        engine = create_engine(url, connect_args=wait, hide_parameters=True)
        event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin)
    return engine


def frozen_engine(file: Path) -> Engine:
    """Return an engine on a SQLite file that nobody writes: nothing changes, and nothing comes beside it."""
    address = f"{file.absolute().as_uri()}?mode=ro&immutable=1"

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(address, uri=True)

    return create_engine("sqlite://", creator=connect, poolclass=NullPool, hide_parameters=True)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseUnusable(f"{folder}: {error.strerror}") from error


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own BEGIN comes too late (at the first write): we begin ourselves, in _begin.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
    elif writes:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITE_LOCK})")


def check(engine: Engine) -> None:
    """Raise `DatabaseUnusable` with a sentence when the database does not answer."""
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except DBAPIError as error:  # a file that is no database is not trouble that passes
        raise DatabaseUnusable(reason(error)) from error
