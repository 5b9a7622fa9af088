"""From the outbox to Telegram: one row after another, marked as soon as Telegram took it.

A row is marked before the next one leaves, so that a kill leaves at most one message of which nobody
knows whether it arrived; only when Telegram is slow to answer do others leave meanwhile.
"""

import asyncio
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError

from bot.chat import parcels
from bot.chat.calls import Calls
from bot.chat.pacing import Pacer, Postponed
from bot.chat.parcels import Parcel, Waiting
from bot.clock import Clock
from bot.operations import delivery
from bot.rules.office import Office
from storage.database import Database
from storage.files import FileLost
from storage.kinds import Hindrance, OutboxKind

SLOW = 0.3  # seconds after which another message may leave beside one that is under way
LOOK = 1.0  # seconds: the command line writes to the outbox too
LONGEST_RETRY = 15.0  # seconds between two tries when Telegram cannot be reached
MANY_TRIES = 20  # of a call whose answer nobody can read: about four minutes
LOST = ("message to edit not found", "message can't be edited", "message_id_invalid")

log = structlog.get_logger("sender")


class Sender:
    """Takes what waits, the most urgent first, at Telegram's pace."""

    def __init__(self, calls: Calls, database: Database, office: Office, clock: Clock, pacer: Pacer) -> None:
        self._calls, self._database, self._office, self._clock = calls, database, office, clock
        self._pacer, self._postponed = pacer, Postponed(LONGEST_RETRY)
        self._wake = asyncio.Event()
        self._under_way: dict[int, asyncio.Task[None]] = {}
        self._closing = False

    def wake(self) -> None:
        """Look at the outbox now."""
        self._wake.set()

    async def run(self) -> None:
        """Send until closed. Cancelled, it leaves nothing behind that still speaks to Telegram."""
        try:
            while not self._closing:
                self._wake.clear()
                pause = await self._send_next()
                if pause > 0:
                    await self._rest(pause)
            await asyncio.gather(*self._under_way.values())
        finally:
            late = list(self._under_way.values())
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def close(self) -> None:
        """Send nothing more; `run` ends when what is under way has arrived."""
        self._closing = True
        self._wake.set()

    async def _rest(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._wake.wait(), timeout=seconds)
        except TimeoutError:
            return

    async def _send_next(self) -> float:
        """Start the most urgent call that may leave; return how long to rest if there is none."""
        pause = LOOK
        now = self._clock()
        for one in self._in_turn(await self._database.read(parcels.waiting)):
            if one.chat_id in self._under_way:
                continue
            wait = self._wait(one, now)
            if wait <= 0:
                await self._start(one)
                return 0.0
            pause = min(pause, wait)
        return pause

    def _in_turn(self, waiting: list[Waiting]) -> list[Waiting]:
        return sorted(waiting, key=lambda one: (one.lane, self._pacer.turn(one.chat_id)))

    def _wait(self, one: Waiting, at: datetime) -> float:
        now = time.monotonic()
        postponed = self._postponed.wait(one.row_id, one.not_before, at=at, now=now)
        return max(postponed, self._pacer.wait(one.chat_id, now, is_new=one.is_new))

    async def _start(self, one: Waiting) -> None:
        if one.is_new:
            self._pacer.started(time.monotonic(), one.count)
        task = asyncio.create_task(self._deliver(one), name=f"deliver {one.row_id}")
        self._under_way[one.chat_id] = task
        task.add_done_callback(lambda _task: self._arrived(one.chat_id))
        await asyncio.wait({task}, timeout=SLOW)

    def _arrived(self, chat_id: int) -> None:
        self._under_way.pop(chat_id, None)
        self._wake.set()

    async def _deliver(self, one: Waiting) -> None:
        """Send a row. What goes wrong on this side would go wrong each time: keep the row, and tell of it."""
        self._postponed.forget(one.row_id)
        try:
            await self._try(one)
        except Exception as error:
            log.exception("sending_failed", row=one.row_id)
            await self._keep_refused(one.row_id, type(error).__name__)  # its words may hold contents

    async def _try(self, one: Waiting) -> None:
        now = self._clock()
        parcel = await self._database.read(
            lambda session: parcels.pack(session, one.row_id, now=now, office=self._office)
        )
        if parcel is None:
            return
        if parcel.is_needless:
            await self._database.write(lambda session: delivery.mark_needless(session, parcel.row_id))
            return
        try:
            message_ids = await self._calls.make(parcel)
        except TelegramError as error:
            await self._fail(parcel, error)
        except FileLost:
            raise  # it is not there next time either
        except Exception as error:
            if parcel.attempts >= MANY_TRIES:
                raise
            await self._fail(
                parcel, TelegramError(f"{type(error).__name__}: {error}")
            )  # not Telegram's words
        else:
            await self._mark(parcel, message_ids)
        if one.is_new:
            self._pacer.ended(one.chat_id, time.monotonic(), one.count)

    async def _note_deletion(self, parcel: Parcel, *, succeeded: bool) -> None:
        await self._database.write(
            lambda session: delivery.mark_deleted(
                session, parcel.row_id, succeeded=succeeded, now=self._clock()
            )
        )

    async def _mark(self, parcel: Parcel, message_ids: Sequence[int] = ()) -> None:
        if parcel.kind is OutboxKind.DELETE:
            await self._note_deletion(parcel, succeeded=True)
            return
        await self._database.write(
            lambda session: delivery.mark_sent(
                session,
                parcel.row_id,
                *message_ids,
                shown=parcel.shown,
                now=self._clock(),
                office=self._office,
            )
        )

    # --- what goes wrong ---

    async def _fail(self, parcel: Parcel, error: TelegramError) -> None:
        """Find what an error means for the row, and note it."""
        log.warning("not_sent", row=parcel.row_id, chat=parcel.chat_id, reason=error.message)
        if isinstance(error, RetryAfter):
            await self._wait_as_told(parcel, error)
        elif isinstance(error, Forbidden):
            kind = Hindrance.DEACTIVATED if "deactivated" in error.message else Hindrance.BLOCKED
            await self._unreachable(parcel, kind)
        elif isinstance(error, BadRequest | ChatMigrated):
            await self._refused(parcel, error.message)
        else:
            await self._try_later(parcel, error)

    async def _wait_as_told(self, parcel: Parcel, error: RetryAfter) -> None:
        after = error.retry_after
        seconds = after.total_seconds() if isinstance(after, timedelta) else float(after)
        self._pacer.refused(parcel.chat_id, time.monotonic(), seconds)
        await self._postpone(parcel, seconds, error.message)

    async def _try_later(self, parcel: Parcel, error: TelegramError) -> None:
        """Telegram cannot be reached, or its answer makes no sense: hold everything for a moment."""
        if isinstance(error, NetworkError):
            self._pacer.hold_all(time.monotonic(), 0.5)
        seconds = min(2.0 ** min(parcel.attempts, 10), LONGEST_RETRY)
        await self._postpone(parcel, seconds, error.message)

    async def _postpone(self, parcel: Parcel, seconds: float, reason: str) -> None:
        until = self._clock() + timedelta(seconds=seconds)
        self._postponed.note(parcel.row_id, until, time.monotonic() + seconds)
        await self._database.write(lambda session: delivery.postpone(session, parcel.row_id, until, reason))

    async def _unreachable(self, parcel: Parcel, kind: Hindrance) -> None:
        if parcel.kind is OutboxKind.LEAVE:
            await self._mark(parcel)
            return
        await self._database.write(
            lambda session: delivery.mark_unreachable(session, parcel.row_id, kind, now=self._clock())
        )

    async def _refused(self, parcel: Parcel, reason: str) -> None:
        said = reason.lower()
        if parcel.kind is OutboxKind.CARD and said.startswith(LOST):
            await self._database.write(lambda session: delivery.lose_message(session, parcel.row_id))
        elif parcel.kind is OutboxKind.DELETE:
            await self._note_deletion(parcel, succeeded=False)
        elif parcel.kind in (OutboxKind.UNBUTTON, OutboxKind.LEAVE, OutboxKind.MENU):
            await self._mark(parcel)  # nothing there to change any more
        elif said.startswith("chat not found"):
            await self._unreachable(parcel, Hindrance.DEACTIVATED)
        else:
            await self._keep_refused(parcel.row_id, reason)

    async def _keep_refused(self, row_id: int, reason: str) -> None:
        try:
            await self._database.write(
                lambda session: delivery.mark_refused(session, row_id, reason, now=self._clock())
            )
        except Exception:
            # A row that stays queued would be tried again at once, and so for ever.
            log.exception("refusal_not_told", row=row_id)
            await self._database.write(
                lambda session: delivery.give_up(session, row_id, reason, now=self._clock())
            )
