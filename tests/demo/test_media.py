import pytest

from bot.demo.files import KINDS, FileKind
from bot.demo.messages import Shown
from bot.demo.phones import Phone
from bot.demo.standin import StandIn
from tests.demo.conftest import TOKEN, Bot, png

MB = 1024 * 1024


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


@pytest.mark.parametrize(
    ("method", "kind", "content", "complaint"),
    [
        ("sendPhoto", "photo", b"", "file must be non-empty"),
        ("sendDocument", "document", b"", "file must be non-empty"),
        ("sendPhoto", "photo", b"no picture", "IMAGE_PROCESS_FAILED"),
        ("sendPhoto", "photo", png(9000, 1001), "PHOTO_INVALID_DIMENSIONS"),
        ("sendPhoto", "photo", png(4000, 100), "PHOTO_INVALID_DIMENSIONS"),
        (
            "sendPhoto",
            "photo",
            png().ljust(10 * MB + 1, b"\0"),
            "file of size 10485761 bytes is too big for a photo; the maximum size is 10485760 bytes",
        ),
    ],
)
async def test_upload_refusals(
    bot: Bot, phone: Phone, method: str, kind: str, content: bytes, complaint: str
) -> None:
    response = await bot.upload(method, {kind: ("x.png", content)}, chat_id=1001)
    assert response.json()["description"] == f"Bad Request: {complaint}"
    assert phone.inbox == []


async def test_the_largest_photo_and_the_largest_request(bot: Bot, phone: Phone) -> None:
    photo = await bot.upload("sendPhoto", {"photo": ("x.png", png().ljust(10 * MB, b"\0"))}, chat_id=1001)
    assert photo.status_code == 200
    for extra in (0, 1):
        files = {"document": ("x.bin", bytes(50 * MB + extra))}
        response = await bot.upload("sendDocument", files, chat_id=1001)
        assert response.status_code == (413 if extra else 200)
    assert response.json() == {"ok": False, "error_code": 413, "description": "Request Entity Too Large"}
    assert len(phone.inbox) == 2


SENDERS = {
    "sendPhoto": "photo",
    "sendDocument": "document",
    "sendVideo": "video",
    "sendVoice": "voice",
    "sendAudio": "audio",
    "sendAnimation": "animation",
    "sendVideoNote": "video_note",
}


@pytest.mark.parametrize(("method", "kind"), SENDERS.items())
async def test_every_kind_is_sent_and_resent(bot: Bot, phone: Phone, method: str, kind: FileKind) -> None:
    files: dict[str, tuple[str, bytes]] = {kind: (KINDS[kind].name, KINDS[kind].sample)}
    sent = (await bot.upload(method, files, chat_id=1001, caption="lời", duration="7")).json()["result"]
    caption = "" if kind == "video_note" else "lời"
    first = phone.inbox[-1]
    assert first.shown == Shown(kind, KINDS[kind].name, caption, KINDS[kind].sample)
    assert sent == first.as_api()
    assert kind in {"photo", "document"} or sent[kind]["duration"] == 7
    file_id = sent[kind][-1]["file_id"] if kind == "photo" else sent[kind]["file_id"]
    await bot.call(method, chat_id=1001, **{kind: file_id})
    again = phone.inbox[-1].shown
    assert again == Shown(kind, KINDS[kind].name, "", KINDS[kind].sample)


@pytest.mark.parametrize(("method", "kind"), SENDERS.items())
async def test_nothing_to_send(bot: Bot, phone: Phone, method: str, kind: str) -> None:
    complaint = f"Bad Request: there is no {kind.replace('_', ' ')} in the request"
    for value in ({}, {kind: ""}, {kind: "attach://nowhere"}):
        assert await bot.refused(method, chat_id=1001, **value) == (400, complaint)


@pytest.mark.parametrize(
    ("sent_as", "method", "kind", "complaint"),
    [
        ("document", "sendPhoto", "photo", "can't use file of type Document as Photo"),
        ("photo", "sendDocument", "document", "can't use file of type Photo as Document"),
        ("voice", "sendAudio", "audio", "can't use file of type VoiceNote as Audio"),
        ("video_note", "sendVideo", "video", "can't use file of type VideoNote as Video"),
        ("animation", "sendDocument", "document", "can't use file of type Animation as Document"),
    ],
)
async def test_a_file_can_be_resent_only_as_what_it_is(
    bot: Bot, phone: Phone, sent_as: FileKind, method: str, kind: str, complaint: str
) -> None:
    sent = await phone.send_file(sent_as)
    assert sent.file is not None
    refused = await bot.refused(method, chat_id=1001, **{kind: sent.file.id})
    assert refused == (400, f"Bad Request: {complaint}")


async def test_ids_of_another_bot_and_links(bot: Bot, phone: Phone, telegram: StandIn) -> None:
    sent = await phone.send_file("document")
    assert sent.file is not None
    telegram.forget_files()
    for value, complaint in (
        ("xyz", "wrong file identifier/HTTP URL specified"),
        (sent.file.id, "wrong file identifier/HTTP URL specified"),
        ("https://example.org/x.pdf", "failed to get HTTP URL content"),
    ):
        refused = await bot.refused("sendDocument", chat_id=1001, document=value)
        assert refused == (400, f"Bad Request: {complaint}")
    assert await bot.refused("getFile", file_id=sent.file.id) == (400, "Bad Request: invalid file_id")
    assert phone.inbox == []


async def test_a_huge_file_of_a_person_can_be_passed_on_by_its_id(bot: Bot, phone: Phone) -> None:
    sent = await phone.send_file("video", size=2000 * MB)
    assert sent.file is not None
    result = await bot.call("sendVideo", chat_id=1001, video=sent.file.id)
    assert result["video"]["file_size"] == 2000 * MB


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
