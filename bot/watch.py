"""The one who watches, and hangs on nothing that is watched: no job, no sweep, no clock that can be set.

It judges how things stand every half minute, tells the administrators what is wrong, and answers whoever
asks (`bot.web`).
"""

import asyncio
from collections.abc import Callable

import structlog

from bot.clock import Clock
from bot.jobs import JOBS, Jobs
from bot.operations import alarms, health
from bot.pulse import Pulse
from bot.rules.health import Report, Rows, Stage, judge, worth_telling
from storage.database import Database

EVERY = 30.0  # seconds between two judgments
PATIENCE = 5.0  # seconds in which the database must answer

log = structlog.get_logger("watch")


class Watch:
    """Judges the running bot. `told` is called after a judgment, to send what it queued."""

    def __init__(
        self,
        database: Database,
        jobs: Jobs,
        pulse: Pulse,
        clock: Clock,
        told: Callable[[], None],
        *,
        keeps_backups: bool,
    ) -> None:
        self._database, self._jobs, self._pulse, self._clock = database, jobs, pulse, clock
        self._told, self._keeps_backups = told, keeps_backups

    async def run(self) -> None:
        """Judge again and again until cancelled."""
        while True:
            await asyncio.sleep(EVERY)
            try:
                await self.judge()
            except Exception:
                log.exception("judgment_failed")

    async def judge(self) -> Report:
        """Judge once: the administrators are told what is to be told, stopped sweeps are set going."""
        report = await self.report()
        if report.findings:
            log.warning("not_well", troubles=[one.trouble for one in report.findings])
        if stopped := report.beats.stopped:
            self._jobs.set_going([sweep.name for sweep in stopped])
        if report.stage is Stage.SERVING and report.rows is not None:
            now, findings = self._clock(), worth_telling(report)
            await self._database.write(lambda session: alarms.judge(session, findings, now=now))
            self._told()
        return report

    async def report(self) -> Report:
        """Return how things stand now. A process that does not serve leaves the database alone."""
        stage = self._pulse.stage
        rows = await self._rows() if stage is Stage.SERVING else None
        beats = self._pulse.beats((job.name, float(job.seconds)) for job in JOBS)
        return judge(stage, beats, rows)

    async def _rows(self) -> Rows | None:
        now, keeps_backups = self._clock(), self._keeps_backups
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._database.read(
                    lambda session: health.gather(session, now=now, keeps_backups=keeps_backups)
                )
        except TimeoutError:
            return None
