"""The methods that send files and hand them out."""

from functools import partial
from pathlib import PurePath
from typing import Any

from bot.demo.messages import File, FileKind
from bot.demo.params import Params, Upload
from bot.demo.places import caption_of, writable_chat
from bot.demo.refusals import JSON, Refusal, bad_request
from bot.demo.world import World
from bot.demo.writing import outgoing_marks

MAX_DOWNLOAD = 20 * 1024 * 1024
MAX_UPLOAD = 50 * 1024 * 1024
MAX_PHOTO = 10 * 1024 * 1024
MAX_ALBUM = 10
MAX_SIDES = 10_000  # width and height of a photo together
MAX_RATIO = 20
IMAGE_STARTS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"BM")


async def send_file(kind: FileKind, world: World, params: Params) -> JSON:
    """sendDocument, sendPhoto, sendVoice and sendVideo differ in the kind of the file only."""
    content = caption_of(params)
    chat = writable_chat(world, params)
    marks = outgoing_marks(chat, params)
    file = _outgoing(world, kind, params, params.values.get(kind), params.uploads.get(kind))
    world.limits.charge(chat.id)
    return world.post(chat, world.bot, content, file=file, **marks).as_api()


async def send_media_group(world: World, params: Params) -> list[JSON]:
    """An album: up to ten files, documents only among themselves."""
    chat = writable_chat(world, params)
    marks = outgoing_marks(chat, Params({k: v for k, v in params.values.items() if k != "reply_markup"}, {}))
    items = [_album_item(world, params, item) for item in _checked_album(params.items("media") or [])]
    world.limits.charge(chat.id, len(items))
    album = str(13_000_000_000_000_000 + world.serial())
    marks |= {"media_group_id": album if len(items) > 1 else None}
    return [world.post(chat, world.bot, text, file=file, **marks).as_api() for text, file in items]


def _checked_album(items: list[Any]) -> list[JSON]:
    if not items:
        raise bad_request("there are no messages to send")
    if len(items) > MAX_ALBUM:
        raise bad_request("too much messages to send as an album")
    kinds = {item.get("type") if isinstance(item, dict) else None for item in items}
    if not kinds <= {"document", "photo", "video"}:
        raise bad_request("invalid message content type")
    if "document" in kinds and len(kinds) > 1:
        raise bad_request("document can't be mixed with other media types")
    return items


def _album_item(world: World, params: Params, item: JSON) -> tuple[Any, File]:
    return caption_of(Params(item, {})), _outgoing(world, item["type"], params, item.get("media"), None)


def _outgoing(world: World, kind: FileKind, params: Params, value: Any, upload: Upload | None) -> File:
    """The file behind an upload, an `attach://` name or a file id the bot has seen."""
    if upload is None and str(value or "").startswith("attach://"):
        upload = params.uploads.get(str(value).removeprefix("attach://"))
    if upload is not None:
        return _uploaded(world, kind, upload)
    if not value or str(value).startswith("attach://"):
        raise bad_request(f"there is no {kind} in the request")
    return _known(world, kind, str(value))


def _uploaded(world: World, kind: FileKind, upload: Upload) -> File:
    if not upload.content:
        raise bad_request("file must be non-empty")
    if len(upload.content) > MAX_UPLOAD:
        raise Refusal(413, "Request Entity Too Large")
    if kind == "photo":
        _check_photo(upload.content)
    return world.store(kind, PurePath(upload.name).name or kind, upload.content)


def _check_photo(content: bytes) -> None:
    if len(content) > MAX_PHOTO:
        raise bad_request("file is too big for a photo; the maximum size is 10485760 bytes")
    if not content.startswith(IMAGE_STARTS):
        raise bad_request("IMAGE_PROCESS_FAILED")
    width, height = _png_sides(content)
    if width + height > MAX_SIDES or max(width, height) > MAX_RATIO * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")


def _png_sides(content: bytes) -> tuple[int, int]:
    """The sides of a PNG in pixels; other formats are believed."""
    if not content.startswith(IMAGE_STARTS[0]) or len(content) < 24:
        return 1, 1
    return int.from_bytes(content[16:20]), int.from_bytes(content[20:24])


def _known(world: World, kind: FileKind, value: str) -> File:
    if value.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    file = world.files.get(value)
    if file is None:
        raise bad_request("wrong remote file identifier specified: Wrong string length")
    if file.kind != kind:
        raise bad_request(f"can't use file of type {file.kind.title()} as {kind.title()}")
    return file


async def get_file(world: World, params: Params) -> JSON:
    file = world.files.get(params.text("file_id"))
    if file is None:
        raise bad_request("invalid file_id")
    if file.size > MAX_DOWNLOAD:
        raise bad_request("file is too big")
    known = {"file_id": file.id, "file_unique_id": file.unique_id, "file_size": file.size}
    return {**known, "file_path": file.path}


def stored_at(world: World, path: str) -> File | None:
    """The file that getFile announced under this path."""
    found = (file for file in world.files.values() if file.path == path and file.size <= MAX_DOWNLOAD)
    return next(found, None)


METHODS: dict[str, Any] = {
    "sendDocument": partial(send_file, "document"),
    "sendPhoto": partial(send_file, "photo"),
    "sendVoice": partial(send_file, "voice"),
    "sendVideo": partial(send_file, "video"),
    "sendMediaGroup": send_media_group,
    "getFile": get_file,
}
