"""The drill: an office is restored elsewhere and is the same; where data are, nothing is lost."""

import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from sqlmodel import Session

from storage import history
from storage.backup import manifest, sqlite
from storage.backup.making import make
from storage.backup.manifest import Made
from storage.backup.places import Places
from storage.backup.restoring import Restored, restore
from storage.backup.shelf import Backup, backups
from storage.backup.troubles import (
    BackupTrouble,
    DumpChanged,
    FileMissing,
    FolderUnusable,
    InUse,
    NoRoom,
    OtherKind,
    OtherSchema,
    Served,
    TargetNotEmpty,
    ToolFailed,
    TooNew,
)
from storage.database import Database
from storage.engine import make_engine, sqlite_path
from storage.files import FileStore
from storage.locks import ServeLock
from storage.migrations import migrate, newest
from tests.storage import rows
from tests.storage.backup import data

LATER = rows.NOW + timedelta(hours=1)


def brought_back(there: Places, backup: Backup, *, replace: bool = False) -> Restored:
    return restore(there, backup.folder, replace=replace, now=LATER)


def faults(url: str) -> list[history.Fault]:
    database = Database(url)
    try:
        return database.read_now(lambda session: list(history.verify(session)))
    finally:
        database.close()


def grown(here: Places) -> None:
    """Let an office work on after its backup."""
    database, store = Database(here.url), FileStore(here.files)

    def more(session: Session) -> None:
        history.append(session, "answer", by=1, now=LATER, words="mới")
        data.attach(session, store, 1, 1, b"moi")

    database.write_now(more)
    database.close()


# --- elsewhere --------------------------------------------------------------------------------


def test_the_drill(here: Places, there: Places) -> None:
    """Every row of every table, every file, and a history that holds; the original goes on unharmed."""
    before, files = data.everything(here.url), data.all_files(here.files)
    backup = make(here, here.backups, Made.BY_HAND, now=rows.NOW)
    grown(here)
    after = data.everything(here.url)
    done = brought_back(there, backup)
    assert done == Restored(backup, None)
    assert data.everything(there.url) == before
    assert data.all_files(there.files) == files
    assert before["inquiries"]
    assert data.WORDS in str(before["people"][0]) or data.WORDS in before["people"][0]
    assert faults(there.url) == []
    assert data.everything(here.url) == after != before


def test_what_was_restored_goes_on(backup: Backup, there: Places) -> None:
    """Numbers, keys and the chain continue where they were: sequences were restored too."""
    brought_back(there, backup)
    database, store = Database(there.url), FileStore(there.files)

    def more(session: Session) -> int:
        person = rows.person(session, "Lê Thị Hoa", telegram_id=9)
        history.append(session, "answer", by=person, now=LATER)
        data.attach(session, store, person, 1, b"moi")
        return person

    assert database.write_now(more) == 2
    database.close()
    assert faults(there.url) == []
    assert len(data.everything(there.url)["history"]) == 4


def test_a_restored_office_is_backed_up_and_restored_again(
    backup: Backup, there: Places, tmp_path: Path
) -> None:
    brought_back(there, backup)
    second = make(there, there.backups, Made.BY_HAND, now=LATER)
    kept = {**backup.manifest.rows}
    assert {**second.manifest.rows} == kept
    assert second.manifest.head == backup.manifest.head
    assert second.manifest.files == backup.manifest.files


def test_restored_files_are_the_offices_own(backup: Backup, there: Places) -> None:
    """No link into the backup: what happens to one must not happen to the other."""
    brought_back(there, backup)
    for path in there.files.rglob("*"):
        if path.is_file():
            assert path.stat().st_nlink == 1
            assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("dialect", ["sqlite"])
def test_a_restored_file_is_for_its_owner_alone(backup: Backup, there: Places) -> None:
    brought_back(there, backup)
    file = sqlite_path(there.url)
    assert file
    assert file.stat().st_mode & 0o777 == 0o600
    names = {path.name for path in file.parent.iterdir()}
    assert names <= {
        "chatvan.sqlite3",
        "chatvan.sqlite3.lock",
        "chatvan.sqlite3.migrating",
        "chatvan.sqlite3-wal",
        "chatvan.sqlite3-shm",
        "files",
    }


# --- an older schema --------------------------------------------------------------------------


@pytest.mark.parametrize("revision", ["0001", "0002"])
def test_a_backup_of_an_older_schema_is_restored_and_migrated(
    database_url: str, other_url: str, tmp_path: Path, revision: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = data.places(database_url, tmp_path), data.places(other_url, tmp_path / "elsewhere")
    old_office(here, revision, monkeypatch)
    backup = make(here, here.backups, Made.BY_HAND, now=rows.NOW)
    assert (backup.manifest.revision, backup.manifest.is_sound) == (revision, True)
    assert backup.manifest.rows["history"] == 2
    brought_back(there, backup)
    found = data.everything(there.url)
    assert found["alembic_version"] == [(newest(),)]
    assert len(found["history"]) == 2
    assert faults(there.url) == []
    assert backups(there.backups) == [], "it was a backup itself"


def old_office(here: Places, revision: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make an office as an older version of chatvan left it, with a history of two rows."""
    upgrade = command.upgrade
    with monkeypatch.context() as older:
        older.setattr(command, "upgrade", lambda config, _: upgrade(config, revision))
        migrate(here.url)
    database = Database(here.url)

    def append(session: Session) -> None:
        for number in (1, 2):
            history.append(session, "ask", by=None, now=rows.NOW, number=number)

    database.write_now(append)
    database.close()


# --- refused ----------------------------------------------------------------------------------


def untouched(there: Places) -> tuple[object, object]:
    return data.everything(there.url), data.all_files(there.files)


@pytest.fixture
def occupied(there: Places) -> Places:
    """Another office, with data of its own."""
    migrate(there.url)
    data.fill(there, inquiries=5)
    return there


def test_data_that_are_there_are_not_overwritten(backup: Backup, occupied: Places) -> None:
    before = untouched(occupied)
    with pytest.raises(TargetNotEmpty) as told:
        brought_back(occupied, backup)
    assert told.value.values["place"]
    assert untouched(occupied) == before


@pytest.mark.parametrize("replace", [True, False])
def test_not_while_it_is_served(backup: Backup, occupied: Places, replace: bool) -> None:
    engine = make_engine(occupied.url)
    lock = ServeLock(engine, occupied.url)
    assert lock.acquire()
    before = untouched(occupied)
    with pytest.raises(Served):
        brought_back(occupied, backup, replace=replace)
    assert untouched(occupied) == before
    lock.release()
    engine.dispose()


@pytest.mark.parametrize("harm", ["dump", "file"])
def test_a_damaged_backup_changes_nothing(backup: Backup, occupied: Places, harm: str) -> None:
    if harm == "dump":
        dump = backup.folder / backup.manifest.kind.dump
        dump.write_bytes(dump.read_bytes()[:-100])
    else:
        name = next(iter(backup.manifest.files))
        (backup.folder / "files" / name[:2] / name).unlink()
    before = untouched(occupied)
    with pytest.raises(DumpChanged if harm == "dump" else FileMissing):
        brought_back(occupied, backup, replace=True)
    assert untouched(occupied) == before
    assert backups(occupied.backups) == []


def test_a_backup_of_a_newer_schema_is_refused(backup: Backup, there: Places) -> None:
    told = replace(backup.manifest, revision="9999", program="9.0")
    (backup.folder / manifest.FILE).write_text(manifest.write(told), encoding="utf-8")
    with pytest.raises(TooNew):
        brought_back(there, backup)


@pytest.mark.parametrize("dialect", ["sqlite"])
def test_a_backup_of_the_other_kind_of_database_is_refused(backup: Backup, there: Places) -> None:
    other = Places("postgresql://an@/chatvan", there.files, there.backups)
    with pytest.raises(OtherKind) as told:
        brought_back(other, backup)
    assert told.value.values == {"found": "sqlite", "wanted": "postgresql"}


@pytest.mark.parametrize("dialect", ["postgresql"])
def test_another_schema_is_refused(backup: Backup, there: Places) -> None:
    data.execute(there.url, "CREATE SCHEMA khac")
    elsewhere = Places(f"{there.url}&options=-csearch_path%3Dkhac", there.files, there.backups)
    with pytest.raises(OtherSchema) as told:
        brought_back(elsewhere, backup)
    assert told.value.values == {"found": "public", "wanted": "khac"}


@pytest.mark.parametrize("dialect", ["postgresql"])
def test_a_schema_of_another_name_than_public(here: Places, there: Places) -> None:
    """Words that SQL would fold or take for others are quoted."""
    name = 'Chất "vấn"'
    quoted = '"Chất ""vấn"""'
    for url in (here.url, there.url):
        data.execute(url, f"CREATE SCHEMA {quoted}")
    options = "&options=-csearch_path%3D%22Ch%E1%BA%A5t%5C%20%22%22v%E1%BA%A5n%22%22%22"
    inside, target = (Places(f"{one.url}{options}", one.files, one.backups) for one in (here, there))
    migrate(inside.url)
    data.fill(inside, inquiries=2)
    backup = make(inside, inside.backups, Made.BY_HAND, now=rows.NOW)
    assert (backup.manifest.schema, backup.manifest.rows["inquiries"]) == (name, 2)
    brought_back(target, backup)
    assert data.everything(target.url) == data.everything(inside.url)
    brought_back(target, backup, replace=True)
    assert data.everything(target.url) == data.everything(inside.url)


# --- in the place of others -------------------------------------------------------------------


def test_the_former_data_are_set_aside(backup: Backup, here: Places, occupied: Places, dialect: str) -> None:
    former, former_files = data.everything(occupied.url), data.all_files(occupied.files)
    done = brought_back(occupied, backup, replace=True)
    assert done.aside is not None
    assert data.everything(occupied.url) == data.everything(here.url)
    assert faults(occupied.url) == []
    files = data.all_files(occupied.files)
    assert files == {**former_files, **data.all_files(here.files)}
    if dialect == "sqlite":
        assert done.aside.name == "chatvan.before-20261130-031600.sqlite3"
        assert data.everything(f"sqlite:///{done.aside}") == former
    else:
        (kept,) = backups(occupied.backups)
        assert kept.folder == done.aside
        assert kept.manifest.made is Made.BEFORE_RESTORE
        brought_back(occupied, kept, replace=True)
        assert data.everything(occupied.url) == former


def test_the_former_data_come_back_by_a_second_restore(here: Places, backup: Backup) -> None:
    """Restored by mistake: what was done since the backup is not lost."""
    grown(here)
    newer = data.everything(here.url)
    done = brought_back(here, backup, replace=True)
    assert data.everything(here.url) != newer
    file = sqlite_path(here.url)
    if file is None:
        (kept,) = [one for one in backups(here.backups) if one.folder == done.aside]
        brought_back(here, kept, replace=True)
    else:
        assert done.aside
        shutil.copyfile(done.aside, file)
    assert data.everything(here.url) == newer


@pytest.mark.parametrize("dialect", ["postgresql"])
def test_tables_of_a_newer_schema_go_aside_too(backup: Backup, here: Places, occupied: Places) -> None:
    """The way back from an upgrade: tables that this version does not know must not stay."""
    data.execute(
        occupied.url,
        "CREATE TABLE later (id integer PRIMARY KEY, person_id integer REFERENCES people)",
        "INSERT INTO later VALUES (1, 1)",
        "UPDATE alembic_version SET version_num = '9999'",
    )
    done = brought_back(occupied, backup, replace=True)
    assert data.everything(occupied.url) == data.everything(here.url)
    assert done.aside
    assert manifest.read(done.aside).rows["later"] == 1


@pytest.mark.parametrize("dialect", ["sqlite"])
@pytest.mark.parametrize("content", [b"day khong phai co so du lieu\n" * 100, b""])
def test_what_is_no_database_is_set_aside_as_it_is(backup: Backup, here: Places, content: bytes) -> None:
    file = sqlite_path(here.url)
    assert file
    wanted = data.everything(here.url)
    for path in file.parent.glob("chatvan.sqlite3*"):
        path.unlink()
    file.write_bytes(content)
    file.with_name("chatvan.sqlite3-wal").write_bytes(b"nhat ky cua mot co so du lieu khac")
    done = brought_back(here, backup, replace=True)
    assert done.aside
    assert done.aside.read_bytes() == content
    log = done.aside.with_name(f"{done.aside.name}-wal")
    assert not content or log.read_bytes().startswith(b"nhat ky")  # that of an empty file SQLite removes
    assert data.everything(here.url) == wanted


@pytest.mark.parametrize("dialect", ["sqlite"])
def test_a_log_that_was_left_alone_is_not_taken_for_the_new_databases_own(
    backup: Backup, here: Places
) -> None:
    """SQLite would play a log into whatever database bears the name."""
    file = sqlite_path(here.url)
    assert file
    wanted = data.everything(here.url)
    log = file.with_name("chatvan.sqlite3-wal")
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA wal_autocheckpoint=0")
        connection.execute("DELETE FROM history_details")
        kept = log.read_bytes()
    for path in file.parent.glob("chatvan.sqlite3*"):
        path.unlink()
    log.write_bytes(kept)
    brought_back(here, backup)
    assert data.everything(here.url) == wanted
    assert faults(here.url) == []


@pytest.mark.parametrize("dialect", ["sqlite"])
def test_not_while_another_command_has_the_database_open(
    backup: Backup, occupied: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.2)
    before = data.everything(occupied.url)
    file = sqlite_path(occupied.url)
    assert file
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        with pytest.raises(InUse):
            brought_back(occupied, backup, replace=True)
        connection.execute("ROLLBACK")
    assert data.everything(occupied.url) == before
    brought_back(occupied, backup, replace=True)


@pytest.mark.parametrize("dialect", ["postgresql"])
def test_not_while_another_command_writes(
    backup: Backup, occupied: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    from storage.backup import postgresql

    monkeypatch.setattr(postgresql, "LOCK_PATIENCE", "300ms")
    before = data.everything(occupied.url)
    engine = make_engine(occupied.url)
    writer = engine.connect().execution_options(writes=True)
    with writer, writer.begin(), pytest.raises(InUse):
        brought_back(occupied, backup, replace=True)
    engine.dispose()
    assert data.everything(occupied.url) == before


@pytest.mark.parametrize("dialect", ["postgresql"])
def test_somebody_who_reads_on_and_on_is_not_cut_off(
    backup: Backup, occupied: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    """psql waits for the lock of the table, gives up, and all stands as it was."""
    from sqlalchemy import text

    from storage.backup import postgresql

    monkeypatch.setattr(postgresql, "LOCK_PATIENCE", "300ms")
    before = data.everything(occupied.url)
    engine = make_engine(occupied.url)
    with engine.connect() as connection, connection.begin():
        connection.execute(text("SELECT count(*) FROM people"))
        with pytest.raises(ToolFailed) as told:
            brought_back(occupied, backup, replace=True)
    engine.dispose()
    assert "lock timeout" in str(told.value.values["reason"])
    assert data.everything(occupied.url) == before


@pytest.mark.parametrize("dialect", ["sqlite"])
def test_without_links_the_former_database_is_copied_aside(
    backup: Backup, occupied: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unable(*_: object) -> None:
        raise OSError("no links here")

    former = data.everything(occupied.url)
    monkeypatch.setattr(os, "link", unable)
    done = brought_back(occupied, backup, replace=True)
    assert data.everything(f"sqlite:///{done.aside}") == former


# --- what goes wrong --------------------------------------------------------------------------


def test_a_full_disk_leaves_the_former_data(
    backup: Backup, occupied: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "no room")

    before = data.everything(occupied.url)
    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", full)
        with pytest.raises(NoRoom):
            brought_back(occupied, backup, replace=True)
    assert data.everything(occupied.url) == before
    brought_back(occupied, backup, replace=True)


def test_files_that_cannot_be_written_leave_the_former_data(
    backup: Backup, occupied: Places, tmp_path: Path
) -> None:
    (tmp_path / "tep").write_text("x")
    before = data.everything(occupied.url)
    with pytest.raises(FolderUnusable):
        brought_back(Places(occupied.url, tmp_path / "tep", tmp_path / "tep-backups"), backup, replace=True)
    assert data.everything(occupied.url) == before


@pytest.mark.parametrize("dialect", ["postgresql"])
def test_a_dump_that_breaks_off_rolls_all_back(
    backup: Backup, occupied: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    """pg_restore dies in the midst: psql has heard half of it and no COMMIT."""
    from storage.backup import postgresql
    from storage.backup.programs import Client, client_for

    broken = occupied.backups.parent / "broken"
    broken.mkdir()
    real = client_for(15)
    for name in ("pg_dump", "psql"):
        (broken / name).symlink_to(real.program(name))
    (broken / "pg_restore").write_text(
        f'#!/bin/sh\n{real.program("pg_restore")} "$@" | head -n 700\nexit 1\n'
    )
    (broken / "pg_restore").chmod(0o755)
    before = data.everything(occupied.url)
    with pytest.raises(ToolFailed):
        postgresql.replace_all(
            occupied.url,
            backup.folder / "database.dump",
            Client(broken, 15),
            "public",
            old=sorted(before),
            rows=backup.manifest.rows,
        )
    assert data.everything(occupied.url) == before


@pytest.mark.parametrize("dialect", ["postgresql"])
def test_other_rows_than_counted_roll_all_back(backup: Backup, occupied: Places) -> None:
    from storage.backup import postgresql
    from storage.backup.programs import client_for

    before = data.everything(occupied.url)
    with pytest.raises(ToolFailed) as told:
        postgresql.replace_all(
            occupied.url,
            backup.folder / "database.dump",
            client_for(),
            "public",
            old=sorted(before),
            rows={**backup.manifest.rows, "people": 2},
        )
    assert "people rows differ" in str(told.value.values["reason"])
    assert data.everything(occupied.url) == before


@pytest.mark.parametrize("replace", [True, False])
def test_a_second_try_after_one_that_was_refused(
    backup: Backup, there: Places, here: Places, replace: bool
) -> None:
    name = next(iter(backup.manifest.files))
    path = backup.folder / "files" / name[:2] / name
    content = path.read_bytes()
    path.unlink()
    with pytest.raises(BackupTrouble):
        brought_back(there, backup, replace=replace)
    path.write_bytes(content)
    brought_back(there, backup, replace=replace)
    assert data.everything(there.url) == data.everything(here.url)
