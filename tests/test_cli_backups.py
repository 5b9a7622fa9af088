"""backup and restore as an administrator meets them: real processes, their lines and exit codes."""

import asyncio
import os
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.demo.standin import StandIn
from bot.settings import load
from storage.backup import shelf
from storage.backup.manifest import Made
from storage.engine import sqlite_path
from tests.crash.running import RunningBot
from tests.office import settings_text
from tests.storage.backup import data
from tests.test_cli import INVITE, TOKEN, chatvan

MADE = re.compile(
    r"Đã sao lưu vào (?P<folder>\S+): (?P<size>[\d,]+ MB), (?P<inquiries>\d+) chất vấn,"
    r" (?P<files>\d+) tệp kèm theo, lịch sử (?P<rows>\d+) dòng,"
    r" mã kiểm tra (?P<head>[0-9A-F]{4}-[0-9A-F]{4})\."
)


@pytest.fixture
async def standin() -> AsyncIterator[StandIn]:
    async with StandIn(token=TOKEN, username="ten_cua_bot") as running:
        yield running


@pytest.fixture
def config(standin: StandIn, migrated_url: str, tmp_path: Path) -> Path:
    """The configuration of an office with data."""
    file = tmp_path / "config.toml"
    file.write_text(settings_text(standin, migrated_url, tmp_path), encoding="utf-8")
    data.fill(load(file).places())
    return file


@pytest.fixture
def elsewhere(standin: StandIn, other_url: str, tmp_path: Path) -> Path:
    """The configuration of a new machine."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    file = folder / "config.toml"
    file.write_text(settings_text(standin, other_url, folder), encoding="utf-8")
    return file


async def backed_up(config: Path, *arguments: str | Path) -> Path:
    code, said = await chatvan(config, "backup", *arguments)
    assert code == 0, said
    found = MADE.fullmatch(said[-1])
    assert found, said
    return Path(found["folder"])


async def test_backup_says_where_and_how_much(config: Path) -> None:
    code, said = await chatvan(config, "backup")
    assert code == 0
    (line,) = said
    found = MADE.fullmatch(line)
    assert found, line
    folder = Path(found["folder"])
    assert folder.parent == load(config).places().backups
    assert (found["inquiries"], found["files"], found["rows"]) == ("3", "3", "3")
    _, verified = await chatvan(config, "verify")
    assert found["head"] in verified[-1]
    (backup,) = shelf.backups(folder.parent)
    assert backup.manifest.made is Made.BY_HAND


async def test_backup_into_another_folder(config: Path, tmp_path: Path) -> None:
    folder = await backed_up(config, tmp_path / "usb")
    assert folder.parent == tmp_path / "usb"
    assert not load(config).places().backups.exists()


async def test_backup_while_the_bot_serves(config: Path, standin: StandIn, elsewhere: Path) -> None:
    bot = RunningBot(config, standin)
    try:
        await bot.start()
        folder = await backed_up(config)
        code, said = await chatvan(config, "restore", folder, "--replace")
        assert code == 1
        assert "Bot đang chạy" in said[-1]
        assert bot.is_running
    finally:
        await bot.close()
    code, said = await chatvan(elsewhere, "restore", folder)
    assert code == 0, said


async def test_the_drill_from_the_command_line(config: Path, elsewhere: Path, standin: StandIn) -> None:
    """Backup, another machine, restore, verify with the head that was noted, serve."""
    _, verified = await chatvan(config, "verify")
    head = verified[-1].split()[-1].rstrip(".")
    folder = await backed_up(config)
    before, files = data.everything(load(config).database.url), data.all_files(load(config).files_folder())
    code, said = await chatvan(elsewhere, "restore", folder)
    assert code == 0, said
    assert said[0].startswith(f"Đã khôi phục bản sao lưu {folder.name}, làm lúc ")
    assert head in said[0]
    assert "chatvan verify" in said[-1]
    after = data.everything(load(elsewhere).database.url)
    assert after == {**before, "facts": after["facts"]}
    assert data.all_files(load(elsewhere).files_folder()) == files
    code, said = await chatvan(elsewhere, "verify", "--head", head)
    assert code == 0, said
    assert head in said[-1]
    bot = RunningBot(elsewhere, standin)
    try:
        await bot.start()
        assert await bot.terminate() == 0
    finally:
        await bot.close()


async def test_restore_refuses_to_overwrite_and_replaces_when_told(config: Path, dialect: str) -> None:
    folder = await backed_up(config)
    code, said = await chatvan(config, *INVITE)
    assert code == 0
    url = load(config).database.url
    newer = data.everything(url)
    code, said = await chatvan(config, "restore", folder)
    assert code == 1
    assert "--replace" in said[-1]
    assert data.everything(url) == newer
    code, said = await chatvan(config, "restore", folder, "--replace")
    assert code == 0, said
    place = said[1].partition(" ở ")[2].rstrip(".").partition(";")[0]
    assert os.path.exists(place), said  # noqa: ASYNC240, PTH110
    assert len(data.everything(url)["people"]) == 1
    if dialect == "sqlite":
        assert data.everything(f"sqlite:///{place}") == newer


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        (("backup", "khong/co"), 1, "khong/co"),
        (("backup", "/proc/chatvan"), 1, "/proc/chatvan"),
        (("restore",), 2, "BACKUP"),
        (("restore", "khong-co"), 1, "khong-co"),
        (("restore", "."), 1, "manifest.json"),
    ],
)
@pytest.mark.parametrize("dialect", ["sqlite"])
async def test_what_cannot_be_done_is_told_in_a_sentence(
    config: Path, arguments: tuple[str, ...], code: int, word: str
) -> None:
    found, said = await chatvan(config, *arguments)
    assert found == code
    assert word in "\n".join(said)


@pytest.mark.parametrize("dialect", ["sqlite"])
async def test_backup_of_nothing_is_refused(elsewhere: Path) -> None:
    code, said = await chatvan(elsewhere, "backup")
    assert code == 1
    assert "Không có cơ sở dữ liệu" in said[-1]
    assert not sqlite_path(load(elsewhere).database.url).exists()  # type: ignore[union-attr]


@pytest.mark.parametrize("dialect", ["sqlite"])
async def test_backup_of_what_is_no_database_is_refused(config: Path) -> None:
    file = sqlite_path(load(config).database.url)
    assert file
    file.write_bytes(b"day khong phai co so du lieu\n" * 100)
    code, said = await chatvan(config, "backup")
    assert code == 1
    assert "Không mở được cơ sở dữ liệu" in said[-1]


async def test_a_damaged_backup_is_refused(config: Path, elsewhere: Path) -> None:
    folder = await backed_up(config)
    dump = next(folder.glob("database.*"))
    os.truncate(dump, dump.stat().st_size - 1)
    code, said = await chatvan(elsewhere, "restore", folder)
    assert code == 1
    assert dump.name in said[-1]


async def test_a_backup_of_data_that_are_not_whole_ends_with_1(config: Path) -> None:
    """Made all the same, and a script that looks at the code hears of it."""
    data.execute(load(config).database.url, "UPDATE history SET act = 'answer' WHERE seq = 2")
    code, said = await chatvan(config, "backup")
    assert code == 1
    assert MADE.fullmatch(said[0])
    assert "lịch sử trong dữ liệu gốc" in said[1]
    assert len(shelf.backups(load(config).places().backups)) == 1


async def test_health_hears_of_a_backup_by_hand(config: Path) -> None:
    await backed_up(config)
    found = dict(data.everything(load(config).database.url)["facts"])
    assert found["backup.succeeded_at"]
    assert found["backup.failed"] == ""


async def test_two_at_once_both_succeed(config: Path) -> None:
    from tests.crash.running import run_once

    logs = [config.parent / f"said-{number}" for number in (1, 2)]
    done = await asyncio.gather(*(run_once("backup", "--config", config, log=log) for log in logs))
    assert [code for code, _ in done] == [0, 0], done
    assert len(shelf.backups(load(config).places().backups)) == 2
