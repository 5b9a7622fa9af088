"""Each kind of outbox row as the call to Telegram that it stands for."""

from collections.abc import Sequence

import structlog
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.chat.commands import menu
from bot.chat.parcels import Parcel
from bot.chat.shipping import Shipping
from bot.wording.catalogue import plain
from bot.wording.lengths import strip_tags
from storage import people
from storage.database import Database
from storage.files import FileStore
from storage.kinds import OutboxKind

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

log = structlog.get_logger("calls")


class Calls:
    """Makes the calls, one at a time as it is told; every TelegramError is the caller's to judge."""

    def __init__(self, bot: Bot, database: Database, store: FileStore) -> None:
        self._bot, self._database = bot, database
        self._shipping = Shipping(bot, store)

    async def make(self, parcel: Parcel) -> Sequence[int]:
        """Make the call; return the ids of the messages that it put or found in the chat."""
        match parcel.kind:
            case OutboxKind.MESSAGE:
                return [await self._show(parcel)]
            case OutboxKind.DOCUMENT:
                return [await self._send_document(parcel)]
            case OutboxKind.FILES:
                return await self._shipping.send(
                    parcel.chat_id,
                    parcel.crates,
                    parcel.html,
                    is_silent=parcel.is_silent,
                    reply=_reply(parcel),
                )
            case OutboxKind.CARD:
                if parcel.is_unchanged and parcel.message_id is not None:
                    return [parcel.message_id]
                return [await self._show(parcel)]
            case OutboxKind.UNBUTTON:
                await self._unbutton(parcel)
            case OutboxKind.DELETE:
                await self._bot.delete_message(parcel.chat_id, parcel.message_id or 0)
            case OutboxKind.MENU:
                await self._set_menu(parcel.chat_id)
            case OutboxKind.LEAVE:
                await self._bot.leave_chat(parcel.chat_id)
        return []

    async def _unbutton(self, parcel: Parcel) -> None:
        if parcel.html and parcel.message_id is not None:
            await self._edit(parcel, parcel.message_id, parcel.html, ParseMode.HTML)
        else:
            await self._bot.edit_message_reply_markup(parcel.chat_id, parcel.message_id)

    async def _show(self, parcel: Parcel) -> int:
        try:
            return await self._put(parcel, parcel.html, ParseMode.HTML)
        except BadRequest as error:
            if "parse entities" not in error.message:
                raise
            log.error("html_refused", row=parcel.row_id, reason=error.message)
            return await self._put(parcel, strip_tags(parcel.html), None)

    async def _put(self, parcel: Parcel, text: str, mode: str | None) -> int:
        if parcel.message_id is None:
            return await self._send(parcel, text, mode)
        return await self._edit(parcel, parcel.message_id, text, mode)

    async def _send(self, parcel: Parcel, text: str, mode: str | None) -> int:
        message = await self._bot.send_message(
            parcel.chat_id,
            text,
            parse_mode=mode,
            disable_notification=parcel.is_silent,
            reply_markup=ForceReply() if parcel.awaits_text else _keyboard(parcel),
            reply_parameters=_reply(parcel),
            link_preview_options=NO_PREVIEW,
        )
        return message.message_id

    async def _send_document(self, parcel: Parcel) -> int:
        document = parcel.document
        assert document is not None
        message = await self._bot.send_document(
            parcel.chat_id,
            document.content,
            caption=document.caption,
            parse_mode=ParseMode.HTML,
            filename=document.name,
            disable_notification=parcel.is_silent,
        )
        return message.message_id

    async def _edit(self, parcel: Parcel, message_id: int, text: str, mode: str | None) -> int:
        try:
            message: Message | bool = await self._bot.edit_message_text(
                text,
                parcel.chat_id,
                message_id,
                parse_mode=mode,
                reply_markup=_keyboard(parcel),
                link_preview_options=NO_PREVIEW,
            )
        except BadRequest as error:
            if "not modified" not in error.message:
                raise
            return message_id
        return message.message_id if isinstance(message, Message) else message_id

    async def _set_menu(self, chat_id: int) -> None:
        member = await self._database.read(lambda session: people.by_telegram_id(session, chat_id))
        scope = BotCommandScopeChat(chat_id)
        if member is None:
            await self._bot.delete_my_commands(scope)
            return
        commands = [BotCommand(one.name, plain(f"command.{one.name}")) for one in menu(member.roles)]
        await self._bot.set_my_commands(commands, scope)


def _keyboard(parcel: Parcel) -> InlineKeyboardMarkup | None:
    if not parcel.buttons:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=data) for label, data in row] for row in parcel.buttons]
    )


def _reply(parcel: Parcel) -> ReplyParameters | None:
    if parcel.reply_to is None:
        return None
    return ReplyParameters(parcel.reply_to, allow_sending_without_reply=True)
