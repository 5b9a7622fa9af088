"""The methods that write, change and remove messages, and that answer presses."""

from datetime import timedelta
from typing import Any

from bot.demo.entities import FormattedText
from bot.demo.keyboards import checked_inline, checked_markup
from bot.demo.messages import Chat, Message
from bot.demo.params import Params
from bot.demo.places import (
    caption_of,
    found_message,
    found_messages,
    known_chat,
    not_modified,
    own_message,
    reply_marks,
    text_of,
    writable_chat,
)
from bot.demo.refusals import JSON, bad_request
from bot.demo.world import Toast, World

MAX_TOAST = 200
DELETABLE_FOR = timedelta(hours=48)
CHAT_ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}


def outgoing_marks(chat: Chat, params: Params) -> JSON:
    """What every new message of the bot may carry beside its content."""
    return {
        "markup": checked_markup(params.decoded("reply_markup")),
        "silent": params.flag("disable_notification"),
        "protected": params.flag("protect_content"),
        **reply_marks(chat, params),
    }


async def send_message(world: World, params: Params) -> JSON:
    content = text_of(params)
    chat = writable_chat(world, params)
    marks = outgoing_marks(chat, params)
    world.limits.charge(chat.id)
    return world.post(chat, world.bot, content, **marks).as_api()


async def edit_message_text(world: World, params: Params) -> JSON:
    content = text_of(params, too_long="MESSAGE_TOO_LONG")
    message = own_message(world, params)
    if message.file:
        raise bad_request("there is no text in the message to edit")
    return _edited(world, message, content, params)


async def edit_message_caption(world: World, params: Params) -> JSON:
    content = caption_of(params)
    message = own_message(world, params)
    if not message.file:
        raise bad_request("there is no caption in the message to edit")
    return _edited(world, message, content, params)


async def edit_message_reply_markup(world: World, params: Params) -> JSON:
    message = own_message(world, params)
    return _edited(world, message, message.content, params)


def _edited(world: World, message: Message, content: FormattedText, params: Params) -> JSON:
    """An edit replaces the buttons too: without reply_markup they go."""
    markup = checked_inline(params.decoded("reply_markup"))
    if message.markup and not message.inline:
        raise bad_request("message can't be edited")
    if content == message.content and markup == message.markup:
        raise not_modified()
    world.edit(message, content, markup)
    return message.as_api()


async def delete_message(world: World, params: Params) -> bool:
    chat = known_chat(world, params)
    message = found_message(chat, params, "message to delete not found")
    _check_deletable(world, message)
    world.delete(message)
    return True


def _check_deletable(world: World, message: Message) -> None:
    if world.now() - message.sent_at > DELETABLE_FOR:
        raise bad_request("message can't be deleted for everyone")
    if message.chat.type != "private" and message.sender is not world.bot:
        raise bad_request("message can't be deleted")


async def delete_messages(world: World, params: Params) -> bool:
    """Delete several at once; those that are not there are passed over."""
    chat = known_chat(world, params)
    found = found_messages(chat, params)
    for message in found:
        _check_deletable(world, message)
    for message in found:
        world.delete(message)
    return True


async def answer_callback_query(world: World, params: Params) -> bool:
    text = params.text("text")
    if len(text) > MAX_TOAST:
        raise bad_request("MESSAGE_TOO_LONG")
    press = world.open_press(params.text("callback_query_id"))
    if press is None:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    world.answer(press, Toast(text, params.flag("show_alert"), params.text("url") or None))
    return True


async def send_chat_action(world: World, params: Params) -> bool:
    writable_chat(world, params)
    if params.text("action") not in CHAT_ACTIONS:
        raise bad_request("wrong parameter action in request")
    return True


METHODS: dict[str, Any] = {
    "sendMessage": send_message,
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
    "answerCallbackQuery": answer_callback_query,
    "sendChatAction": send_chat_action,
}
