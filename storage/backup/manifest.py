"""What a backup says of itself: `manifest.json`, sealed by a digest of its own words.

The seal finds an accident, not a forger: against one stands the history's head, written down elsewhere.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from storage.backup.troubles import ManifestChanged, NoBackup, TooNew

FILE = "manifest.json"
FORMAT = 1


class Made(StrEnum):
    """On whose behalf a backup was made. Only what was made by itself is ever deleted by itself."""

    BY_HAND = "by_hand"
    DAILY = "daily"
    BEFORE_MIGRATION = "before_migration"
    BEFORE_RESTORE = "before_restore"

    @property
    def may_expire(self) -> bool:
        return self in (Made.DAILY, Made.BEFORE_MIGRATION)


class Kind(StrEnum):
    """Which database was copied."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"

    @property
    def dump(self) -> str:
        """The name of the database's copy within the backup."""
        return "database.sqlite3" if self is Kind.SQLITE else "database.dump"


@dataclass(frozen=True)
class Manifest:
    """A backup in figures. Sizes are in bytes; `files` and `lost` are named by their SHA-256."""

    program: str
    """The version of chatvan that made it."""
    made_at: datetime
    made: Made
    before: str
    """The revision to which a migration was about to lead, else empty."""
    kind: Kind
    schema: str
    """Of PostgreSQL: the schema that was copied."""
    size: int
    sha256: str
    revision: str
    head: str
    """The history's last row and its digest, `12:7f3a…`."""
    faults: int
    """How many faults the history had when it was copied: none, unless somebody changed it before."""
    rows: Mapping[str, int]
    files: Mapping[str, int]
    lost: tuple[str, ...]
    """Attachments that the database names and the store did not hold any more."""

    @property
    def is_sound(self) -> bool:
        """Whether what was copied was whole itself."""
        return not self.faults and not self.lost

    @property
    def total(self) -> int:
        """How many bytes the backup stands for; files shared with an older one are counted."""
        return self.size + sum(self.files.values())


def write(manifest: Manifest) -> str:
    """Return the text of manifest.json."""
    tree = {"format": FORMAT, **asdict(manifest), "made_at": manifest.made_at.isoformat()}
    return json.dumps({**tree, "seal": _seal(tree)}, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def read(folder: Path) -> Manifest:
    """Return what a backup says of itself. Raises NoBackup, ManifestChanged, TooNew."""
    try:
        tree = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NoBackup(folder=folder) from error
    except ValueError as error:
        raise ManifestChanged(folder=folder) from error
    try:
        return _unsealed(tree)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ManifestChanged(folder=folder) from error


def _unsealed(tree: dict[str, Any]) -> Manifest:
    if tree.pop("seal") != _seal(tree):
        raise ValueError("the seal is broken")
    if tree.pop("format") > FORMAT:
        raise TooNew(program=tree["program"])
    tree |= {
        "made_at": datetime.fromisoformat(tree["made_at"]),
        "made": Made(tree["made"]),
        "kind": Kind(tree["kind"]),
        "lost": tuple(tree["lost"]),
    }
    return Manifest(**tree)


def _seal(tree: dict[str, Any]) -> str:
    plain = json.dumps(tree, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()
