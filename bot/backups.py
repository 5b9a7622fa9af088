"""A backup a day, made by the running bot, beside the writer; old ones go when a new one stands."""

import asyncio
import contextlib
from datetime import datetime, time, timedelta

import structlog

from bot.clock import Clock
from bot.operations import backups
from bot.rules.dates import HANOI
from bot.wording import backups as wording
from storage.backup import shelf
from storage.backup.making import make
from storage.backup.manifest import Made
from storage.backup.places import Places
from storage.backup.shelf import Backup
from storage.backup.troubles import BackupTrouble, Stopped, told_of
from storage.database import Database
from storage.engine import TROUBLE, DatabaseUnusable

FIRST = 15.0  # seconds after the start, in which others have more urgent things to do
EVERY = 60.0  # seconds between two looks
AGAIN = timedelta(hours=1)  # after a failure

log = structlog.get_logger("backups")


class DailyBackup:
    """Makes a backup a day at `at`, Hanoi time, or as soon after it as the bot runs.

    It keeps those of the newest `days` days; with 0 it makes none.
    """

    def __init__(self, database: Database, places: Places, clock: Clock, *, days: int, at: time) -> None:
        self._database, self._places, self._clock = database, places, clock
        self._days, self._at = days, at
        self._closing = asyncio.Event()
        self._again_at: datetime | None = None

    async def run(self) -> None:
        """Look now and then whether a backup is due, until closed."""
        pause = FIRST
        while not await self._is_closed_within(pause if self._days else None):
            try:
                await self.look()
            except Exception:
                log.exception("backup_not_remembered")
            pause = EVERY

    def close(self) -> None:
        """Make no further one; one that is being made is given up."""
        self._closing.set()

    async def look(self) -> None:
        """Make a backup if one is due; remember what became of it."""
        now = self._clock()
        if self._again_at is not None and now < self._again_at <= now + AGAIN:
            return
        if not await self._database.read(lambda session: backups.is_due(session, now=now, at=self._at)):
            return
        try:
            made = await asyncio.to_thread(self._back_up, now)
        except Stopped:
            return
        except (BackupTrouble, DatabaseUnusable, *TROUBLE) as trouble:
            await self._fail(wording.refusal(trouble), now)
        else:
            await self._succeed(made, now)

    def _back_up(self, now: datetime) -> Backup:
        places, folder = self._places, self._places.backups
        return make(places, folder, Made.DAILY, now=now.astimezone(HANOI), stop=self._closing.is_set)

    def _expire(self) -> list[str]:
        """Delete what is old; return why that could not be done, if it could not."""
        folder = self._places.backups
        try:
            with told_of(folder):
                shelf.expire(folder, self._days, stop=self._closing.is_set)
        except BackupTrouble as trouble:
            return [wording.refusal(trouble)]
        return []

    async def _succeed(self, made: Backup, now: datetime) -> None:
        self._again_at = None
        log.info("backed_up", folder=str(made.folder), bytes=made.manifest.total)
        remarks = wording.remarks(made.manifest)
        if not remarks:  # else an older one may be the last that is whole
            remarks = await asyncio.to_thread(self._expire)
        if remark := " ".join(remarks):
            log.warning("backup_with_remarks", reason=remark)
        await self._database.write(
            lambda session: backups.succeed(session, now=now, remark=remark, is_daily=True)
        )

    async def _fail(self, reason: str, now: datetime) -> None:
        self._again_at = now + AGAIN
        log.error("backup_failed", reason=reason)
        await self._database.write(lambda session: backups.fail(session, reason))

    async def _is_closed_within(self, seconds: float | None) -> bool:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._closing.wait(), seconds)
        return self._closing.is_set()
