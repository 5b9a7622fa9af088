"""Sending files on: by Telegram's own id as long as this bot was given it, else from the store.

Nothing is forwarded: a message put together anew bears no mark of where it came from.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import structlog
from telegram import (
    Bot,
    InputFile,
    InputMediaAudio,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
    Message,
    ReplyParameters,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.chat.parcels import Crate
from bot.rules.enclosures import BARE
from storage.files import FileStore
from storage.kinds import Media

ENDINGS = {
    Media.PHOTO: "jpg",
    Media.VIDEO: "mp4",
    Media.VOICE: "ogg",
    Media.AUDIO: "mp3",
    Media.ANIMATION: "mp4",
    Media.VIDEO_NOTE: "mp4",
    Media.DOCUMENT: "bin",
}
IN_ALBUM: dict[Media, Callable[..., Any]] = {
    Media.PHOTO: InputMediaPhoto,
    Media.VIDEO: InputMediaVideo,
    Media.DOCUMENT: InputMediaDocument,
    Media.AUDIO: InputMediaAudio,
}
UPLOAD = 120.0  # seconds for the way up

log = structlog.get_logger("shipping")


class Shipping:
    """Sends groups of files; those of a group form an album."""

    def __init__(self, bot: Bot, store: FileStore) -> None:
        self._bot, self._store = bot, store

    async def send(
        self,
        chat_id: int,
        crates: Sequence[Crate],
        caption: str,
        *,
        is_silent: bool,
        reply: ReplyParameters | None,
    ) -> list[int]:
        """Send files as one message or album; return the ids. Raises TelegramError, FileLost."""
        common: dict[str, Any] = {"disable_notification": is_silent, "reply_parameters": reply}
        if all(one.bot_id == self._bot.id for one in crates):
            try:
                return await self._put(chat_id, crates, [one.file_id for one in crates], caption, common)
            except BadRequest as error:
                # Whatever is wrong with the ids, the bytes are here.
                log.warning("file_id_refused", reason=error.message)
        contents = [await asyncio.to_thread(self._load, one) for one in crates]
        common |= {"write_timeout": UPLOAD, "read_timeout": UPLOAD}
        return await self._put(chat_id, crates, contents, caption, common)

    def _load(self, one: Crate) -> InputFile:
        name = one.name or f"tep-{one.sha256[:8]}.{ENDINGS[one.media]}"
        return InputFile(self._store.get(one.sha256), filename=name, attach=True)

    async def _put(
        self,
        chat_id: int,
        crates: Sequence[Crate],
        contents: Sequence[str | InputFile],
        caption: str,
        common: dict[str, Any],
    ) -> list[int]:
        if len(crates) > 1:
            album = [IN_ALBUM[one.media](content) for one, content in zip(crates, contents, strict=True)]
            sent = await self._bot.send_media_group(
                chat_id, album, caption=caption, parse_mode=ParseMode.HTML, **common
            )
            return [message.message_id for message in sent]
        media = crates[0].media
        captioned = {} if media in BARE else {"caption": caption, "parse_mode": ParseMode.HTML}
        call: Callable[..., Any] = getattr(self._bot, f"send_{media}")
        message: Message = await call(chat_id, contents[0], **captioned, **common)
        return [message.message_id]
