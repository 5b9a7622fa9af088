import pytest

from bot.demo.phones import Phone
from bot.demo.standin import StandIn
from tests.demo.conftest import Bot

WRITING = ["sendMessage", "sendChatAction"]


@pytest.mark.parametrize("method", WRITING)
async def test_a_chat_that_nobody_started_is_unknown(bot: Bot, telegram: StandIn, method: str) -> None:
    telegram.phone(1002, "Tâm")
    for chat_id in (1002, 5, "@nobody"):
        refused = await bot.refused(method, chat_id=chat_id, text="x", action="typing")
        assert refused == (400, "Bad Request: chat not found")
    empty = await bot.refused(method, text="x", action="typing")
    assert empty == (400, "Bad Request: chat_id is empty")


async def test_a_person_met_in_a_group_cannot_be_written_to_first(bot: Bot, telegram: StandIn) -> None:
    await telegram.group(-100, "nhóm", [telegram.phone(1002, "Tâm")])
    refused = await bot.refused("sendMessage", chat_id=1002, text="x")
    assert refused == (403, "Forbidden: bot can't initiate conversation with a user")


async def test_a_blocked_bot_is_told_so_until_unblocked(bot: Bot, phone: Phone) -> None:
    phone.block()
    blocked = (403, "Forbidden: bot was blocked by the user")
    assert await bot.refused("sendMessage", chat_id=1001, text="x") == blocked
    assert await bot.refused("sendChatAction", chat_id=1001, action="typing") == blocked
    phone.unblock()
    await bot.call("sendMessage", chat_id=1001, text="x")


async def test_a_deactivated_account(bot: Bot, phone: Phone) -> None:
    phone.deactivate()
    refused = await bot.refused("sendMessage", chat_id=1001, text="x")
    assert refused == (403, "Forbidden: user is deactivated")


async def test_a_group_that_the_bot_left_or_was_removed_from(bot: Bot, telegram: StandIn) -> None:
    phone = telegram.phone(1002, "Tâm")
    group = await telegram.group(-100, "nhóm", [phone])
    assert await bot.call("leaveChat", chat_id=-100)
    assert not group.bot_is_member
    left = await bot.refused("sendMessage", chat_id=-100, text="x")
    assert left == (403, "Forbidden: bot is not a member of the group chat")
    group.kick_bot(phone.user)
    kicked = await bot.refused("sendMessage", chat_id=-100, text="x")
    assert kicked == (403, "Forbidden: bot was kicked from the group chat")


async def test_a_migrated_group_names_its_new_id(bot: Bot, telegram: StandIn) -> None:
    group = await telegram.group(-100, "nhóm")
    group.migrate(-1_001_234_567_890)
    response = await bot.answer("sendMessage", chat_id=-100, text="x")
    assert response.json() == {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: group chat was upgraded to a supergroup chat",
        "parameters": {"migrate_to_chat_id": -1_001_234_567_890},
    }
    await bot.call("sendMessage", chat_id=-1_001_234_567_890, text="x")
    assert [message.text for message in group.inbox] == ["x"]


async def test_a_chat_may_be_named_by_its_username(bot: Bot, telegram: StandIn) -> None:
    await telegram.phone(1002, "Tâm", username="TamHo").send("x")
    assert (await bot.call("getChat", chat_id="@tamho"))["id"] == 1002
