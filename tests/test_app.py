"""`chatvan run` as a supervisor meets it: starting, standing by, stopping, and what it says meanwhile."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url
from sqlmodel import Session

from bot.demo.faults import Call
from bot.demo.phones import Phone
from bot.demo.standin import StandIn
from bot.operations import enrolment, post
from bot.settings import load
from bot.wording.catalogue import say
from bot.wording.message import Message
from storage import branches, outbox
from storage.database import Database
from storage.kinds import Role
from tests.crash.running import RunningBot, assert_speaks_well, run_once
from tests.office import settings_text
from tests.waiting import until

TOKEN = "987654321:AAF-x_SupervisorSupervisor"
STOPS = [signal.SIGTERM, signal.SIGINT]
DEBUG = '[log]\nlevel = "debug"'


@pytest.fixture
async def standin() -> AsyncIterator[StandIn]:
    async with StandIn(token=TOKEN) as running:
        yield running


@pytest.fixture
async def bot(standin: StandIn, migrated_url: str, tmp_path: Path) -> AsyncIterator[RunningBot]:
    """The bot's process, not yet started; it says all it can, and never the token."""
    config = tmp_path / "config.toml"
    config.write_text(settings_text(standin, migrated_url, tmp_path, DEBUG), encoding="utf-8")
    running = RunningBot(config, standin)
    yield running
    await running.close()
    if running.log.exists():
        assert_speaks_well(running.said, [TOKEN, TOKEN.partition(":")[2]])


async def in_database(bot: RunningBot, unit: object) -> object:
    """Write as the command line does, from another process."""
    database = Database(load(bot.config).database.url)
    try:
        return await asyncio.to_thread(database.write_now, unit)  # type: ignore[arg-type]
    finally:
        database.close()


async def leader(bot: RunningBot) -> Phone:
    """Return the phone of a leader who has enrolled; the bot must run."""
    settings = load(bot.config)

    def invite(session: Session) -> str:
        branches.synchronise(session, settings.branch_names())
        now = datetime.now(UTC)
        return enrolment.invite(session, Role.LEADER, "Trần Văn Bình", now=now, office=settings.office())

    phone = bot.standin.phone(1001, "Bình")
    await phone.open_link(f"https://t.me/chatvan_bot?start={await in_database(bot, invite)}")
    await phone.expect("Đã đăng ký")
    await until(lambda: read(bot, lambda session: outbox.count_queued(session) == 0))
    return phone


async def read(bot: RunningBot, question: Callable[[Session], bool]) -> bool:
    database = Database(load(bot.config).database.url)
    try:
        return await database.read(question)
    finally:
        database.close()


async def tell(bot: RunningBot, phone: Phone, words: str) -> None:
    message = Message(say("plain", text=words))
    now = datetime.now(UTC)
    await in_database(bot, lambda session: post.tell_chat(session, phone.id, message, now=now))


# --- stopping ---------------------------------------------------------------------------------


@pytest.mark.parametrize("number", STOPS)
async def test_it_ends_when_it_is_told_to(bot: RunningBot, number: signal.Signals) -> None:
    await bot.start()
    assert await bot.terminate(number) == 0


@pytest.mark.parametrize("number", STOPS)
async def test_it_ends_although_telegram_is_silent(bot: RunningBot, number: signal.Signals) -> None:
    """Messages are under way, and no answer will ever come."""
    await bot.start()
    phone = await leader(bot)
    sent = len(bot.standin.calls_to("sendMessage"))
    bot.standin.faults.hold()
    await tell(bot, phone, "một")
    await until(lambda: len(bot.standin.calls_to("sendMessage")) > sent)
    assert await bot.terminate(number) == 0


@pytest.mark.parametrize("number", STOPS)
async def test_it_ends_although_telegram_is_silent_from_the_start(
    bot: RunningBot, number: signal.Signals
) -> None:
    bot.standin.faults.hold()
    await bot.launch()
    await until(lambda: bool(bot.standin.calls_to("getMe")))
    assert await bot.terminate(number) == 0


async def test_it_ends_although_telegram_cannot_be_reached(bot: RunningBot) -> None:
    await bot.standin.stop()
    await bot.launch()
    await bot.says("telegram_unreachable")
    assert await bot.terminate() == 0


async def test_it_ends_although_a_toast_hangs(bot: RunningBot) -> None:
    await bot.start()
    phone = await leader(bot)
    bot.standin.faults.slow("answerCallbackQuery", 60)
    phone.press_nowait(await phone.expect("Đã đăng ký"), "Tôi đã đọc")
    await until(lambda: bool(bot.standin.calls_to("answerCallbackQuery")))
    assert await bot.terminate() == 0


async def test_what_telegram_took_slowly_is_not_sent_again(bot: RunningBot) -> None:
    """Stopped between Telegram's deed and its answer: the answer is awaited and noted."""
    await bot.start()
    phone = await leader(bot)
    bot.standin.faults.slow("sendMessage", 1.5, after_acting=True)
    await tell(bot, phone, "một")
    await phone.expect("một")
    assert await bot.terminate() == 0
    await bot.start()
    await tell(bot, phone, "hai")
    await phone.expect("hai")
    assert len([message for message in phone.inbox if message.text == "một"]) == 1


# --- starting ---------------------------------------------------------------------------------


async def test_it_waits_for_a_telegram_that_cannot_be_reached(bot: RunningBot) -> None:
    await bot.standin.stop()
    await bot.launch()
    await bot.says("telegram_unreachable")
    await bot.standin.start()
    await bot.polling()
    assert await bot.terminate() == 0


async def test_it_outlives_an_outage(bot: RunningBot) -> None:
    await bot.start()
    phone = await leader(bot)
    await bot.standin.stop()
    await phone.send("/trogiup")
    await bot.says("telegram_unreachable")
    mark = phone.mark()
    await bot.standin.start()
    await phone.expect("/trogiup", after=mark, timeout=20)


async def test_a_bad_token_ends_it_for_good(bot: RunningBot) -> None:
    bot.standin.faults.fail("getMe", 401, "Unauthorized")
    await bot.launch()
    assert await bot.ended() == 78
    assert "Telegram không nhận token" in bot.said


async def test_a_token_that_is_revoked_ends_it_too(bot: RunningBot) -> None:
    await bot.start()
    bot.standin.faults.fail("getUpdates", 401, "Unauthorized")
    await bot.standin.phone(1001).send("xin chào")  # ends the question that is open
    assert await bot.ended() == 78
    assert "Telegram không nhận token" in bot.said


@pytest.mark.parametrize("dialect", ["sqlite"])
async def test_on_sqlite_a_second_one_is_refused(bot: RunningBot) -> None:
    await bot.start()
    code, said = await run_once("run", "--config", bot.config, log=bot.config.parent / "second")
    assert code == 1
    assert "Đã có một tiến trình chatvan run" in said
    assert_speaks_well(said, [TOKEN])
    assert bot.is_running


@pytest.mark.parametrize("dialect", ["postgresql"])
async def test_on_postgresql_a_second_one_stands_by_and_takes_over(bot: RunningBot) -> None:
    await bot.start()
    phone = await leader(bot)
    second = RunningBot(bot.config, bot.standin, log=bot.config.parent / "second")
    try:
        await second.launch()
        await second.says("standing_by")
        asked = len(bot.standin.calls)
        await bot.kill()
        await second.polling(asked)
        mark = phone.mark()
        await phone.send("/trogiup")
        await phone.expect("/trogiup", after=mark)
        assert await second.terminate() == 0
    finally:
        await second.close()
    assert_speaks_well(second.said, [TOKEN])


@pytest.mark.parametrize("dialect", ["postgresql"])
async def test_on_postgresql_standing_by_ends_when_told_to(bot: RunningBot) -> None:
    await bot.start()
    second = RunningBot(bot.config, bot.standin, log=bot.config.parent / "second")
    try:
        await second.launch()
        await second.says("standing_by")
        assert await second.terminate() == 0
    finally:
        await second.close()
    assert bot.is_running


@pytest.mark.parametrize("dialect", ["postgresql"])
async def test_who_loses_the_database_ends_and_says_so(bot: RunningBot) -> None:
    """Another process may serve by now: this one must not go on."""
    await bot.start()
    await leader(bot)
    url = make_url(load(bot.config).database.url)
    with psycopg.connect(
        host=str(url.query["host"]), user=url.username, dbname=url.database, autocommit=True
    ) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert await bot.ended() == 1
    assert "Mất kết nối đến cơ sở dữ liệu" in bot.said
    await bot.start()


# --- beside it --------------------------------------------------------------------------------


async def test_commands_work_while_it_runs(bot: RunningBot, tmp_path: Path) -> None:
    await bot.start()
    code, said = await run_once(
        "invite", "--role", "leader", "--name", "An", "--config", bot.config, log=tmp_path / "a"
    )
    assert code == 0
    phone = bot.standin.phone(1002)
    await phone.open_link(said.splitlines()[-1])
    await phone.expect("Đã đăng ký")
    code, said = await run_once("verify", "--config", bot.config, log=tmp_path / "b")
    assert code == 0
    assert bot.is_running


async def test_what_a_command_queues_goes_out_by_itself(bot: RunningBot) -> None:
    await bot.start()
    phone = await leader(bot)
    await tell(bot, phone, "từ dòng lệnh")
    await phone.expect("từ dòng lệnh", timeout=5)


async def test_no_trouble_brings_the_token_into_the_log(bot: RunningBot) -> None:
    """All at once, at the finest level; `bot` checks the log at the end."""
    await bot.start()
    phone = await leader(bot)
    faults = bot.standin.faults
    faults.fail("sendMessage", 500)
    faults.fail("sendMessage", 404, "Not Found")
    faults.fail("sendMessage", 401, "Unauthorized")
    faults.drop("sendMessage")
    faults.fail("sendMessage", 400, f"Bad Request: /bot{TOKEN}/sendMessage")
    faults.fail("getUpdates", 502)
    faults.drop("getUpdates")
    faults.fail("answerCallbackQuery", 500, f"bot{TOKEN}")
    phone.press_nowait(await phone.expect("Đã đăng ký"), "Tôi đã đọc")
    seen: list[Call] = []
    faults.hook("sendMessage", seen.append)
    for number in range(3):
        await tell(bot, phone, f"tin {number}")
    await until(lambda: bool(seen), seconds=60)
    assert "not_sent" in bot.said
