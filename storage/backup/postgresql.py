"""A PostgreSQL database as a dump: written by pg_dump, read back row by row, restored in one transaction."""

import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from errno import ENOSPC
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    MetaData,
    String,
    Table,
    create_engine,
    insert,
    inspect,
    text,
)
from sqlalchemy.dialects.postgresql import dialect

from storage.backup import census
from storage.backup.census import Census
from storage.backup.programs import Client, Stop, address, environment, never, run, running
from storage.backup.troubles import DumpUnreadable, ToolFailed
from storage.migrations import metadata

LOOKED_INTO: Mapping[str, Sequence[str]] = {
    "alembic_version": ["version_num"],
    "attachments": ["sha256", "size"],
    "facts": ["key", "value"],
    "history": [
        *("seq", "at", "act", "person_id", "inquiry_id", "round"),
        *("details_digest", "previous", "digest"),
    ],
    "history_details": ["seq", "salt", "details"],
}
"""The columns that a census is made of; of all other tables the rows are counted."""
READERS: Mapping[str, Callable[[str], Any]] = {
    **dict.fromkeys(("inquiry_id", "person_id", "round", "seq", "size"), int),
    "at": datetime.fromisoformat,
    "details": json.loads,
}
"""Of the columns that are no text: what makes a value of what is written."""
AT_ONCE = 500  # rows
LOCK_PATIENCE = "30s"  # for those who still read what is to be replaced
COPY = re.compile(rb'COPY (?:(?:"(?:[^"]|"")+"|[^".\s]+)\.)?"?(\w+)"? \((.*)\) FROM stdin;\n')
ESCAPED = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}

quoted = dialect().identifier_preparer.quote  # type: ignore[no-untyped-call]


def version(connection: Connection) -> int:
    """Return the server's major version."""
    return int(connection.scalar(text("SHOW server_version_num")) or 0) // 10_000


def schema(connection: Connection) -> str:
    """Return the schema in which this connection's tables are."""
    return str(connection.scalar(text("SELECT current_schema()")))


def dump(url: str, file: Path, client: Client, schema: str, *, stop: Stop = never) -> None:
    """Write a schema into a file, as it stands at one moment. Raises ToolFailed, OSError, Stopped."""
    command = [client.program("pg_dump"), "--format=custom", "--no-owner", "--no-privileges"]
    what = [f"--schema={quoted(schema)}", f"--file={file}", f"--dbname={address(url)}"]
    try:
        run([*command, *what], url, stop=stop)
    except ToolFailed as error:
        if os.strerror(ENOSPC) in str(error.values["reason"]):
            raise OSError(ENOSPC, "no room") from error
        raise


# --- reading a dump back ----------------------------------------------------------------------


def take_census(file: Path, client: Client) -> Census:
    """Return what a dump holds; every byte of it is read. Raises DumpUnreadable."""
    rows: dict[str, int] = {}
    engine = create_engine("sqlite://")
    try:
        with engine.connect() as connection:
            for table, columns, records in _tables(file, client):
                into = _Copied(connection, table, columns)
                rows[table] = 0
                for record in records:
                    rows[table] += 1
                    into.add(record)
                into.close()
            return replace(census.of_connection(connection), rows=dict(sorted(rows.items())))
    except (ToolFailed, ValueError) as error:
        raise DumpUnreadable(reason=str(error)) from error
    finally:
        engine.dispose()


def _tables(file: Path, client: Client) -> "Iterator[tuple[str, Sequence[str], Iterator[bytes]]]":
    """Yield name, columns and rows of each table; the rows must be taken before the next table."""
    command = [client.program("pg_restore"), "--file=-", str(file)]
    with running(command, environment("postgresql://"), stdout=subprocess.PIPE) as process:
        lines = iter(process.stdout or ())
        for line in lines:
            if found := COPY.fullmatch(line):
                columns = [name.strip().strip('"') for name in found[2].decode().split(",")]
                yield found[1].decode(), columns, _rows(lines)


def _rows(lines: Iterator[bytes]) -> Iterator[bytes]:
    for line in lines:
        if line == b"\\.\n":
            return
        yield line
    raise ValueError("the dump ends within a table")


class _Copied:
    """A table of the dump in SQLite, if it is one that is looked into."""

    def __init__(self, connection: Connection, name: str, columns: Sequence[str]) -> None:
        self._connection = connection
        self._waiting: list[dict[str, Any]] = []
        self._places = {column: columns.index(column) for column in LOOKED_INTO.get(name, ())}
        if self._places:
            self._table = Table(name, MetaData(), *(_column(name, column) for column in self._places))
            self._table.create(connection)

    def add(self, line: bytes) -> None:
        if self._places:
            values = line.decode().removesuffix("\n").split("\t")
            row = {name: _value(name, values[at]) for name, at in self._places.items()}
            self._waiting.append(row)
            if len(self._waiting) >= AT_ONCE:
                self.close()

    def close(self) -> None:
        """Write what waits."""
        if self._waiting:
            self._connection.execute(insert(self._table), self._waiting)
            self._waiting = []


def _column(table: str, name: str) -> "Column[Any]":
    known = metadata.tables.get(table)
    return Column(name, String() if known is None else known.c[name].type)


def _value(name: str, written: str) -> Any:
    """Return a value as it was before COPY wrote it."""
    if written == r"\N":
        return None
    value = re.sub(r"\\(.)", lambda found: ESCAPED.get(found[1], found[1]), written)
    return READERS.get(name, str)(value)


# --- restoring --------------------------------------------------------------------------------


def tables(engine: Engine) -> list[str]:
    """Return the tables that stand where chatvan's are, or would be."""
    with engine.connect() as connection:
        return sorted(inspect(connection).get_table_names())


def replace_all(
    url: str, file: Path, client: Client, schema: str, *, old: Sequence[str], rows: Mapping[str, int]
) -> None:
    """Put the dump's tables in the place of the `old` ones: all in one transaction, or nothing.

    Should this process end, or the dump break off, psql hears no COMMIT and everything stands as it was.
    Raises ToolFailed.
    """
    reading = [client.program("pg_restore"), "--file=-", "--no-owner", "--no-privileges"]
    writing = [client.program("psql"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--file=-"]
    writing += [f"--dbname={address(url)}"]
    quiet, pipe = subprocess.DEVNULL, subprocess.PIPE
    with running(writing, environment(url), stdout=quiet, stdin=pipe) as psql:
        assert psql.stdin is not None
        _say(psql, ["BEGIN;", f"SET LOCAL lock_timeout = '{LOCK_PATIENCE}';", *_drops(schema, old)])
        with running(
            [*reading, f"--schema={schema}", str(file)], environment("postgresql://"), stdout=pipe
        ) as restoring:
            for line in restoring.stdout or ():
                psql.stdin.write(line)
        _say(psql, [*_counts(schema, rows), "COMMIT;"])


def _say(psql: "subprocess.Popen[bytes]", statements: Sequence[str]) -> None:
    assert psql.stdin is not None
    psql.stdin.write("".join(f"{statement}\n" for statement in statements).encode())


def _drops(schema: str, old: Sequence[str]) -> list[str]:
    return [f"DROP TABLE {quoted(schema)}.{quoted(table)} CASCADE;" for table in old]


def _counts(schema: str, rows: Mapping[str, int]) -> list[str]:
    """Return statements that fail when a table has other rows than it should."""
    return [
        f"DO $$ BEGIN IF (SELECT count(*) FROM {quoted(schema)}.{quoted(table)}) <> {count}"
        f" THEN RAISE EXCEPTION '% rows differ', '{table}'; END IF; END $$;"
        for table, count in rows.items()
    ]
