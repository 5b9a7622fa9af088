"""Whether the service is well: the numbers that are looked at, and the one table of rules that judges them.

Ages are in seconds and never negative: a clock that was set back makes nothing older than it is. What the
running process itself does (sweeps, asking Telegram) is measured by a clock that nobody can set.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from storage.kinds import Lane

MINUTE, HOUR = 60.0, 3600.0

OLDEST_INBOX = MINUTE
OLDEST_OUTBOX = 5 * MINUTE
OLDEST_OWN = MINUTE
"""Of answers to a person's own taps, and of hỏa tốc."""
MISSED_RUNS = 5
"""A job that has not run to its end for so many of its intervals has stopped."""
SILENCE = 5 * MINUTE
"""So long Telegram may give no answer."""
OVERLAP = MINUTE
"""So long an old process and a new one may both ask Telegram."""
OLDEST_BACKUP = 36 * HOUR
"""A night's backup that failed, and the half day in which somebody can see to it."""


class Stage(StrEnum):
    """How far a process is."""

    STANDING_BY = "standing_by"  # another one serves this database
    STARTING = "starting"  # Telegram has not answered yet
    SERVING = "serving"


class Trouble(StrEnum):
    """What can be wrong. Nothing here is what people cause, such as a blocked account."""

    DATABASE = "database"  # it gives no answer
    INBOX = "inbox"  # what came in is not worked off
    OWN = "own"  # answers to own taps, and hỏa tốc, do not go out
    OUTBOX = "outbox"  # other messages do not go out
    SWEEPS = "sweeps"
    TELEGRAM = "telegram"
    CONTESTED = "contested"  # somebody else asks Telegram with the same token
    BACKUP = "backup"


@dataclass(frozen=True)
class Queue:
    """What waits: how many, and for how long the oldest has."""

    depth: int = 0
    oldest: float = 0.0


@dataclass(frozen=True)
class Rows:
    """What the database tells. `backup` is the age of the newest; None if it is not known or not wanted."""

    inbox: Queue = Queue()
    failed: int = 0  # updates that could not be worked off
    outbox: Mapping[Lane, Queue] = field(default_factory=dict)
    held: int = 0  # for accounts that cannot be reached
    refused: int = 0  # by Telegram, as long as rows are kept
    refused_lately: int = 0  # within a day
    history: int = 0
    backup: float | None = None
    has_backup_failed: bool = False


@dataclass(frozen=True)
class Sweep:
    """A periodic job: the time between two runs, and since it last ran to its end."""

    name: str
    every: float
    lag: float

    @property
    def has_stopped(self) -> bool:
        return self.lag > MISSED_RUNS * self.every


@dataclass(frozen=True)
class Beats:
    """What the running process tells of itself. `silence`: since Telegram last answered, or the start.

    `contested`: for how long somebody else has been asking Telegram too, time and again.
    """

    sweeps: tuple[Sweep, ...] = ()
    silence: float = 0.0
    contested: float = 0.0

    @property
    def stopped(self) -> tuple[Sweep, ...]:
        return tuple(sweep for sweep in self.sweeps if sweep.has_stopped)


@dataclass(frozen=True)
class Finding:
    """A trouble, and for how many seconds it has been one."""

    trouble: Trouble
    seconds: float


@dataclass(frozen=True)
class Report:
    """How things stand. `rows` is None when the database was not asked or gave no answer."""

    stage: Stage
    beats: Beats
    rows: Rows | None
    findings: tuple[Finding, ...] = ()

    @property
    def is_green(self) -> bool:
        return self.stage is Stage.SERVING and not self.findings

    @property
    def status(self) -> str:
        """Return `green` or `red`, or the stage of a process that does not serve yet."""
        if self.stage is not Stage.SERVING:
            return self.stage
        return "red" if self.findings else "green"


# --- the rules --------------------------------------------------------------------------------


Since = float | None
"""For how many seconds something has been wrong; None when it is not."""


def _beyond(limit: float, seconds: float) -> Since:
    return seconds if seconds > limit else None


def _wait(rows: Rows, *lanes: Lane) -> float:
    return max(rows.outbox.get(lane, Queue()).oldest for lane in lanes)


def _backup(rows: Rows) -> Since:
    """A failure counts at once only where there is no backup at all."""
    if rows.backup is None:
        return 0.0 if rows.has_backup_failed else None
    return _beyond(OLDEST_BACKUP, rows.backup)


ROW_RULES: Mapping[Trouble, Callable[[Rows], Since]] = {
    Trouble.INBOX: lambda rows: _beyond(OLDEST_INBOX, rows.inbox.oldest),
    Trouble.OWN: lambda rows: _beyond(OLDEST_OWN, _wait(rows, Lane.OWN)),
    Trouble.OUTBOX: lambda rows: _beyond(OLDEST_OUTBOX, _wait(rows, Lane.NOTICE, Lane.ROUTINE)),
    Trouble.BACKUP: _backup,
}
BEAT_RULES: Mapping[Trouble, Callable[[Beats], Since]] = {
    Trouble.SWEEPS: lambda beats: max((one.lag for one in beats.stopped), default=None),
    Trouble.TELEGRAM: lambda beats: None if beats.contested else _beyond(SILENCE, beats.silence),
    Trouble.CONTESTED: lambda beats: _beyond(OVERLAP, beats.contested),
}


def judge_rows(rows: Rows) -> tuple[Finding, ...]:
    """Return what is wrong by the database's numbers alone."""
    measured = ((trouble, since(rows)) for trouble, since in ROW_RULES.items())
    return tuple(Finding(trouble, seconds) for trouble, seconds in measured if seconds is not None)


def judge_beats(beats: Beats) -> tuple[Finding, ...]:
    """Return what is wrong with the running process itself."""
    measured = ((trouble, since(beats)) for trouble, since in BEAT_RULES.items())
    return tuple(Finding(trouble, seconds) for trouble, seconds in measured if seconds is not None)


def judge(stage: Stage, beats: Beats, rows: Rows | None) -> Report:
    """Return how things stand. A serving process whose database gives no answer is not well."""
    if stage is not Stage.SERVING:
        return Report(stage, beats, rows)
    of_rows = (Finding(Trouble.DATABASE, 0.0),) if rows is None else judge_rows(rows)
    return Report(stage, beats, rows, (*of_rows, *judge_beats(beats)))


# --- what is worth an alarm -------------------------------------------------------------------

LULL = MINUTE
"""While Telegram has been silent for so long, that nothing goes out is no trouble of its own."""
BY_SILENCE = frozenset({Trouble.OWN, Trouble.OUTBOX})


def worth_telling(report: Report) -> tuple[Finding, ...]:
    """Return the findings of which the administrators are to be told: causes, not what follows from them."""
    is_silent = report.beats.silence > LULL
    return tuple(one for one in report.findings if not (is_silent and one.trouble in BY_SILENCE))
