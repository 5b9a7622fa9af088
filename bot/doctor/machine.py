"""Checks of the machine: files and who may read them, room on the disk, the database and its lock."""

import os
import shutil
import stat
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from bot.doctor.findings import Finding, fault, ok, warning
from bot.doctor.patient import Patient
from bot.operations.outages import ALIVE
from bot.wording.catalogue import plain
from storage import facts
from storage.database import Database

MEGABYTE = 1024 * 1024
LITTLE_ROOM, NO_ROOM = 1024 * MEGABYTE, 200 * MEGABYTE
OTHERS = stat.S_IRWXG | stat.S_IRWXO
NOT_ALIVE = timedelta(minutes=5)
"""A serving process notes every half minute that it is alive."""


def config(patient: Patient) -> Finding:
    """The settings could be read; say from where."""
    if patient.config.exists():
        return ok(plain("doctor.config_ok", file=patient.config))
    return ok(plain("doctor.config_in_environment"))


def permissions(patient: Patient) -> Finding:
    """Nobody but the owner may read the token, the contents, the attachments."""
    open_to_others = [str(path) for path in _private(patient) if path.stat().st_mode & OTHERS]
    if not open_to_others:
        return ok(plain("doctor.permissions_ok"))
    return fault(plain("doctor.permissions", paths=" ".join(open_to_others)))


def _private(patient: Patient) -> Iterator[Path]:
    """Yield what only its owner may read, as far as it is there."""
    file = patient.file
    beside = [Path(f"{file}{end}") for end in ("", "-wal", "-shm")] if file else []
    folders = [patient.settings.files_folder(), patient.settings.places().backups]
    yield from (path for path in (patient.config, *beside, *folders) if path.exists())


def disk(patient: Patient) -> Finding:
    """The fullest of the disks that hold data."""
    folders = [patient.settings.files_folder(), *([patient.file] if patient.file else [])]
    free, folder = min((shutil.disk_usage(there).free, there) for there in map(_existing, folders))
    shown = f"{free / (1024 * MEGABYTE):.1f}".replace(".", ",")
    if free >= LITTLE_ROOM:
        return ok(plain("doctor.disk_ok", free=shown))
    said = plain("doctor.disk", free=shown, folder=folder)
    return fault(said) if free < NO_ROOM else warning(said)


def _existing(path: Path) -> Path:
    """Return the path or the nearest folder above it that is there."""
    return next(one for one in (path.absolute(), *path.absolute().parents) if one.exists())


def database(patient: Patient) -> Finding:
    """The database can be opened, and written."""
    where = str(patient.file or "PostgreSQL")
    if patient.is_absent:
        return warning(plain("doctor.database_absent", where=where))
    if patient.unusable:
        return fault(plain("cli.database_unusable", where=where, reason=patient.unusable))
    if patient.file and not (os.access(patient.file, os.W_OK) and os.access(patient.file.parent, os.W_OK)):
        return fault(plain("doctor.database_unwritable", where=where))
    return ok(plain("doctor.database_ok", where=where))


def schema(patient: Patient) -> Finding:
    """The tables are those of this version."""
    if patient.unusable:
        return warning(plain("doctor.rest_unasked"))
    if patient.is_too_new:
        return fault(plain("cli.schema_too_new"))
    if not patient.is_current:
        return warning(plain("doctor.schema_old"))
    return ok(plain("doctor.schema_ok", revision=patient.revision))


def serving(patient: Patient) -> Finding:
    """A process serves, and is alive."""
    if patient.unusable:
        return warning(plain("doctor.rest_unasked"))
    if not patient.is_served():
        return warning(plain("doctor.serving_none"))
    alive_at = _alive_at(patient.database) if patient.database and patient.is_current else None
    if alive_at is not None and patient.clock() - alive_at > NOT_ALIVE:
        return fault(plain("doctor.serving_stuck", since=alive_at))
    return ok(plain("doctor.serving_ok"))


def _alive_at(database: Database) -> datetime | None:
    noted = database.read_now(lambda session: facts.recall(session, ALIVE))
    return datetime.fromisoformat(noted) if noted else None
