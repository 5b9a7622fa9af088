"""The methods that send files and albums, and hand files out."""

from functools import partial
from typing import Any

from bot.demo.entities import FormattedText
from bot.demo.files import UNCAPTIONED, File, FileKind
from bot.demo.params import Params
from bot.demo.places import caption_of, writable_chat
from bot.demo.refusals import JSON, Refusal, bad_request
from bot.demo.uploads import ATTACHED, MB, attached, sent_file, shape_of, stored
from bot.demo.world import World
from bot.demo.writing import outgoing_marks

MAX_DOWNLOAD = 20 * MB
MAX_ALBUM = 10
GROUPED: set[FileKind] = {"photo", "video", "document", "audio"}
UNMIXED: set[FileKind] = {"document", "audio"}
# What the servers find out after the message was accepted; of an album, they say which one it was.
FOUND_LATE = {"IMAGE_PROCESS_FAILED", "PHOTO_INVALID_DIMENSIONS"}


async def send_file(kind: FileKind, world: World, params: Params) -> JSON:
    """sendDocument, sendPhoto and their kin differ in the kind of the file only."""
    content = FormattedText() if kind in UNCAPTIONED else caption_of(params)
    chat = writable_chat(world, params)
    marks = outgoing_marks(chat, params)
    file = sent_file(world, kind, params)
    world.limits.charge(chat.id)
    return world.post(chat, world.bot, content, file=file, **marks).as_api()


async def send_media_group(world: World, params: Params) -> list[JSON]:
    """An album: photos and videos, or documents, or audio files. It has no place for buttons."""
    items = _checked_items(params)
    captions = [caption_of(Params(item, {})) for item in items]
    chat = writable_chat(world, params)
    marks = outgoing_marks(chat, Params({k: v for k, v in params.values.items() if k != "reply_markup"}, {}))
    files = [_album_file(world, params, item, number) for number, item in enumerate(items, 1)]
    _check_album([file.kind for file in files])
    world.limits.charge(chat.id, len(files))
    marks |= {"media_group_id": world.new_album()}
    return [
        world.post(chat, world.bot, caption, file=file, **marks).as_api()
        for caption, file in zip(captions, files, strict=True)
    ]


def _checked_items(params: Params) -> list[JSON]:
    items = params.decoded("media")
    if items is not None and not isinstance(items, list):
        raise bad_request("expected an Array of InputMedia")
    for item in items or []:
        _check_item(params, item)
    return items or []


def _check_item(params: Params, item: Any) -> None:
    if not isinstance(item, dict):
        raise _unparsed("expected an Object")
    kind = item.get("type")
    if kind is None:
        raise _unparsed('Can\'t find field "type"')
    if kind == "animation":
        raise _unparsed('type "animation" can\'t be used in sendMediaGroup')
    if kind not in GROUPED:
        raise _unparsed(f'type "{kind}" is unsupported')
    media = item.get("media")
    if not media or (str(media).startswith(ATTACHED) and attached(params, media) is None):
        raise _unparsed("media not found")


def _unparsed(reason: str) -> Refusal:
    return bad_request(f"can't parse InputMedia: {reason}")


def _album_file(world: World, params: Params, item: JSON, number: int) -> File:
    try:
        upload = attached(params, item["media"])
        return stored(world, item["type"], upload, str(item["media"]), shape_of(Params(item, {})))
    except Refusal as refusal:
        reason = refusal.description.removeprefix("Bad Request: ")
        if reason not in FOUND_LATE:
            raise
        raise bad_request(f'failed to send message #{number} with the error message "{reason}"') from None


def _check_album(kinds: list[FileKind]) -> None:
    if not kinds:
        raise bad_request("there are no messages to send")
    if len(kinds) > MAX_ALBUM:
        raise bad_request("too many messages to send as an album")
    if len(kinds) == 1:
        # Telegram lets it pass as a lone message, but its manual says 2-10: whoever relies on it is told.
        raise bad_request("media must include 2-10 items (so the manual; the stand-in is strict)")
    alone = next((kind for kind in kinds if kind in UNMIXED), None)
    if alone and set(kinds) != {alone}:
        raise bad_request(f"{alone} can't be mixed with other media types")


async def get_file(world: World, params: Params) -> JSON:
    file = world.files.get(params.text("file_id"))
    if file is None:
        raise bad_request("invalid file_id")
    if file.size > MAX_DOWNLOAD:
        raise bad_request("file is too big")
    return {**file.named(), "file_path": file.path}


def stored_at(world: World, path: str) -> File | None:
    """The file that getFile announced under this path."""
    found = (file for file in world.files.values() if file.path == path and file.size <= MAX_DOWNLOAD)
    return next(found, None)


METHODS: dict[str, Any] = {
    "sendDocument": partial(send_file, "document"),
    "sendPhoto": partial(send_file, "photo"),
    "sendVoice": partial(send_file, "voice"),
    "sendVideo": partial(send_file, "video"),
    "sendVideoNote": partial(send_file, "video_note"),
    "sendAudio": partial(send_file, "audio"),
    "sendAnimation": partial(send_file, "animation"),
    "sendMediaGroup": send_media_group,
    "getFile": get_file,
}
