from typing import Any

import pytest

from bot.demo.phones import Phone
from tests.demo.conftest import Bot

ASK = {"command": "chatvan", "description": "Chất vấn một vụ việc"}
HELP = {"command": "trogiup", "description": "Hướng dẫn"}


async def test_the_chats_own_menu_goes_before_the_default_one(bot: Bot, phone: Phone) -> None:
    assert phone.commands == {}
    await bot.call("setMyCommands", commands=[HELP])
    assert phone.commands == {"trogiup": "Hướng dẫn"}
    private = {"type": "all_private_chats"}
    await bot.call("setMyCommands", commands=[HELP, ASK], scope=private)
    assert list(phone.commands) == ["trogiup", "chatvan"]
    own = {"type": "chat", "chat_id": 1001}
    await bot.call("setMyCommands", commands=[ASK], scope=own)
    assert phone.commands == {"chatvan": "Chất vấn một vụ việc"}
    assert await bot.call("getMyCommands", scope=own) == [ASK]
    await bot.call("deleteMyCommands", scope=own)
    await bot.call("deleteMyCommands", scope=private)
    assert phone.commands == {"trogiup": "Hướng dẫn"}


@pytest.mark.parametrize(
    ("command", "complaint"),
    [
        ({"command": "", "description": "x"}, "BOT_COMMAND_INVALID"),
        ({"command": "Chatvan", "description": "x"}, "BOT_COMMAND_INVALID"),
        ({"command": "chất", "description": "x"}, "BOT_COMMAND_INVALID"),
        ({"command": "x" * 33, "description": "x"}, "BOT_COMMAND_INVALID"),
        ({"command": "x", "description": ""}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"command": "x", "description": "x" * 257}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ("x", "can't parse BotCommand: expected an Object"),
    ],
)
async def test_commands_are_checked(bot: Bot, command: Any, complaint: str) -> None:
    refused = await bot.refused("setMyCommands", commands=[command])
    assert refused == (400, f"Bad Request: {complaint}")


async def test_at_most_a_hundred_commands(bot: Bot) -> None:
    commands = [{"command": f"c{number}", "description": "x"} for number in range(101)]
    assert await bot.refused("setMyCommands", commands=commands) == (
        400,
        "Bad Request: BOT_COMMANDS_TOO_MUCH",
    )
    await bot.call("setMyCommands", commands=commands[:100])


async def test_scopes_are_checked(bot: Bot) -> None:
    unknown = {"commands": [ASK], "scope": {"type": "chat", "chat_id": 5}}
    assert await bot.refused("setMyCommands", **unknown) == (400, "Bad Request: chat not found")
    strange = {"commands": [ASK], "scope": {"type": "world"}}
    assert await bot.refused("setMyCommands", **strange) == (
        400,
        "Bad Request: can't parse BotCommandScope: Unsupported type specified",
    )


async def test_the_profile(bot: Bot) -> None:
    assert await bot.call("setMyShortDescription", short_description="Chất vấn nội bộ")
    assert await bot.call("getMyShortDescription") == {"short_description": "Chất vấn nội bộ"}
    assert (await bot.refused("setMyName", name="x" * 65))[0] == 400
