"""The file that a message encloses, as Telegram describes it."""

from collections.abc import Sequence
from dataclasses import dataclass

from telegram import Message, PhotoSize

from storage.kinds import Media
from storage.text import nfc

LONGEST_NAME = 120


@dataclass(frozen=True)
class Enclosure:
    """One file on Telegram's server. `size` is in bytes, 0 if Telegram does not say."""

    media: Media
    file_id: str
    size: int = 0
    name: str = ""


def enclosure(message: Message) -> Enclosure | None:
    """Return the file of a message; None if there is none, or of a sort that is not taken (a sticker)."""
    if message.photo:
        largest = _largest(message.photo)
        return Enclosure(Media.PHOTO, largest.file_id, largest.file_size or 0)
    # An animation comes with a document beside it, for programs that know no animations.
    for media in (Media.ANIMATION, Media.VIDEO, Media.AUDIO, Media.VOICE, Media.VIDEO_NOTE, Media.DOCUMENT):
        file = getattr(message, media)
        if file is not None:
            name = nfc(getattr(file, "file_name", None) or "").strip()
            return Enclosure(media, file.file_id, file.file_size or 0, name[-LONGEST_NAME:])
    return None


def _largest(sizes: Sequence[PhotoSize]) -> PhotoSize:
    return max(sizes, key=lambda one: (one.width * one.height, one.file_size or 0))
