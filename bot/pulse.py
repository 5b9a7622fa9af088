"""When the parts of the running bot last did their work, by a clock that nobody can set.

Each part notes it as it goes; whoever wants to know asks for the beats. Nothing here is stored: a process
that starts anew knows nothing, and says since when it has been waiting.
"""

import time
from collections.abc import Callable, Iterable

from bot.rules.health import Beats, Stage, Sweep

AT_PEACE = 120.0
"""Seconds after which somebody who asked Telegram with the same token is taken to have gone."""

Ticks = Callable[[], float]
"""What gives seconds that only ever grow, from any beginning."""


class Pulse:
    """What one process notes of itself. `ticks` is injected by tests."""

    def __init__(self, ticks: Ticks = time.monotonic) -> None:
        self._ticks = ticks
        self._since = ticks()
        self._reached_at = self._since
        self._swept_at: dict[str, float] = {}
        self._contested: tuple[float, float] | None = None  # the first and the last time, in one row
        self.stage = Stage.STANDING_BY

    def enter(self, stage: Stage) -> None:
        """Note how far the process is; sweeps are expected from now on."""
        self.stage, self._since = stage, self._ticks()

    def reached(self) -> None:
        """Note that Telegram answered."""
        self._reached_at = self._ticks()

    def contested(self) -> None:
        """Note that somebody else asks Telegram too: now the one is answered, now the other."""
        now = self._ticks()
        self._contested = (self._contested[0] if self._is_contested(now) and self._contested else now, now)

    def _is_contested(self, now: float) -> bool:
        return self._contested is not None and now - self._contested[1] <= AT_PEACE

    def swept(self, job: str) -> None:
        """Note that a periodic job ran to its end."""
        self._swept_at[job] = self._ticks()

    def beats(self, jobs: Iterable[tuple[str, float]]) -> Beats:
        """Return how things stand with these jobs (name, seconds between two runs) and with Telegram."""
        now = self._ticks()
        sweeps = tuple(
            Sweep(name, every, now - self._swept_at.get(name, self._since)) for name, every in jobs
        )
        first, last = self._contested if self._contested and self._is_contested(now) else (now, now)
        return Beats(sweeps, now - self._reached_at, last - first)
