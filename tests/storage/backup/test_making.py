"""A backup is a copy as of one moment, verified, for its owner alone; or there is none."""

import errno
import os
import shutil
import sqlite3
import threading
from collections import namedtuple
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from storage import history
from storage.backup import making, programs, sqlite
from storage.backup.checking import check
from storage.backup.making import make
from storage.backup.manifest import Kind, Made
from storage.backup.places import Places
from storage.backup.shelf import Backup, backups
from storage.backup.troubles import (
    BackupTrouble,
    FolderUnusable,
    NoDatabase,
    NoRoom,
    SourceDamaged,
    Stopped,
)
from storage.database import Database
from storage.engine import DatabaseUnusable, sqlite_path
from storage.files import FileStore
from storage.migrations import newest
from tests.storage import rows
from tests.storage.backup import data

DAY = timedelta(days=1)


def made(here: Places, **more: Any) -> Backup:
    return make(here, here.backups, Made.BY_HAND, **{"now": rows.NOW, **more})


def modes(folder: Path) -> dict[str, int]:
    return {str(path.relative_to(folder)): path.stat().st_mode & 0o777 for path in folder.rglob("*")}


# --- what is made -----------------------------------------------------------------------------


def test_a_backup_tells_what_it_holds(here: Places, backup: Backup, dialect: str) -> None:
    told = backup.manifest
    assert backup.folder == here.backups / "chatvan-20261130-021600"
    assert (told.made, told.before, told.made_at, told.kind) == (Made.BY_HAND, "", rows.NOW, Kind(dialect))
    assert told.revision == newest()
    assert told.rows == {table: len(found) for table, found in data.everything(here.url).items()}
    assert told.rows["inquiries"] == 3
    assert told.files == {
        name: len(FileStore(here.files).get(name)) for name in FileStore(here.files).names()
    }
    assert len(told.files) == 3
    assert told.is_sound
    assert told.head.startswith("3:")
    assert told.total == sum(map(len, data.all_files(backup.folder).values())) - len(
        (backup.folder / "manifest.json").read_bytes()
    )
    assert check(backup.folder, _client(dialect)) == backup


def _client(dialect: str) -> programs.Client | None:
    return programs.client_for() if dialect == "postgresql" else None


def test_a_backup_changes_nothing(here: Places) -> None:
    rows_before, files_before = data.everything(here.url), data.all_files(here.files)
    made(here)
    assert data.everything(here.url) == rows_before
    assert data.all_files(here.files) == files_before


def test_only_its_owner_reads_it(here: Places) -> None:
    old = os.umask(0)
    try:
        backup = made(here)
    finally:
        os.umask(old)
    found = modes(here.backups)
    assert here.backups.stat().st_mode & 0o777 == 0o700
    assert len(found) > 6
    for name, mode in found.items():
        assert mode == (0o700 if (here.backups / name).is_dir() else 0o600), name
    assert backup.folder.is_dir()


def test_a_folder_that_is_there_keeps_its_mode(here: Places) -> None:
    here.backups.mkdir(mode=0o750)
    here.backups.chmod(0o750)
    made(here)
    assert here.backups.stat().st_mode & 0o777 == 0o750


def test_two_of_one_second_have_names_of_their_own(here: Places) -> None:
    assert [made(here).folder.name for _ in range(3)] == [
        "chatvan-20261130-021600",
        "chatvan-20261130-021600-2",
        "chatvan-20261130-021600-3",
    ]
    assert len(backups(here.backups)) == 3


def test_an_empty_office_can_be_backed_up(migrated_url: str, tmp_path: Path) -> None:
    backup = made(data.places(migrated_url, tmp_path))
    assert (backup.manifest.files, backup.manifest.rows["history"]) == ({}, 0)
    assert backup.manifest.is_sound


# --- while others write -----------------------------------------------------------------------


@contextmanager
def busy(here: Places) -> Iterator[list[int]]:
    """Let a writer add acts with files as fast as it can; yield how long each took, in milliseconds."""
    database, store, ends = Database(here.url), FileStore(here.files), threading.Event()
    acts: list[int] = []

    def write() -> None:
        while not ends.is_set():
            number = len(acts)
            # As in service: a file is in the store before the row that names it.
            sha256 = store.put(f"ảnh {number}".encode())

            def unit(session: Session, sha256: str = sha256, number: int = number) -> None:
                history.append(session, "answer", by=1, now=rows.NOW, number=number)
                data.attach(session, store, 1, 1, f"ảnh {number}".encode())

            database.write_now(unit)
            acts.append(number)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield acts
    finally:
        ends.set()
        writer.join()
        database.close()


def test_a_writer_goes_on_meanwhile(here: Places, dialect: str) -> None:
    """The copy is of one moment: its history holds, and no file is missing that it names."""
    with busy(here) as acts:
        while len(acts) < 5:
            pass
        before = len(acts)
        copies = [made(here) for _ in range(3)]
        after = len(acts)
    assert after > before
    for copy in copies:
        assert check(copy.folder, _client(dialect)).manifest.is_sound
        count = copy.manifest.rows["history"]
        assert copy.manifest.rows["attachments"] == count
        assert 3 + before <= count <= 3 + after
        assert copy.manifest.head.startswith(f"{count}:")


@pytest.mark.parametrize("dialect", ["sqlite"])
def test_a_long_copy_keeps_no_writer_waiting(here: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    """A unit that comes in the midst of the copying is committed before the copy is done."""
    database = Database(here.url, busy_seconds=0)
    looks: list[int] = []

    def meanwhile() -> bool:
        looks.append(1)
        if len(looks) == 1000:  # of some thousands
            database.write_now(lambda session: rows.person(session, "Lê Thị Hoa"))
        return False

    monkeypatch.setattr(sqlite, "STEPS", 10)
    backup = made(here, stop=meanwhile)
    database.close()
    assert len(looks) > 1000
    assert backup.manifest.rows["people"] == 1
    assert len(data.everything(here.url)["people"]) == 2


# --- files ------------------------------------------------------------------------------------


def test_unchanged_files_are_shared_with_the_backup_before(here: Places) -> None:
    first = made(here)
    new = FileStore(here.files).put(b"moi")
    second = made(here, now=rows.NOW + DAY)
    assert second.manifest.files.keys() - first.manifest.files.keys() == {new}
    for name in first.manifest.files:
        one, other = (each.folder / "files" / name[:2] / name for each in (first, second))
        assert one.samefile(other)
    shutil.rmtree(first.folder)
    assert check(second.folder, _client(second.manifest.kind)) == second


def test_what_rotted_in_the_backup_before_is_copied_anew(here: Places) -> None:
    first = made(here)
    name = next(iter(first.manifest.files))
    (first.folder / "files" / name[:2] / name).write_bytes(b"hong")
    second = made(here, now=rows.NOW + DAY)
    assert FileStore(second.folder / "files").get(name)
    assert check(second.folder, _client(second.manifest.kind)) == second


def test_without_links_files_are_copied(here: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    def unable(*_: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    first = made(here)
    monkeypatch.setattr(os, "link", unable)
    second = made(here, now=rows.NOW + DAY)
    assert second.manifest.files == first.manifest.files
    assert check(second.folder, _client(second.manifest.kind)) == second


@pytest.mark.parametrize("harm", ["gone", "changed"])
def test_a_file_that_was_lost_before_is_told_and_the_rest_is_kept(here: Places, harm: str) -> None:
    """Better a backup that says what it lacks than none for the rest of the years."""
    name = next(FileStore(here.files).names())
    path = here.files / name[:2] / name
    if harm == "gone":
        path.unlink()
    else:
        path.write_bytes(b"hong")
    backup = made(here)
    assert backup.manifest.lost == (name,)
    assert not backup.manifest.is_sound
    assert len(backup.manifest.files) == 2
    assert check(backup.folder, _client(backup.manifest.kind)) == backup


def test_a_history_that_was_changed_before_is_told(here: Places) -> None:
    data.execute(here.url, "UPDATE history SET act = 'answer' WHERE seq = 2")
    backup = made(here)
    assert backup.manifest.faults == 1
    assert not backup.manifest.is_sound
    assert check(backup.folder, _client(backup.manifest.kind)) == backup


# --- what goes wrong --------------------------------------------------------------------------


def assert_nothing_left(folder: Path) -> None:
    left = [path.name for path in folder.iterdir()] if folder.exists() else []
    assert [name for name in left if name != ".lock"] == []


def test_a_disk_that_would_become_full_is_left_alone(here: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(2**40, 2**40, making.MARGIN))
    with pytest.raises(NoRoom) as told:
        made(here)
    assert told.value.values == {"folder": here.backups}
    assert_nothing_left(here.backups)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_disk_that_is_full(here: Places, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    def full(*_: object) -> None:
        raise OSError(code, "no room")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NoRoom):
        made(here)
    assert_nothing_left(here.backups)


@pytest.mark.parametrize("dialect", ["sqlite"])
def test_a_disk_that_is_full_as_sqlite_says_it(here: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(sqlite3.Connection):
        def execute(self, *_: Any) -> sqlite3.Cursor:
            error = sqlite3.OperationalError("database or disk is full")
            error.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise error

    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *args, **more: connect(*args, **more, factory=Full))
    with pytest.raises(NoRoom):
        made(here)
    assert_nothing_left(here.backups)


@pytest.mark.parametrize("where", ["below nothing", "below a file", "a file"])
def test_a_folder_that_cannot_be_used(here: Places, tmp_path: Path, where: str) -> None:
    (tmp_path / "tep").write_text("tep")
    folder = {
        "below nothing": tmp_path / "khong" / "co",
        "below a file": tmp_path / "tep" / "backups",
        "a file": tmp_path / "tep",
    }[where]
    with pytest.raises(FolderUnusable) as told:
        make(here, folder, Made.BY_HAND, now=rows.NOW)
    assert told.value.values["reason"]


def test_no_database_no_backup(tmp_path: Path) -> None:
    """A mistyped path must not give an empty backup, and a good conscience."""
    here = data.places(f"sqlite:///{tmp_path}/chatvan.sqlite3", tmp_path)
    with pytest.raises(NoDatabase):
        made(here)
    assert not (tmp_path / "chatvan.sqlite3").exists()
    assert_nothing_left(here.backups)


def test_an_empty_database_gives_no_backup(database_url: str, tmp_path: Path) -> None:
    here = data.places(database_url, tmp_path)
    if file := sqlite_path(database_url):
        file.write_bytes(b"")
    with pytest.raises(NoDatabase) as told:
        made(here)
    assert told.value.values["place"]
    assert_nothing_left(here.backups)


@pytest.mark.parametrize("dialect", ["sqlite"])
def test_a_damaged_database_gives_no_backup(here: Places) -> None:
    file = sqlite_path(here.url)
    assert file
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        page, size = (
            connection.execute(f"PRAGMA {one}").fetchone()[0] for one in ("page_count", "page_size")
        )
    connection.close()
    content = bytearray(file.read_bytes())
    for number in range(1, page):
        content[number * size + 20 : number * size + 40] = os.urandom(20)
    file.write_bytes(content)
    with pytest.raises((SourceDamaged, DatabaseUnusable)):
        made(here)
    assert_nothing_left(here.backups)


def test_told_to_stop_it_leaves_nothing(here: Places) -> None:
    with pytest.raises(Stopped):
        made(here, stop=lambda: True)
    assert_nothing_left(here.backups)


def test_what_killed_ones_left_is_removed(here: Places) -> None:
    for name in (".chatvan-20261129-020000.unfinished", ".chatvan-20261110-020000-2.expired"):
        (here.backups / name / "files").mkdir(parents=True)
    strange = here.backups / ".chatvan-notes"
    strange.mkdir()
    backup = made(here)
    assert {path for path in here.backups.iterdir() if path.name != ".lock"} == {backup.folder, strange}


def test_one_waits_for_the_other(here: Places) -> None:
    """What is unfinished may belong to one that is at work: it must not be removed."""
    from storage.backup import shelf

    done: list[Backup] = []
    with shelf.opened(here.backups):
        other = threading.Thread(target=lambda: done.append(made(here)))
        other.start()
        other.join(0.5)
        assert not done
    other.join(30)
    assert done


def test_every_trouble_has_a_sentence() -> None:
    from bot.wording.backups import refusal
    from storage.backup import troubles

    kinds = [
        kind
        for kind in vars(troubles).values()
        if isinstance(kind, type) and issubclass(kind, BackupTrouble) and hasattr(kind, "key")
    ]
    assert len(kinds) > 15
    values = dict.fromkeys(
        ("folder", "place", "reason", "version", "found", "wanted", "program", "name", "table"), "x"
    )
    for kind in kinds:
        trouble = kind(NoRoom(folder="/d")) if kind is troubles.NotMigrated else kind(**values)
        assert refusal(trouble)
