"""The command line as an administrator meets it: real processes, their last lines and exit codes."""

import asyncio
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import Session

from bot.app import BOT_NAME
from bot.demo.standin import StandIn
from bot.operations import enrolment
from bot.settings import load
from storage import facts
from storage.database import Database
from storage.kinds import Role
from tests.crash.running import ROOT, assert_speaks_well, environment, run_once
from tests.office import settings_text

TOKEN = "987654321:AAF-x_CommandCommandCommand"
LINK = re.compile(r"https://t\.me/(\w+)\?start=([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})")
INVITE = ("invite", "--role", "leader", "--name", "Trần Văn Bình")


@pytest.fixture
async def standin() -> AsyncIterator[StandIn]:
    async with StandIn(token=TOKEN, username="ten_cua_bot") as running:
        yield running


@pytest.fixture
def config(standin: StandIn, migrated_url: str, tmp_path: Path) -> Path:
    """A complete configuration."""
    file = tmp_path / "config.toml"
    file.write_text(settings_text(standin, migrated_url, tmp_path), encoding="utf-8")
    return file


async def chatvan(config: Path, *arguments: str | Path) -> tuple[int, list[str]]:
    """Run a command; return its exit code and lines."""
    log = config.parent / "said"
    log.unlink(missing_ok=True)
    code, said = await run_once(*arguments, "--config", config, log=log)
    assert_speaks_well(said, [TOKEN, TOKEN.partition(":")[2]])
    return code, said.splitlines()


def changed(config: Path, old: str, new: str) -> None:
    """Change the configuration."""
    lines = config.read_text(encoding="utf-8")
    assert old in lines
    config.write_text(lines.replace(old, new), encoding="utf-8")


def in_database(config: Path, *statements: str) -> None:
    """Change rows as somebody does who goes around the program."""
    database = Database(load(config).database.url)
    try:
        with database.engine.connect() as connection, connection.begin():
            for statement in statements:
                connection.execute(text(statement))
    finally:
        database.close()


# --- invite -----------------------------------------------------------------------------------


async def test_invite_asks_telegram_for_the_bots_name(config: Path, standin: StandIn) -> None:
    code, said = await chatvan(config, *INVITE)
    assert code == 0
    link = LINK.fullmatch(said[-1])
    assert link, said
    assert link[1] == "ten_cua_bot"
    assert said[-2] == link[2]
    assert "Trần Văn Bình" in said[-3]


async def test_invite_remembers_the_bots_name(config: Path, standin: StandIn) -> None:
    await chatvan(config, *INVITE)
    await standin.stop()
    _, said = await chatvan(config, *INVITE)
    assert said[-1].startswith("https://t.me/ten_cua_bot?start=")


async def test_invite_without_telegram_still_gives_a_code(config: Path, standin: StandIn) -> None:
    await standin.stop()
    code, said = await chatvan(config, *INVITE)
    assert code == 0
    link = LINK.fullmatch(said[-1])
    assert link, said
    assert link[1] == "TEN_BOT"
    assert "TEN_BOT" in said[-2]
    assert said[-3] == link[2]


async def test_invite_with_a_silent_telegram_gives_up_asking(config: Path, standin: StandIn) -> None:
    with standin.faults.holding():
        code, said = await chatvan(config, *INVITE)
    assert code == 0
    assert said[-1].startswith("https://t.me/TEN_BOT?start=")


async def test_invite_with_a_bad_token_changes_nothing(config: Path, standin: StandIn) -> None:
    standin.faults.fail("getMe", 401, "Unauthorized")
    code, said = await chatvan(config, *INVITE)
    assert code == 78
    assert "token" in said[-1]
    _, said = await chatvan(config, "verify")
    assert "0 dòng" in said[-1]


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("invite", "--role", "vua", "--name", "A"), "vua"),
        (("invite", "--role", "leader"), "--name"),
        (("invite", "--name", "A"), "--role"),
        (("invite", "--role", "leader", "--name", " \u200b "), "--name"),
        (("invite", "--role", "head", "--name", "A"), "PLOC"),
        (("invite", "--role", "head", "--name", "A", "--branch", "HUE"), "HUE"),
        (("invite", "--role", "head", "--name", "A", "--branch", "PLOC", "--chief"), "--chief"),
        (("run", "--nhanh"), "--nhanh"),
        (("import", "cases"), "FILE"),
    ],
)
@pytest.mark.parametrize("dialect", ["sqlite"])
async def test_usage_errors_name_what_is_wrong(config: Path, arguments: tuple[str, ...], word: str) -> None:
    code, said = await chatvan(config, *arguments)
    assert code == 2
    assert word.lower() in "\n".join(said).lower()


@pytest.mark.parametrize("arguments", [(), ("chay",), ("invite", "--confg", "x")])
async def test_usage_errors_need_no_configuration(arguments: tuple[str, ...], tmp_path: Path) -> None:
    code, said = await run_once(*arguments, log=tmp_path / "said")
    assert code == 2
    assert said.strip()
    assert_speaks_well(said, [])


def test_help_is_vietnamese_and_comes_at_once() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "--help"], capture_output=True, text=True, cwd=ROOT, env=environment(),
        check=False, timeout=30,
    )  # fmt: skip
    assert done.returncode == 0
    assert "chất vấn" in done.stdout
    for command in ("run", "demo", "invite", "import", "verify", "backup", "restore", "doctor", "inbox"):
        assert f" {command} " in done.stdout


# --- the configuration ------------------------------------------------------------------------


@pytest.mark.parametrize("command", [("run",), INVITE, ("verify",)])
@pytest.mark.parametrize("dialect", ["sqlite"])
async def test_a_bad_configuration_ends_with_78_and_a_sentence(
    config: Path, command: tuple[str, ...]
) -> None:
    changed(config, "[database]", '[telegrm]\nx = "1"\n[database]')
    code, said = await chatvan(config, *command)
    assert code == 78
    assert "telegrm" in "\n".join(said)


@pytest.mark.parametrize("dialect", ["sqlite"])
async def test_a_missing_configuration_ends_with_78_and_a_sentence(config: Path) -> None:
    code, said = await chatvan(config.with_name("khong-co.toml"), "run")
    assert code == 78
    assert "khong-co.toml" in "\n".join(said)


# --- the database -----------------------------------------------------------------------------


async def test_a_command_creates_the_database_it_needs(
    standin: StandIn, database_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "config.toml"
    file.write_text(settings_text(standin, database_url, tmp_path), encoding="utf-8")
    code, said = await chatvan(file, *INVITE)
    assert code == 0
    assert LINK.fullmatch(said[-1])


@pytest.mark.parametrize("command", [("run",), INVITE, ("verify",)])
@pytest.mark.parametrize("where", ["a file of something else", "a folder", "below a file", "no server"])
@pytest.mark.parametrize("dialect", ["sqlite"])
async def test_a_database_that_cannot_be_opened_is_told_in_a_sentence(
    config: Path, tmp_path: Path, where: str, command: tuple[str, ...]
) -> None:
    (tmp_path / "tep").write_bytes(b"day khong phai co so du lieu\n" * 100)
    urls = {
        "a file of something else": f"sqlite:///{tmp_path}/tep",
        "a folder": f"sqlite:///{tmp_path}",
        "below a file": f"sqlite:///{tmp_path}/tep/chatvan.sqlite3",
        "no server": f"postgresql://chatvan@/chatvan?host={tmp_path}",
    }
    changed(config, load(config).database.url, urls[where])
    code, said = await chatvan(config, *command)
    assert code == 1
    assert "Không mở được cơ sở dữ liệu" in "\n".join(said)
    assert len(said) <= 8


@pytest.mark.parametrize("command", [("run",), INVITE, ("verify",)])
async def test_a_database_of_a_newer_version_is_left_alone(config: Path, command: tuple[str, ...]) -> None:
    in_database(config, "UPDATE alembic_version SET version_num = '9999'")
    code, said = await chatvan(config, *command)
    assert code == 1
    assert "phiên bản" in said[-1]


# --- verify -----------------------------------------------------------------------------------


@pytest.fixture
async def invited(config: Path) -> Path:
    """A history of five rows."""
    database, settings = Database(load(config).database.url), load(config)

    def invite_all(session: Session) -> None:
        facts.remember(session, BOT_NAME, "ten_cua_bot")
        for name in ("An", "Bình", "Cường", "Dũng", "Đức"):
            now = datetime.now(UTC)
            enrolment.invite(session, Role.LEADER, name, now=now, office=settings.office())

    await asyncio.to_thread(database.write_now, invite_all)
    database.close()
    return config


async def test_verify_says_that_the_history_holds(invited: Path) -> None:
    code, said = await chatvan(invited, "verify")
    assert code == 0
    assert re.fullmatch(r"Lịch sử nguyên vẹn: 5 dòng, mã kiểm tra [0-9A-F]{4}-[0-9A-F]{4}\.", said[-1])


async def test_verify_knows_the_printed_head(invited: Path) -> None:
    _, said = await chatvan(invited, "verify")
    head = said[-1].split()[-1].rstrip(".")
    assert (await chatvan(invited, "verify", "--head", head))[0] == 0
    assert (await chatvan(invited, *INVITE))[0] == 0
    assert (await chatvan(invited, "verify", "--head", head))[0] == 0, "an older head is still in the chain"
    code, said = await chatvan(invited, "verify", "--head", "0000-0000")
    assert code == 1
    assert "0000-0000" in said[-1]


COPIED = "at, act, person_id, inquiry_id, round, details_digest, previous, digest"


@pytest.mark.parametrize(
    ("statements", "words"),
    [
        (["UPDATE history SET act = 'answer' WHERE seq = 3"], "Dòng 3"),
        (["UPDATE history SET person_id = NULL, round = 2 WHERE seq = 5"], "Dòng 5"),
        (["UPDATE history_details SET details = '{}' WHERE seq = 2"], "Dòng 2"),
        (["DELETE FROM history_details WHERE seq = 3", "DELETE FROM history WHERE seq = 3"], "Dòng 3"),
        (["DELETE FROM history_details WHERE seq = 5", "DELETE FROM history WHERE seq = 5"], "dòng 5"),
        (["DELETE FROM history_details", "DELETE FROM history"], "dòng 1"),
        ([f"INSERT INTO history (seq, {COPIED}) SELECT 6, {COPIED} FROM history WHERE seq = 2"], "6"),
        (
            [
                "DELETE FROM history_details WHERE seq = 3",
                "DELETE FROM history WHERE seq = 3",
                f"INSERT INTO history (seq, {COPIED}) SELECT 3, {COPIED} FROM history WHERE seq = 2",
            ],
            "Dòng 3",
        ),
    ],
)
async def test_verify_finds_what_was_done_to_the_history(
    invited: Path, statements: list[str], words: str
) -> None:
    in_database(invited, *statements)
    code, said = await chatvan(invited, "verify")
    assert code == 1
    assert any(words.lower() in line.lower() for line in said[:-1]), said
    assert "không còn nguyên vẹn" in said[-1]
