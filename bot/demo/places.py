"""Where a call may write: which chat it means, whether the bot may speak there, what it replies to."""

import itertools
from typing import Any

from bot.demo.entities import FormattedText, given, utf16_len
from bot.demo.markup import parse_html
from bot.demo.messages import Chat, Message, Quote
from bot.demo.params import Params
from bot.demo.refusals import Refusal, bad_request, forbidden
from bot.demo.world import World

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_AT_ONCE = 100  # messages copied, forwarded or deleted by one call


def known_chat(world: World, params: Params, name: str = "chat_id") -> Chat:
    """The chat a call names, if the bot ever met it."""
    wanted = params.text(name)
    if not wanted:
        raise bad_request(f"{name} is empty")
    chat = world.chats.get(params.number(name)) or _by_username(world, wanted)
    if chat is None or not _is_met(world, chat):
        raise bad_request("chat not found")
    if chat.migrated_to is not None:
        raise bad_request("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to)
    return chat


def _by_username(world: World, wanted: str) -> Chat | None:
    name = wanted.removeprefix("@").lower()
    named = (
        chat for chat in world.chats.values() if chat.user and (chat.user.username or "").lower() == name
    )
    return next(named, None) if wanted.startswith("@") else None


def _is_met(world: World, chat: Chat) -> bool:
    return chat.type != "private" or chat.started or chat.met


def writable_chat(world: World, params: Params) -> Chat:
    """The chat a call names, if the bot may write there."""
    chat = known_chat(world, params)
    if chat.type == "private":
        _check_person(chat)
    elif chat.bot_status == "kicked":
        raise forbidden(f"bot was kicked from the {chat.type} chat")
    elif chat.bot_status == "left":
        raise forbidden(f"bot is not a member of the {chat.type} chat")
    return chat


def _check_person(chat: Chat) -> None:
    if chat.deactivated:
        raise forbidden("user is deactivated")
    if chat.blocked:
        raise forbidden("bot was blocked by the user")
    if not chat.started:
        raise forbidden("bot can't initiate conversation with a user")


def formatted(params: Params, text_name: str, entities_name: str) -> FormattedText:
    """The text of a call, in the format that the call declares."""
    text = params.text(text_name)
    match params.text("parse_mode").lower():
        case "":
            return given(text, params.items(entities_name) or [])
        case "html":
            return parse_html(text)
    # Markdown is not spoken here: a bot that writes it would pass unread.
    raise bad_request("unsupported parse_mode")


def text_of(params: Params, too_long: str = "message is too long") -> FormattedText:
    """The text of a message: never empty, never longer than 4096 UTF-16 units after parsing."""
    if not params.text("text"):
        raise bad_request("message text is empty")
    content = formatted(params, "text", "entities")
    if not content.text.strip():
        raise bad_request("text must be non-empty")
    if utf16_len(content.text) > MAX_TEXT:
        raise bad_request(too_long)
    return content


def caption_of(params: Params) -> FormattedText:
    """The caption of a file: may be empty, never longer than 1024 UTF-16 units after parsing."""
    content = formatted(params, "caption", "caption_entities")
    if utf16_len(content.text) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    return content


def reply_marks(chat: Chat, params: Params) -> dict[str, Any]:
    """`reply_to` and `quote` of a new message, in the present form of the parameters or the old one."""
    reply = params.decoded("reply_parameters")
    if reply is None and params.values.get("reply_to_message_id"):
        reply = {
            "message_id": params.number("reply_to_message_id"),
            "allow_sending_without_reply": params.flag("allow_sending_without_reply"),
        }
    if reply is None:
        return {}
    if not isinstance(reply, dict) or "message_id" not in reply:
        raise bad_request("can't parse reply parameters JSON object")
    return _found_reply(chat, reply)


def _found_reply(chat: Chat, reply: dict[str, Any]) -> dict[str, Any]:
    same_chat = str(reply.get("chat_id") or chat.id) == str(chat.id)
    target = chat.messages.get(Params(reply, {}).number("message_id")) if same_chat else None
    if target is None:
        if reply.get("allow_sending_without_reply") and same_chat:
            return {}
        raise bad_request("message to be replied not found")
    return {"reply_to": target, "quote": _quote(target, reply)}


def _quote(target: Message, reply: dict[str, Any]) -> Quote | None:
    if not reply.get("quote"):
        return None
    html = str(reply.get("quote_parse_mode", "")).lower() == "html"
    words = parse_html(reply["quote"]).text if html else str(reply["quote"])
    return quoted(target, words)


def quoted(target: Message, words: str) -> Quote:
    """The quote of these words from a message; Telegram refuses words that are not in it."""
    at = target.words.find(words)
    if at < 0:
        raise bad_request("QUOTE_TEXT_INVALID")
    return Quote(words, utf16_len(target.words[:at]))


def own_message(world: World, params: Params) -> Message:
    """The bot's message that a call wants to edit."""
    chat = writable_chat(world, params)
    message = found_message(chat, params, "message to edit not found")
    if message.sender is not world.bot:
        raise bad_request("message can't be edited")
    return message


def found_message(chat: Chat, params: Params, complaint: str) -> Message:
    """The message that a call names, or a Refusal with the complaint."""
    if not params.text("message_id"):
        raise bad_request("message identifier is not specified")
    message = chat.messages.get(params.number("message_id"))
    if message is None:
        raise bad_request(complaint)
    return message


def found_messages(chat: Chat, params: Params) -> list[Message]:
    """Those of the `message_ids` that are there."""
    ids = params.items("message_ids")
    if not ids:
        raise bad_request("message identifiers are not specified")
    if len(ids) > MAX_AT_ONCE:
        raise bad_request("too many message identifiers specified")
    numbers = [Params({"id": one}, {}).number("id") for one in ids]
    if any(later <= earlier for earlier, later in itertools.pairwise(numbers)):
        raise bad_request("message identifiers must be in a strictly increasing order")
    return [chat.messages[number] for number in numbers if number in chat.messages]


def not_modified() -> Refusal:
    """An edit that would change nothing."""
    return bad_request(
        "message is not modified: specified new message content and reply markup are exactly the same"
        " as a current content and reply markup of the message"
    )
