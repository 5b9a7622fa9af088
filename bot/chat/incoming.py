"""An update as a plain value: what the handlers need, nothing of the library."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from telegram import (
    CallbackQuery,
    ChatMemberUpdated,
    InlineKeyboardMarkup,
    MaybeInaccessibleMessage,
    Message,
    Update,
    User,
)
from telegram.ext import filters

from bot.chat.media import Enclosure, enclosure
from storage.text import nfc


class Kind(StrEnum):
    """What sort of update came."""

    TEXT = "text"
    FILE = "file"
    EDIT = "edit"
    PRESS = "press"
    MEMBERSHIP = "membership"
    OTHER = "other"


@dataclass(frozen=True)
class RepliedTo:
    """The bot's message that a text replies to; `buttons` are (label, data)."""

    message_id: int
    text: str
    buttons: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Incoming:
    """One update, or an album's updates together; `user_id` is 0 if unknown.

    `text` is in NFC, free of control characters and trimmed; of a FILE it is the caption. A FILE without
    `files` is of a sort that is not taken.
    """

    kind: Kind
    chat_id: int
    is_private: bool
    user_id: int
    display_name: str = ""
    message_id: int = 0
    text: str = ""
    reply: RepliedTo | None = None
    press_id: str = ""
    press_data: str = ""
    has_left: bool = False  # of MEMBERSHIP: the bot was blocked or removed
    files: tuple[Enclosure, ...] = ()
    album: str = ""  # Telegram's name for what was sent together

    @property
    def is_text(self) -> bool:
        """Whether a person has written or sent something, and no command."""
        return self.kind in (Kind.TEXT, Kind.FILE) and self.command is None

    @property
    def command(self) -> tuple[str, str] | None:
        """The command's name and what follows it, if the text is one: `/xem_12` is ("xem", "12")."""
        if not self.text.startswith("/"):
            return None
        first, _, rest = self.text[1:].partition(" ")
        first, _, line = first.partition("\n")
        name, _, suffix = first.partition("@")[0].partition("_")
        return name.lower(), " ".join(filter(None, (suffix, line, rest))).strip()


def read(update: Update, bot_id: int) -> Incoming | None:
    """Return the update as a plain value; None for what concerns no chat."""
    if update.callback_query is not None:
        return _press(update.callback_query)
    if update.my_chat_member is not None:
        return _membership(update.my_chat_member)
    message = update.effective_message
    if message is None:
        return None
    if update.message is message:
        return _message(message, _kind(update, message), bot_id)
    return _message(message, Kind.EDIT if update.edited_message is message else Kind.OTHER, bot_id)


def together(parts: Sequence[Incoming]) -> Incoming:
    """Return the messages of one album as one; their captions become lines of its text."""
    first = parts[0]
    text = "\n".join(part.text for part in parts if part.text)
    reply = next((part.reply for part in parts if part.reply), None)
    return replace(first, text=text, reply=reply, files=tuple(file for part in parts for file in part.files))


def _kind(update: Update, message: Message) -> Kind:
    """A text, something else that a person sent, or a notice of Telegram's own (pinned, timer set)."""
    if message.text:
        return Kind.TEXT
    return Kind.OTHER if filters.StatusUpdate.ALL.check_update(update) else Kind.FILE


def _name(user: User | None) -> str:
    return nfc(user.full_name).strip() if user else ""


def _message(message: Message, kind: Kind, bot_id: int) -> Incoming:
    user, file = message.from_user, enclosure(message)
    return Incoming(
        kind=kind,
        chat_id=message.chat.id,
        is_private=message.chat.type == "private",
        user_id=user.id if user else 0,
        display_name=_name(user),
        message_id=message.message_id,
        text=nfc(message.text or message.caption or "").strip(),
        reply=_reply(message.reply_to_message, bot_id),
        files=(file,) if file else (),
        album=message.media_group_id or "",
    )


def _reply(message: Message | None, bot_id: int) -> RepliedTo | None:
    if message is None or message.from_user is None or message.from_user.id != bot_id:
        return None
    return RepliedTo(message.message_id, message.text or "", _buttons(message.reply_markup))


def _buttons(markup: InlineKeyboardMarkup | None) -> tuple[tuple[str, str], ...]:
    if markup is None:
        return ()
    buttons = (button for row in markup.inline_keyboard for button in row)
    return tuple((one.text, one.callback_data) for one in buttons if isinstance(one.callback_data, str))


def _press(query: CallbackQuery) -> Incoming:
    message: MaybeInaccessibleMessage | None = query.message
    return Incoming(
        kind=Kind.PRESS,
        chat_id=message.chat.id if message else query.from_user.id,
        is_private=message is None or message.chat.type == "private",
        user_id=query.from_user.id,
        display_name=_name(query.from_user),
        message_id=message.message_id if message else 0,
        press_id=query.id,
        press_data=query.data or "",
    )


def _membership(change: ChatMemberUpdated) -> Incoming:
    return Incoming(
        kind=Kind.MEMBERSHIP,
        chat_id=change.chat.id,
        is_private=change.chat.type == "private",
        user_id=change.from_user.id,
        display_name=_name(change.from_user),
        has_left=change.new_chat_member.status in ("left", "kicked"),
    )
