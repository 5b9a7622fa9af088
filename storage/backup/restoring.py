"""The way back: a backup takes the place of an office's data, wholly or not at all.

Attachments first: the store is only ever added to, so the old database misses nothing and the new one finds
all. Then the database, at one stroke. Whatever ends the process between, one of the two is whole.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, text

from storage.backup import manifest, postgresql, shelf, sqlite
from storage.backup.checking import check
from storage.backup.making import make
from storage.backup.manifest import Kind, Made, Manifest
from storage.backup.places import Places
from storage.backup.programs import client_for
from storage.backup.shelf import Backup
from storage.backup.troubles import (
    InUse,
    OtherKind,
    OtherSchema,
    Served,
    TargetNotEmpty,
    TooNew,
    told_of,
)
from storage.engine import TROUBLE, WRITE_LOCK, make_engine, sqlite_path
from storage.files import FileStore, sync_folder
from storage.locks import ServeLock
from storage.migrations import known, migrate


@dataclass(frozen=True)
class Restored:
    """What was restored; `aside` is where the data went that stood there before, None if there were none."""

    backup: Backup
    aside: Path | None


def restore(places: Places, folder: Path, *, replace: bool, now: datetime) -> Restored:
    """Put the backup in `folder` in an office's place, and bring it to the present schema.

    Data that are there already are refused, unless `replace`: then they are set aside first, never deleted.
    Raises BackupTrouble, DatabaseUnusable, trouble of the database.
    """
    with told_of(folder):
        told = manifest.read(folder)
    _check_that_it_fits(told, places)
    engine = make_engine(places.url)
    try:
        with _alone(engine, places.url):
            if told.kind is Kind.SQLITE:
                restored = _into_file(places, folder, replace=replace, now=now)
            else:
                restored = _into_server(engine, places, folder, told, replace=replace, now=now)
            migrate(places.url)  # it was just copied: the backup is the way back
    finally:
        engine.dispose()
    return restored


def _check_that_it_fits(told: Manifest, places: Places) -> None:
    wanted = Kind.POSTGRESQL if sqlite_path(places.url) is None else Kind.SQLITE
    if told.kind is not wanted:
        raise OtherKind(found=told.kind, wanted=wanted)
    if told.revision not in known():
        raise TooNew(program=told.program)


@contextmanager
def _alone(engine: Engine, url: str) -> Iterator[None]:
    """Hold the right to serve, so that no `chatvan run` does."""
    lock = ServeLock(engine, url)
    try:
        if not lock.acquire():
            raise Served
        yield
    finally:
        lock.release()


def _bring_files(backup: Path, told: Manifest, store: FileStore) -> None:
    """Put the backup's attachments into the store, beside what it holds."""
    copies = FileStore(backup / "files")
    with told_of(store.folder):
        store.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name in told.files:
            store.put(copies.get(name))
        sync_folder(store.folder)


# --- SQLite -----------------------------------------------------------------------------------


def _into_file(places: Places, folder: Path, *, replace: bool, now: datetime) -> Restored:
    file = sqlite_path(places.url)
    assert file is not None
    if file.exists() and file.stat().st_size and not replace:
        raise TargetNotEmpty(place=file)
    with told_of(folder):
        backup = check(folder)
    _bring_files(folder, backup.manifest, FileStore(places.files))
    with told_of(file.parent):
        aside = sqlite.replace(file, folder / Kind.SQLITE.dump, shelf.stamp(now))
    return Restored(backup, aside)


# --- PostgreSQL -------------------------------------------------------------------------------


def _into_server(
    engine: Engine, places: Places, folder: Path, told: Manifest, *, replace: bool, now: datetime
) -> Restored:
    with _nobody_writes(engine):
        with engine.connect() as connection:
            server, schema = postgresql.version(connection), postgresql.schema(connection)
        if schema != told.schema:
            raise OtherSchema(found=told.schema, wanted=schema)
        old, client = postgresql.tables(engine), client_for(server)
        if old and not replace:
            raise TargetNotEmpty(place=engine.url.database or "")
        with told_of(folder):
            backup = check(folder, client)
        aside = make(places, places.backups, Made.BEFORE_RESTORE, now=now).folder if old else None
        _bring_files(folder, told, FileStore(places.files))
        dump = folder / Kind.POSTGRESQL.dump
        postgresql.replace_all(places.url, dump, client, schema, old=old, rows=told.rows)
    return Restored(backup, aside)


@contextmanager
def _nobody_writes(engine: Engine) -> Iterator[None]:
    """Hold the right to write, for which every transaction asks that writes."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"SET lock_timeout = '{postgresql.LOCK_PATIENCE}'"))
        try:
            connection.execute(text(f"SELECT pg_advisory_lock({WRITE_LOCK})"))
        except TROUBLE as trouble:
            raise InUse from trouble
        try:
            yield
        finally:
            connection.invalidate()  # the lock goes with the connection
