"""A migrated database, on SQLite and on PostgreSQL, and a session whose transaction is never committed."""

from collections.abc import Iterator

import pytest
from sqlmodel import Session

from storage.database import Database


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    """The door to the rows, its writer at work."""
    opened = Database(migrated_url)
    opened.start()
    try:
        yield opened
    finally:
        opened.close()


@pytest.fixture
def session(migrated_url: str) -> Iterator[Session]:
    """A session for queries that need no commit."""
    opened = Database(migrated_url)
    try:
        with (
            opened.engine.connect().execution_options(writes=True) as connection,
            Session(bind=connection, expire_on_commit=False) as session,
        ):
            yield session
            session.rollback()
    finally:
        opened.close()
