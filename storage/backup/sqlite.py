"""A SQLite database as a file: copied while it is written, and replaced by another at one stroke."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from errno import ENOSPC
from pathlib import Path

from storage.backup.programs import Stop, never
from storage.backup.troubles import InUse, NoDatabase, Stopped
from storage.engine import DatabaseUnusable
from storage.files import private, sync_folder

BESIDE = ("-wal", "-shm", "-journal")
BUSY_SECONDS = 5.0  # for a command that is about to end
STEPS = 50_000  # of SQLite's machine, between two looks whether to stop


def size(file: Path) -> int:
    """Return the bytes of a database with what stands in its log."""
    beside = [file, *(file.with_name(file.name + ending) for ending in BESIDE)]
    return sum(one.stat().st_size for one in beside if one.exists())


def dump(file: Path, copy: Path, *, stop: Stop = never) -> None:
    """Write a copy of the database as it stands at one moment; nobody who writes to it waits.

    Raises NoDatabase, OSError, DatabaseUnusable, Stopped.
    """
    if not file.exists():
        raise NoDatabase(place=file)
    source = sqlite3.connect(file, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        source.set_progress_handler(stop, STEPS)
        source.execute("VACUUM INTO ?", (str(copy),))
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
            raise Stopped from error
        if error.sqlite_errorcode == sqlite3.SQLITE_FULL:
            raise OSError(ENOSPC, "no room") from error
        raise DatabaseUnusable(str(error)) from error
    except sqlite3.DatabaseError as error:
        raise DatabaseUnusable(str(error)) from error
    finally:
        source.close()


def replace(file: Path, copy: Path, stamp: str) -> Path | None:
    """Put a copy in the place of `file`: at one stroke, and the old one stays under another name.

    Returns where the old one is, None when there was none. Killed at any moment, `file` is the old database
    or the new one, each whole. Raises InUse, OSError.
    """
    staged = file.with_name(f".{file.name}.restoring")
    staged.unlink(missing_ok=True)
    _forget_unfinished(file)
    try:
        _copy(copy, staged)
        with _held(file):
            aside = _set_aside(file, stamp)
            staged.replace(file)
            sync_folder(file.parent)
    finally:
        staged.unlink(missing_ok=True)
    return aside


def _copy(source: Path, target: Path) -> None:
    with source.open("rb") as given, open(target, "xb", opener=private) as taken:
        shutil.copyfileobj(given, taken, 1 << 20)
        taken.flush()
        os.fsync(taken.fileno())


@contextmanager
def _held(file: Path) -> Iterator[None]:
    """Keep everybody from an existing database; all of it stands in the one file meanwhile."""
    if not file.exists():
        yield
        return
    connection = sqlite3.connect(file, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        _seize(connection)
        yield
    finally:
        connection.close()


def _seize(connection: sqlite3.Connection) -> None:
    try:
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise InUse from error
        # Else it is damaged, or no database: it is set aside as it is.
    except sqlite3.DatabaseError:
        return


def _set_aside(file: Path, stamp: str) -> Path | None:
    """Give the old database a second name, which will be its only one; logs are moved at once.

    A log that stays would be taken for the new database's own.
    """
    aside = _free(file, stamp)
    if file.exists():
        try:
            aside.hardlink_to(file)
        except OSError:  # a disk that knows no links
            _copy(file, aside)
    for ending in BESIDE:
        log = file.with_name(file.name + ending)
        if log.exists():
            log.rename(aside.with_name(aside.name + ending))
    sync_folder(file.parent)
    return aside if aside.exists() else None


def _free(file: Path, stamp: str) -> Path:
    """Return a name that nothing bears: `chatvan.before-20261130-021600.sqlite3`."""
    number, name = 1, f"{file.stem}.before-{stamp}"
    while (free := file.with_name(f"{name}{f'-{number}' if number > 1 else ''}{file.suffix}")).exists():
        number += 1
    return free


def _forget_unfinished(file: Path) -> None:
    """Remove second names that killed restores gave to the database that is still in its place."""
    for other in file.parent.glob(f"{file.stem}.before-*{file.suffix}"):
        if file.exists() and other.samefile(file):
            other.unlink()
