"""Databases for the tests: each test that asks for one runs on SQLite and on PostgreSQL.

`migrated_url` is what most tests want: the tables are there, the rows are not. `database_url` is empty
through and through. Either gives one test a database of its own.
"""

import itertools
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.postgres import Cluster, server_programs

# How fast examples are made says something of the machine, nothing of the code.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

_left_out = pytest.StashKey[int]()
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    programs = server_programs()
    assert programs, "a test asked for PostgreSQL by a way that pytest_collection_modifyitems does not see"
    with Cluster(programs) as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def dialect(request: pytest.FixtureRequest) -> str:
    """Which database the test runs on; to have one only, parametrise it in the test."""
    return str(request.param)


@pytest.fixture
def database_url(dialect: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh database without tables."""
    if dialect == "sqlite":
        yield f"sqlite:///{tmp_path / 'chatvan.sqlite3'}"
    else:
        yield from _postgresql_database(request.getfixturevalue("cluster"))


@pytest.fixture
def migrated_url(dialect: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh database with all tables and no rows."""
    if dialect == "sqlite":
        copy = shutil.copyfile(request.getfixturevalue("sqlite_template"), tmp_path / "chatvan.sqlite3")
        yield f"sqlite:///{copy}"
    else:
        template = request.getfixturevalue("postgresql_template")
        yield from _postgresql_database(request.getfixturevalue("cluster"), template)


@pytest.fixture
def other_url(dialect: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A second database beside the test's own, of the same kind, without tables: on another machine, say."""
    if dialect == "sqlite":
        yield f"sqlite:///{tmp_path / 'elsewhere' / 'chatvan.sqlite3'}"
    else:
        yield from _postgresql_database(request.getfixturevalue("cluster"))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "template.sqlite3"
    template_database(f"sqlite:///{file}")
    with closing(sqlite3.connect(file)) as connection:
        # What still stands in the write-ahead log would not be in a copy of the file.
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return file


@pytest.fixture(scope="session")
def postgresql_template(cluster: Cluster) -> str:
    template_database(cluster.create_database("migrated"))
    return "migrated"


def template_database(url: str) -> None:
    """Turn the empty database into the one that every `migrated_url` of the session is a copy of."""
    from storage.migrations import migrate  # here, so that tests without a database do not pay for it

    migrate(url)


def _postgresql_database(cluster: Cluster, template: str | None = None) -> Iterator[str]:
    name = f"test_{next(_numbers)}"
    try:
        yield cluster.create_database(name, template)
    finally:
        cluster.drop_database(name)


@pytest.hookimpl(trylast=True)  # after -k and -m, so that the number is of tests that would have run
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if server_programs():
        return
    unable = [item for item in items if _needs_postgresql(item)]
    items[:] = [item for item in items if not _needs_postgresql(item)]
    config.hook.pytest_deselected(items=unable)
    config.stash[_left_out] = len(unable)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """The whole suite waits much of its time, so it takes one process more than there are cores."""
    names_tests = any((Path.cwd() / argument.split("::")[0]).exists() for argument in config.args)
    is_whole = not names_tests or config.args == config.getini("testpaths")
    return (os.cpu_count() or 1) + 1 if is_whole else 0


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Let the process that leads know what this one left out."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["left_out"] = session.config.stash.get(_left_out, 0)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    node.config.stash[_left_out] = getattr(node, "workeroutput", {}).get("left_out", 0)


def _needs_postgresql(item: pytest.Item) -> bool:
    if not isinstance(item, pytest.Function):
        return False
    chosen = item.callspec.params.get("dialect") if hasattr(item, "callspec") else None
    return chosen == "postgresql" or "cluster" in item.fixturenames


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if number := config.stash.get(_left_out, 0):
        terminalreporter.write_line(
            f"!!! NOT TESTED ON POSTGRESQL: {number} tests left out, no server programs found"
            " (apt install postgresql)",
            red=True,
            bold=True,
        )
