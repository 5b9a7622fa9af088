"""From the inbox to the units: the only async handler, which turns an update into one unit of work.

Updates of one chat are worked off in order, those of different chats side by side. A unit that fails
is kept with its error and told to the person; it blocks nobody.
"""

import asyncio
import contextlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlmodel import Session
from telegram import Update
from telegram.error import TelegramError
from telegram.ext import Application, ContextTypes, TypeHandler

from bot.chat import incoming as reading
from bot.chat import routing
from bot.chat.albums import Albums
from bot.chat.fetching import Fetcher
from bot.chat.incoming import Incoming
from bot.chat.sender import Sender
from bot.operations import delivery, post
from bot.operations.attachments import Fetched
from bot.rules.office import Office
from bot.wording.catalogue import plain, say
from bot.wording.message import Message
from storage import inbox
from storage.database import Database
from storage.tables import InboxUpdate

LONGEST_TOAST = 200
AT_ONCE = 64
LOOK = 0.02  # seconds
LOOK_BACK = 1.0  # seconds: the command line puts back what had failed

log = structlog.get_logger("dispatch")


@dataclass(frozen=True)
class Envelope:
    """A stored update on its way to the handler, or an album's updates together.

    `is_again`: it failed before, and was put back.
    """

    seqs: tuple[int, ...]
    chat_id: int | None
    received_at: datetime
    raws: tuple[dict[str, Any], ...]
    is_again: bool = False


class Dispatch:
    """Takes stored updates, chat by chat, and has each worked off in the writer."""

    def __init__(
        self,
        application: Application[Any, Any, Any, Any, Any, Any],
        database: Database,
        office: Office,
        sender: Sender,
        fetcher: Fetcher,
    ) -> None:
        self._application, self._database, self._office = application, database, office
        self._sender, self._fetcher = sender, fetcher
        self._albums = Albums(self._begin)
        self._last: dict[int | None, asyncio.Task[None]] = {}
        self._seen = 0
        self._taken: set[int] = set()  # up to `_seen`, and not worked off yet
        self._look_back_at = 0.0
        self._wake = asyncio.Event()
        self._at_once = asyncio.Semaphore(AT_ONCE)
        self._closing = False
        application.add_handler(TypeHandler(Envelope, self._handle))

    def wake(self) -> None:
        """Look at the inbox now."""
        self._wake.set()

    async def run(self) -> None:
        """Work off what is stored, until closed. Cancelled, it leaves nothing behind that still speaks."""
        try:
            while not self._closing:
                self._wake.clear()
                rows = await self._look()
                for row in rows:
                    assert row.seq is not None
                    self._seen = max(self._seen, row.seq)
                    self._taken.add(row.seq)
                    self._albums.take(row)
                if not rows:
                    await self._rest()
            await asyncio.gather(*self._last.values())
        finally:
            late = list(self._last.values())
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _look(self) -> Sequence[InboxUpdate]:
        """Return what waits and was not taken yet, in order; now and then also what was put back."""
        # As it stands before the look: what is worked off meanwhile still waits in what the look shows.
        taken, is_due = frozenset(self._taken), time.monotonic() >= self._look_back_at

        def question(session: Session) -> Sequence[InboxUpdate]:
            back = inbox.passed_over(session, self._seen, taken) if is_due else ()
            return [*back, *inbox.pending(session, self._seen)]

        if is_due:
            self._look_back_at = time.monotonic() + LOOK_BACK
        return await self._database.read(question)

    async def _rest(self) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), LOOK_BACK)

    async def caught_up(self) -> None:
        """Wait until everything stored is worked off."""
        while await self._database.read(inbox.count_pending):  # noqa: ASYNC110 - the count is the database's
            await asyncio.sleep(LOOK)

    def close(self) -> None:
        """Begin nothing more; `run` ends when what was begun is done. The rest stays in the inbox."""
        self._closing = True
        self._albums.close()
        self._wake.set()

    def _begin(self, rows: list[InboxUpdate]) -> None:
        """Queue an update, or an album's, behind the one before it in its chat."""
        first = rows[0]
        seqs = tuple(row.seq for row in rows if row.seq is not None)
        raws = tuple(row.raw or {} for row in rows)
        is_again = any(row.error for row in rows)
        envelope = Envelope(seqs, first.chat_id, first.received_at, raws, is_again)
        before = self._last.get(first.chat_id)
        task = asyncio.create_task(self._take(envelope, before), name=f"update {seqs[0]}")
        self._last[first.chat_id] = task
        task.add_done_callback(lambda done: self._forget(envelope, done))

    def _forget(self, envelope: Envelope, done: "asyncio.Task[None]") -> None:
        self._taken.difference_update(envelope.seqs)
        if self._last.get(envelope.chat_id) is done:
            del self._last[envelope.chat_id]

    async def _take(self, envelope: Envelope, before: "asyncio.Task[None] | None") -> None:
        if before is not None:
            await asyncio.wait({before})
        async with self._at_once:
            if not self._closing:
                await self._application.process_update(envelope)

    async def _handle(self, envelope: Envelope, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Work off one update; then speak."""
        incoming: Incoming | None = None
        try:
            incoming = self._read(envelope)
            fetched = await self._fetcher.fetch(incoming, envelope.received_at) if incoming else Fetched()
            toast = await self._database.write(
                lambda session: self._unit(session, envelope, incoming, fetched)
            )
        except Exception as error:
            log.exception("update_failed", seq=envelope.seqs[0])
            toast = await self._keep_failed(envelope, error)
        self._sender.wake()
        if incoming is not None and incoming.press_id and not envelope.is_again:
            await self._answer(incoming, toast)

    def _read(self, envelope: Envelope) -> Incoming | None:
        bot = self._application.bot
        read = [reading.read(Update.de_json(raw, bot), bot.id) for raw in envelope.raws]
        parts = [part for part in read if part is not None]
        return reading.together(parts) if len(parts) > 1 else next(iter(parts), None)

    def _unit(
        self, session: Session, envelope: Envelope, incoming: Incoming | None, fetched: Fetched
    ) -> str | None:
        fresh = [inbox.mark_done(session, seq) for seq in envelope.seqs]
        if not all(fresh) or incoming is None:
            return None
        toast = routing.work(session, incoming, fetched, now=envelope.received_at, office=self._office)
        if toast and envelope.is_again:  # for a toast it is too late
            message = Message(say("plain", text=toast))
            post.tell_chat(session, incoming.chat_id, message, now=envelope.received_at)
        return toast

    async def _answer(self, incoming: Incoming, toast: str | None) -> None:
        """Speak the toast. One that comes too late is of no use to anybody."""
        with contextlib.suppress(TelegramError):
            await self._application.bot.answer_callback_query(
                incoming.press_id, text=(toast or "")[:LONGEST_TOAST] or None
            )

    async def _keep_failed(self, envelope: Envelope, error: Exception) -> str:
        """Keep what could not be worked off, and tell of it; return the toast, should it be a press."""
        said = f"{type(error).__name__}: {error}"[:2000]

        def keep(session: Session) -> None:
            for seq in envelope.seqs:
                inbox.mark_failed(session, seq, said)
            chat_id = None if envelope.is_again else envelope.chat_id  # the person knows
            delivery.tell_failure(session, envelope.seqs[0], chat_id, now=envelope.received_at)

        await self._database.write(keep)
        return plain("refusal.unit_failed")
