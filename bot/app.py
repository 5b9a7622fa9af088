"""The composition root: settings, database, clock, Telegram, and the tasks that run while the bot serves."""

import asyncio
import contextlib
import ssl
from collections.abc import Coroutine
from functools import lru_cache
from typing import Any

import httpx
import structlog
from sqlmodel import Session
from telegram import Bot
from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application
from telegram.request import HTTPXRequest

from bot import clock as system_clock
from bot.backups import DailyBackup
from bot.chat.calls import Calls
from bot.chat.dispatch import Dispatch
from bot.chat.fetching import MEGABYTE, Fetcher
from bot.chat.pacing import Pacer
from bot.chat.receiver import Receiver
from bot.chat.sender import Sender
from bot.clock import Clock
from bot.jobs import Jobs
from bot.operations import outages
from bot.pulse import Pulse
from bot.rules.dates import HANOI
from bot.rules.health import Stage
from bot.settings import Settings
from bot.watch import Watch
from storage import branches, facts
from storage.backup.upgrading import upgrade
from storage.database import Database
from storage.files import FileStore
from storage.locks import ServeLock

BOT_NAME = "telegram.username"
STAND_BY = 2.0  # seconds between two looks whether this process may serve
BUSY = 2.0  # seconds of waiting for another process that writes: the writer tries again by itself
DRAIN = 7.0  # seconds for what is under way when the bot is told to stop
CATCH_UP = 2.0  # seconds for what people did while the bot was away

log = structlog.get_logger("app")


class ServedElsewhere(Exception):
    """Another `chatvan run` serves this database."""


class BadToken(Exception):
    """Telegram does not know the token."""


class ServingEnded(Exception):
    """The right to serve was lost; the process must start anew."""


@lru_cache(maxsize=1)
def _trusted() -> ssl.SSLContext:
    """Return whom to trust on the way to Telegram; reading it takes 20 ms, and one will do for all."""
    return httpx.create_ssl_context(trust_env=False)


def make_bot(settings: Settings) -> Bot:
    """Return the library's bot for these settings, not yet initialised."""
    proxy = settings.telegram.proxy.get_secret_value() if settings.telegram.proxy else None

    def request(pool: int) -> HTTPXRequest:
        return HTTPXRequest(
            connection_pool_size=pool,
            proxy=proxy,
            connect_timeout=10,
            read_timeout=20,
            write_timeout=20,
            pool_timeout=30,
            # Only the configured proxy, never one of the environment.
            httpx_kwargs={"trust_env": False, "verify": _trusted()},
        )

    return Bot(
        settings.telegram.token.get_secret_value(),
        base_url=f"{settings.telegram.base_url}/bot",
        base_file_url=f"{settings.telegram.base_url}/file/bot",
        request=request(64),
        get_updates_request=request(2),
    )


async def ask_username(settings: Settings) -> str | None:
    """Return the bot's name, as Telegram tells it now; None when Telegram cannot be asked."""
    bot = make_bot(settings)
    try:
        async with asyncio.timeout(8):
            await bot.initialize()
            return bot.username
    except InvalidToken as error:
        raise BadToken from error
    except (TelegramError, TimeoutError):
        return None
    finally:
        with contextlib.suppress(Exception):
            await bot.shutdown()


class App:
    """The running bot. `clock` is injected by tests and the demo."""

    def __init__(self, settings: Settings, *, clock: Clock = system_clock.now) -> None:
        self.settings, self.clock = settings, clock
        self.office = settings.office()
        self.database = Database(settings.database.url, busy_seconds=BUSY)
        self.lock = ServeLock(self.database.engine, settings.database.url)
        self.application: Application[Any, Any, Any, Any, Any, Any] = (
            Application.builder().bot(make_bot(settings)).updater(None).job_queue(None).build()
        )
        self.bot: Bot = self.application.bot
        pacer = Pacer(settings.telegram.messages_per_second, settings.telegram.chat_messages_per_second)
        store = FileStore(settings.files_folder())
        calls = Calls(self.bot, self.database, store)
        self.sender = Sender(calls, self.database, self.office, clock, pacer)
        daily = settings.telegram.daily_megabytes * MEGABYTE
        self.fetcher = Fetcher(self.bot, self.database, store, daily)
        self.dispatch = Dispatch(self.application, self.database, self.office, self.sender, self.fetcher)
        self.pulse = Pulse()
        self.jobs = Jobs(self.database, self.office, clock, self.sender.wake, self.pulse)
        self.receiver = Receiver(self.bot, self.database, clock, self.dispatch.wake, store, self.pulse)
        self.watch = Watch(
            self.database,
            self.jobs,
            self.pulse,
            clock,
            self.sender.wake,
            keeps_backups=settings.keeps_backups(),
        )
        kept = settings.retention
        self.backups = DailyBackup(
            self.database, settings.places(), clock, days=kept.backups, at=kept.backup_time
        )

    async def run(self, stop: asyncio.Event) -> None:
        """Serve until `stop` is set, then finish what is under way.

        Raises ServedElsewhere, BadToken, ServingEnded.
        """
        telling = asyncio.create_task(self._tell_machines(), name="web")
        try:
            if await self._take_lock(stop):
                self.pulse.enter(Stage.STARTING)
                await self._open_database()
                if await self._meet_telegram(stop):
                    await self._serve(stop)
        finally:
            await _end(telling)
            await self._close()

    async def _tell_machines(self) -> None:
        """Answer, also while standing by, whoever asks how this process is."""
        place = self.settings.web
        if place.port:
            from bot.web import Web  # its libraries are loaded only where it is wanted

            await Web(place.host, place.port, self.watch.report).run()

    async def _open_database(self) -> None:
        now = self.clock().astimezone(HANOI)
        await asyncio.to_thread(upgrade, self.settings.places(), now=now)
        self.database.start()
        names = self.settings.branch_names()
        await self.database.write(lambda session: branches.synchronise(session, names))

    async def _close(self) -> None:
        with contextlib.suppress(TelegramError, TimeoutError):
            async with asyncio.timeout(1):
                await self.application.shutdown()
        await asyncio.to_thread(self.database.close)
        self.lock.release()

    async def _take_lock(self, stop: asyncio.Event) -> bool:
        """Wait for the right to serve (PostgreSQL) or refuse a second process (SQLite)."""
        while not await asyncio.to_thread(self.lock.acquire):
            if not self.lock.may_wait:
                raise ServedElsewhere
            log.info("standing_by")
            if await _is_set_within(stop, STAND_BY):
                return False
        return True

    async def _meet_telegram(self, stop: asyncio.Event) -> bool:
        """Learn the bot's name, however long Telegram cannot be reached; return False when told to stop."""
        pause = 0.5
        while not stop.is_set():
            try:
                if not await _done_before(stop, self._introduce()):
                    return False
            except InvalidToken as error:
                raise BadToken from error
            except TelegramError as error:
                log.warning("telegram_unreachable", reason=error.message, retry_in_seconds=pause)
                await _is_set_within(stop, pause)
                pause = min(pause * 2, 15.0)
            else:
                await self.database.write(self._remember_name)
                return True
        return False

    async def _introduce(self) -> None:
        await self.application.initialize()
        await self.bot.delete_webhook()

    def _remember_name(self, session: Session) -> None:
        facts.remember(session, BOT_NAME, self.bot.username)

    async def _serve(self, stop: asyncio.Event) -> None:
        log.info("serving", bot=self.bot.username)
        self.pulse.enter(Stage.SERVING)
        self.pulse.reached()
        await self._come_back()
        await self.jobs.run_all()
        self.jobs.start()
        sending = asyncio.create_task(self._catch_up_and_send(), name="sender")
        dispatching = asyncio.create_task(self.dispatch.run(), name="dispatch")
        receiving = asyncio.create_task(self.receiver.run(), name="receiver")
        guarding = asyncio.create_task(self._guard_lock(), name="guard")
        watching = asyncio.create_task(self.watch.run(), name="watch")
        tidying = asyncio.create_task(self.fetcher.tidy(self.clock), name="tidy")
        copying = asyncio.create_task(self.backups.run(), name="backups")
        stopping = asyncio.create_task(stop.wait(), name="stop")
        tasks = {sending, dispatching, receiving, guarding, watching, tidying, copying, stopping}
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        log.info("stopping")
        self.jobs.close()
        self.backups.close()
        await _end(receiving, guarding, watching, tidying, stopping)
        self.dispatch.close()
        await _drain(dispatching)
        self.sender.close()
        await _drain(sending)
        await _drain(copying)
        for task in done:
            _raise_from(task)

    async def _catch_up_and_send(self) -> None:
        """Send, but first hear what people did meanwhile: a press may prove that a message has arrived.

        Else what Telegram took in the moment of a crash would be sent again.
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CATCH_UP):
                await self.receiver.has_asked.wait()
                await self.dispatch.caught_up()
        await self.sender.run()

    async def _come_back(self) -> None:
        """Before anything is reminded of: deadlines that fell into an outage move."""
        now = self.clock()
        await self.database.write(lambda session: outages.come_back(session, now=now, office=self.office))

    async def _guard_lock(self) -> None:
        """Watch the right to serve: a lost connection to PostgreSQL lets another process take over."""
        while True:
            await asyncio.sleep(STAND_BY)
            if not await asyncio.to_thread(self.lock.is_held):
                raise ServingEnded


async def _done_before(stop: asyncio.Event, work: Coroutine[Any, Any, None]) -> bool:
    """Do some work, unless told to stop before; return whether it is done. Raises what the work raises."""
    working, stopping = asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            working.result()
        return working.done()
    finally:
        await _end(working, stopping)


async def _is_set_within(event: asyncio.Event, seconds: float) -> bool:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
    return event.is_set()


async def _end(*tasks: "asyncio.Task[Any]") -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _drain(task: "asyncio.Task[Any]") -> None:
    """Let a task finish what is under way, but not for ever."""
    _done, late = await asyncio.wait({task}, timeout=DRAIN / 2)
    await _end(*late)


def _raise_from(task: "asyncio.Task[Any]") -> None:
    if task.cancelled() or task.exception() is None:
        return
    error = task.exception()
    assert error is not None
    if isinstance(error, InvalidToken):
        raise BadToken from error
    raise error
