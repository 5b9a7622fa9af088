"""An office with data, and a place where it may be restored."""

from pathlib import Path

import pytest

from storage.backup.making import make
from storage.backup.manifest import Made
from storage.backup.places import Places
from storage.backup.shelf import Backup
from tests.storage import rows
from tests.storage.backup import data


@pytest.fixture
def here(migrated_url: str, tmp_path: Path) -> Places:
    """An office with a few inquiries."""
    found = data.places(migrated_url, tmp_path)
    data.fill(found)
    return found


@pytest.fixture
def there(other_url: str, tmp_path: Path) -> Places:
    """Where nothing is yet."""
    return data.places(other_url, tmp_path / "elsewhere")


@pytest.fixture
def backup(here: Places) -> Backup:
    """A backup of the office."""
    return make(here, here.backups, Made.BY_HAND, now=rows.NOW)
