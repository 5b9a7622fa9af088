import ast
import asyncio
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

import bot.demo
from bot.demo.phones import Phone
from bot.demo.standin import StandIn
from bot.demo.world import Event
from tests.demo.conftest import Bot, Hand


def imported(path: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return plain | {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}


def test_the_stand_in_imports_neither_the_library_under_test_nor_the_bot() -> None:
    files = list(Path(bot.demo.__path__[0]).glob("*.py"))
    modules = set().union(*map(imported, files))
    assert "bot.demo.world" in modules, "a guard that finds nothing to check must fail"
    foreign = {m for m in modules if m.partition(".")[0] in {"bot", "storage", "telegram"}}
    assert {m for m in foreign if not m.startswith("bot.demo")} == set()


async def test_it_listens_on_the_loopback_and_leaves_nothing_behind() -> None:
    before = asyncio.all_tasks()
    async with StandIn() as telegram, httpx.AsyncClient(base_url=telegram.base_url) as client:
        assert telegram.base_url.startswith("http://127.0.0.1:")
        poll = asyncio.create_task(client.get(f"/bot{telegram.token}/getUpdates?timeout=50", timeout=60))
        telegram.faults.slow("getMe", 60)
        slow = asyncio.create_task(client.get(f"/bot{telegram.token}/getMe", timeout=60))
        await asyncio.sleep(0.05)
        async with asyncio.timeout(0.5):
            await telegram.stop()
        for call in (poll, slow):
            with pytest.raises(httpx.RemoteProtocolError):
                await call
    assert asyncio.all_tasks() <= before


async def test_an_outage_keeps_the_port_and_the_state(bot: Bot, phone: Phone, telegram: StandIn) -> None:
    address = telegram.base_url
    await bot.call("sendMessage", chat_id=1001, text="trước")
    await telegram.stop()
    await phone.send("trong lúc mất mạng")
    with pytest.raises(httpx.ConnectError):
        await bot.answer("getMe")
    await telegram.start()
    assert telegram.base_url == address
    assert len(await bot.call("getUpdates")) == 1
    await telegram.restart()
    assert [message.text for message in phone.inbox] == ["trước"]


async def test_events_tell_what_every_phone_shows(bot: Bot, phone: Phone, telegram: StandIn) -> None:
    events: list[Event] = []
    telegram.on_event(events.append)
    markup = {"inline_keyboard": [[{"text": "x", "callback_data": "x"}]]}
    await bot.call("sendMessage", chat_id=1001, text="a", reply_markup=markup)
    await bot.call("editMessageText", chat_id=1001, message_id=2, text="b")
    phone.press_data_nowait(phone.inbox[-1], "x")
    query = telegram.pending_updates[-1]["callback_query"]["id"]
    await bot.call("answerCallbackQuery", callback_query_id=query, text="được")
    await bot.call("deleteMessage", chat_id=1001, message_id=2)
    assert [event.kind for event in events] == ["sent", "edited", "toast", "deleted"]
    assert {event.chat_id for event in events} == {1001}
    assert events[2].toast is not None
    assert events[2].toast.text == "được"


async def test_the_same_account_has_the_same_phone(telegram: StandIn) -> None:
    phone = telegram.phone(7, "Bình")
    assert telegram.phone(7, last_name="Trần") is phone
    assert phone.user.full_name == "Bình Trần"
    assert telegram.phones == [phone]
    assert phone.commands == {}


async def test_waiting_until_everything_is_confirmed(bot: Bot, phone: Phone, telegram: StandIn) -> None:
    await telegram.drained()
    await phone.send("x")
    with pytest.raises(AssertionError, match="still unconfirmed"):
        await telegram.drained(0.01)
    waiting = asyncio.create_task(telegram.drained())
    offset = telegram.pending_updates[-1]["update_id"] + 1
    await bot.call("getUpdates", offset=offset)
    await waiting


async def test_message_ids_go_up_in_each_chat(bot: Bot, telegram: StandIn) -> None:
    for user_id in (1, 2):
        phone = telegram.phone(user_id)
        await phone.send("x")
        sent = await bot.call("sendMessage", chat_id=user_id, text="y")
        assert (phone.messages[0].id, sent["message_id"]) == (1, 2)
    assert [message.chat.id for message in telegram.outgoing] == [1, 2]


async def test_dates_come_from_the_clock(phone: Phone, clock: Hand) -> None:
    clock.turn(days=3)
    assert (await phone.send("x")).sent_at == datetime(2026, 12, 3, 2, 0, tzinfo=UTC)


async def test_thousands_of_messages(bot: Bot, phone: Phone) -> None:
    async with asyncio.timeout(20):
        for number in range(1000):
            await bot.call("sendMessage", chat_id=1001, text=f"tin {number}")
    assert len(phone.inbox) == 1000
