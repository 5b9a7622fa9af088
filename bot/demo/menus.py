"""The menu of commands and the bot's profile."""

import re
from typing import Any

from bot.demo.messages import Chat
from bot.demo.params import Params
from bot.demo.places import known_chat
from bot.demo.refusals import JSON, bad_request
from bot.demo.world import World

NAME = re.compile(r"[a-z0-9_]{1,32}")
MAX_COMMANDS = 100
MAX_DESCRIPTION = 256
PLAIN_SCOPES = ("default", "all_private_chats", "all_group_chats", "all_chat_administrators")
CHAT_SCOPES = ("chat", "chat_administrators", "chat_member")
PROFILE_LIMITS = {"name": 64, "description": 512, "short_description": 120}

Scope = tuple[Any, ...]


async def set_my_commands(world: World, params: Params) -> bool:
    commands = [_checked_command(command) for command in params.items("commands") or []]
    if len(commands) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    world.commands[_scope(world, params)] = commands
    return True


def _checked_command(command: Any) -> JSON:
    if not isinstance(command, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    name = str(command.get("command", "")).removeprefix("/")
    if not NAME.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    description = str(command.get("description", "")).strip()
    if not 1 <= len(description) <= MAX_DESCRIPTION:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}


async def get_my_commands(world: World, params: Params) -> list[JSON]:
    return world.commands.get(_scope(world, params), [])


async def delete_my_commands(world: World, params: Params) -> bool:
    world.commands.pop(_scope(world, params), None)
    return True


def _scope(world: World, params: Params) -> Scope:
    scope = params.decoded("scope") or {"type": "default"}
    kind, language = scope.get("type"), params.text("language_code")
    if kind in PLAIN_SCOPES:
        return kind, None, None, language
    if kind not in CHAT_SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    chat = known_chat(world, Params(scope, {}))
    return kind, chat.id, scope.get("user_id"), language


def menu_of(world: World, chat: Chat) -> dict[str, str]:
    """The commands that this chat shows: its own, else those of its kind, else the default ones."""
    kind = "all_private_chats" if chat.type == "private" else "all_group_chats"
    for scope in (("chat", chat.id), (kind, None), ("default", None)):
        commands = world.commands.get((*scope, None, ""))
        if commands:
            return {command["command"]: command["description"] for command in commands}
    return {}


def _profile_setter(field: str) -> Any:
    async def set_profile(world: World, params: Params) -> bool:
        if len(params.text(field)) > PROFILE_LIMITS[field]:
            raise bad_request(f"bot {field.replace('_', ' ')} is too long")
        world.profile[field] = params.text(field)
        return True

    return set_profile


def _profile_getter(field: str) -> Any:
    async def get_profile(world: World, params: Params) -> JSON:
        return {field: world.profile.get(field, "")}

    return get_profile


METHODS: dict[str, Any] = {
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setMyName": _profile_setter("name"),
    "getMyName": _profile_getter("name"),
    "setMyDescription": _profile_setter("description"),
    "getMyDescription": _profile_getter("description"),
    "setMyShortDescription": _profile_setter("short_description"),
    "getMyShortDescription": _profile_getter("short_description"),
}
