"""Which files Telegram shows together, and how large they may be."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from storage.kinds import Media

LARGEST = 20 * 1024 * 1024
"""Bytes that a bot may fetch of one file (Bot API, getFile)."""
LARGEST_ALBUM = 10
TOGETHER = {Media.PHOTO: "seen", Media.VIDEO: "seen", Media.DOCUMENT: "document", Media.AUDIO: "audio"}
"""Sorts of the same class form albums; the others are sent alone (Bot API, sendMediaGroup)."""
BARE = frozenset({Media.VIDEO_NOTE})
"""Sorts that take no caption."""

File = TypeVar("File")


def groups(files: Iterable[File], media: Callable[[File], Media]) -> Iterator[list[File]]:
    """Yield files in messages or albums of at most ten, in the order in which they came."""
    group: list[File] = []
    for file in files:
        sort = TOGETHER.get(media(file))
        if group and (sort is None or sort != TOGETHER.get(media(group[-1])) or len(group) == LARGEST_ALBUM):
            yield group
            group = []
        group.append(file)
    if group:
        yield group
