"""Albums that the bot sends, and messages passed on several at once."""

import json
from typing import Any

import httpx
import pytest

from bot.demo.files import FileKind
from bot.demo.phones import Phone, Piece
from bot.demo.standin import StandIn
from tests.demo.conftest import Bot, png


def content(kind: str) -> bytes:
    return png() if kind == "photo" else kind.encode()


async def send_album(bot: Bot, media: list[Any], files: dict[str, Any], **params: Any) -> httpx.Response:
    return await bot.upload("sendMediaGroup", files, chat_id=1001, media=json.dumps(media), **params)


async def send_kinds(bot: Bot, kinds: list[str], **params: Any) -> httpx.Response:
    media = [{"type": kind, "media": f"attach://f{n}"} for n, kind in enumerate(kinds)]
    files = {f"f{n}": (f"{n}.bin", content(kind)) for n, kind in enumerate(kinds)}
    return await send_album(bot, media, files, **params)


async def file_id(phone: Phone, kind: FileKind) -> str:
    sent = await phone.send_file(kind)
    assert sent.file is not None
    return sent.file.id


@pytest.mark.parametrize(
    "kinds",
    [
        ["photo", "video", "photo"],
        ["document"] * 2,
        ["audio"] * 2,
        ["photo"] * 10,
    ],
)
async def test_albums(bot: Bot, phone: Phone, kinds: list[str]) -> None:
    result = (await send_kinds(bot, kinds)).json()["result"]
    assert result == [message.as_api() for message in phone.inbox]
    assert [message.file and message.file.kind for message in phone.inbox] == kinds
    assert [message.file and message.file.content for message in phone.inbox] == [content(k) for k in kinds]
    assert len({message.media_group_id for message in phone.inbox} - {None}) == 1


async def test_two_albums_are_two(bot: Bot, phone: Phone) -> None:
    for _ in range(2):
        await send_kinds(bot, ["photo", "photo"])
    assert len({message.media_group_id for message in phone.inbox}) == 2


async def test_ids_and_uploads_mix_and_every_item_has_its_caption(bot: Bot, phone: Phone) -> None:
    known = await file_id(phone, "document")
    media = [
        {"type": "document", "media": known, "caption": "<b>một</b>", "parse_mode": "HTML"},
        {"type": "document", "media": "attach://two", "caption": "<b>hai</b>"},
    ]
    await send_album(bot, media, {"two": ("hai.txt", b"2")})
    assert [message.html for message in phone.inbox] == ["<b>một</b>", "&lt;b&gt;hai&lt;/b&gt;"]
    assert [message.file and message.file.name for message in phone.inbox] == ["tep.pdf", "hai.txt"]


async def test_an_album_may_be_json_and_reply_and_be_silent_but_has_no_buttons(
    bot: Bot, phone: Phone
) -> None:
    question = await phone.send("câu hỏi")
    known = await file_id(phone, "photo")
    media = [{"type": "photo", "media": known}] * 2
    keys = {"inline_keyboard": [[{"text": "Xem", "callback_data": "x"}]]}
    await bot.call(
        "sendMediaGroup",
        chat_id=1001,
        media=media,
        reply_parameters={"message_id": question.id},
        disable_notification=True,
        protect_content=True,
        reply_markup=keys,
    )
    shown = [(m.reply_to, m.silent, m.protected, m.buttons) for m in phone.inbox]
    assert shown == [(question, True, True, [])] * 2


@pytest.mark.parametrize(
    ("kinds", "complaint"),
    [
        ([], "there are no messages to send"),
        (["photo"], "media must include 2-10 items (so the manual; the stand-in is strict)"),
        (["photo"] * 11, "too many messages to send as an album"),
        (["photo", "document"], "document can't be mixed with other media types"),
        (["audio", "video"], "audio can't be mixed with other media types"),
        (["document", "audio"], "document can't be mixed with other media types"),
        (["photo", "voice"], 'can\'t parse InputMedia: type "voice" is unsupported'),
        (
            ["animation", "photo"],
            "can't parse InputMedia: type \"animation\" can't be used in sendMediaGroup",
        ),
    ],
)
async def test_refused_albums(bot: Bot, phone: Phone, kinds: list[str], complaint: str) -> None:
    response = await send_kinds(bot, kinds)
    assert response.json()["description"] == f"Bad Request: {complaint}"
    assert phone.inbox == []


@pytest.mark.parametrize(
    ("item", "complaint"),
    [
        ("x", "can't parse InputMedia: expected an Object"),
        ({"media": "attach://good"}, "can't parse InputMedia: Can't find field \"type\""),
        ({"type": "photo"}, "can't parse InputMedia: media not found"),
        ({"type": "photo", "media": "attach://elsewhere"}, "can't parse InputMedia: media not found"),
        ({"type": "photo", "media": "unknown"}, "wrong file identifier/HTTP URL specified"),
        ({"type": "photo", "media": "attach://empty"}, "file must be non-empty"),
        (
            {"type": "photo", "media": "attach://spoilt"},
            'failed to send message #2 with the error message "IMAGE_PROCESS_FAILED"',
        ),
        ({"type": "photo", "media": "attach://good", "caption": "😀" * 513}, "message caption is too long"),
        (
            {"type": "photo", "media": "attach://good", "caption": "<b>", "parse_mode": "HTML"},
            "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
        ),
    ],
)
async def test_one_bad_item_spoils_the_album(bot: Bot, phone: Phone, item: Any, complaint: str) -> None:
    files = {"good": ("1.png", png()), "spoilt": ("2.png", b"x"), "empty": ("3.png", b"")}
    response = await send_album(bot, [{"type": "photo", "media": "attach://good"}, item], files)
    assert response.json()["description"] == f"Bad Request: {complaint}"
    assert phone.inbox == []


async def test_media_that_is_no_list(bot: Bot, phone: Phone) -> None:
    assert await bot.refused("sendMediaGroup", chat_id=1001, media={"type": "photo"}) == (
        400,
        "Bad Request: expected an Array of InputMedia",
    )
    assert await bot.refused("sendMediaGroup", chat_id=1001) == (
        400,
        "Bad Request: there are no messages to send",
    )


async def test_a_caption_of_1024_units_after_its_tags_are_gone(bot: Bot, phone: Phone) -> None:
    caption = f"<b>{'😀' * 512}</b>"
    media = [{"type": "photo", "media": "attach://f", "caption": caption, "parse_mode": "HTML"}] * 2
    assert (await send_album(bot, media, {"f": ("1.png", png())})).status_code == 200
    assert phone.inbox[0].html == caption


async def test_a_file_of_another_kind_in_an_album(bot: Bot, phone: Phone) -> None:
    media = [{"type": "photo", "media": await file_id(phone, "document")}] * 2
    assert await bot.refused("sendMediaGroup", chat_id=1001, media=media) == (
        400,
        "Bad Request: can't use file of type Document as Photo",
    )


async def test_an_album_counts_as_many_messages(bot: Bot, phone: Phone, telegram: StandIn) -> None:
    telegram.limits(per_second=4, per_chat=0)
    assert (await send_kinds(bot, ["photo"] * 3)).status_code == 200
    refused = await send_kinds(bot, ["photo"] * 2)
    assert (refused.status_code, refused.json()["parameters"]) == (429, {"retry_after": 1})
    assert (await bot.answer("sendMessage", chat_id=1001, text="x")).status_code == 200
    assert (await bot.answer("sendMessage", chat_id=1001, text="x")).status_code == 429
    assert len(phone.inbox) == 4


# --- passing on ---


async def ids_of_an_album(phone: Phone) -> list[int]:
    text = await phone.send("trước")
    album = await phone.send_album(Piece(caption="một"), Piece("video"))
    return [text.id, *(message.id for message in album)]


@pytest.mark.parametrize(("method", "is_forward"), [("copyMessages", False), ("forwardMessages", True)])
async def test_messages_are_passed_on_together(
    bot: Bot, phone: Phone, telegram: StandIn, method: str, is_forward: bool
) -> None:
    other = telegram.phone(1002, "Tâm")
    await other.send("/start")
    ids = await ids_of_an_album(phone)
    passed = await bot.call(method, chat_id=1002, from_chat_id=1001, message_ids=[*ids, 999])
    assert [one["message_id"] for one in passed] == [message.id for message in other.inbox]
    text, photo, video = other.inbox
    assert [text.text, photo.caption, video.caption] == ["trước", "một", ""]
    assert text.media_group_id is None
    assert photo.media_group_id == video.media_group_id != phone.messages[-1].media_group_id
    assert [message.is_forward for message in other.inbox] == [is_forward] * 3
    assert [message.shown and message.shown.is_forward for message in (photo, video)] == [is_forward] * 2


async def test_copies_can_lose_their_captions_but_not_their_words(bot: Bot, phone: Phone) -> None:
    ids = await ids_of_an_album(phone)
    await bot.call("copyMessages", chat_id=1001, from_chat_id=1001, message_ids=ids, remove_caption=True)
    assert [message.words for message in phone.inbox] == ["trước", "", ""]


async def test_one_copied_file_bears_no_mark(bot: Bot, phone: Phone) -> None:
    sent = await phone.send_file("photo", caption="ảnh")
    await bot.call("copyMessage", chat_id=1001, from_chat_id=1001, message_id=sent.id, caption="khác")
    assert phone.inbox[-1].shown is not None
    assert (phone.inbox[-1].caption, phone.inbox[-1].is_forward) == ("khác", False)
    contact = await phone.send_contact()
    await bot.call("copyMessage", chat_id=1001, from_chat_id=1001, message_id=contact.id)
    assert phone.inbox[-1].thing == contact.thing


@pytest.mark.parametrize(
    ("ids", "complaint"),
    [
        ([], "message identifiers are not specified"),
        ([2, 1], "message identifiers must be in a strictly increasing order"),
        ([1, 1], "message identifiers must be in a strictly increasing order"),
        (list(range(1, 102)), "too many message identifiers specified"),
    ],
)
@pytest.mark.parametrize("verb", ["copy", "forward", "delete"])
async def test_refused_lists_of_messages(
    bot: Bot, phone: Phone, verb: str, ids: list[int], complaint: str
) -> None:
    refused = await bot.refused(f"{verb}Messages", chat_id=1001, from_chat_id=1001, message_ids=ids)
    assert refused == (400, f"Bad Request: {complaint}")


@pytest.mark.parametrize("verb", ["copy", "forward"])
async def test_nothing_is_there_to_be_passed_on(bot: Bot, phone: Phone, verb: str) -> None:
    refused = await bot.refused(f"{verb}Messages", chat_id=1001, from_chat_id=1001, message_ids=[998, 999])
    assert refused == (400, f"Bad Request: there are no messages to {verb}")


async def test_an_album_is_deleted_at_once(bot: Bot, phone: Phone) -> None:
    ids = await ids_of_an_album(phone)
    assert await bot.call("deleteMessages", chat_id=1001, message_ids=[*ids, 999]) is True
    assert await bot.call("deleteMessages", chat_id=1001, message_ids=[998, 999]) is True
    assert [message.text for message in phone.messages] == ["/start"]


async def test_what_is_protected_is_not_forwarded(bot: Bot, phone: Phone) -> None:
    await bot.call("sendMessage", chat_id=1001, text="x", protect_content=True)
    ids = [phone.inbox[-1].id]
    refused = await bot.refused("forwardMessages", chat_id=1001, from_chat_id=1001, message_ids=ids)
    assert refused[1] == "Bad Request: message has protected content and can't be forwarded"
