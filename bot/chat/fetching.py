"""Files are fetched before the unit that takes them: from enrolled people only, within a daily volume."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlmodel import Session
from telegram import Bot
from telegram.error import BadRequest, TelegramError

from bot.chat.incoming import Incoming, Kind
from bot.chat.media import Enclosure
from bot.clock import Clock
from bot.operations import attachments
from bot.operations.attachments import Fetched, NotFetched, Received, TooBig, TooMuch
from bot.operations.refusals import Refusal
from bot.rules.enclosures import LARGEST
from storage import attachments as stored
from storage import people
from storage.database import Database
from storage.files import FileStore

AT_ONCE = 4  # files in memory at the same time
PATIENCE = 60.0  # seconds for one file, after which the sender is asked to send again
ORPHANED = timedelta(hours=1)  # long after any update that could still need the bytes
TIDY = 3600.0  # seconds
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 8.0
MEGABYTE = 1024 * 1024

log = structlog.get_logger("fetching")


class Fetcher:
    """Brings files from Telegram into the store. `daily_bytes` is what one person may send a day."""

    def __init__(self, bot: Bot, database: Database, store: FileStore, daily_bytes: int) -> None:
        self._bot, self._database, self._store, self._daily_bytes = bot, database, store, daily_bytes
        self._at_once = asyncio.Semaphore(AT_ONCE)

    async def fetch(self, incoming: Incoming, now: datetime) -> Fetched:
        """Fetch what an update encloses. Nothing is fetched for a stranger or a suspended person."""
        if incoming.kind is not Kind.FILE or not incoming.files:
            return Fetched()  # an edited caption brings its file once more
        if not incoming.is_private:
            return Fetched()
        is_known, refusal = await self._database.read(lambda session: self._look(session, incoming, now))
        if not is_known or refusal is not None:
            return Fetched(refusal=refusal)
        try:
            return Fetched(tuple([await self._one(file, incoming.album) for file in incoming.files]))
        except Refusal as reason:
            return Fetched(refusal=reason)
        except TimeoutError:
            log.warning("file_not_fetched", reason="timeout")
            return Fetched(refusal=NotFetched())

    async def tidy(self, clock: Clock) -> None:
        """Forget orphans now and then, until cancelled; what hinders it hinders nothing else."""
        while True:
            try:
                await self.forget_orphans(clock())
            except Exception:
                log.exception("files_not_tidied")
            await asyncio.sleep(TIDY)

    async def forget_orphans(self, now: datetime) -> int:
        """Remove bytes that no attachment has: their update was refused after they had come."""
        old = await asyncio.to_thread(lambda: list(self._store.older_than(now - ORPHANED)))
        needed = await self._database.read(stored.digests) if old else set()
        orphans = [digest for digest in old if digest not in needed]
        for digest in orphans:
            await asyncio.to_thread(self._store.remove, digest)
        return len(orphans)

    def _look(self, session: Session, incoming: Incoming, now: datetime) -> tuple[bool, Refusal | None]:
        """Return whether the sender is one of the office, and why the files are not even asked for."""
        member = people.by_telegram_id(session, incoming.user_id)
        if member is None or not member.is_active:
            return False, None
        if any(file.size > LARGEST for file in incoming.files):
            return True, _too_big(incoming.files)
        used = attachments.volume_today(session, member, now=now)
        if used + sum(file.size for file in incoming.files) > self._daily_bytes:
            return True, TooMuch(count=len(incoming.files), daily=self._daily_bytes // MEGABYTE)
        return True, None

    async def _one(self, file: Enclosure, album: str) -> Received:
        async with self._at_once, asyncio.timeout(PATIENCE):
            content = await self._download(file)
            sha256 = await asyncio.to_thread(self._store.put, content)
        return Received(file.media, file.name, len(content), sha256, album, self._bot.id, file.file_id)

    async def _download(self, file: Enclosure) -> bytes:
        """Return a file's bytes, however often the way to Telegram breaks. Raises TooBig, NotFetched."""
        pause = FIRST_PAUSE
        while True:
            try:
                found = await self._bot.get_file(file.file_id)
                if (found.file_size or 0) > LARGEST:
                    raise _too_big([file])
                content = bytes(await found.download_as_bytearray(read_timeout=PATIENCE))
                if len(content) > LARGEST:
                    raise _too_big([file])
                return content
            except BadRequest as error:
                if "too big" in error.message:
                    raise _too_big([file]) from None
                log.warning("file_not_fetched", reason=error.message)
                raise NotFetched from None
            except TelegramError as error:
                log.warning("file_delayed", reason=error.message, retry_in_seconds=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)


def _too_big(files: Sequence[Enclosure]) -> TooBig:
    return TooBig(count=len(files), limit=LARGEST // MEGABYTE)
