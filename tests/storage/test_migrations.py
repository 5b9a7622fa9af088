"""The migrations lead to the tables that the code knows, and harm no row."""

import subprocess
import sys
from datetime import UTC, datetime
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from storage import migrations
from storage.database import Database
from storage.engine import make_engine
from storage.kinds import Role
from storage.migrations import SchemaTooNew, configuration, metadata, migrate
from storage.tables import Account, Outgoing, Person, Reminder
from tests.storage import rows


def revision_of(url: str) -> str | None:
    engine = make_engine(url)
    with engine.connect() as connection:
        found = migrations.current(connection)
    engine.dispose()
    return found


def tables_of(url: str) -> set[str]:
    engine = make_engine(url)
    found = set(inspect(engine).get_table_names())
    engine.dispose()
    return found


def execute(url: str, statement: str) -> None:
    engine = make_engine(url)
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.execute(text(statement))
    engine.dispose()


def test_migrations_and_tables_agree(migrated_url: str) -> None:
    """A column that was added to a table and to no migration would be missed at a customer's first."""
    engine = make_engine(migrated_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, metadata)
    engine.dispose()
    assert metadata.tables, "no table to compare"
    assert differences == []


def test_a_difference_would_be_seen(migrated_url: str) -> None:
    execute(migrated_url, "DROP INDEX uq_accounts_live_person_id")
    execute(migrated_url, "ALTER TABLE people DROP COLUMN title")
    engine = make_engine(migrated_url)
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
    engine.dispose()
    assert {one[0] for one in differences} == {"add_index", "add_column"}


def test_revisions_form_one_line() -> None:
    script = ScriptDirectory.from_config(configuration())
    assert list(script.walk_revisions())
    assert len(script.get_heads()) == 1


def test_a_new_database_gets_all_tables(database_url: str) -> None:
    migrate(database_url)
    assert tables_of(database_url) >= set(metadata.tables)
    assert revision_of(database_url) == migrations.newest()


def test_a_second_migration_changes_nothing(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    migrate(database_url)
    monkeypatch.setattr(migrations, "_in_transaction", lambda *_: pytest.fail("migrated once more"))
    migrate(database_url)
    assert revision_of(database_url) == migrations.newest()


def test_rows_survive(migrated_url: str) -> None:
    database = Database(migrated_url)
    database.write_now(lambda session: rows.person(session, "Lê Thị Hoa", Role.HEAD, telegram_id=7))
    migrate(migrated_url)
    [found] = database.read_now(lambda session: session.exec(select(Person)).all())
    [account] = database.read_now(lambda session: session.exec(select(Account)).all())
    database.close()
    assert (found.name, account.telegram_id) == ("Lê Thị Hoa", 7)


def test_reminders_learn_from_the_outbox_when_they_were_sent(database_url: str) -> None:
    """What was given before 0004: sent, still held, and superseded."""
    migrate(database_url)
    _downgrade(database_url, "0003")
    execute(
        database_url,
        "INSERT INTO people (id, name, title, is_chief, created_at)"
        " VALUES (1, 'Hồ Minh Tâm', '', false, '2026-12-01 00:00:00+00:00')",
    )
    for number, superseded in ((1, "false"), (2, "false"), (3, "true")):
        execute(
            database_url,
            "INSERT INTO reminders"
            " (id, person_id, rule, subject, period, reminded_at, is_superseded)"
            f" VALUES ({number}, 1, 'overdue', 'i{number}.1', '', '2026-12-08 00:30:00+00:00', {superseded})",
        )
    for state, ids, sent in (("sent", "[1, 3]", "'2026-12-08 00:31:00+00:00'"), ("held", "[2]", "NULL")):
        execute(
            database_url,
            "INSERT INTO outbox (chat_id, lane, kind, payload, state, attempts, created_at,"
            f" sent_at, error) VALUES (7, 2, 'message', '{{\"reminders\": {ids}}}', '{state}', 0,"
            f" '2026-12-08 00:30:00+00:00', {sent}, '')",
        )
    migrate(database_url)
    database = Database(database_url)
    found = database.read_now(lambda session: session.exec(select(Reminder).order_by(col(Reminder.id))).all())
    database.close()
    assert [one.sent_at for one in found] == [datetime(2026, 12, 8, 0, 31, tzinfo=UTC), None, None]


def _downgrade(url: str, revision: str) -> None:
    engine = make_engine(url)
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        command.downgrade(configuration(connection), revision)
    engine.dispose()


def test_two_processes_migrate_at_once(database_url: str) -> None:
    program = f"from storage.migrations import migrate; migrate({database_url!r})"
    running = [
        subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.PIPE, text=True) for _ in range(3)
    ]
    said = [process.communicate(timeout=60)[1] for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], said
    assert tables_of(database_url) >= set(metadata.tables)


def test_a_newer_database_is_refused_and_left_alone(migrated_url: str) -> None:
    execute(migrated_url, "UPDATE alembic_version SET version_num = '9999'")
    before = tables_of(migrated_url)
    with pytest.raises(SchemaTooNew):
        migrate(migrated_url)
    assert revision_of(migrated_url) == "9999"
    assert tables_of(migrated_url) == before


def test_a_migration_that_fails_leaves_nothing_behind(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(config: Any, _revision: str) -> None:
        connection: Connection = config.attributes["connection"]
        connection.execute(text("CREATE TABLE half_done (id INTEGER)"))
        raise ValueError("the migration is wrong")

    monkeypatch.setattr("storage.migrations.command.upgrade", fail)
    with pytest.raises(ValueError, match="the migration is wrong"):
        migrate(database_url)
    assert "half_done" not in tables_of(database_url)
    monkeypatch.undo()
    migrate(database_url)
    assert revision_of(database_url) == migrations.newest()


@pytest.mark.parametrize("dialect", ["sqlite"])
def test_a_migration_may_not_break_a_foreign_key(migrated_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite's foreign keys rest while tables are rebuilt; PostgreSQL checks them at once."""

    def break_a_key(config: Any, _revision: str) -> None:
        connection: Connection = config.attributes["connection"]
        connection.execute(
            text("INSERT INTO person_roles (person_id, role, named_at) VALUES (404, 'head', '2026-11-30')")
        )

    monkeypatch.setattr("storage.migrations.command.upgrade", break_a_key)
    monkeypatch.setattr(migrations, "newest", lambda: "0000")
    with pytest.raises(RuntimeError, match="foreign key"):
        migrate(migrated_url)
    database = Database(migrated_url)
    assert database.read_now(lambda session: session.connection().scalar(text("PRAGMA foreign_keys"))) == 1
    assert (
        database.read_now(
            lambda session: session.connection().scalar(text("SELECT count(*) FROM person_roles"))
        )
        == 0
    )
    database.close()


@pytest.mark.parametrize("again", ["another person", "another account"])
def test_one_living_account_a_person_and_one_person_an_account(migrated_url: str, again: str) -> None:
    """The indexes are partial: what was unbound does not count."""
    database = Database(migrated_url)
    tam = database.write_now(lambda session: rows.person(session, "Hồ Minh Tâm", telegram_id=7))
    hoa = database.write_now(lambda session: rows.person(session, "Lê Thị Hoa"))
    second = Account(person_id=hoa, telegram_id=7, bound_at=rows.NOW)
    if again == "another account":
        second = Account(person_id=tam, telegram_id=8, bound_at=rows.NOW)
    values = second.model_dump()
    with pytest.raises(IntegrityError):
        database.write_now(lambda session: rows.add(session, Account(**values)))
    execute(migrated_url, "UPDATE accounts SET unbound_at = bound_at")
    assert database.write_now(lambda session: rows.add(session, Account(**values)))
    database.close()


def test_a_card_waits_once(migrated_url: str) -> None:
    database = Database(migrated_url)
    execute(
        migrated_url,
        "INSERT INTO cards (kind, subject_id, round, chat_id, wanted, shown, digest)"
        " VALUES ('notice', 1, 1, 7, 1, 0, '')",
    )

    def row(state: str) -> dict[str, Any]:
        return {
            "chat_id": 7,
            "kind": "card",
            "card_id": 1,
            "state": state,
            "created_at": rows.NOW,
            "payload": {},
        }

    for state in ("sent", "held", "queued"):
        values = row(state)
        database.write_now(lambda session, values=values: rows.add(session, Outgoing.model_validate(values)))  # type: ignore[misc]
    with pytest.raises(IntegrityError):
        database.write_now(lambda session: rows.add(session, Outgoing.model_validate(row("queued"))))
    database.close()
