"""Killed in the midst of a backup or a restore, at every step that the disk sees."""

import asyncio
import random
from pathlib import Path
from typing import Any

import pytest

from storage.backup.checking import check
from storage.backup.places import Places
from storage.backup.programs import client_for
from storage.backup.shelf import backups
from storage.engine import sqlite_path
from storage.files import FileStore
from storage.migrations import migrate
from tests.crash.killing import after_lines, back_up, bring_back, every_step, is_killed
from tests.crash.running import chatvan, run_once
from tests.storage.backup import data


@pytest.fixture
def here(migrated_url: str, tmp_path: Path) -> Places:
    found = data.places(migrated_url, tmp_path)
    data.fill(found)
    return found


@pytest.fixture
def there(other_url: str, tmp_path: Path) -> Places:
    """Another office, with other data."""
    found = data.places(other_url, tmp_path / "elsewhere")
    migrate(found.url)
    data.fill(found, inquiries=2)
    data.execute(found.url, "UPDATE people SET name = 'An'")
    return found


def test_a_killed_backup_never_looks_like_a_whole_one(here: Places, dialect: str) -> None:
    client = client_for() if dialect == "postgresql" else None
    before = data.everything(here.url)
    for _ in every_step(back_up, here, stride=1 if dialect == "sqlite" else 3):
        for finished in backups(here.backups):
            check(finished.folder, client)
    back_up(here)
    left = {path.name for path in here.backups.iterdir()} - {".lock"}
    assert left == {one.folder.name for one in backups(here.backups)}
    assert data.everything(here.url) == before


def test_a_killed_restore_leaves_the_old_or_the_new(here: Places, there: Places, dialect: str) -> None:
    """And whatever it left, the next one goes through, and the former data are still to be had."""
    backup = back_up(here)
    old, new = data.everything(there.url), data.everything(here.url)
    assert old != new
    seen: list[bool] = []
    for _ in every_step(bring_back, there, backup.folder, stride=1 if dialect == "sqlite" else 3):
        found = data.everything(there.url)
        assert found in (old, new)
        seen.append(found == new)
        _assert_all_files_are_there(there)
        assert _has_former(there, old), "the former data are gone"
    assert seen == sorted(seen), "once it is new it stays new"
    bring_back(there, backup.folder)
    assert data.everything(there.url) == new
    assert _has_former(there, old)


def _assert_all_files_are_there(there: Places) -> None:
    store = FileStore(there.files)
    attached = data.everything(there.url)["attachments"]
    digests = {value for row in attached for value in row if isinstance(value, str) and len(value) == 64}
    assert digests
    for digest in digests:
        store.get(digest)


def _has_former(there: Places, old: dict[str, Any]) -> bool:
    """Return whether the former data are in their place, or aside."""
    if data.everything(there.url) == old:
        return True
    file = sqlite_path(there.url)
    if file is None:
        counted = {table: len(found) for table, found in old.items()}
        return any(dict(one.manifest.rows) == counted for one in backups(there.backups))
    asides = file.parent.glob("chatvan.before-*.sqlite3")
    return any(data.everything(f"sqlite:///{one}") == old for one in asides if not one.samefile(file))


@pytest.mark.parametrize("dialect", ["postgresql"])
def test_killed_while_psql_listens(here: Places, there: Places) -> None:
    """In the midst of the transaction: psql hears no COMMIT and gives all up."""
    backup = back_up(here)
    old = data.everything(there.url)
    for lines in (1, 40, 400, 900, 1200):
        assert is_killed(after_lines, (lines,), bring_back, there, backup.folder), "no line came"
        assert data.everything(there.url) == old


# --- real processes, killed at random ---------------------------------------------------------


@pytest.mark.parametrize("command", ["backup", "restore"])
async def test_commands_killed_at_random(
    here: Places, there: Places, tmp_path: Path, dialect: str, command: str
) -> None:
    """A power cut asks nobody: five kills within the time that the command takes."""
    backup, log = back_up(here), tmp_path / "said"
    old, new = data.everything(there.url), data.everything(here.url)
    config = _config(there if command == "restore" else here, tmp_path)
    arguments = ["backup"] if command == "backup" else ["restore", str(backup.folder), "--replace"]
    client = client_for() if dialect == "postgresql" else None
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")  # noqa: T201
    chance = random.Random(seed)
    for _ in range(5):
        process = await chatvan(*arguments, "--config", config, log=log)
        await asyncio.sleep(0.8 + chance.random())
        if process.returncode is None:
            process.kill()
        await process.wait()
        assert data.everything(there.url) in (old, new)
        for finished in backups(here.backups):
            check(finished.folder, client)
    code, said = await run_once(*arguments, "--config", config, log=log)
    assert code == 0, said


def _config(places: Places, folder: Path) -> Path:
    file = folder / "config.toml"
    file.write_text(
        f'[telegram]\ntoken = "1:AA"\n[database]\nurl = "{places.url}"\nfiles = "{places.files}"\n'
        f'backups = "{places.backups}"\n[[branches]]\ncode = "PLOC"\nname = "Phú Lộc"\n',
        encoding="utf-8",
    )
    return file
