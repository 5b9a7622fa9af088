"""Making a backup: dump, attachments, manifest; verified as a copy; then named.

Whatever ends the process, there is a whole backup or none.
"""

import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from errno import ENOSPC
from hashlib import file_digest
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import Engine

from storage.backup import census, manifest, postgresql, shelf, sqlite
from storage.backup.census import Census
from storage.backup.manifest import Kind, Made, Manifest
from storage.backup.places import Places
from storage.backup.programs import Client, Stop, client_for, never
from storage.backup.shelf import Backup
from storage.backup.troubles import DumpUnreadable, NoDatabase, SourceDamaged, Stopped, told_of
from storage.engine import check, make_engine, sqlite_path
from storage.files import FileLost, FileStore, private, sync_folder

MARGIN = 64 * 2**20
"""Bytes that stay free on the disk, on which the bot may be writing too."""


def make(
    places: Places,
    folder: Path,
    made: Made,
    *,
    now: datetime,
    before: str = "",
    stop: Stop = never,
) -> Backup:
    """Make a backup of an office in `folder`, which is made if need be; the office may go on working.

    Its name is `now` by the clock that `now` was given in. `stop` is asked now and then whether to give up.
    Raises BackupTrouble, DatabaseUnusable, trouble of the database.
    """
    source = _source(places.url)
    with told_of(folder), shelf.opened(folder, stop=stop):
        name = shelf.free_name(folder, now)
        unfinished = folder / f".{name}.unfinished"
        try:
            unfinished.mkdir(mode=0o700)
            written = _write(unfinished, source, places, made, now=now, before=before, stop=stop)
            unfinished.rename(folder / name)
            sync_folder(folder)
        except BaseException:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise
    return Backup(folder / name, written)


def _write(
    folder: Path, source: "_Source", places: Places, made: Made, *, now: datetime, before: str, stop: Stop
) -> Manifest:
    dump = folder / source.kind.dump
    _make_sure_of_room(folder, source.size)
    source.write(dump, stop)
    dump.chmod(0o600)
    _sync(dump)
    found = source.census(dump)
    if not found.revision and made is not Made.BEFORE_RESTORE:
        raise NoDatabase(place=source.place)  # an empty one gives nothing but a good conscience
    # After the database: the store is only ever added to, so whatever the copy names has come by now.
    files = _copy_files(FileStore(places.files), folder, stop=stop)
    told = Manifest(
        program=version("chatvan"),
        made_at=now,
        made=made,
        before=before,
        kind=source.kind,
        schema=source.schema,
        size=dump.stat().st_size,
        sha256=digest(dump),
        revision=found.revision,
        head=found.head,
        faults=found.faults,
        rows=found.rows,
        files=files,
        lost=tuple(sorted(found.attachments.keys() - files.keys())),
    )
    with open(folder / manifest.FILE, "x", encoding="utf-8", opener=private) as file:
        file.write(manifest.write(told))
    _sync(folder / manifest.FILE)
    sync_folder(folder)
    return told


# --- the database -----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Source:
    """The database that is copied; `place` is its file or its name.

    `size` is how many bytes its copy may take, 0 if nobody knows.
    """

    url: str
    kind: Kind
    place: object
    schema: str = ""
    client: Client | None = None
    size: int = 0

    def write(self, dump: Path, stop: Stop) -> None:
        file = sqlite_path(self.url)
        if file is not None:
            sqlite.dump(file, dump, stop=stop)
        else:
            assert self.client is not None
            postgresql.dump(self.url, dump, self.client, self.schema, stop=stop)

    def census(self, dump: Path) -> Census:
        try:
            return census_of(dump, self.kind, self.client)
        except DumpUnreadable as error:
            raise SourceDamaged(**error.values) from error


def census_of(dump: Path, kind: Kind, client: Client | None) -> Census:
    """Return what a dump holds. Raises DumpUnreadable."""
    if kind is Kind.SQLITE:
        return census.of_sqlite(dump)
    assert client is not None
    return postgresql.take_census(dump, client)


def _source(url: str) -> _Source:
    file = sqlite_path(url)
    if file is not None:
        return _Source(url, Kind.SQLITE, file, size=sqlite.size(file))
    engine = make_engine(url)
    try:
        return _server(engine, url)
    finally:
        engine.dispose()


def _server(engine: Engine, url: str) -> _Source:
    check(engine)
    with engine.connect() as connection:
        server, schema = postgresql.version(connection), postgresql.schema(connection)
    return _Source(url, Kind.POSTGRESQL, engine.url.database, schema, client_for(server))


# --- the files --------------------------------------------------------------------------------


def _copy_files(store: FileStore, folder: Path, *, stop: Stop) -> Mapping[str, int]:
    """Copy the store into the backup; return what is there, with bytes. Damaged files are left out.

    What an older backup holds unharmed is shared with it.
    """
    place = folder / "files"
    place.mkdir(mode=0o700)
    copies, names = FileStore(place), list(store.names())
    older = [FileStore(one.folder / "files") for one in shelf.backups(folder.parent)[:1]]
    found: dict[str, int] = {}
    for name in names:
        if stop():
            raise Stopped
        if (size := _shared(copies, older, name)) is None and (size := _copied(copies, store, name)) is None:
            continue
        found[name] = size
    sync_folder(place)
    return found


def _shared(copies: FileStore, older: Iterable[FileStore], name: str) -> int | None:
    for store in older:
        try:
            return copies.link(store, name)
        except FileLost:
            continue
    return None


def _copied(copies: FileStore, store: FileStore, name: str) -> int | None:
    try:
        content = store.get(name)
    except FileLost:
        return None
    _make_sure_of_room(copies.folder, len(content))
    copies.put(content)
    return len(content)


# --- the disk ---------------------------------------------------------------------------------


def _make_sure_of_room(folder: Path, size: int) -> None:
    if shutil.disk_usage(folder).free < size + MARGIN:
        raise OSError(ENOSPC, "no room")  # told as if the disk itself had said so


def digest(file: Path) -> str:
    """Return a file's SHA-256 in hexadecimal."""
    with file.open("rb") as opened:
        return file_digest(opened, "sha256").hexdigest()


def _sync(file: Path) -> None:
    descriptor = os.open(file, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
