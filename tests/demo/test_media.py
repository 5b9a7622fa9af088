import json

import pytest

from bot.demo.phones import Phone
from bot.demo.standin import StandIn
from tests.demo.conftest import TOKEN, Bot


def png(width: int = 640, height: int = 480) -> bytes:
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + width.to_bytes(4) + height.to_bytes(4)


async def test_a_file_of_a_person_can_be_fetched(bot: Bot, phone: Phone, telegram: StandIn) -> None:
    await phone.send_file("document", "Báo cáo.pdf", b"%PDF xin ch\xc3\xa0o", caption="kèm theo")
    message = telegram.pending_updates[-1]["message"]
    document = message["document"]
    assert (document["file_name"], document["mime_type"]) == ("Báo cáo.pdf", "application/pdf")
    assert (document["file_size"], message["caption"]) == (14, "kèm theo")
    file = await bot.call("getFile", file_id=document["file_id"])
    assert file["file_size"] == 14
    fetched = await bot.client.get(f"/file/bot{TOKEN}/{file['file_path']}")
    assert fetched.content == b"%PDF xin ch\xc3\xa0o"


@pytest.mark.parametrize("kind", ["photo", "voice", "video"])
async def test_other_kinds(phone: Phone, telegram: StandIn, kind: str) -> None:
    sent = await phone.send_file(kind, "x.bin", b"x", media_group_id="7")  # type: ignore[arg-type]
    message = telegram.pending_updates[-1]["message"]
    assert kind in message
    assert message["media_group_id"] == "7"
    assert sent.text == ""


async def test_a_file_over_20_mb_is_refused(bot: Bot, phone: Phone, telegram: StandIn) -> None:
    for size, refused in ((20 * 1024 * 1024, False), (20 * 1024 * 1024 + 1, True)):
        sent = await phone.send_file("video", "dài.mp4", b"x", size=size)
        assert sent.file is not None
        body = (await bot.answer("getFile", file_id=sent.file.id)).json()
        assert body["ok"] is not refused
        assert not refused or body["description"] == "Bad Request: file is too big"


async def test_an_unknown_file(bot: Bot) -> None:
    assert await bot.refused("getFile", file_id="x") == (400, "Bad Request: invalid file_id")
    missing = await bot.client.get(f"/file/bot{TOKEN}/documents/file_9.pdf")
    assert (missing.status_code, missing.json()["description"]) == (404, "Not Found")
    assert (await bot.client.get("/file/bot1:x/documents/file_9.pdf")).status_code == 401


async def test_the_bot_uploads_a_document(bot: Bot, phone: Phone) -> None:
    files = {"document": ("Tổng hợp.xlsx", b"PK\x03\x04")}
    response = await bot.upload("sendDocument", files, chat_id=1001, caption="<b>Tuần</b>", parse_mode="HTML")
    document = response.json()["result"]["document"]
    message = phone.inbox[-1]
    assert (message.html, message.caption, message.text) == ("<b>Tuần</b>", "Tuần", "")
    assert message.file is not None
    assert (message.file.name, message.file.content) == ("Tổng hợp.xlsx", b"PK\x03\x04")
    again = await bot.call("sendDocument", chat_id=1001, document=document["file_id"])
    assert again["document"]["file_id"] == document["file_id"]


async def test_upload_refusals(bot: Bot, phone: Phone) -> None:
    for content, complaint in ((b"", "file must be non-empty"), (b"no picture", "IMAGE_PROCESS_FAILED")):
        response = await bot.upload("sendPhoto", {"photo": ("x.png", content)}, chat_id=1001)
        assert response.json()["description"] == f"Bad Request: {complaint}"
    for width, height in ((9000, 1001), (4000, 100)):
        response = await bot.upload("sendPhoto", {"photo": ("x.png", png(width, height))}, chat_id=1001)
        assert response.json()["description"] == "Bad Request: PHOTO_INVALID_DIMENSIONS"
    assert await bot.refused("sendDocument", chat_id=1001) == (
        400,
        "Bad Request: there is no document in the request",
    )
    assert await bot.refused("sendDocument", chat_id=1001, document="xyz") == (
        400,
        "Bad Request: wrong remote file identifier specified: Wrong string length",
    )
    assert phone.inbox == []


async def test_a_caption_has_at_most_1024_units(bot: Bot, phone: Phone) -> None:
    for caption, is_refused in (("😀" * 512, False), ("😀" * 513, True)):
        response = await bot.upload("sendPhoto", {"photo": ("x.png", png())}, chat_id=1001, caption=caption)
        body = response.json()
        assert body["ok"] is not is_refused
        assert not is_refused or body["description"] == "Bad Request: message caption is too long"


async def test_a_caption_can_be_edited_but_not_as_text(bot: Bot, phone: Phone) -> None:
    await bot.upload("sendPhoto", {"photo": ("x.png", png())}, chat_id=1001, caption="a")
    edit = {"chat_id": 1001, "message_id": phone.inbox[-1].id}
    assert await bot.refused("editMessageText", **edit, text="b") == (
        400,
        "Bad Request: there is no text in the message to edit",
    )
    await bot.call("editMessageCaption", **edit, caption="b")
    assert phone.inbox[-1].caption == "b"


async def test_an_album(bot: Bot, phone: Phone) -> None:
    media = [{"type": "document", "media": f"attach://f{n}", "caption": f"tệp {n}"} for n in (1, 2)]
    files = {"f1": ("1.txt", b"1"), "f2": ("2.txt", b"2")}
    response = await bot.upload("sendMediaGroup", files, chat_id=1001, media=json.dumps(media))
    first, second = response.json()["result"]
    assert first["media_group_id"] == second["media_group_id"]
    assert [message.caption for message in phone.inbox] == ["tệp 1", "tệp 2"]


@pytest.mark.parametrize(
    ("kinds", "complaint"),
    [
        ([], "there are no messages to send"),
        (["photo"] * 11, "too much messages to send as an album"),
        (["photo", "document"], "document can't be mixed with other media types"),
        (["voice"], "invalid message content type"),
    ],
)
async def test_album_refusals(bot: Bot, phone: Phone, kinds: list[str], complaint: str) -> None:
    media = [{"type": kind, "media": "x"} for kind in kinds]
    refused = await bot.refused("sendMediaGroup", chat_id=1001, media=media)
    assert refused == (400, f"Bad Request: {complaint}")
