"""PostgreSQL's client programs: found, of a version that fits the server, and run.

A password goes to them by their environment, never by the command line, which everybody on the machine can
read. They get nothing of chatvan's own environment.
"""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from sqlalchemy import make_url

from storage.backup.troubles import Stopped, ToolFailed, ToolMissing, ToolTooOld
from storage.engine import normal_url

PROGRAMS = ("pg_dump", "pg_restore", "psql")
OF_DEBIAN = Path("/usr/lib/postgresql")
LOOK_EVERY = 0.1  # seconds between two looks whether to stop
PATIENCE = 10.0  # seconds for a program to end that was told to
SECRETS = ("password", "sslpassword")

Stop = Callable[[], bool]
"""Says whether the work is to be given up."""


def never() -> bool:
    return False


@dataclass(frozen=True)
class Client:
    """The programs of one version, in one folder."""

    folder: Path
    major: int

    def program(self, name: str) -> str:
        return str(self.folder / name)


def client_for(server: int | None = None) -> Client:
    """Return the programs whose version is the server's, else the next newer one.

    Without a server, the newest. Raises ToolMissing, ToolTooOld.
    """
    found = list(_clients())
    version = server or ""
    if not found:
        raise ToolMissing(version=version)
    fitting = [client for client in found if server is None or client.major >= server]
    if not fitting:
        raise ToolTooOld(found=max(client.major for client in found), version=version)
    return min(fitting, key=lambda client: client.major if server else -client.major)


def _clients() -> Iterator[Client]:
    # Debian's own folders first: what stands on its PATH chooses a version anew at every call.
    folders = [*sorted(OF_DEBIAN.glob("*/bin")), *(Path(entry) for entry in os.get_exec_path() if entry)]
    for folder in folders:
        if all(shutil.which(name, path=str(folder)) for name in PROGRAMS):
            said = subprocess.run(
                [folder / "pg_dump", "--version"], capture_output=True, text=True, check=False, env=_plain()
            ).stdout
            if version := re.search(r"\(PostgreSQL\) (\d+)", said):
                yield Client(folder, int(version[1]))


def _plain() -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.upper().startswith("CHATVAN_")}
    return {**kept, "LC_ALL": "C"}


# --- where the server is ----------------------------------------------------------------------


def address(url: str) -> str:
    """Return a database's address as the programs take it, without any password."""
    from psycopg.conninfo import make_conninfo

    return make_conninfo("", **{key: value for key, value in _parameters(url).items() if key not in SECRETS})


def environment(url: str) -> dict[str, str]:
    """Return what the programs find in their environment: the password is here and nowhere else."""
    password = _parameters(url).get("password")
    return {**_plain(), **({"PGPASSWORD": str(password)} if password else {})}


def _parameters(url: str) -> Mapping[str, Any]:
    parsed = make_url(normal_url(url))
    _, parameters = parsed.get_dialect()().create_connect_args(parsed)
    return parameters


# --- running ----------------------------------------------------------------------------------


def run(command: Sequence[str], url: str, *, stop: Stop = never) -> None:
    """Run a program to its end. Raises ToolFailed with its last words, Stopped."""
    with running(command, environment(url), stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            if stop():
                raise Stopped
            _wait(process, LOOK_EVERY)


@contextmanager
def running(
    command: Sequence[str], surroundings: Mapping[str, str], *, stdout: int, stdin: int = subprocess.DEVNULL
) -> "Iterator[subprocess.Popen[bytes]]":
    """Run a program beside the block. It must end well after it; when the block fails it is ended.

    Raises ToolFailed with the program's last words.
    """
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(command, env=surroundings, stdin=stdin, stdout=stdout, stderr=errors)
        try:
            yield process
            if process.stdin:
                process.stdin.close()
            code = process.wait()
        except BrokenPipeError as error:
            if process.stdin is None:
                raise  # it is another program that does not listen
            _wait(process, PATIENCE)
            raise _failed(command, errors) from error
        finally:
            _end(process)
        if code:
            raise _failed(command, errors)


def _failed(command: Sequence[str], errors: IO[bytes]) -> ToolFailed:
    errors.seek(0)
    said = errors.read().decode(errors="replace").strip().splitlines()
    telling = [line for line in said if "error" in line.lower() or "fatal" in line.lower()] or said
    return ToolFailed(program=Path(command[0]).name, reason=telling[0] if telling else "?")


def _end(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        process.kill()
        process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe:
            with suppress(BrokenPipeError):  # what was not written yet is of no use to what has ended
                pipe.close()


def _wait(process: "subprocess.Popen[bytes]", seconds: float) -> None:
    with suppress(subprocess.TimeoutExpired):
        process.wait(seconds)
