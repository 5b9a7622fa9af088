"""The table of Bot API methods, and those about the bot, its updates and its chats."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.demo import copies, media, menus, writing
from bot.demo.params import Params
from bot.demo.places import known_chat, writable_chat
from bot.demo.refusals import JSON, bad_request
from bot.demo.world import World

Method = Callable[[World, Params], Awaitable[Any]]


async def get_me(world: World, params: Params) -> JSON:
    abilities = {
        "can_join_groups": True,
        "can_read_all_group_messages": True,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }
    return {**world.bot.as_api(), **abilities}


async def get_updates(world: World, params: Params) -> list[JSON]:
    limit, timeout = params.number("limit", 100), params.number("timeout")
    return await world.updates.get(params.number("offset"), limit, timeout, params.items("allowed_updates"))


async def set_webhook(world: World, params: Params) -> bool:
    url = params.text("url")
    if url and not url.startswith("https://"):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    _drop_if_asked(world, params)
    world.updates.webhook = url
    return True


async def delete_webhook(world: World, params: Params) -> bool:
    _drop_if_asked(world, params)
    world.updates.webhook = ""
    return True


def _drop_if_asked(world: World, params: Params) -> None:
    if params.flag("drop_pending_updates"):
        world.updates.drop_pending()


async def get_webhook_info(world: World, params: Params) -> JSON:
    queue = world.updates
    info: JSON = {"url": queue.webhook, "has_custom_certificate": False}
    info["pending_update_count"] = len(queue.waiting)
    return info | ({"allowed_updates": queue.allowed} if queue.allowed else {})


async def say_goodbye(world: World, params: Params) -> bool:
    """logOut and close concern the machine that serves the bot; here they change nothing."""
    return True


async def get_chat(world: World, params: Params) -> JSON:
    chat = known_chat(world, params)
    gifts = (
        "unlimited_gifts",
        "limited_gifts",
        "unique_gifts",
        "premium_subscription",
        "gifts_from_channels",
    )
    accepted = {"accepted_gift_types": dict.fromkeys(gifts, True)}
    return {**chat.as_api(), "accent_color_id": 0, "max_reaction_count": 11, **accepted}


async def leave_chat(world: World, params: Params) -> bool:
    chat = writable_chat(world, params)
    if chat.type == "private":
        raise bad_request("chat member status can't be changed in private chats")
    chat.bot_status = "left"
    world.membership(chat, world.bot, "member", "left")
    world.pulse.beat()
    return True


METHODS: dict[str, Method] = {
    "getMe": get_me,
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "logOut": say_goodbye,
    "close": say_goodbye,
    "getChat": get_chat,
    "leaveChat": leave_chat,
    **writing.METHODS,
    **copies.METHODS,
    **media.METHODS,
    **menus.METHODS,
}
NAMES = {name.lower(): name for name in METHODS}
