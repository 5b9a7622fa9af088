"""The daily backup: made beside the writer, once a day, tried again an hour after a failure."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from datetime import time
from pathlib import Path

import pytest
from sqlmodel import Session
from structlog.testing import capture_logs

from bot import backups as module
from bot.backups import DailyBackup
from bot.rules.dates import HANOI
from storage import facts
from storage.backup import shelf
from storage.backup.making import make
from storage.backup.manifest import Made
from storage.backup.places import Places
from storage.database import Database
from storage.files import FileStore
from tests.office import Clock, played_office
from tests.storage import rows
from tests.storage.backup import data
from tests.waiting import until


@pytest.fixture
def here(migrated_url: str, tmp_path: Path) -> Places:
    found = data.places(migrated_url, tmp_path)
    data.fill(found)
    return found


@pytest.fixture
async def database(here: Places) -> AsyncIterator[Database]:
    opened = Database(here.url)
    opened.start()
    yield opened
    await asyncio.to_thread(opened.close)


@pytest.fixture
def clock() -> Clock:
    return Clock("02:00 30/11/2026")


@pytest.fixture
def daily(database: Database, here: Places, clock: Clock) -> DailyBackup:
    return DailyBackup(database, here, clock, days=3, at=time(2, 0))


def names(here: Places) -> list[str]:
    return sorted(one.folder.name for one in shelf.backups(here.backups))


def remembered(database: Database) -> tuple[str | None, str | None]:
    def recall(session: Session) -> tuple[str | None, str | None]:
        return facts.recall(session, "backup.succeeded_at"), facts.recall(session, "backup.failed")

    return database.read_now(recall)


async def test_one_a_day(daily: DailyBackup, here: Places, clock: Clock, database: Database) -> None:
    await daily.look()
    assert names(here) == ["chatvan-20261130-020000"], "by Hanoi's clock"
    (backup,) = shelf.backups(here.backups)
    assert (backup.manifest.made, backup.manifest.made_at) == (Made.DAILY, clock())
    assert remembered(database) == (clock().isoformat(), "")
    for shown in ("02:01 30/11/2026", "23:59 30/11/2026", "01:59 01/12/2026"):
        clock.set(shown)
        await daily.look()
    assert len(names(here)) == 1
    clock.set("07:30 01/12/2026")
    await daily.look()
    assert names(here)[1:] == ["chatvan-20261201-073000"]


async def test_after_a_restart_it_knows_that_one_was_made(
    daily: DailyBackup, database: Database, here: Places, clock: Clock
) -> None:
    await daily.look()
    clock.move(hours=3)
    await DailyBackup(database, here, clock, days=3, at=time(2, 0)).look()
    assert len(names(here)) == 1


async def test_old_ones_go_and_those_by_hand_stay(daily: DailyBackup, here: Places, clock: Clock) -> None:
    make(here, here.backups, Made.BY_HAND, now=clock().astimezone(HANOI))
    for _ in range(5):
        await daily.look()
        clock.move(days=1)
    assert names(here) == [
        "chatvan-20261130-020000",
        "chatvan-20261202-020000",
        "chatvan-20261203-020000",
        "chatvan-20261204-020000",
    ]


async def test_a_failure_is_remembered_and_tried_again_after_an_hour(
    daily: DailyBackup, here: Places, clock: Clock, database: Database
) -> None:
    here.backups.write_text("a file in the folder's place")
    with capture_logs() as logged:
        await daily.look()
    succeeded, reason = remembered(database)
    assert succeeded is None
    assert reason
    assert str(here.backups) in reason
    assert [entry["event"] for entry in logged] == ["backup_failed"]
    here.backups.unlink()
    clock.move(minutes=59)
    await daily.look()
    assert names(here) == []
    clock.move(minutes=1)
    await daily.look()
    assert names(here) == ["chatvan-20261130-030000"]
    assert remembered(database) == (clock().isoformat(), "")


async def test_a_failure_deletes_nothing(
    daily: DailyBackup, here: Places, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        await daily.look()
        clock.move(days=1)
    before = names(here)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(1, 1, 0))
    await daily.look()
    assert names(here) == before


async def test_data_that_are_not_whole_are_kept_told_and_delete_nothing(
    daily: DailyBackup, here: Places, clock: Clock, database: Database
) -> None:
    """Of the older ones one may be the last that is whole."""
    for _ in range(3):
        await daily.look()
        clock.move(days=1)
    name = next(FileStore(here.files).names())
    (here.files / name[:2] / name).unlink()
    for one in shelf.backups(here.backups):
        (one.folder / "files" / name[:2] / name).unlink()
    with capture_logs() as logged:
        await daily.look()
    assert len(names(here)) == 4
    succeeded, reason = remembered(database)
    assert succeeded == clock().isoformat()
    assert "1 tệp kèm theo" in str(reason)
    assert "backup_with_remarks" in [entry["event"] for entry in logged]


async def test_old_ones_that_cannot_be_deleted_make_no_second_backup(
    daily: DailyBackup, here: Places, clock: Clock, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stuck(*_: object, **__: object) -> None:
        raise OSError(13, "Permission denied")

    for _ in range(3):
        await daily.look()
        clock.move(days=1)
    monkeypatch.setattr(shelf, "expire", stuck)
    await daily.look()
    clock.move(hours=2)
    await daily.look()
    assert len(names(here)) == 4
    assert "Permission denied" in str(remembered(database)[1])


async def test_it_runs_from_the_start_to_the_end(
    daily: DailyBackup, here: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FIRST", 0.01)
    running = asyncio.create_task(daily.run())
    await until(lambda: bool(names(here)))
    daily.close()
    await asyncio.wait_for(running, 5)


async def test_none_are_made_with_zero_days(
    database: Database, here: Places, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FIRST", 0.01)
    daily = DailyBackup(database, here, clock, days=0, at=time(2, 0))
    running = asyncio.create_task(daily.run())
    await asyncio.sleep(0.1)
    assert not running.done(), "its end would end the bot"
    assert names(here) == []
    daily.close()
    await asyncio.wait_for(running, 5)


async def test_a_bot_that_stops_does_not_wait_for_it(
    daily: DailyBackup, here: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FIRST", 0.01)
    with shelf.opened(here.backups):  # as if a command were making one, which takes its time
        running = asyncio.create_task(daily.run())
        await asyncio.sleep(0.2)
        daily.close()
        await asyncio.wait_for(running, 5)
    assert names(here) == []


async def test_the_running_bot_makes_one(
    migrated_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FIRST", 0.01)
    async with played_office(migrated_url, tmp_path, '[retention]\nbackup_time = "09:00"') as office:
        folder = office.settings.places().backups
        await until(lambda: bool(shelf.backups(folder)))
        await office.leader()
    (backup,) = shelf.backups(folder)
    assert backup.folder.name == "chatvan-20261130-091600"
    assert backup.manifest.made is Made.DAILY
    assert backup.manifest.made_at == rows.NOW
