"""Where an office's data lie, and where its backups go."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Places:
    """`url` of the database, `files` the folder of attachments, `backups` the folder of backups."""

    url: str = field(repr=False)  # may hold a password
    files: Path
    backups: Path
