"""The methods that pass messages on: a copy bears no mark of its author, a forward does."""

from typing import Any

from bot.demo.entities import FormattedText
from bot.demo.messages import Chat, Message
from bot.demo.params import Params
from bot.demo.places import caption_of, found_message, found_messages, known_chat, writable_chat
from bot.demo.refusals import JSON, bad_request
from bot.demo.world import World
from bot.demo.writing import outgoing_marks


async def copy_message(world: World, params: Params) -> JSON:
    source = found_message(known_chat(world, params, "from_chat_id"), params, "message to copy not found")
    chat = writable_chat(world, params)
    content = caption_of(params) if "caption" in params.values and source.file else source.content
    marks = outgoing_marks(chat, params)
    world.limits.charge(chat.id)
    return {"message_id": world.post(chat, world.bot, content, **what_is_in(source), **marks).id}


async def copy_messages(world: World, params: Params) -> list[JSON]:
    """Copy up to 100 at once; albums stay albums, what is not there is passed over."""
    sources, chat = _several(world, params, "there are no messages to copy")
    is_bare, shared = params.flag("remove_caption"), _shared(params)
    return [
        _posted(
            world,
            chat,
            source,
            FormattedText() if is_bare and source.file else source.content,
            **shared,
            **album,
        )
        for source, album in _regrouped(world, sources)
    ]


async def forward_message(world: World, params: Params) -> JSON:
    source = found_message(known_chat(world, params, "from_chat_id"), params, "message to forward not found")
    chat = writable_chat(world, params)
    _check_forwardable(source)
    world.limits.charge(chat.id)
    silent = params.flag("disable_notification")
    marks = {"silent": silent, "origin": origin_of(source), **what_is_in(source)}
    return world.post(chat, world.bot, source.content, **marks).as_api()


async def forward_messages(world: World, params: Params) -> list[JSON]:
    """Forward up to 100 at once; albums stay albums, what is not there is passed over."""
    sources, chat = _several(world, params, "there are no messages to forward")
    for source in sources:
        _check_forwardable(source)
    shared = _shared(params)
    return [
        _posted(world, chat, source, source.content, origin=origin_of(source), **shared, **album)
        for source, album in _regrouped(world, sources)
    ]


def _several(world: World, params: Params, complaint: str) -> tuple[list[Message], Chat]:
    sources = found_messages(known_chat(world, params, "from_chat_id"), params)
    if not sources:
        raise bad_request(complaint)
    chat = writable_chat(world, params)
    world.limits.charge(chat.id, len(sources))
    return sources, chat


def _shared(params: Params) -> JSON:
    return {"silent": params.flag("disable_notification"), "protected": params.flag("protect_content")}


def _regrouped(world: World, sources: list[Message]) -> list[tuple[Message, JSON]]:
    """The messages, each with its place in a new album if it was in one."""
    albums = {source.media_group_id: world.new_album() for source in sources if source.media_group_id}
    return [(source, {"media_group_id": albums.get(source.media_group_id or "")}) for source in sources]


def _posted(world: World, chat: Chat, source: Message, content: FormattedText, **marks: Any) -> JSON:
    return {"message_id": world.post(chat, world.bot, content, **what_is_in(source), **marks).id}


def what_is_in(source: Message) -> JSON:
    """What a message holds beside its words."""
    return {"file": source.file, "thing": source.thing}


def _check_forwardable(source: Message) -> None:
    if source.protected:
        raise bad_request("message has protected content and can't be forwarded")


def origin_of(source: Message) -> JSON:
    """Whom a forwarded message comes from: the first author, however often it travelled."""
    date = int(source.sent_at.timestamp())
    return source.origin or {"type": "user", "date": date, "sender_user": source.sender.as_api()}


METHODS: dict[str, Any] = {
    "copyMessage": copy_message,
    "copyMessages": copy_messages,
    "forwardMessage": forward_message,
    "forwardMessages": forward_messages,
}
