"""The table of periodic jobs. Each sweeps for what is due; there is no timer per reminder, none in memory.

A job is a unit: it runs in the writer, may run again, and finds nothing to do when all is done.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlmodel import Session

from bot import clock as system_clock
from bot.clock import Clock
from bot.operations import calendars, outages, reminders, summaries, verdicts
from bot.pulse import Pulse
from bot.rules.office import Office
from storage.database import Database

log = structlog.get_logger("jobs")


class Sweep(Protocol):
    """What a job does: a unit of the writer."""

    def __call__(self, session: Session, *, now: datetime, office: Office) -> object: ...


@dataclass(frozen=True)
class Job:
    """A sweep and the seconds between two of its runs."""

    name: str
    seconds: int
    sweep: Sweep


JOBS: tuple[Job, ...] = (
    Job("alive", 30, outages.note_alive),
    Job("reminders", 20, reminders.sweep),
    Job("summaries", 60, summaries.sweep),
    Job("lapse", 300, verdicts.lapse_due),
    Job("calendar", 3600, calendars.remind_of_undecided),
)


class Jobs:
    """Runs the table while the bot serves. `swept` is called after each run, to send what it queued."""

    def __init__(
        self,
        database: Database,
        office: Office,
        clock: Clock,
        swept: Callable[[], None],
        pulse: Pulse | None = None,
    ) -> None:
        self._database, self._office, self._clock, self._swept = database, office, clock, swept
        self._pulse = pulse or Pulse()
        self._scheduler = AsyncIOScheduler(timezone="UTC")

    def start(self) -> None:
        """Begin to run every job at its interval."""
        for job in JOBS:
            self._scheduler.add_job(
                self.run,
                "interval",
                seconds=job.seconds,
                args=[job],
                id=job.name,
                misfire_grace_time=None,
                coalesce=True,
                max_instances=1,
            )
        self._scheduler.start()

    def set_going(self, names: Collection[str]) -> None:
        """Let stopped jobs run at once: the scheduler waits by a clock that may have been set back."""
        for job in JOBS:
            if job.name in names and self._scheduler.running:
                log.warning("job_stopped", job=job.name)
                self._scheduler.modify_job(job.name, next_run_time=system_clock.now())

    def close(self) -> None:
        """Start no further run."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def run_all(self) -> None:
        """Run every job once, in the order of the table: at start, and in the stories."""
        for job in JOBS:
            await self.run(job)

    async def run(self, job: Job) -> None:
        """Run one job; one that fails is logged and runs again at its next turn."""
        now = self._clock()
        try:
            await self._database.write(lambda session: job.sweep(session, now=now, office=self._office))
        except Exception:
            log.exception("job_failed", job=job.name)
        else:
            self._pulse.swept(job.name)
        self._swept()
