"""A folder of backups: one process at a time adds and removes; what is half done is never taken for whole."""

import fcntl
import re
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from storage.backup import manifest
from storage.backup.manifest import Manifest
from storage.backup.programs import LOOK_EVERY, Stop, never
from storage.backup.troubles import BackupTrouble, Stopped
from storage.files import private, sync_folder

NAME = re.compile(r"chatvan-\d{8}-\d{6}(-\d+)?")
UNFINISHED = re.compile(rf"\.{NAME.pattern}\.(unfinished|expired)")


@dataclass(frozen=True)
class Backup:
    """A finished backup: its folder, and what it says of itself."""

    folder: Path
    manifest: Manifest


def stamp(now: datetime) -> str:
    """Return a moment as names show it, by the clock that it was given in: `20261130-021600`."""
    return f"{now:%Y%m%d-%H%M%S}"


def backups(folder: Path) -> list[Backup]:
    """Return the finished backups in a folder, the newest first; a damaged manifest is passed over."""
    found = []
    for place in folder.glob("chatvan-*"):
        if NAME.fullmatch(place.name):
            try:
                found.append(Backup(place, manifest.read(place)))
            except BackupTrouble:
                continue
    return sorted(found, key=lambda backup: (backup.manifest.made_at, backup.folder.name), reverse=True)


@contextmanager
def opened(folder: Path, *, stop: Stop = never) -> Iterator[None]:
    """Hold a folder of backups alone, made if need be; what killed processes left in it is removed.

    Raises OSError, Stopped.
    """
    folder.mkdir(exist_ok=True, mode=0o700)
    with open(folder / ".lock", "a", opener=private) as lock:
        while not _is_locked(lock.fileno()):
            if stop():
                raise Stopped
            time.sleep(LOOK_EVERY)
        for place in folder.iterdir():
            if UNFINISHED.fullmatch(place.name):
                shutil.rmtree(place)
        yield


def _is_locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def free_name(folder: Path, now: datetime) -> str:
    number, name = 1, f"chatvan-{stamp(now)}"
    while (folder / (free := f"{name}-{number}" if number > 1 else name)).exists():
        number += 1
    return free


def expire(folder: Path, days: int, *, stop: Stop = never) -> Sequence[Path]:
    """Delete what was made by itself, but for the newest `days` days on which something was; return what.

    Days are counted by the backups, not by the calendar: after a long outage, or under a clock that errs,
    the older ones stay until as many new ones stand beside them. Nothing that a person asked for goes.
    """
    with opened(folder, stop=stop):
        automatic = [one for one in backups(folder) if one.manifest.made.may_expire]
        kept = set(sorted({one.manifest.made_at.date() for one in automatic}, reverse=True)[:days])
        old = [one.folder for one in automatic if one.manifest.made_at.date() not in kept]
        for place in old:
            # Half deleted it must not bear the name of a whole one.
            expired = place.rename(place.with_name(f".{place.name}.expired"))
            sync_folder(folder)
            shutil.rmtree(expired)
    return old
