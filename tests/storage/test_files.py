"""The store of files: whole or not at all, once, and only what the digest says."""

import hashlib
from pathlib import Path

import pytest

from storage.files import FileLost, FileStore

CONTENT = b"bien ban ke bien"
NAME = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


def kept(store: FileStore) -> list[Path]:
    return sorted(path for path in store.folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("content", [CONTENT, b"", bytes(range(256)) * 4000])
def test_what_was_put_is_got(store: FileStore, content: bytes) -> None:
    assert store.get(store.put(content)) == content


def test_the_name_is_the_digest_in_a_folder_of_its_first_two_letters(store: FileStore) -> None:
    assert store.put(CONTENT) == NAME
    assert kept(store) == [store.folder / NAME[:2] / NAME]


def test_the_same_bytes_are_kept_once(store: FileStore) -> None:
    first, second = store.put(CONTENT), store.put(CONTENT)
    assert first == second
    assert len(kept(store)) == 1


def test_nobody_else_on_the_machine_reads_them(store: FileStore) -> None:
    store.put(CONTENT)
    (path,) = kept(store)
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_what_is_not_there_is_lost(store: FileStore) -> None:
    with pytest.raises(FileLost, match=NAME):
        store.get(NAME)


def test_bytes_that_changed_are_lost_and_mended_by_the_next_who_puts_them(store: FileStore) -> None:
    store.put(CONTENT)
    (path,) = kept(store)
    path.write_bytes(CONTENT[:-1])
    with pytest.raises(FileLost):
        store.get(NAME)
    store.put(CONTENT)
    assert store.get(NAME) == CONTENT


def test_a_disk_that_is_full_leaves_no_half_file(store: FileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("storage.files.os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        store.put(CONTENT)
    assert kept(store) == []
