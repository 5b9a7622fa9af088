"""Why a backup was not made, or not restored: a reason each, with the key of the sentence that tells it."""

from collections.abc import Iterator
from contextlib import contextmanager
from errno import EDQUOT, ENOSPC
from pathlib import Path
from typing import ClassVar


class BackupTrouble(Exception):
    """What was asked for was not done. `values` fill in the sentence under `key`."""

    key: ClassVar[str]

    def __init__(self, **values: object) -> None:
        super().__init__(*values.values())
        self.values = values


# --- making -----------------------------------------------------------------------------------


class Stopped(BackupTrouble):
    """The process was told to end."""

    key = "backups.stopped"


class NoRoom(BackupTrouble):
    """The disk of `folder` is full, or would be."""

    key = "backups.no_room"


class FolderUnusable(BackupTrouble):
    """Nothing can be read or written in `folder`, for `reason`."""

    key = "backups.folder_unusable"


class NoDatabase(BackupTrouble):
    """There is no database at `place` to copy."""

    key = "backups.no_database"


class SourceDamaged(BackupTrouble):
    """The copy could not be read back, for `reason`: what was copied is damaged itself, or the disk is."""

    key = "backups.source_damaged"


class ToolMissing(BackupTrouble):
    """The client programs of PostgreSQL are not installed; `version` is the server's."""

    key = "backups.tool_missing"


class ToolTooOld(BackupTrouble):
    """The client programs are of version `found`, the server of the newer `version`."""

    key = "backups.tool_too_old"


class ToolFailed(BackupTrouble):
    """A `program` of PostgreSQL gave up, for `reason`."""

    key = "backups.tool_failed"


class NotMigrated(BackupTrouble):
    """The schema was left as it was, because of `cause`: there would have been no way back."""

    key = "backups.not_migrated"

    def __init__(self, cause: Exception) -> None:
        super().__init__()
        self.cause = cause


# --- a backup that is not what it was ---------------------------------------------------------


class Damaged(BackupTrouble):
    """The backup is not as it was made."""


class NoBackup(Damaged):
    """`folder` holds no backup, or one that was never finished."""

    key = "backups.no_backup"


class ManifestChanged(Damaged):
    """manifest.json cannot be read, or says something else than it did."""

    key = "backups.manifest_changed"


class DumpChanged(Damaged):
    """The file `name` is missing, or has other bytes than when it was written."""

    key = "backups.dump_changed"


class DumpUnreadable(Damaged):
    """The database in the backup cannot be read, for `reason`."""

    key = "backups.dump_unreadable"


class RowsDiffer(Damaged):
    """`table` has other rows than the manifest counts."""

    key = "backups.rows_differ"


class HistoryDiffers(Damaged):
    """The history in the backup is not the one of which the manifest tells."""

    key = "backups.history_differs"


class FileMissing(Damaged):
    """An attachment of the backup is not there, or has other bytes; `name` is its SHA-256."""

    key = "backups.file_missing"


# --- restoring --------------------------------------------------------------------------------


class TooNew(BackupTrouble):
    """A newer `program` made the backup."""

    key = "backups.too_new"


class OtherKind(BackupTrouble):
    """The backup is of one kind of database (`found`), the configuration names another (`wanted`)."""

    key = "backups.other_kind"


class OtherSchema(BackupTrouble):
    """On PostgreSQL: the backup is of schema `found`, the connection leads to `wanted`."""

    key = "backups.other_schema"


class Served(BackupTrouble):
    """A `chatvan run` serves the target."""

    key = "backups.served"


class InUse(BackupTrouble):
    """Another process uses the target."""

    key = "backups.in_use"


class TargetNotEmpty(BackupTrouble):
    """There are data at `place` already."""

    key = "backups.target_not_empty"


# --- what the system says ---------------------------------------------------------------------


@contextmanager
def told_of(folder: Path) -> Iterator[None]:
    """Turn what the system refuses into NoRoom and FolderUnusable."""
    try:
        yield
    except OSError as error:
        if error.errno in (ENOSPC, EDQUOT):
            raise NoRoom(folder=folder) from error
        place = error.filename or folder
        raise FolderUnusable(folder=place, reason=error.strerror or str(error)) from error
