"""The whole bot against the stand-in, on both databases."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog

from tests.office import PlayedOffice, played_office


@pytest.fixture
async def office(migrated_url: str, tmp_path: Path) -> AsyncIterator[PlayedOffice]:
    async with played_office(migrated_url, tmp_path) as running:
        yield running


@pytest.fixture(autouse=True)
def _short_tracebacks() -> Iterator[None]:
    """structlog's own, with every local variable, hold the loop up for seconds."""
    plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[structlog.processors.add_log_level, plain])
    yield
    structlog.reset_defaults()
