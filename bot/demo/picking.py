"""Files picked on the page of the phones: which kind an app would make of each, and in which albums."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby

from bot.demo.files import FileKind
from bot.demo.phones import MAX_ALBUM, Piece

VISUAL: set[FileKind] = {"photo", "video"}
GROUPED: set[FileKind] = {*VISUAL, "document", "audio"}
MAX_PHOTO = 10 * 1024 * 1024
KINDS_OF_TYPES: dict[str, FileKind] = {
    "image/jpeg": "photo",
    "image/png": "photo",
    "image/webp": "photo",
    "image/gif": "animation",
    "audio/ogg": "voice",
    "video/mp4": "video",
    "video/quicktime": "video",
    "video/webm": "video",
}


def picked(name: str, mime_type: str, content: bytes) -> Piece:
    """A picked file as an app sends it; sound in Ogg passes for what the microphone recorded."""
    kind = KINDS_OF_TYPES.get(mime_type) or ("audio" if mime_type.startswith("audio/") else "document")
    if kind == "photo" and len(content) > MAX_PHOTO:
        kind = "document"
    return Piece(kind, name, content)


def parcels(pieces: Iterable[Piece], caption: str) -> Iterator[list[Piece]]:
    """What goes out together: an album, or one piece alone. The caption stands under the very first."""
    left = caption
    for family, members in groupby(pieces, _family):
        waiting = list(members)
        while waiting:
            size = MAX_ALBUM if family in GROUPED else 1
            parcel, waiting = waiting[:size], waiting[size:]
            yield [replace(parcel[0], caption=left or None), *parcel[1:]]
            left = ""


def _family(piece: Piece) -> FileKind:
    return "photo" if piece.kind in VISUAL else piece.kind
