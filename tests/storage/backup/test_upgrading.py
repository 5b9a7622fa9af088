"""No schema is changed without a way back."""

import os
from pathlib import Path

import pytest
from alembic import command
from sqlmodel import Session

from storage import history
from storage.backup.manifest import Made
from storage.backup.places import Places
from storage.backup.restoring import restore
from storage.backup.shelf import backups
from storage.backup.troubles import FolderUnusable, NoRoom, NotMigrated
from storage.backup.upgrading import upgrade
from storage.database import Database
from storage.migrations import SchemaTooNew, migrate, newest
from tests.storage import rows
from tests.storage.backup import data


@pytest.fixture
def old(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    """An office as the first version left it, with a history of one row."""
    here = data.places(database_url, tmp_path)
    to_newest = command.upgrade
    with monkeypatch.context() as older:
        older.setattr(command, "upgrade", lambda config, _: to_newest(config, "0001"))
        migrate(here.url)
    database = Database(here.url)

    def append(session: Session) -> None:
        history.append(session, "ask", by=None, now=rows.NOW)

    database.write_now(append)
    database.close()
    return here


def revision(here: Places) -> list[tuple[str]]:
    return data.everything(here.url)["alembic_version"]


def test_a_migration_makes_a_backup_first(old: Places) -> None:
    before = data.everything(old.url)
    upgrade(old, now=rows.NOW)
    assert revision(old) == [(newest(),)]
    (backup,) = backups(old.backups)
    told = backup.manifest
    assert (told.made, told.before, told.revision) == (Made.BEFORE_MIGRATION, newest(), "0001")
    assert told.is_sound
    assert dict(told.rows) == {table: len(found) for table, found in before.items()}


def test_the_way_back_is_a_way(old: Places, other_url: str, tmp_path: Path) -> None:
    upgrade(old, now=rows.NOW)
    (backup,) = backups(old.backups)
    there = data.places(other_url, tmp_path / "elsewhere")
    restore(there, backup.folder, replace=False, now=rows.NOW)
    assert data.everything(there.url)["history"] == data.everything(old.url)["history"]


def test_no_way_back_no_migration(old: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "no room")

    before = data.everything(old.url)
    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", full)
        with pytest.raises(NotMigrated) as told:
            upgrade(old, now=rows.NOW)
    assert isinstance(told.value.cause, NoRoom)
    assert data.everything(old.url) == before
    upgrade(old, now=rows.NOW)
    assert revision(old) == [(newest(),)]


def test_the_reason_is_told(old: Places, tmp_path: Path) -> None:
    from bot.wording.backups import refusal

    (tmp_path / "tep").write_text("x")
    with pytest.raises(NotMigrated) as told:
        upgrade(Places(old.url, old.files, tmp_path / "tep"), now=rows.NOW)
    assert isinstance(told.value.cause, FolderUnusable)
    assert "chưa thay đổi gì" in refusal(told.value)
    assert str(tmp_path / "tep") in refusal(told.value)
    assert revision(old) == [("0001",)]


def test_a_new_database_needs_no_backup(database_url: str, tmp_path: Path) -> None:
    here = data.places(database_url, tmp_path)
    upgrade(here, now=rows.NOW)
    assert revision(here) == [(newest(),)]
    assert not here.backups.exists()


def test_a_present_schema_needs_none(migrated_url: str, tmp_path: Path) -> None:
    here = data.places(migrated_url, tmp_path)
    upgrade(here, now=rows.NOW)
    assert not here.backups.exists()


def test_a_newer_schema_is_left_alone(migrated_url: str, tmp_path: Path) -> None:
    here = data.places(migrated_url, tmp_path)
    data.execute(here.url, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaTooNew):
        upgrade(here, now=rows.NOW)
    assert not here.backups.exists()


def test_a_history_that_was_changed_before_does_not_hold_a_migration_up(old: Places) -> None:
    """The backup says so, and stays: who wants to know what happened has it."""
    data.execute(old.url, "UPDATE history SET act = 'answer'")
    upgrade(old, now=rows.NOW)
    (backup,) = backups(old.backups)
    assert backup.manifest.faults == 1
    assert revision(old) == [(newest(),)]
