"""A private PostgreSQL (15 or newer) for the tests: own directory, own socket, gone when the tests are."""

import atexit
import os
import pwd
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import psycopg
from psycopg import sql

PROGRAMS = ("initdb", "pg_ctl", "postgres")
PORT = 5432  # only a part of the socket's name; said aloud so that PGPORT cannot change it
MEMORY = Path("/dev/shm")  # a new database took 0.02 s there and 0.3 s on a disk
ROOM = 2**30  # bytes; the server with its write-ahead log and a few databases needs about a tenth
SOCKET_PATH_LIMIT = 100  # bytes; the system cuts a socket's path at 104 to 108

# Nothing here outlives the tests, so nothing is synced. Language and time zone are unlike SQLite's on
# purpose: code that leans on the database's own order or zone is to fail here rather than in a province.
SETTINGS = """
listen_addresses = ''
port = {port}
unix_socket_directories = '{directory}'
fsync = off
full_page_writes = off
synchronous_commit = off
autovacuum = off
max_wal_size = '128MB'
timezone = 'Asia/Ho_Chi_Minh'
"""
LOCALE = ("--encoding=UTF8", "--locale=C", "--locale-provider=icu", "--icu-locale=vi")

# Lives until its standard input ends, which also happens when the tests are killed without a last word.
GUARDIAN = 'read -r _; "$1" -D "$2/data" -m immediate -w stop >"$2/stop" 2>&1; rm -rf "$2"'


def server_programs() -> Path | None:
    """Where PostgreSQL's server programs are: on PATH, else Debian's newest, else None."""
    on_path = [Path(entry) for entry in os.get_exec_path() if entry]
    of_debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    return next((place for place in [*on_path, *of_debian] if _holds_programs(place)), None)


class Cluster:
    """A running server; `close` (also at exit) stops it and removes its directory."""

    def __init__(self, programs: Path) -> None:
        self._pg_ctl = programs / "pg_ctl"
        self._account = _server_account()
        self._environment = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "LC_", "LANG"))}
        self.directory = Path(tempfile.mkdtemp(prefix="chatvan-pg-", dir=_open_directory()))
        if self._account:
            os.chown(self.directory, self._account.pw_uid, self._account.pw_gid)
        self._guardian = self._start_guardian()
        atexit.register(self.close)
        try:
            self._start(programs / "initdb")
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def create_database(self, name: str, template: str | None = None) -> str:
        """Create a database, empty or as a copy of `template` (to which nobody may be connected); its URL."""
        self._execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
                sql.Identifier(name), sql.Identifier(template or "template1")
            )
        )
        return f"postgresql+psycopg://postgres@/{quote(name)}?host={quote(str(self.directory))}&port={PORT}"

    def drop_database(self, name: str) -> None:
        """Drop a database, if it is there, and throw out whoever is still connected."""
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def close(self) -> None:
        """Stop at once and remove the directory; a second call does nothing."""
        atexit.unregister(self.close)
        self._guardian.communicate()

    def _start(self, initdb: Path) -> None:
        data, log = self.directory / "data", self.directory / "log"
        self._run(initdb, "-D", data, "-U", "postgres", "-A", "trust", "--no-sync", *LOCALE)
        with (data / "postgresql.conf").open("a") as settings:
            settings.write(SETTINGS.format(port=PORT, directory=self.directory))
        self._run(self._pg_ctl, "-D", data, "-l", log, "-w", "-t", "60", "start")

    def _run(self, *command: str | Path) -> None:
        # Into a file, not a pipe: the server inherits the output and would hold a pipe open for ever.
        said = self.directory / "said"
        with said.open("w") as output:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self.directory,
                env=self._environment,
                user=self._account.pw_uid if self._account else None,
                group=self._account.pw_gid if self._account else None,
                extra_groups=[] if self._account else None,
                start_new_session=True,  # Ctrl-C is for pytest; the server must outlive it until `close`
            )
        if done.returncode:
            log = self.directory / "log"
            told = said.read_text() + (log.read_text() if log.exists() else "")
            raise RuntimeError(f"{command[0]} ended with {done.returncode}:\n{told}")

    def _start_guardian(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            ["/bin/sh", "-c", GUARDIAN, "sh", self._pg_ctl, self.directory],
            stdin=subprocess.PIPE,
            cwd="/",
            env=self._environment,
            user=self._account.pw_uid if self._account else None,
            group=self._account.pw_gid if self._account else None,
            extra_groups=[] if self._account else None,
            start_new_session=True,
        )

    def _execute(self, statement: sql.Composed) -> None:
        with psycopg.connect(
            host=str(self.directory), port=PORT, user="postgres", dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(statement)


def _version(programs: Path) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", programs.parent.name))


def _holds_programs(place: Path) -> bool:
    found = all(shutil.which(program, path=str(place)) for program in PROGRAMS)
    return found and (os.geteuid() != 0 or _is_open_to_all(place))


def _server_account() -> pwd.struct_passwd | None:
    """Whom the server runs as: PostgreSQL refuses root. None: whoever runs the tests."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("PostgreSQL does not run as root, and there is neither a user postgres nor nobody")


def _open_directory() -> Path:
    """Where the server's user may go and a socket's path stays short enough; in memory if there is room."""
    places = [Path(tempfile.gettempdir()).resolve(), Path("/tmp"), Path("/var/tmp")]
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK | os.X_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        places.insert(0, MEMORY)
    for place in places:
        socket = place / "chatvan-pg-12345678" / f".s.PGSQL.{PORT}.lock"
        if len(os.fsencode(socket)) < SOCKET_PATH_LIMIT and (os.geteuid() != 0 or _is_open_to_all(place)):
            return place
    raise RuntimeError("found no temporary directory that PostgreSQL's user may enter")


def _is_open_to_all(place: Path) -> bool:
    resolved = place.resolve()
    return all(step.stat().st_mode & 0o001 for step in (resolved, *resolved.parents))
