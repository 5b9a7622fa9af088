"""What is said of backups: on the terminal, in the log, and to whoever asks how the service is."""

from collections.abc import Iterator
from pathlib import Path

from bot.wording.catalogue import plain
from storage import history
from storage.backup.manifest import Manifest
from storage.backup.restoring import Restored
from storage.backup.shelf import Backup
from storage.backup.troubles import BackupTrouble, NotMigrated
from storage.engine import reason

MEGABYTE = 1_000_000


def made(backup: Backup) -> str:
    """Return what was made: where, how large, how much is in it."""
    return plain(
        "backups.made", folder=backup.folder, size=_size(backup.manifest), **_figures(backup.manifest)
    )


def remarks(manifest: Manifest) -> list[str]:
    """Return what is wrong with the data that were copied; nothing, if they are whole."""
    return list(_remarks(manifest))


def _remarks(manifest: Manifest) -> Iterator[str]:
    if manifest.faults:
        yield plain("backups.history_was_broken", count=manifest.faults)
    if manifest.lost:
        yield plain("backups.files_were_lost", count=len(manifest.lost))


def restored(done: Restored, *, url_is_file: bool) -> list[str]:
    """Return what was restored, where the former data are, and what to do next."""
    manifest = done.backup.manifest
    lines = [
        plain(
            "backups.restored",
            name=done.backup.folder.absolute().name,
            at=manifest.made_at,
            **_figures(manifest),
        )
    ]
    if done.aside is not None:
        lines.append(_aside(done.aside, is_file=url_is_file))
    return [*lines, *remarks(manifest), plain("backups.now_run")]


def _aside(place: Path, *, is_file: bool) -> str:
    return plain("backups.set_aside" if is_file else "backups.set_aside_as_backup", place=place)


def refusal(trouble: Exception) -> str:
    """Return why something was not done: one of storage.backup.troubles, or trouble of the database."""
    if isinstance(trouble, NotMigrated):
        return plain(trouble.key, reason=refusal(trouble.cause))
    if isinstance(trouble, BackupTrouble):
        return plain(trouble.key, **trouble.values)
    return plain("backups.database_unusable", reason=reason(trouble))


def _figures(manifest: Manifest) -> dict[str, object]:
    return {
        "inquiries": manifest.rows.get("inquiries", 0),
        "files": len(manifest.files),
        "rows": manifest.rows.get("history", 0),
        "head": history.shortened(manifest.head),
    }


def _size(manifest: Manifest) -> str:
    return f"{manifest.total / MEGABYTE:.1f} MB".replace(".", ",")
