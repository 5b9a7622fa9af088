"""Stories play on both databases, each in an office of its own; after each the records must hold."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog
from sqlmodel import Session, select

from storage import history
from storage.kinds import InboxState
from storage.tables import InboxUpdate
from tests.office import PlayedOffice, played_office


@pytest.fixture(autouse=True, scope="session")
def plain_tracebacks() -> Iterator[None]:
    """As in service: those that show local variables take seconds, in which nothing else moves."""
    structlog.configure(
        processors=[structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    )
    yield
    structlog.reset_defaults()


@pytest.fixture
async def office(migrated_url: str, tmp_path: Path) -> AsyncIterator[PlayedOffice]:
    """An office in which no update may fail."""
    async with played_office(migrated_url, tmp_path) as running:
        yield running
        await _check_records(running)
        assert await running.read(failed_updates) == []


@pytest.fixture
async def battered_office(migrated_url: str, tmp_path: Path) -> AsyncIterator[PlayedOffice]:
    """An office whose Telegram sends what no Telegram sends: single updates may fail, and are kept."""
    async with played_office(migrated_url, tmp_path) as running:
        yield running
        await _check_records(running)


async def _check_records(office: PlayedOffice) -> None:
    await office.settle()
    assert await office.read(lambda session: list(history.verify(session))) == []


def failed_updates(session: Session) -> list[str]:
    """Return what went wrong with the updates that could not be worked off."""
    return list(session.exec(select(InboxUpdate.error).where(InboxUpdate.state == InboxState.FAILED)))
