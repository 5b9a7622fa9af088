"""Every harm that can come to a backup is found before anything is restored from it."""

import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from storage.backup import manifest
from storage.backup.checking import check
from storage.backup.making import digest
from storage.backup.manifest import Made
from storage.backup.programs import Client, client_for
from storage.backup.shelf import Backup
from storage.backup.troubles import (
    Damaged,
    DumpChanged,
    DumpUnreadable,
    FileMissing,
    HistoryDiffers,
    ManifestChanged,
    NoBackup,
    RowsDiffer,
    TooNew,
)
from tests.storage.backup import data


@pytest.fixture
def client(dialect: str) -> Client | None:
    return client_for() if dialect == "postgresql" else None


def dump_of(backup: Backup) -> Path:
    return backup.folder / backup.manifest.kind.dump


def file_of(backup: Backup) -> Path:
    return next(path for path in sorted((backup.folder / "files").rglob("*")) if path.is_file())


def flip(path: Path, at: int) -> None:
    """Turn one bit over."""
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


def rewritten(backup: Backup, old: str, new: str) -> None:
    path = backup.folder / manifest.FILE
    said = path.read_text(encoding="utf-8")
    assert old in said
    path.write_text(said.replace(old, new), encoding="utf-8")


HARMS: dict[str, tuple[Callable[[Backup], object], type[Damaged]]] = {
    "no dump": (lambda backup: dump_of(backup).unlink(), DumpChanged),
    "a dump cut off": (lambda backup: os.truncate(dump_of(backup), 5000), DumpChanged),
    "an empty dump": (lambda backup: dump_of(backup).write_bytes(b""), DumpChanged),
    "a bit at the dump's start": (lambda backup: flip(dump_of(backup), 0), DumpChanged),
    "a bit within the dump": (lambda backup: flip(dump_of(backup), 20_000), DumpChanged),
    "a bit at the dump's end": (lambda backup: flip(dump_of(backup), -1), DumpChanged),
    "no file": (lambda backup: file_of(backup).unlink(), FileMissing),
    "no files": (lambda backup: shutil.rmtree(backup.folder / "files"), FileMissing),
    "a bit of a file": (lambda backup: flip(file_of(backup), 0), FileMissing),
    "a longer file": (lambda backup: file_of(backup).write_bytes(b"x" * 9), FileMissing),
    "no manifest": (lambda backup: (backup.folder / manifest.FILE).unlink(), NoBackup),
    "an empty manifest": (lambda backup: (backup.folder / manifest.FILE).write_text(""), ManifestChanged),
    "a manifest of something else": (
        lambda backup: (backup.folder / manifest.FILE).write_text("[]"),
        ManifestChanged,
    ),
    "a number in the manifest": (
        lambda backup: rewritten(backup, '"inquiries": 3', '"inquiries": 4'),
        ManifestChanged,
    ),
    "a digest in the manifest": (
        lambda backup: rewritten(backup, backup.manifest.sha256, "0" * 64),
        ManifestChanged,
    ),
    "a key less in the manifest": (lambda backup: rewritten(backup, '"seal"', '"saal"'), ManifestChanged),
}


@pytest.mark.parametrize("harm", HARMS)
def test_harm_is_found(backup: Backup, client: Client | None, harm: str) -> None:
    check(backup.folder, client)
    change, found = HARMS[harm]
    change(backup)
    with pytest.raises(found):
        check(backup.folder, client)


def test_a_bit_anywhere_in_the_manifest_is_found(backup: Backup) -> None:
    path = backup.folder / manifest.FILE
    whole = path.read_bytes()
    seen = 0
    for at in range(0, len(whole), 7):
        flip(path, at)
        try:
            assert manifest.read(backup.folder) == backup.manifest, at  # a blank between two words
        except (ManifestChanged, TooNew):
            seen += 1
        path.write_bytes(whole)
    assert seen > 50


def sealed(backup: Backup, **changes: object) -> None:
    """Change the manifest as somebody does who knows how it is sealed."""
    told = replace(backup.manifest, **changes)  # type: ignore[arg-type]
    (backup.folder / manifest.FILE).write_text(manifest.write(told), encoding="utf-8")


def in_copy(backup: Backup, *statements: str) -> None:
    """Change the database in a backup, and seal the backup anew."""
    with closing(sqlite3.connect(dump_of(backup), isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)
    sealed(backup, sha256=digest(dump_of(backup)), size=dump_of(backup).stat().st_size)


@pytest.mark.parametrize(
    ("statements", "found"),
    [
        (["UPDATE history SET act = 'answer' WHERE seq = 2"], HistoryDiffers),
        (["UPDATE history_details SET details = '{}' WHERE seq = 2"], HistoryDiffers),
        (["DELETE FROM history_details WHERE seq = 3"], RowsDiffer),
        (["DELETE FROM history_details WHERE seq = 3", "DELETE FROM history WHERE seq = 3"], RowsDiffer),
        (["UPDATE facts SET value = '0:0' WHERE key = 'history.head'"], HistoryDiffers),
        (["DELETE FROM inquiries WHERE number = 3"], RowsDiffer),
        (["DROP TABLE reminders"], RowsDiffer),
        (["CREATE TABLE strange (id INTEGER)"], RowsDiffer),
        (["UPDATE attachments SET sha256 = 'f00d'"], ManifestChanged),
        (["UPDATE alembic_version SET version_num = '0001'"], ManifestChanged),
    ],
)
@pytest.mark.parametrize("dialect", ["sqlite"])
def test_a_copy_that_was_changed_and_sealed_anew_is_found(
    backup: Backup, statements: list[str], found: type[Damaged]
) -> None:
    in_copy(backup, *statements)
    with pytest.raises(found):
        check(backup.folder)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"head": "3:" + "0" * 64}, HistoryDiffers),
        ({"faults": 1}, HistoryDiffers),
        ({"revision": "0001"}, ManifestChanged),
        ({"files": {}}, ManifestChanged),
        ({"lost": ("f00d",)}, ManifestChanged),
        ({"rows": {}}, RowsDiffer),
        ({"size": 1}, DumpChanged),
    ],
)
def test_a_manifest_that_was_changed_and_sealed_anew_is_found(
    backup: Backup, client: Client | None, changes: dict[str, object], found: type[Damaged]
) -> None:
    sealed(backup, **changes)
    with pytest.raises(found):
        check(backup.folder, client)


@pytest.mark.parametrize("at", [0, 40_960])
def test_a_dump_that_was_damaged_and_sealed_anew_is_found(
    backup: Backup, client: Client | None, at: int
) -> None:
    """The digest agrees with the damaged bytes: reading them does not."""
    dump = dump_of(backup)
    content = bytearray(dump.read_bytes())
    content[at : at + 4096] = bytes(4096)
    dump.write_bytes(content)
    sealed(backup, sha256=digest(dump))
    with pytest.raises((DumpUnreadable, RowsDiffer, HistoryDiffers)):
        check(backup.folder, client)


def test_checking_leaves_no_trace(backup: Backup, client: Client | None) -> None:
    before = data.all_files(backup.folder)
    check(backup.folder, client)
    assert data.all_files(backup.folder) == before


def test_a_backup_on_a_disk_that_cannot_be_written(backup: Backup, client: Client | None) -> None:
    for path in [backup.folder, *backup.folder.rglob("*")]:
        path.chmod(0o500 if path.is_dir() else 0o400)
    try:
        assert check(backup.folder, client) == backup
    finally:
        for path in [backup.folder, *backup.folder.rglob("*")]:
            path.chmod(0o700)


@pytest.mark.parametrize("what", ["nothing", "a file", "an empty folder", "a folder of backups"])
def test_what_is_no_backup(backup: Backup, tmp_path: Path, what: str) -> None:
    (tmp_path / "tep").write_text("tep")
    (tmp_path / "rong").mkdir()
    where = {
        "nothing": tmp_path / "khong-co",
        "a file": tmp_path / "tep",
        "an empty folder": tmp_path / "rong",
        "a folder of backups": backup.folder.parent,
    }[what]
    with pytest.raises(NoBackup):
        check(where)


def test_a_manifest_of_a_later_format_is_said_to_be_newer(backup: Backup) -> None:
    tree = json.loads((backup.folder / manifest.FILE).read_text())
    del tree["seal"]
    tree |= {"format": 2, "program": "9.0"}
    (backup.folder / manifest.FILE).write_text(json.dumps({**tree, "seal": manifest._seal(tree)}))
    with pytest.raises(TooNew) as told:
        manifest.read(backup.folder)
    assert told.value.values == {"program": "9.0"}


def test_a_manifest_is_read_as_it_was_written(backup: Backup) -> None:
    told = replace(backup.manifest, made=Made.DAILY, lost=("a", "b"), before="0004")
    (backup.folder / manifest.FILE).write_text(manifest.write(told), encoding="utf-8")
    assert manifest.read(backup.folder) == told
