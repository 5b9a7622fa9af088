"""Files of every kind: how Telegram names and keeps them, and how it writes them as JSON."""

import mimetypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, Literal, get_args

from bot.demo.refusals import JSON

FileKind = Literal["document", "photo", "voice", "video", "video_note", "audio", "animation", "sticker"]
FILE_KINDS: tuple[FileKind, ...] = get_args(FileKind)
UNCAPTIONED: set[FileKind] = {"sticker", "video_note"}
# Bytes that a browser can show, of a grey dot: what people send if a test does not care.
DOT = bytes.fromhex(
    "ffd8ffe000104a46494600010100000100010000ffdb004300080606070605080707070909080a0c140d0c0b0b0c1912130f141d"
    "1a1f1e1d1a1c1c20242e2720222c231c1c2837292c30313434341f27393d38323c2e333432ffc0000b080001000101011100ffc4"
    "00140001000000000000000000000000000000ffc40014100100000000000000000000000000000000ffda0008010100003f00"
    "ffd9"
)
PIECE = 256 * 1024  # bytes in which a file goes over the line
PHOTO_SIDES = (90, 320, 800, 1280)  # the longer side in pixels of the sizes that Telegram makes of a photo


@dataclass(frozen=True)
class Kind:
    """How Telegram treats one kind of file; `sample` is a file of it as a phone sends it."""

    folder: str
    id_prefix: str
    name: str
    sample: bytes
    mime_type: str
    keeps_name: bool = True

    def suffix(self, name: str) -> str:
        return PurePath(name if self.keeps_name else self.name).suffix

    def mime_type_of(self, name: str) -> str:
        return (self.keeps_name and mimetypes.guess_type(name)[0]) or self.mime_type


KINDS: dict[FileKind, Kind] = {
    "document": Kind("documents", "BQACAgU", "tep.pdf", b"%PDF-1.7\n", "application/octet-stream"),
    "photo": Kind("photos", "AgACAgU", "anh.jpg", DOT, "image/jpeg", keeps_name=False),
    "voice": Kind("voice", "AwACAgU", "ghi-am.oga", b"OggS\0OpusHead", "audio/ogg", keeps_name=False),
    "video": Kind("videos", "BAACAgU", "phim.mp4", b"\0\0\0\x18ftypmp42", "video/mp4"),
    "video_note": Kind(
        "video_notes", "DQACAgU", "phim-tron.mp4", b"\0\0\0\x18ftypmp42", "video/mp4", keeps_name=False
    ),
    "audio": Kind("music", "CQACAgU", "am-thanh.mp3", b"ID3\4\0\0\0\0\0\0", "audio/mpeg"),
    "animation": Kind("animations", "CgACAgU", "hinh-dong.mp4", b"\0\0\0\x18ftypmp42", "video/mp4"),
    "sticker": Kind(
        "stickers", "CAACAgU", "nhan-dan.webp", b"RIFF\0\0\0\0WEBP", "image/webp", keeps_name=False
    ),
}


@dataclass(frozen=True)
class Shape:
    """What a phone tells of the picture and the sound: pixels and seconds."""

    width: int = 1280
    height: int = 960
    duration: int = 3

    def scaled(self, longer: int) -> "Shape":
        """The same picture with this longer side, never enlarged."""
        factor = min(1.0, longer / max(self.width, self.height))
        return Shape(max(1, round(self.width * factor)), max(1, round(self.height * factor)), self.duration)

    @property
    def sides(self) -> JSON:
        return {"width": self.width, "height": self.height}


@dataclass(eq=False)
class File:
    """A file on Telegram's servers. `size` may be larger than `content`, to stand for a huge file."""

    kind: FileKind
    name: str
    content: bytes = field(repr=False)
    size: int
    id: str
    unique_id: str
    path: str
    mime_type: str
    shape: Shape = field(default=Shape(), repr=False)
    smaller: "tuple[File, ...]" = field(default=(), repr=False)  # the other sizes of a photo, smallest first

    @property
    def suffix(self) -> str:
        return PurePath(self.name).suffix.lower()

    def named(self) -> JSON:
        """The ids and the size, as every kind and getFile have them."""
        return {"file_id": self.id, "file_unique_id": self.unique_id, "file_size": self.size}

    def pieces(self, start: int, end: int) -> Iterator[bytes]:
        """The bytes from `start` to `end`; where a size was only pretended, zeros follow the content."""
        for at in range(start, end, PIECE):
            until = min(at + PIECE, end)
            yield self.content[at:until].ljust(until - at, b"\0")

    def as_api(self) -> Any:
        typed = {**self.named(), "mime_type": self.mime_type}
        titled = {**typed, "file_name": self.name}
        lasting = {"duration": self.shape.duration}
        match self.kind:
            case "photo":
                return [{**size.named(), **size.shape.sides} for size in (*self.smaller, self)]
            case "voice":
                return {**typed, **lasting}
            case "audio":
                return {**titled, **lasting}
            case "video" | "animation":
                return {**titled, **lasting, **self.shape.sides}
            case "video_note":
                return {**self.named(), **lasting, "length": min(self.shape.width, self.shape.height, 640)}
            case "sticker":
                flags = {"type": "regular", "emoji": "👍", "is_animated": False, "is_video": False}
                return {**self.named(), "width": 512, "height": 512, **flags}
            case "document":
                return titled

    def as_content(self) -> JSON:
        """The fields of a message with this file. To old bots an animation is a document too."""
        content: JSON = {self.kind: self.as_api()}
        if self.kind == "animation":
            content["document"] = {**self.named(), "mime_type": self.mime_type, "file_name": self.name}
        return content
