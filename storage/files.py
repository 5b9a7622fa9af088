"""The store of what people attached: bytes under their SHA-256, in a folder beside the database.

A file is there whole or not at all, whatever ends the process. The same bytes are kept once.
"""

import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path


class FileLost(Exception):
    """The store does not hold these bytes, or holds others in their place."""


class FileStore:
    """Keeps bytes in `folder`, which is made when the first ones come."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content: bytes) -> str:
        """Keep bytes; return their SHA-256 in hexadecimal. They are on the disk when this returns."""
        name = hashlib.sha256(content).hexdigest()
        path = self._path(name)
        if not self._holds(path, name):
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            _write(path, content)
        return name

    def get(self, sha256: str) -> bytes:
        """Return the bytes of this digest. Raises FileLost."""
        try:
            content = self._path(sha256).read_bytes()
        except FileNotFoundError as error:
            raise FileLost(sha256) from error
        if hashlib.sha256(content).hexdigest() != sha256:
            raise FileLost(sha256)
        return content

    def remove(self, sha256: str) -> None:
        """Forget bytes, if they are kept."""
        self._path(sha256).unlink(missing_ok=True)

    def older_than(self, moment: datetime) -> Iterator[str]:
        """Yield the digest of every file that was put before a moment."""
        for name in self.names():
            if self._path(name).stat().st_mtime < moment.timestamp():
                yield name

    def names(self) -> Iterator[str]:
        """Yield the digest of every file that is kept, in order."""
        for path in sorted(self.folder.glob("??/*")):
            if re.fullmatch(r"[0-9a-f]{64}", path.name) and path.is_file():
                yield path.name

    def link(self, other: "FileStore", sha256: str) -> int:
        """Share the bytes of another store, where the system can without a copy; return how many they are.

        Raises FileLost when the other does not hold them.
        """
        content, path = other.get(sha256), self._path(sha256)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            path.hardlink_to(other._path(sha256))
        except OSError:  # another disk, or one that knows no links
            self.put(content)
        else:
            sync_folder(path.parent)
        return len(content)

    def _path(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / sha256

    def _holds(self, path: Path, sha256: str) -> bool:
        if not path.exists():
            return False
        try:
            self.get(sha256)
        except FileLost:
            return False
        return True


def _write(path: Path, content: bytes) -> None:
    """Write a file so that its name never stands for anything but the whole."""
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with open(unfinished, "xb", opener=private) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    sync_folder(path.parent)


def private(path: str, flags: int) -> int:
    """Open a new file for its owner alone; an `opener` of `open`."""
    return os.open(path, flags, 0o600)


def sync_folder(folder: Path) -> None:
    """Let the name survive a power failure too, where the system can (Windows cannot)."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
