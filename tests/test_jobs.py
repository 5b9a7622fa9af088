"""The periodic jobs: all of them run, in the table's order; one that fails stops nobody."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlmodel import Session
from structlog.testing import capture_logs

from bot import jobs
from bot.jobs import JOBS, Job, Jobs
from bot.rules.office import Office
from storage import facts
from storage.database import Database
from storage.migrations import migrate
from tests.office import Clock
from tests.waiting import until

OFFICE = Office()


class Diary:
    """Sweeps that note when they ran, and how often what they queued was sent."""

    def __init__(self) -> None:
        self.ran: list[tuple[str, datetime, Office]] = []
        self.swept = 0

    @property
    def names(self) -> list[str]:
        return [name for name, _now, _office in self.ran]

    def job(self, name: str, *, seconds: int = 3600, does: Callable[[Session], object] | None = None) -> Job:
        def sweep(session: Session, *, now: datetime, office: Office) -> None:
            self.ran.append((name, now, office))
            if does is not None:
                does(session)

        return Job(name, seconds, sweep)

    def note_swept(self) -> None:
        self.swept += 1


def breaks(session: Session) -> None:
    facts.remember(session, "begun", "yes")
    raise ZeroDivisionError("the job is at fault")


@pytest.fixture
def diary() -> Diary:
    return Diary()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """What a job is does not depend on the database: on SQLite alone."""
    url = f"sqlite:///{tmp_path / 'chatvan.sqlite3'}"
    migrate(url)
    opened = Database(url)
    opened.start()
    yield opened
    opened.close()


@pytest.fixture
def running(database: Database, diary: Diary) -> Jobs:
    return Jobs(database, OFFICE, Clock("09:16 30/11/2026"), diary.note_swept)


def test_every_job_has_a_name_and_an_interval_of_its_own() -> None:
    names = [job.name for job in JOBS]
    assert names
    assert len(set(names)) == len(names)
    assert all(job.seconds > 0 for job in JOBS)


async def test_a_job_runs_in_the_writer_at_the_time_of_the_clock(
    running: Jobs, database: Database, diary: Diary
) -> None:
    await running.run(diary.job("one", does=lambda session: facts.remember(session, "done", "yes")))
    assert diary.ran == [("one", Clock("09:16 30/11/2026")(), OFFICE)]
    assert await database.read(lambda session: facts.recall(session, "done")) == "yes"
    assert diary.swept == 1


async def test_a_job_that_fails_is_logged_and_leaves_nothing_behind(
    running: Jobs, database: Database, diary: Diary
) -> None:
    job = diary.job("broken", does=breaks)
    with capture_logs() as logged:
        await running.run(job)
        await running.run(job)  # at its next turn
    assert [(line["event"], line["job"], line["log_level"]) for line in logged] == [
        ("job_failed", "broken", "error")
    ] * 2
    assert diary.names == ["broken", "broken"]
    assert diary.swept == 2
    assert await database.read(lambda session: facts.recall(session, "begun")) is None


async def test_all_run_in_order_and_one_that_fails_does_not_stop_the_others(
    running: Jobs, database: Database, diary: Diary, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = (
        diary.job("first"),
        diary.job("broken", does=breaks),
        diary.job("last", does=lambda session: facts.remember(session, "last", "done")),
    )
    monkeypatch.setattr(jobs, "JOBS", table)
    with capture_logs() as logged:
        await running.run_all()
    assert diary.names == ["first", "broken", "last"]
    assert [line["job"] for line in logged if line["event"] == "job_failed"] == ["broken"]
    assert await database.read(lambda session: facts.recall(session, "last")) == "done"
    assert diary.swept == 3


async def test_the_table_itself_finds_nothing_wrong_in_an_empty_office(running: Jobs, diary: Diary) -> None:
    with capture_logs() as logged:
        await running.run_all()
    assert [line for line in logged if line["event"] == "job_failed"] == []
    assert diary.swept == len(JOBS)


async def test_from_start_to_close_each_runs_at_its_own_interval(
    running: Jobs, database: Database, diary: Diary, monkeypatch: pytest.MonkeyPatch
) -> None:
    often, seldom = diary.job("often", seconds=1), diary.job("seldom")
    monkeypatch.setattr(jobs, "JOBS", (often, seldom))
    running.start()
    try:
        assert diary.ran == []  # the first turn comes after an interval: `run_all` is for the start
        await until(lambda: diary.names[:2] == ["often", "often"])
    finally:
        running.close()
    await database.write(lambda _session: None)  # behind a run that was under way
    count = len(diary.ran)
    await asyncio.sleep(1.2)
    assert diary.names == ["often"] * count


def test_jobs_that_were_not_started_can_be_closed(running: Jobs) -> None:
    running.close()
    running.close()
