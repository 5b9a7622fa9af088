import asyncio
from typing import Any

import pytest

from bot.demo.phones import Phone
from bot.demo.standin import StandIn
from tests.demo.conftest import Bot

RIVAL = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


async def texts(bot: Bot, **params: Any) -> list[str]:
    return [update["message"]["text"] for update in await bot.call("getUpdates", **params)]


@pytest.fixture
async def first(telegram: StandIn, phone: Phone) -> int:
    """Five messages wait; the id of the first one."""
    for number in range(5):
        await phone.send(f"m{number}")
    update_id: int = telegram.pending_updates[0]["update_id"]
    return update_id


async def test_ids_are_large_and_go_up_by_one(bot: Bot, first: int) -> None:
    assert first > 10_000_000
    updates = await bot.call("getUpdates")
    assert [update["update_id"] for update in updates] == list(range(first, first + 5))


async def test_without_an_offset_everything_comes_again(bot: Bot, first: int) -> None:
    assert await texts(bot) == await texts(bot) == ["m0", "m1", "m2", "m3", "m4"]


async def test_an_offset_confirms_and_forgets_what_is_before_it(
    bot: Bot, first: int, telegram: StandIn
) -> None:
    assert await texts(bot, offset=first + 3) == ["m3", "m4"]
    assert await texts(bot, offset=first) == ["m3", "m4"]
    assert await texts(bot, offset=first + 5) == []
    assert telegram.pending_updates == []


async def test_a_negative_offset_keeps_only_the_end(bot: Bot, first: int) -> None:
    assert await texts(bot, offset=-2) == ["m3", "m4"]
    assert await texts(bot) == ["m3", "m4"]


@pytest.mark.parametrize(("limit", "count"), [(2, 2), (0, 100), (1000, 100), (100, 100)])
async def test_limit(bot: Bot, telegram: StandIn, limit: int, count: int) -> None:
    for number in range(120):
        telegram.push({"message": {"message_id": number}})
    assert len(await bot.call("getUpdates", limit=limit)) == count


async def test_a_long_poll_waits_for_the_next_update(bot: Bot, phone: Phone) -> None:
    poll = asyncio.create_task(bot.call("getUpdates", timeout=30))
    await asyncio.sleep(0.05)
    assert not poll.done()
    await phone.send("đến")
    assert [update["message"]["text"] for update in await poll] == ["đến"]


async def test_a_long_poll_ends_empty_after_its_timeout(bot: Bot, phone: Phone) -> None:
    assert await bot.call("getUpdates", timeout=1) == []


async def test_a_second_poller_ends_the_first_with_409(bot: Bot, phone: Phone) -> None:
    older = asyncio.create_task(bot.refused("getUpdates", timeout=30))
    await asyncio.sleep(0.05)
    newer = asyncio.create_task(bot.call("getUpdates", timeout=30))
    assert await older == (409, RIVAL)
    await phone.send("x")
    assert len(await newer) == 1


async def test_a_poller_that_hung_up_is_no_rival(bot: Bot, phone: Phone, telegram: StandIn) -> None:
    older = asyncio.create_task(bot.answer("getUpdates", timeout=30))
    await asyncio.sleep(0.05)
    older.cancel()
    await asyncio.sleep(0.05)
    assert await bot.call("getUpdates", timeout=0) == []
    assert [call.status for call in telegram.calls] == [0, 200]


async def test_no_polling_while_a_webhook_is_set(bot: Bot) -> None:
    await bot.call("setWebhook", url="https://e.vn/hook")
    status, description = await bot.refused("getUpdates")
    assert (status, description) == (
        409,
        "Conflict: can't use getUpdates method while webhook is active;"
        " use deleteWebhook to delete the webhook first",
    )
    assert (await bot.call("getWebhookInfo"))["url"] == "https://e.vn/hook"
    await bot.call("deleteWebhook")
    assert await bot.call("getUpdates") == []


async def test_deleting_the_webhook_may_drop_what_is_pending(bot: Bot, first: int) -> None:
    await bot.call("deleteWebhook", drop_pending_updates=True)
    assert await bot.call("getUpdates") == []


async def test_allowed_updates_are_remembered(bot: Bot, phone: Phone, telegram: StandIn) -> None:
    await bot.call("getUpdates", allowed_updates=["callback_query"])
    await phone.send("ngoài danh sách")
    assert await bot.call("getUpdates") == []
    await bot.call("getUpdates", allowed_updates=["message", "chat_member"])
    await phone.send("trong danh sách")
    assert telegram.push({"chat_member": {}})
    assert len(await bot.call("getUpdates")) == 2


async def test_some_kinds_come_only_when_asked_for(telegram: StandIn) -> None:
    assert telegram.push({"chat_member": {}}) is None
    assert telegram.push({"my_chat_member": {}})


async def test_a_raw_update_keeps_its_own_id(bot: Bot, phone: Phone, telegram: StandIn) -> None:
    telegram.push({"update_id": 900_000_000, "message": {"strange": None}})
    await phone.send("x")
    assert [update["update_id"] for update in await bot.call("getUpdates")] == [900_000_000, 900_000_001]


async def test_after_a_quiet_week_ids_begin_anew_and_an_old_offset_is_not_believed(
    bot: Bot, first: int, phone: Phone, telegram: StandIn
) -> None:
    assert await texts(bot, offset=first + 5) == []
    assert telegram.restart_ids() < first
    await phone.send("sau một tuần")
    assert await texts(bot, offset=first + 5) == ["sau một tuần"]
    assert await texts(bot, offset=first + 5) == ["sau một tuần"], "and confirms nothing"
