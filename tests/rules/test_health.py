"""The rules that judge the service, as tables: below the limit green, beyond it red, nothing else."""

import pytest

from bot.rules import health
from bot.rules.health import (
    BEAT_RULES,
    HOUR,
    MINUTE,
    ROW_RULES,
    Beats,
    Queue,
    Report,
    Rows,
    Stage,
    Sweep,
    Trouble,
    judge,
    worth_telling,
)
from storage.kinds import Lane

CALM = Beats((Sweep("reminders", 20, 12), Sweep("calendar", 3600, 3599)), silence=25)


def lane(lane: Lane, seconds: float) -> Rows:
    return Rows(outbox={lane: Queue(1, seconds)})


def red(rows: Rows | None = Rows(), beats: Beats = CALM, stage: Stage = Stage.SERVING) -> list[Trouble]:  # noqa: B008
    return [one.trouble for one in judge(stage, beats, rows).findings]


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        (Rows(), []),
        (Rows(inbox=Queue(500, 60)), []),
        (Rows(inbox=Queue(1, 60.1)), [Trouble.INBOX]),
        (lane(Lane.OWN, MINUTE), []),
        (lane(Lane.OWN, MINUTE + 1), [Trouble.OWN]),
        (lane(Lane.NOTICE, 5 * MINUTE), []),
        (lane(Lane.NOTICE, 5 * MINUTE + 1), [Trouble.OUTBOX]),
        (lane(Lane.ROUTINE, 5 * MINUTE), []),
        (lane(Lane.ROUTINE, 5 * MINUTE + 1), [Trouble.OUTBOX]),
        (Rows(failed=3, held=40, refused=9, refused_lately=9), []),
        (Rows(backup=36 * HOUR), []),
        (Rows(backup=36 * HOUR + 1), [Trouble.BACKUP]),
        (Rows(backup=2 * HOUR, has_backup_failed=True), []),
        (Rows(backup=None, has_backup_failed=False), []),
        (Rows(backup=None, has_backup_failed=True), [Trouble.BACKUP]),
        (None, [Trouble.DATABASE]),
    ],
)
def test_what_the_database_tells(rows: Rows | None, wanted: list[Trouble]) -> None:
    assert red(rows) == wanted


@pytest.mark.parametrize(
    ("beats", "wanted"),
    [
        (CALM, []),
        (Beats(silence=5 * MINUTE), []),
        (Beats(silence=5 * MINUTE + 1), [Trouble.TELEGRAM]),
        (Beats(silence=20, contested=MINUTE), []),
        (Beats(silence=20, contested=MINUTE + 1), [Trouble.CONTESTED]),
        (Beats(silence=5 * MINUTE + 1, contested=MINUTE + 1), [Trouble.CONTESTED]),
        (Beats((Sweep("reminders", 20, 100),)), []),
        (Beats((Sweep("reminders", 20, 101),)), [Trouble.SWEEPS]),
        (Beats((Sweep("calendar", 3600, 5 * HOUR),)), []),
        (Beats((Sweep("calendar", 3600, 5 * HOUR + 1),)), [Trouble.SWEEPS]),
    ],
)
def test_what_the_process_tells(beats: Beats, wanted: list[Trouble]) -> None:
    assert red(beats=beats) == wanted


def test_every_trouble_has_its_rule() -> None:
    assert {*ROW_RULES, *BEAT_RULES, Trouble.DATABASE} == set(Trouble)


def test_the_longest_wait_is_told() -> None:
    beats = Beats((Sweep("a", 20, 200), Sweep("b", 20, 300), Sweep("c", 3600, 400)))
    assert [one.seconds for one in judge(Stage.SERVING, beats, Rows()).findings] == [300]


@pytest.mark.parametrize("stage", [Stage.STANDING_BY, Stage.STARTING])
def test_a_process_that_does_not_serve_is_not_judged_and_not_green(stage: Stage) -> None:
    report = judge(stage, Beats(silence=9 * HOUR), None)
    assert (report.findings, report.is_green, report.status) == ((), False, stage)


def test_green_and_red() -> None:
    assert judge(Stage.SERVING, CALM, Rows()).status == "green"
    assert judge(Stage.SERVING, CALM, Rows()).is_green
    assert judge(Stage.SERVING, CALM, None).status == "red"
    assert not judge(Stage.SERVING, CALM, None).is_green


def told(report: Report) -> list[Trouble]:
    return [one.trouble for one in worth_telling(report)]


def test_while_telegram_is_silent_only_that_is_told() -> None:
    """That nothing goes out follows from it, and would be three alarms for one trouble."""
    rows = Rows(
        inbox=Queue(1, HOUR), outbox={Lane.OWN: Queue(1, HOUR), Lane.NOTICE: Queue(1, HOUR)}, backup=99 * HOUR
    )
    everything = judge(Stage.SERVING, Beats(silence=6 * MINUTE), rows)
    assert len(everything.findings) == 5
    assert told(everything) == [Trouble.INBOX, Trouble.BACKUP, Trouble.TELEGRAM]
    in_between = judge(Stage.SERVING, Beats(silence=health.LULL + 1), rows)
    assert told(in_between) == [Trouble.INBOX, Trouble.BACKUP]
    there = judge(Stage.SERVING, Beats(silence=health.LULL), rows)
    assert told(there) == [Trouble.INBOX, Trouble.OWN, Trouble.OUTBOX, Trouble.BACKUP]
