"""Whether a backup is what it was when it was made: bytes, rows, history and attachments."""

from pathlib import Path

from storage.backup import manifest
from storage.backup.making import census_of, digest
from storage.backup.manifest import Manifest
from storage.backup.programs import Client
from storage.backup.shelf import Backup
from storage.backup.troubles import DumpChanged, FileMissing, HistoryDiffers, ManifestChanged, RowsDiffer
from storage.files import FileLost, FileStore


def check(folder: Path, client: Client | None = None) -> Backup:
    """Return the backup in `folder`, of which every byte has been read. Raises Damaged, TooNew.

    `client` is wanted for one of PostgreSQL.
    """
    told = manifest.read(folder)
    _check_dump(folder, told, client)
    store = FileStore(folder / "files")
    for name, size in told.files.items():
        try:
            is_same = len(store.get(name)) == size
        except FileLost:
            is_same = False
        if not is_same:
            raise FileMissing(name=name)
    return Backup(folder, told)


def _check_dump(folder: Path, told: Manifest, client: Client | None) -> None:
    dump = folder / told.kind.dump
    if not dump.is_file() or dump.stat().st_size != told.size or digest(dump) != told.sha256:
        raise DumpChanged(name=dump.name)
    found = census_of(dump, told.kind, client)
    if different := sorted(dict(found.rows.items() ^ told.rows.items())):
        raise RowsDiffer(table=different[0])
    if (found.head, found.faults) != (told.head, told.faults):
        raise HistoryDiffers()
    if found.revision != told.revision or found.attachments.keys() - told.files.keys() != set(told.lost):
        raise ManifestChanged(folder=folder)
