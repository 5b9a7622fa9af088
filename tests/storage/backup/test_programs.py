"""PostgreSQL's programs: which of them are taken, what they are told, and what is said when they fail."""

import os
from pathlib import Path
from typing import Any

import pytest

from storage.backup import programs
from storage.backup.making import make
from storage.backup.manifest import Made
from storage.backup.places import Places
from storage.backup.troubles import NoRoom, Stopped, ToolFailed, ToolMissing, ToolTooOld
from tests.storage import rows


def assert_nothing_left(folder: Path) -> None:
    left = [path.name for path in folder.iterdir()] if folder.exists() else []
    assert [name for name in left if name != ".lock"] == []


PROGRAM = (
    '#!/bin/sh\nif [ "$1" = --version ]; then echo "{name} (PostgreSQL) {version}"; exit 0; fi\n{rest}\n'
)


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that installs programs of some version, the only ones on the machine."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setattr(programs, "OF_DEBIAN", tmp_path / "none")
    monkeypatch.setenv("PATH", str(folder))

    def install(version: str, rest: str = "exit 1", names: tuple[str, ...] = programs.PROGRAMS) -> None:
        for name in names:
            (folder / name).write_text(PROGRAM.format(name=name, version=version, rest=rest))
            (folder / name).chmod(0o755)

    return install


@pytest.mark.parametrize("dialect", ["postgresql"])
def test_without_the_programs_the_version_is_named(here: Places, installed: Any) -> None:
    installed("99.1", names=("pg_dump",))
    with pytest.raises(ToolMissing) as told:
        make(here, here.backups, Made.BY_HAND, now=rows.NOW)
    assert int(str(told.value.values["version"])) >= 15
    assert_nothing_left(here.backups)


@pytest.mark.parametrize("dialect", ["postgresql"])
def test_programs_older_than_the_server(here: Places, installed: Any) -> None:
    installed("9.6.24")
    with pytest.raises(ToolTooOld) as told:
        make(here, here.backups, Made.BY_HAND, now=rows.NOW)
    assert told.value.values["found"] == 9
    assert_nothing_left(here.backups)


@pytest.mark.parametrize("dialect", ["postgresql"])
def test_a_program_that_fails_is_quoted(here: Places, installed: Any) -> None:
    installed("99.1", rest='echo "pg_dump: error: permission denied for table people" >&2; exit 1')
    with pytest.raises(ToolFailed) as told:
        make(here, here.backups, Made.BY_HAND, now=rows.NOW)
    assert told.value.values == {
        "program": "pg_dump",
        "reason": "pg_dump: error: permission denied for table people",
    }
    assert_nothing_left(here.backups)


@pytest.mark.parametrize("dialect", ["postgresql"])
def test_a_disk_that_is_full_as_pg_dump_says_it(here: Places, installed: Any) -> None:
    installed("99.1", rest='echo "pg_dump: error: could not write: No space left on device" >&2; exit 1')
    with pytest.raises(NoRoom):
        make(here, here.backups, Made.BY_HAND, now=rows.NOW)
    assert_nothing_left(here.backups)


@pytest.mark.parametrize("dialect", ["postgresql"])
def test_a_program_that_hangs_is_ended_with_the_bot(here: Places, installed: Any) -> None:
    installed("99.1", rest="exec /bin/sleep 60")
    looks: list[int] = []

    def stop() -> bool:
        looks.append(1)
        return len(looks) > 3

    with pytest.raises(Stopped):
        make(here, here.backups, Made.BY_HAND, now=rows.NOW, stop=stop)
    assert_nothing_left(here.backups)


def test_the_version_nearest_to_the_server_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for version in (14, 16, 17):
        folder = tmp_path / "debian" / str(version) / "bin"
        folder.mkdir(parents=True)
        for name in programs.PROGRAMS:
            (folder / name).write_text(PROGRAM.format(name=name, version=f"{version}.3", rest=""))
            (folder / name).chmod(0o755)
    monkeypatch.setattr(programs, "OF_DEBIAN", tmp_path / "debian")
    monkeypatch.setenv("PATH", "")
    assert [programs.client_for(server).major for server in (13, 14, 15, 16, 17)] == [14, 14, 16, 16, 17]
    assert programs.client_for().major == 17
    with pytest.raises(ToolTooOld):
        programs.client_for(18)


def test_a_password_is_on_no_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATVAN_TELEGRAM__TOKEN", "1:secret")
    url = "postgresql://an:m%40t%20khau@10.0.0.1:5433/chatvan?sslmode=require&sslpassword=khoa"
    told = dict(word.split("=") for word in programs.address(url).split())
    assert told == {
        "host": "10.0.0.1",
        "port": "5433",
        "user": "an",
        "dbname": "chatvan",
        "sslmode": "require",
    }
    surroundings = programs.environment(url)
    assert surroundings["PGPASSWORD"] == "m@t khau"
    assert "CHATVAN_TELEGRAM__TOKEN" not in surroundings


@pytest.mark.parametrize("dialect", ["postgresql"])
def test_a_server_that_wants_a_password_gets_it(
    here: Places, cluster: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen from within the program: the password is in its surroundings, and not among its words."""
    seen = here.backups.parent / "seen"
    real = programs.client_for(15)
    folder = here.backups.parent / "spies"
    folder.mkdir()
    for name in programs.PROGRAMS:
        words = f'echo "{name} $*" >>{seen}; echo "{name} PGPASSWORD=$PGPASSWORD" >>{seen}.env'
        (folder / name).write_text(f'#!/bin/sh\n{words}\nexec {real.program(name)} "$@"\n')
        (folder / name).chmod(0o755)
    monkeypatch.setattr(programs, "OF_DEBIAN", here.backups)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    secret = here.url.replace("postgres@", "postgres:rat-bi-mat@")
    backup = make(Places(secret, here.files, here.backups), here.backups, Made.BY_HAND, now=rows.NOW)
    assert "rat-bi-mat" not in seen.read_text()
    assert "pg_dump PGPASSWORD=rat-bi-mat" in seen.with_name("seen.env").read_text()
    assert "rat-bi-mat" not in (backup.folder / "manifest.json").read_text()
