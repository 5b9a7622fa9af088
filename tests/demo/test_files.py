"""What comes from a person's phone, and fetching it."""

import asyncio
from typing import Any

import httpx
import pytest

from bot.demo.files import DOT, FILE_KINDS, KINDS, FileKind, Shape
from bot.demo.messages import Message
from bot.demo.phones import Phone, Piece
from bot.demo.standin import StandIn
from tests.demo.conftest import TOKEN, Bot

MB = 1024 * 1024
COMMON = {"file_id", "file_unique_id", "file_size"}
PICTURED = {*COMMON, "width", "height"}
TITLED = {*COMMON, "file_name", "mime_type"}
FIELDS: dict[FileKind, set[str]] = {
    "document": TITLED,
    "photo": PICTURED,
    "voice": {*COMMON, "duration", "mime_type"},
    "video": {*TITLED, *PICTURED, "duration"},
    "video_note": {*COMMON, "length", "duration"},
    "audio": {*TITLED, "duration"},
    "animation": {*TITLED, *PICTURED, "duration"},
    "sticker": {*PICTURED, "type", "emoji", "is_animated", "is_video"},
}
ENVELOPE = {"message_id", "from", "chat", "date"}


def newest(telegram: StandIn) -> dict[str, Any]:
    update: dict[str, Any] = telegram.pending_updates[-1]["message"]
    return update


async def fetched(bot: Bot, file_id: str) -> httpx.Response:
    file = await bot.call("getFile", file_id=file_id)
    return await bot.client.get(f"/file/bot{TOKEN}/{file['file_path']}")


async def receive(bot: Bot, path: str, into: bytearray) -> None:
    async with bot.client.stream("GET", f"/file/bot{TOKEN}/{path}") as answer:
        async for piece in answer.aiter_raw():
            into += piece


def test_the_table_below_knows_every_kind() -> None:
    assert set(FIELDS) == set(FILE_KINDS) == set(KINDS)


@pytest.mark.parametrize("kind", FILE_KINDS)
async def test_every_kind_has_the_fields_of_the_api_and_can_be_fetched(
    bot: Bot, phone: Phone, telegram: StandIn, kind: FileKind
) -> None:
    await phone.send_file(kind)
    message = newest(telegram)
    assert set(message) == {*ENVELOPE, kind} | ({"document"} if kind == "animation" else set())
    file = message[kind][-1] if kind == "photo" else message[kind]
    assert set(file) == FIELDS[kind]
    assert file["file_size"] == len(KINDS[kind].sample)
    answer = await fetched(bot, file["file_id"])
    assert answer.content == KINDS[kind].sample
    assert answer.headers["content-type"] == "application/octet-stream"


async def test_an_animation_is_a_document_too(phone: Phone, telegram: StandIn) -> None:
    await phone.send_file("animation", "cười.mp4")
    message = newest(telegram)
    assert message["document"]["file_id"] == message["animation"]["file_id"]
    assert set(message["document"]) == TITLED


async def test_a_photo_comes_in_several_sizes_each_a_file_of_its_own(
    bot: Bot, phone: Phone, telegram: StandIn
) -> None:
    await phone.send_file("photo", content=b"\xff\xd8\xff in full", shape=Shape(1920, 2560))
    sizes = newest(telegram)["photo"]
    assert [(size["width"], size["height"]) for size in sizes] == [
        (68, 90),
        (240, 320),
        (600, 800),
        (960, 1280),
        (1920, 2560),
    ]
    assert len({size["file_unique_id"] for size in sizes}) == len(sizes)
    contents = [(await fetched(bot, size["file_id"])).content for size in sizes]
    assert contents == [DOT] * 4 + [b"\xff\xd8\xff in full"]


@pytest.mark.parametrize(
    ("kind", "name", "path", "mime_type"),
    [
        ("document", "Báo cáo.docx", ".docx", ".wordprocessingml.document"),
        ("document", "không đuôi", "", "application/octet-stream"),
        ("photo", "x.png", ".jpg", "image/jpeg"),
        ("voice", "x.bin", ".oga", "audio/ogg"),
        ("video", "x.mov", ".mov", "video/quicktime"),
        ("audio", "x.m4a", ".m4a", "audio/mp4"),
        ("audio", "x", "", "audio/mpeg"),
    ],
)
async def test_paths_and_types(
    bot: Bot, phone: Phone, kind: FileKind, name: str, path: str, mime_type: str
) -> None:
    sent = await phone.send_file(kind, name)
    assert sent.file is not None
    file = await bot.call("getFile", file_id=sent.file.id)
    folder, _, last = file["file_path"].partition("/")
    assert (folder, last.lstrip("file_0123456789")) == (KINDS[kind].folder, path)
    assert sent.file.mime_type.endswith(mime_type) or mime_type in {"audio/mp4"}


@pytest.mark.parametrize("size", [3, 300_000, 20 * MB])
async def test_a_pretended_size_is_what_comes_over_the_line(bot: Bot, phone: Phone, size: int) -> None:
    sent = await phone.send_file("video", content=b"phi", size=size)
    assert sent.file is not None
    answer = await fetched(bot, sent.file.id)
    assert len(answer.content) == int(answer.headers["content-length"]) == size
    assert answer.content.rstrip(b"\0") == b"phi"


async def test_a_file_over_20_mb_is_refused_by_getfile_and_has_no_path(
    bot: Bot, phone: Phone, telegram: StandIn
) -> None:
    sent = await phone.send_file("video", size=20 * MB + 1)
    assert sent.file is not None
    assert newest(telegram)["video"]["file_size"] == 20 * MB + 1
    assert await bot.refused("getFile", file_id=sent.file.id) == (400, "Bad Request: file is too big")
    answer = await bot.client.get(f"/file/bot{TOKEN}/{sent.file.path}")
    assert (answer.status_code, answer.json()["description"]) == (404, "Not Found")


async def test_a_file_in_reply_to_a_message(bot: Bot, phone: Phone, telegram: StandIn) -> None:
    await bot.call("sendMessage", chat_id=1001, text="Chất vấn 12/2027")
    await phone.send_file("voice", caption="nghe giúp", reply_to=phone.inbox[-1])
    message = newest(telegram)
    assert (message["reply_to_message"]["text"], message["caption"]) == ("Chất vấn 12/2027", "nghe giúp")


async def test_an_album_comes_in_one_answer(bot: Bot, phone: Phone, telegram: StandIn) -> None:
    await bot.call("sendMessage", chat_id=1001, text="thẻ")
    poll = asyncio.create_task(bot.call("getUpdates", timeout=30))
    await asyncio.sleep(0.05)
    assert telegram.is_polled
    await phone.send_album(Piece("photo"), Piece("video", caption="giữa"), Piece(), reply_to=phone.inbox[-1])
    messages = [update["message"] for update in await poll]
    assert [message.get("caption") for message in messages] == [None, "giữa", None]
    assert len({message["media_group_id"] for message in messages}) == 1
    assert [message["reply_to_message"]["text"] for message in messages] == ["thẻ"] * 3


async def test_an_album_sent_one_by_one_comes_in_several_answers(
    bot: Bot, phone: Phone, telegram: StandIn
) -> None:
    album, offset, groups = phone.new_album(), 0, []
    for name in ("1.pdf", "2.pdf"):
        await phone.send_file(name=name, media_group_id=album)
        (update,) = await bot.call("getUpdates", offset=offset)
        groups.append(update["message"]["media_group_id"])
        offset = update["update_id"] + 1
    assert groups == [album, album]
    assert phone.new_album() != album


@pytest.mark.parametrize(
    ("pieces", "complaint"),
    [
        ([Piece()], "two to ten"),
        ([Piece()] * 11, "two to ten"),
        ([Piece(), Piece("document")], "one album"),
        ([Piece("audio"), Piece("document")], "one album"),
        ([Piece("voice"), Piece("voice")], "one album"),
        ([Piece(), Piece(caption="ạ" * 4097)], "long caption"),
    ],
)
async def test_albums_that_no_app_sends(phone: Phone, pieces: list[Piece], complaint: str) -> None:
    with pytest.raises(AssertionError, match=complaint):
        await phone.send_album(*pieces)


@pytest.mark.parametrize("kind", ["sticker", "video_note"])
async def test_nobody_can_put_words_under(phone: Phone, kind: FileKind) -> None:
    with pytest.raises(AssertionError, match="no app puts words under"):
        await phone.send_file(kind, caption="x")


async def test_a_contact_and_a_place(phone: Phone, telegram: StandIn) -> None:
    contact = await phone.send_contact("+84234", "Lan")
    assert newest(telegram)["contact"] == {"phone_number": "+84234", "first_name": "Lan"}
    await phone.send_location(16.5, 107.6, reply_to=contact)
    assert newest(telegram)["location"] == {"latitude": 16.5, "longitude": 107.6}
    assert newest(telegram)["reply_to_message"]["contact"]["first_name"] == "Lan"
    assert "Bình Trần: [contact] " in phone.screen()
    assert newest(telegram).keys() & {"text", "caption"} == set()


async def test_a_forwarded_file_bears_its_mark(phone: Phone, telegram: StandIn) -> None:
    other: Message = await telegram.phone(1002, "Tâm").send_file("photo", caption="ảnh")
    sent = await phone.forward(other)
    message = newest(telegram)
    assert message["forward_origin"]["sender_user"]["first_name"] == "Tâm"
    assert message["photo"] == other.as_api()["photo"]
    assert sent.shown is not None
    assert (sent.shown.kind, sent.shown.caption, sent.shown.is_forward) == ("photo", "ảnh", True)
    assert "(forwarded) [photo anh.jpg] ảnh" in phone.screen()


async def test_getfile_can_fail(bot: Bot, phone: Phone, telegram: StandIn) -> None:
    sent = await phone.send_file()
    assert sent.file is not None
    telegram.faults.fail("getFile", 500)
    assert await bot.refused("getFile", file_id=sent.file.id) == (500, "Internal Server Error")
    assert (await fetched(bot, sent.file.id)).status_code == 200


async def test_a_download_can_fail_and_is_recorded(bot: Bot, phone: Phone, telegram: StandIn) -> None:
    sent = await phone.send_file()
    assert sent.file is not None
    telegram.faults.fail("download", 502)
    answers = [await fetched(bot, sent.file.id) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [502, 200]
    assert [(call.params["file_path"], call.status) for call in telegram.calls_to("download")] == [
        (sent.file.path, 502),
        (sent.file.path, 200),
    ]


@pytest.mark.parametrize("after_acting", [False, True])
async def test_a_download_can_be_cut(bot: Bot, phone: Phone, telegram: StandIn, after_acting: bool) -> None:
    sent = await phone.send_file(size=2 * MB)
    assert sent.file is not None
    telegram.faults.drop("download", after_acting=after_acting)
    received = bytearray()
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        await receive(bot, sent.file.path, received)
    assert len(received) <= MB
    assert bool(received) is after_acting
    assert telegram.calls[-1].status == 0
    assert len((await fetched(bot, sent.file.id)).content) == 2 * MB


async def test_a_download_can_stall_in_the_middle(bot: Bot, phone: Phone, telegram: StandIn) -> None:
    sent = await phone.send_file(size=2 * MB)
    assert sent.file is not None
    telegram.faults.slow("download", 5, after_acting=True)
    with pytest.raises(httpx.ReadTimeout):
        await bot.client.get(f"/file/bot{TOKEN}/{sent.file.path}", timeout=0.2)
    assert (await fetched(bot, sent.file.id)).status_code == 200
