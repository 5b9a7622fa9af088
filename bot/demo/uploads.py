"""The files that calls bring: uploads, `attach://` names and ids, with what Telegram refuses of them.

What is resent by its id meets no limit of size; it can only be sent as what it is.
"""

from pathlib import PurePath
from typing import Any

from bot.demo.files import KINDS, File, FileKind, Shape
from bot.demo.params import Params, Upload
from bot.demo.refusals import Refusal, bad_request
from bot.demo.world import World

MB = 1024 * 1024
MAX_UPLOAD = 50 * MB  # of a whole request
MAX_PHOTO = 10 * MB
MAX_SIDES = 10_000  # width and height of a photo together
MAX_RATIO = 20
IMAGE_STARTS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"BM")
ATTACHED = "attach://"
TYPES: dict[FileKind, str] = {"voice": "VoiceNote", "video_note": "VideoNote"}


def check_request(uploads: dict[str, Upload]) -> None:
    """Refuse what the server does not even read."""
    if sum(len(upload.content) for upload in uploads.values()) > MAX_UPLOAD:
        raise Refusal(413, "Request Entity Too Large")


def sent_file(world: World, kind: FileKind, params: Params) -> File:
    """The file of a sendPhoto or one of its kin."""
    upload = params.uploads.get(kind) or attached(params, params.values.get(kind))
    named = params.text(kind)
    if upload is None and (not named or named.startswith(ATTACHED)):
        raise bad_request(f"there is no {kind.replace('_', ' ')} in the request")
    return stored(world, kind, upload, named, shape_of(params))


def attached(params: Params, value: Any) -> Upload | None:
    """The upload that `attach://name` names."""
    named = value if isinstance(value, str) else ""
    return params.uploads.get(named.removeprefix(ATTACHED)) if named.startswith(ATTACHED) else None


def shape_of(params: Params) -> Shape:
    """What a bot says of its picture or sound; Telegram believes it."""
    side, default = params.number("length"), Shape()
    return Shape(
        params.number("width") or side or default.width,
        params.number("height") or side or default.height,
        params.number("duration"),
    )


def stored(world: World, kind: FileKind, upload: Upload | None, file_id: str, shape: Shape) -> File:
    """The file of an upload, or the one that has this id."""
    return _known(world, kind, file_id) if upload is None else _uploaded(world, kind, upload, shape)


def _uploaded(world: World, kind: FileKind, upload: Upload, shape: Shape) -> File:
    if not upload.content:
        raise bad_request("file must be non-empty")
    if kind == "photo":
        shape = _checked_photo(upload.content)
    return world.store(kind, PurePath(upload.name).name or KINDS[kind].name, upload.content, shape=shape)


def _checked_photo(content: bytes) -> Shape:
    if len(content) > MAX_PHOTO:
        raise bad_request(
            f"file of size {len(content)} bytes is too big for a photo; the maximum size is {MAX_PHOTO} bytes"
        )
    if not content.startswith(IMAGE_STARTS):
        raise bad_request("IMAGE_PROCESS_FAILED")
    shape = _png_shape(content)
    sides = shape.width, shape.height
    if sum(sides) > MAX_SIDES or max(sides) > MAX_RATIO * min(sides):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return shape


def _png_shape(content: bytes) -> Shape:
    """The sides of a PNG in pixels; other formats are believed."""
    if not content.startswith(IMAGE_STARTS[0]) or len(content) < 24:
        return Shape()
    return Shape(int.from_bytes(content[16:20]), int.from_bytes(content[20:24]))


def _known(world: World, kind: FileKind, file_id: str) -> File:
    if file_id.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    file = world.files.get(file_id)
    if file is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if file.kind != kind:
        raise bad_request(f"can't use file of type {_type(file.kind)} as {_type(kind)}")
    return file


def _type(kind: FileKind) -> str:
    return TYPES.get(kind, kind.title())
