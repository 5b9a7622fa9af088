"""The schema's history, by Alembic. `migrate` brings a database to the newest revision."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine
from sqlmodel import SQLModel

import storage.tables  # noqa: F401 - fills the metadata
from storage.engine import check, make_engine
from storage.locks import migrating

metadata = SQLModel.metadata


class SchemaTooNew(Exception):
    """The database was written by a newer version of chatvan."""


def configuration(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration: everything is in this package, nothing in a file."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def newest() -> str | None:
    return ScriptDirectory.from_config(configuration()).get_current_head()


def current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def migrate(url: str, *, first: Callable[[], object] | None = None) -> None:
    """Create the tables or bring them to the present schema; nothing happens if they are.

    `first` is called, under the lock, before a database that holds something is changed; what it raises
    leaves the database as it is. Raises DatabaseUnusable, SchemaTooNew.
    """
    engine = make_engine(url)
    try:
        check(engine)
        _upgrade(engine, url, first)
    finally:
        engine.dispose()


def _upgrade(engine: Engine, url: str, first: Callable[[], object] | None) -> None:
    """Bring the schema to the newest revision, alone, in one transaction."""
    if _revision(engine) == newest():
        return
    with migrating(engine, url):
        revision = _revision(engine)
        if revision == newest():
            return
        if revision is not None and first is not None:
            first()
        _in_transaction(engine, lambda connection: command.upgrade(configuration(connection), "head"))


def _revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        revision = current(connection)
    if revision is not None and revision not in known():
        raise SchemaTooNew(revision)
    return revision


def known() -> set[str]:
    """Return every revision that this version of chatvan can bring to the newest."""
    return {script.revision for script in ScriptDirectory.from_config(configuration()).walk_revisions()}


def _in_transaction(engine: Engine, change: Callable[[Connection], Any]) -> None:
    """Run `change`; SQLite rebuilds tables, so its foreign keys rest meanwhile and are checked after."""
    with engine.connect().execution_options(writes=True) as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            _pragma(connection, "foreign_keys=OFF")
        try:
            with connection.begin():
                change(connection)
                if is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                    raise RuntimeError("a migration broke a foreign key")
        finally:
            if is_sqlite:
                _pragma(connection, "foreign_keys=ON")


def _pragma(connection: Connection, setting: str) -> None:
    # Outside a transaction, where SQLAlchemy would begin one: straight to the driver.
    raw = connection.connection.dbapi_connection
    assert raw is not None
    raw.execute(f"PRAGMA {setting}")
