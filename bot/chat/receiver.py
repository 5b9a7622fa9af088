"""From Telegram to the inbox: stored first, acknowledged after.

The receiver polls by itself, since the library's own updater tells Telegram that updates have arrived
before anything is stored. An update whose texts carry a secrecy mark is kept as ids and dates only,
and its message is deleted.
"""

import asyncio
import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlmodel import Session
from telegram import Bot
from telegram.error import Conflict, EndPointNotFound, InvalidToken, RetryAfter, TelegramError
from telegram.warnings import PTBUserWarning

from bot.clock import Clock
from bot.operations import secrecy as secret
from bot.pulse import Pulse
from bot.rules import secrecy
from storage import inbox, outbox
from storage.database import Database
from storage.files import FileStore
from storage.inbox import Arrival
from storage.kinds import Lane, OutboxKind

LONG_POLL = 25  # seconds that Telegram holds the question open
LIMIT = 100
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 15.0
WANTED = ["message", "edited_message", "callback_query", "my_chat_member"]
LARGEST = 2**63 - 1
UNAUTHORIZED = "Unauthorized"

# The library means well: its own getUpdates would acknowledge what it cannot parse.
warnings.filterwarnings("ignore", message=r"Please use 'Bot\.getUpdates'", category=PTBUserWarning)

log = structlog.get_logger("receiver")


class Receiver:
    """Asks Telegram for updates, one question after another."""

    def __init__(
        self,
        bot: Bot,
        database: Database,
        clock: Clock,
        stored: Callable[[], None],
        files: FileStore,
        pulse: Pulse | None = None,
    ) -> None:
        self._store_of_files = files
        self._bot, self._database, self._clock, self._stored = bot, database, clock, stored
        self._pulse = pulse or Pulse()
        self._offset: int | None = None  # none at first: update ids may have started anew
        self._pause = FIRST_PAUSE
        self.has_asked = asyncio.Event()  # what came while the bot was away is stored, or cannot be had now

    async def run(self) -> None:
        """Receive until cancelled. Raises InvalidToken when Telegram does not know the bot."""
        while True:
            try:
                updates = await self._ask()
            except InvalidToken:
                raise
            except RetryAfter as error:
                self.has_asked.set()
                await asyncio.sleep(_seconds(error.retry_after))
            except TelegramError as error:
                self.has_asked.set()
                await self._wait(error)
            else:
                self._pause = FIRST_PAUSE
                self._pulse.reached()
                await self._store(updates)
                self.has_asked.set()

    async def _ask(self) -> list[dict[str, Any]]:
        """Return the updates that wait. The first question does not wait for one to come.

        Raises TelegramError, also for an answer in which there is nothing to acknowledge: it would come again
        and again, at once.
        """
        question: dict[str, Any] = {
            "timeout": LONG_POLL if self.has_asked.is_set() else 0,
            "limit": LIMIT,
            "allowed_updates": WANTED,
        }
        if self._offset is not None:
            question["offset"] = self._offset
        answer = await self._call(question)
        if not isinstance(answer, list):
            raise TelegramError("getUpdates was answered by something else than updates")
        updates = [one for one in answer if isinstance(one, dict) and _is_id(one.get("update_id"))]
        if answer and not updates:
            raise TelegramError("getUpdates was answered by updates without ids")
        return updates

    async def _call(self, question: dict[str, Any]) -> object:
        try:
            return await self._bot.do_api_request(
                "getUpdates", api_kwargs=question, read_timeout=LONG_POLL + 10
            )
        except EndPointNotFound as error:
            # So the library calls both 401 and 404; a proxy's 404 says nothing of the token.
            if isinstance(error.__cause__, InvalidToken) and error.__cause__.message == UNAUTHORIZED:
                raise error.__cause__ from None
            raise
        except (LookupError, TypeError) as error:  # an answer that is JSON, but not Telegram's
            raise TelegramError(f"{type(error).__name__}: {error}") from error

    async def _wait(self, error: TelegramError) -> None:
        """Another bot process polls, or Telegram cannot be reached: wait and ask again."""
        key = "telegram_unreachable"
        if isinstance(error, Conflict):
            key = "another_bot_is_polling"
            self._pulse.contested()
        log.warning(key, reason=error.message, retry_in_seconds=self._pause)
        await asyncio.sleep(self._pause)
        self._pause = min(self._pause * 2, LONGEST_PAUSE)

    async def _store(self, updates: list[dict[str, Any]]) -> None:
        if not updates:
            return
        now = self._clock()
        bot_id = self._bot.id

        def keep(session: Session) -> list[str]:
            screened = [_arrival(update, bot_id) for update in updates]
            arrivals = [_as_its_album(session, arrival, screened) for arrival in screened]
            lost: list[str] = []
            for own, arrival, update in zip(screened, arrivals, updates, strict=True):
                if arrival.raw is None and not inbox.is_known(session, bot_id, arrival):
                    lost += _refuse(session, arrival, update, now, is_marked=own.raw is None)
            inbox.store(session, bot_id, arrivals, now)
            return lost

        for digest in await self._database.write(keep):
            await asyncio.to_thread(self._store_of_files.remove, digest)
        self._offset = max(update["update_id"] for update in updates) + 1
        self._stored()


def _seconds(retry_after: int | timedelta) -> float:
    return retry_after.total_seconds() if isinstance(retry_after, timedelta) else float(retry_after)


def _is_id(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < LARGEST


def _arrival(update: dict[str, Any], bot_id: int) -> Arrival:
    is_marked = secrecy.screen(update, bot_id=bot_id)
    return Arrival(
        update_id=update["update_id"],
        identity=identity(update),
        chat_id=chat_of(update),
        raw=None if is_marked else update,
        album=album_of(update),
    )


def _as_its_album(session: Session, arrival: Arrival, arrivals: Sequence[Arrival]) -> Arrival:
    """A part of an album of which another part is marked is refused like it."""
    if arrival.raw is None or not arrival.album:
        return arrival
    key = (arrival.chat_id, arrival.album)
    is_marked = any(one.raw is None and (one.chat_id, one.album) == key for one in arrivals)
    return replace(arrival, raw=None) if is_marked or secret.is_marked(session, *key) else arrival


def _content(update: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """Return which kind of update it is, and its content."""
    for kind, content in update.items():
        if kind != "update_id" and isinstance(content, dict):
            return kind, content
    return "", {}


def _within(content: Mapping[str, Any], *path: str) -> Any:
    found: Any = content
    for key in path:
        found = found.get(key) if isinstance(found, dict) else None
    return found


def identity(update: Mapping[str, Any]) -> str:
    """Return what tells an update from another of the same id: its kind, ids and dates, no content."""
    kind, content = _content(update)
    parts = [content.get("id")] if kind == "callback_query" else []
    parts.append(_within(content, "chat", "id"))
    parts += [content.get(key) for key in ("message_id", "date", "edit_date")]
    # In ASCII, since what is malformed may hold letters that no database takes.
    return ascii(":".join([kind, *(str(part) for part in parts if part is not None)]))[1:-1][:200]


def chat_of(update: Mapping[str, Any]) -> int | None:
    """Return the chat in which an update must be worked off in order."""
    _kind, content = _content(update)
    for path in (("chat", "id"), ("message", "chat", "id"), ("from", "id")):
        found = _within(content, *path)
        if _is_id(found):
            return int(found)
    return None


def album_of(update: Mapping[str, Any]) -> str:
    """Return Telegram's name of the album that a message belongs to; empty if to none."""
    name = _within(update, "message", "media_group_id")
    return name if isinstance(name, str) and re.fullmatch(r"[!-~]{1,64}", name) else ""


def _refuse(
    session: Session, arrival: Arrival, update: Mapping[str, Any], now: datetime, *, is_marked: bool
) -> list[str]:
    """Have a message deleted, in a private chat; `is_marked`: it is the one that carries the mark.

    Its sender is told why, of an album once. Returns the digests of the bytes to be forgotten with it.
    """
    _kind, content = _content(update)
    chat_id, message_id = _within(content, "chat", "id"), _within(content, "message_id")
    if not (_is_id(chat_id) and _is_id(message_id)):
        return []
    if _within(content, "chat", "type") != "private":
        outbox.queue(session, int(chat_id), OutboxKind.LEAVE, {}, lane=Lane.OWN, now=now)
        return []
    secret.delete_message(session, int(chat_id), int(message_id), is_told=is_marked, now=now)
    is_first = is_marked and arrival.album
    return secret.forget_album(session, int(chat_id), arrival.album, now=now) if is_first else []
