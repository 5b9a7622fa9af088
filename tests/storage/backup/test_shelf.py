"""Which backups are kept, and for how long."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from storage.backup import manifest, shelf
from storage.backup.manifest import Kind, Made, Manifest
from tests.storage import rows

A_DAY = timedelta(days=1)
TOLD = Manifest(
    program="0.1.0",
    made_at=rows.NOW,
    made=Made.DAILY,
    before="",
    kind=Kind.SQLITE,
    schema="",
    size=1,
    sha256="",
    revision="0003",
    head="",
    faults=0,
    rows={},
    files={},
    lost=(),
)


def put(folder: Path, made_at: datetime, made: Made = Made.DAILY) -> str:
    """Put a backup on the shelf; return its name."""
    name = shelf.free_name(folder, made_at)
    (folder / name / "files").mkdir(parents=True)
    told = replace(TOLD, made_at=made_at, made=made)
    (folder / name / manifest.FILE).write_text(manifest.write(told))
    return name


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != ".lock")


@pytest.mark.parametrize(
    ("ages", "days", "kept"),
    [
        ([], 14, []),
        ([0], 14, [0]),
        (range(14), 14, range(14)),
        (range(15), 14, range(14)),
        (range(40), 14, range(14)),
        (range(5), 1, [0]),
        # After an outage of a month the older ones stay until as many new ones stand beside them.
        ([0, 30, 31, 32], 3, [0, 30, 31]),
        ([0, 1, 2, 30, 31, 32], 3, [0, 1, 2]),
        # Several of one day count as one.
        ([0, 0, 0, 1, 1, 2], 2, [0, 0, 0, 1, 1]),
    ],
)
def test_the_newest_days_are_kept(tmp_path: Path, ages: Any, days: int, kept: Any) -> None:
    placed = [(age, put(tmp_path, rows.NOW - age * A_DAY)) for age in ages]
    wanted = [name for age, name in placed if age in set(kept)]
    gone = shelf.expire(tmp_path, days)
    assert names(tmp_path) == sorted(wanted)
    assert sorted(path.name for path in gone) == sorted({name for _, name in placed} - set(wanted))


def test_what_a_person_asked_for_is_never_deleted(tmp_path: Path) -> None:
    ages = {
        made: put(tmp_path, rows.NOW - 100 * A_DAY - number * A_DAY, made) for number, made in enumerate(Made)
    }
    newest = put(tmp_path, rows.NOW)
    shelf.expire(tmp_path, 1)
    assert names(tmp_path) == sorted([ages[Made.BY_HAND], ages[Made.BEFORE_RESTORE], newest])


def test_what_is_no_backup_of_ours_stays(tmp_path: Path) -> None:
    """A copy under another name, a note, a damaged manifest: nobody knows what they are for."""
    old = put(tmp_path, rows.NOW - 50 * A_DAY)
    (tmp_path / old).rename(tmp_path / "chatvan-truoc-tet")
    damaged = put(tmp_path, rows.NOW - 50 * A_DAY)
    (tmp_path / damaged / manifest.FILE).write_text("{}")
    (tmp_path / "ghi-chu.txt").write_text("x")
    newest = put(tmp_path, rows.NOW)
    shelf.expire(tmp_path, 1)
    assert names(tmp_path) == sorted(["chatvan-truoc-tet", damaged, "ghi-chu.txt", newest])


def test_backups_are_listed_from_the_newest(tmp_path: Path) -> None:
    placed = [put(tmp_path, rows.NOW - age * A_DAY) for age in (3, 0, 2, 1)]
    (tmp_path / f".{placed[0]}.unfinished").mkdir()
    listed = [backup.folder.name for backup in shelf.backups(tmp_path)]
    assert listed == [placed[1], placed[3], placed[2], placed[0]]
    assert shelf.backups(tmp_path / "khong-co") == []


def test_a_name_shows_the_clock_that_was_given() -> None:
    from bot.rules.dates import HANOI

    assert shelf.stamp(rows.NOW) == "20261130-021600"
    assert shelf.stamp(rows.NOW.astimezone(HANOI)) == "20261130-091600"
