"""Stories play on both databases, each in an office of its own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.office import PlayedOffice, played_office


@pytest.fixture
async def office(migrated_url: str, tmp_path: Path) -> AsyncIterator[PlayedOffice]:
    async with played_office(migrated_url, tmp_path) as running:
        yield running
