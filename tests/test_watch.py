"""The one who watches goes on whatever happens, and what it must not touch it leaves alone."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot import watch
from bot.rules.health import Finding, Stage, Trouble
from storage import facts
from tests.office import PlayedOffice, played_office
from tests.waiting import until


@pytest.fixture
async def office(migrated_url: str, tmp_path: Path) -> AsyncIterator[PlayedOffice]:
    async with played_office(migrated_url, tmp_path) as running:
        yield running


@pytest.mark.parametrize("dialect", ["sqlite"])
async def test_it_judges_again_and_again_also_after_a_judgment_that_failed(
    office: PlayedOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged = 0

    async def breaks() -> None:
        nonlocal judged
        judged += 1
        raise ZeroDivisionError

    monkeypatch.setattr(watch, "EVERY", 0.01)
    monkeypatch.setattr(office.app.watch, "judge", breaks)
    with capture_logs() as logs:
        watching = asyncio.create_task(office.app.watch.run())
        await until(lambda: judged > 3)
        watching.cancel()
    assert [one["event"] for one in logs][:2] == ["judgment_failed"] * 2


@pytest.mark.parametrize("dialect", ["sqlite"])
async def test_the_running_bot_watches_itself(
    migrated_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "EVERY", 0.01)
    async with played_office(migrated_url, tmp_path) as office:
        hoa = await office.admin()
        with monkeypatch.context() as trouble:
            trouble.setattr(watch, "worth_telling", lambda _report: (Finding(Trouble.OUTBOX, 400),))
            await hoa.expect("Tin chưa gửi đi được")
        await hoa.expect("Đã hết: Tin chưa gửi đi được")


@pytest.mark.parametrize("stage", [Stage.STANDING_BY, Stage.STARTING])
@pytest.mark.parametrize("dialect", ["sqlite"])
async def test_a_process_that_does_not_serve_asks_and_writes_nothing(
    office: PlayedOffice, monkeypatch: pytest.MonkeyPatch, stage: Stage
) -> None:
    async def refused(_unit: object) -> None:
        raise AssertionError("the database was touched")

    office.app.pulse.enter(stage)
    with monkeypatch.context() as untouched:
        untouched.setattr(office.app.database, "read", refused)
        untouched.setattr(office.app.database, "write", refused)
        report = await office.app.watch.judge()
    assert (report.status, report.rows) == (stage, None)


@pytest.mark.parametrize("dialect", ["sqlite"])
async def test_a_database_without_an_answer_stops_no_judgment(
    office: PlayedOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(_question: object) -> None:
        await asyncio.sleep(3600)

    with monkeypatch.context() as silent:
        silent.setattr(watch, "PATIENCE", 0.01)
        silent.setattr(office.app.database, "read", never)
        report = await office.app.watch.judge()
    assert [one.trouble for one in report.findings] == [Trouble.DATABASE]
    assert await office.read(lambda session: facts.recall(session, f"alarm/{Trouble.DATABASE}")) is None
