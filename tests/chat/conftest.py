"""The whole bot against the stand-in, once with pacing opened wide and once at Telegram's own pace."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.office import PlayedOffice, played_office

TELEGRAMS_PACE = "messages_per_second = 30\nchat_messages_per_second = 1"


@pytest.fixture
async def office(migrated_url: str, tmp_path: Path) -> AsyncIterator[PlayedOffice]:
    async with played_office(migrated_url, tmp_path) as running:
        yield running
