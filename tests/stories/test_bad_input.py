"""Đầu vào xấu: chữ lạ, tệp lạ, nút giả, cập nhật méo; không việc nào làm hỏng việc của người khác."""

import unicodedata
from typing import Any

import pytest
from sqlmodel import select

from bot.demo.phones import Phone
from bot.operations import inquiries
from bot.wording.callbacks import SUBJECTS, Tap
from storage.kinds import Role
from storage.tables import Case
from tests.office import PlayedOffice, case
from tests.stories.scenes import asked, shown

NOT_TAKEN = (
    "Loại tin này hệ thống không nhận; chưa ghi nhận gì."
    " Đề nghị đồng chí gửi chữ, ảnh, tệp, ghi âm hoặc video."
)
NOTHING_TO_ANSWER = "Hiện không có chất vấn nào chờ đồng chí trả lời; nội dung vừa rồi chưa gửi cho ai."
EMPTY = "Chưa có nội dung; đề nghị đồng chí viết nội dung rồi gửi lại."
FORGED = "Nút này không dùng được. Đề nghị mở lại bằng /dangxuly."


def message(phone: Phone, number: int, **content: Any) -> dict[str, Any]:
    """A raw message as Telegram writes it, with contents of one's own."""
    place = {
        "message_id": number,
        "date": 1_796_000_000,
        "chat": phone.chat.as_api(),
        "from": phone.user.as_api(),
    }
    return {"message": place | content}


# --- texts ------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [" ", "\n\n", "\u200b", "\u202e\u200f", "\x00", "\ud800"])
async def test_texts_without_anything_to_read(office: PlayedOffice, text: str) -> None:
    """Tin toàn dấu cách, ký tự vô hình, NUL hay mã hỏng: nói chưa có nội dung, cả khi vuốt trả lời."""
    round = await asked(office)
    for phone, extra in (
        (round.binh, {}),
        (round.tam, {}),
        (round.tam, {"reply_to_message": round.notice.as_api()}),
    ):
        mark = phone.mark()
        office.standin.push(message(phone, 800 + mark, text=text, **extra))
        assert (await phone.expect(after=mark)).text == EMPTY
    stranger = office.phone("Khách")
    stranger.chat.started = True
    office.standin.push(message(stranger, 5, text=text))
    await stranger.expect("Hệ thống nội bộ")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\x00b", "ab"),
        ("phải\ud83dđâu", "phảiđâu"),
        ("kê \u202ebiên\u202c", "kê biên"),
        ("👨‍👩‍👧 tài sản 🏠", "👨‍👩‍👧 tài sản 🏠"),
        ("<b>kê</b> & <script>", "<b>kê</b> & <script>"),
        ("{{ 7*7 }} {% if %} {#", "{{ 7*7 }} {% if %} {#"),
        ("% if x", "% if x"),
        (unicodedata.normalize("NFD", "vì sao đến nay chưa kê biên"), "vì sao đến nay chưa kê biên"),
        ("'; DROP TABLE cases; --", "'; DROP TABLE cases; --"),
        ("مرحبا", "مرحبا"),
    ],
)
async def test_strange_letters_travel_there_and_back(office: PlayedOffice, typed: str, kept: str) -> None:
    """Biểu tượng, thẻ HTML, chữ tổ hợp, mã hỏng trong câu hỏi, câu trả lời: tới nơi nguyên chữ, không vỡ."""
    await office.cases(case("150", debtor="Nguyễn <Văn> & “Đức” 🏠"))
    binh, tam = await office.leader("Trần <i>Văn</i> Bình"), await office.head()
    office.standin.push(message(binh, 900, text=f"150 phu loc {typed}"))
    draft = await binh.expect("BẢN NHÁP", buttons=["Gửi chất vấn"])
    assert kept in draft.text
    assert "Nguyễn <Văn> & “Đức” 🏠" in draft.text
    await binh.press(draft, "Gửi chất vấn")
    notice = await tam.expect("Chất vấn 1/2027")
    assert kept in notice.text.splitlines()
    assert "Đồng chí Trần <i>Văn</i> Bình, Phó Cục trưởng, hỏi:" in notice.text
    office.standin.push(message(tam, 901, text=typed, reply_to_message=notice.as_api()))
    preview = await tam.expect("CHƯA GỬI", buttons=["Gửi trả lời"])
    await tam.press(preview, "Gửi trả lời")
    assert kept in (await binh.expect("Trả lời chất vấn 1/2027", buttons=["Đạt yêu cầu"])).text.splitlines()


async def test_names_from_telegram_are_only_names(office: PlayedOffice) -> None:
    """Tên Telegram có thẻ HTML, ký tự ẩn: tin báo quản trị hiện đúng chữ, không vỡ."""
    admin = await office.admin()
    tam = office.phone("<b>Tâm\u202e", "& Co\x00")
    await tam.send(await office.code(Role.HEAD, "Hồ Minh Tâm", "PLOC"))
    assert "tên Telegram “<b>Tâm & Co”" in (await admin.expect("Đ/c Hồ Minh Tâm")).text


@pytest.mark.parametrize(
    "words",
    ["'; DROP TABLE cases; --", "%", "_", "\\", "150' OR '1'='1", '"', "a" * 4000, "x y " * 1000, "🏠", "…"],
)
async def test_searches_of_every_kind(office: PlayedOffice, words: str) -> None:
    """Tìm bằng câu SQL, ký tự đại diện, hàng nghìn từ: trả lời rõ ràng, dữ liệu còn nguyên."""
    await office.cases(case("150"))
    binh = await office.leader()
    said = await shown(office, binh, f"/vuviec {words}")
    assert said.text.startswith("Không thấy vụ việc nào có “")
    assert len(await office.read(lambda session: session.exec(select(Case)).all())) == 1


@pytest.mark.parametrize(
    "text", ["a " * 2048, "kê biên 🏠 " * 400, "1" * 4096, "/" * 4096, "\n.\n" * 1300, "<&>" * 1365]
)
async def test_texts_of_full_length(office: PlayedOffice, text: str) -> None:
    """Tin dài 4.096 ký tự, bất kể là gì: ai cũng được trả lời trong một tin gọn."""
    round = await asked(office)
    observer = await office.enrolled(Role.OBSERVER, "Võ Thị Mai")
    for phone in (round.binh, round.tam, observer):
        mark = phone.mark()
        await phone.send(text)
        assert (await phone.expect(after=mark)).text
    await round.binh.send(text, reply_to=await round.answer())
    await office.settle()


@pytest.mark.parametrize(
    "command",
    [
        "/xem_99999999999999999999",
        "/traloi_0",
        "/nguoidung_99999999999999999999",
        "/xem_1_99999",
        "/xem_१२",
        "/xem_-1",
    ],
)
async def test_numbers_beyond_all_measure(office: PlayedOffice, command: str) -> None:
    """Số quá lớn, số âm, chữ số lạ trong lệnh: câu trả lời rõ ràng, không lỗi."""
    phones = (await office.leader(), await office.head(), await office.admin())
    for phone in phones:
        assert (await shown(office, phone, command)).text


# --- what is no text --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        {"sticker": {"file_id": "a", "file_unique_id": "b", "type": "regular", "width": 1, "height": 1}
         | {"is_animated": False, "is_video": False}},
        {"location": {"latitude": 16.4, "longitude": 107.6}},
        {"contact": {"phone_number": "0234", "first_name": "Ai"}},
        {"poll": {"id": "1", "question": "?", "options": [], "total_voter_count": 0, "is_closed": False}
         | {"is_anonymous": True, "type": "regular", "allows_multiple_answers": False}
         | {"allows_revoting": False, "members_only": False}},
        {"dice": {"emoji": "🎲", "value": 3}},
        {"venue": {"location": {"latitude": 1.0, "longitude": 1.0}, "title": "x", "address": "y"}},
        {"something_new": {"of": "tomorrow"}},
    ],
    ids=lambda content: next(iter(content)),
)  # fmt: skip
async def test_messages_that_are_no_text(office: PlayedOffice, content: dict[str, Any]) -> None:
    """Nhãn dán, vị trí, danh thiếp, thăm dò, loại tin chưa biết: nói rõ chưa ghi nhận, nhận những gì."""
    binh = await office.leader()
    mark = binh.mark()
    office.standin.push(message(binh, 700, **content))
    assert (await binh.expect(after=mark)).text == NOT_TAKEN


async def test_a_file_that_is_not_there(office: PlayedOffice) -> None:
    """Mã tệp không có thật: nói rõ chưa tải được, chưa ghi nhận gì."""
    binh = await office.leader()
    mark = binh.mark()
    note = {"file_id": "a", "file_unique_id": "b", "length": 1, "duration": 1}
    office.standin.push(message(binh, 700, video_note=note))
    assert (await binh.expect(after=mark)).text == (
        "Chưa tải được tệp vừa gửi từ Telegram; chưa ghi nhận gì. Đề nghị đồng chí gửi lại tệp."
    )


@pytest.mark.parametrize("kind", ["photo", "voice", "video", "document"])
async def test_files_of_every_kind(office: PlayedOffice, kind: Any) -> None:
    """Ảnh, ghi âm, phim, tệp gửi khi không có gì chờ trả lời: nói rõ chưa gửi cho ai."""
    tam = await office.head()
    mark = tam.mark()
    await tam.send_file(kind, name="tep.bin", content=b"\x89PNG\r\n\x1a\n")
    assert (await tam.expect(after=mark)).text == NOTHING_TO_ANSWER


async def test_forwarded_texts_are_read_like_others(office: PlayedOffice) -> None:
    """Chuyển tiếp một câu hỏi: thành bản nháp như gõ tay."""
    await office.cases(case("150"))
    binh = await office.leader()
    await office.head()
    sent = await binh.send("150 phu loc vi sao")
    await binh.expect("BẢN NHÁP")
    await binh.forward(sent)
    await office.settle()
    assert len([message for message in binh.inbox if "BẢN NHÁP" in message.text]) == 2


async def test_service_messages_are_passed_over_in_silence(office: PlayedOffice) -> None:
    """Ghim tin, đặt tự xóa: việc của Telegram, hệ thống im lặng."""
    round = await asked(office)
    mark = round.tam.mark()
    office.standin.push(message(round.tam, 701, pinned_message=round.notice.as_api()))
    office.standin.push(
        message(round.tam, 702, message_auto_delete_timer_changed={"message_auto_delete_time": 86400})
    )
    await office.settle()
    assert not [one for one in round.tam.inbox if one.touched_order > mark]


# --- presses ----------------------------------------------------------------------------------

FORGERIES = [
    "",
    "x",
    ":::",
    "recv",
    "recv:i",
    "recv:i1",
    "recv:i1:",
    "recv:i-1:1",
    "recv:z1:1",
    "nosuch:i1:1",
    "recv:i99999999999999999999:1",
    "recv:i1:99999999999999999999",
    "pick:d1:0:99999999999999999999",
    "belongs:p1:0:99999999999999999999",
    "sendans:a1:1:99999999999999999999",
    "seturg:d1:0:lightning",
    "pick:d1:0:x",
    "pick:d1:0",
    "recv:i١:1",
    "recv:i1:1\x00",
    "\ud800",
    "🏠",
    "a" * 64,
    "recv:d1:1",
    "recv:a9:1",
    "suspend:i1:0",
    "case:d1:0",
    "send:i1:0",
    "accept:r1:1",
]


@pytest.mark.parametrize("role", [Role.LEADER, Role.HEAD, Role.ADMIN])
async def test_forged_presses(office: PlayedOffice, role: Role) -> None:
    """Nút giả đủ kiểu: lần nào cũng có câu trả lời rõ ràng, không đổi gì."""
    round = await asked(office)
    await round.write()
    await round.binh.send("150 phu loc nua")
    await round.binh.expect("nua", buttons=["Gửi chất vấn"])
    phone = {Role.LEADER: round.binh, Role.HEAD: round.tam}.get(role) or await office.admin()
    under = await phone.expect("Đã đăng ký")
    answers = [(data, phone.press_data_nowait(under, data)) for data in FORGERIES]
    for data, toast in answers:
        assert (await toast).text, data
    await office.settle()
    assert round.card.text.splitlines()[0] == "Chất vấn 1/2027 · Đã chuyển"


async def test_every_act_on_things_that_do_not_exist(office: PlayedOffice) -> None:
    """Mọi nút, số không có thật: không lỗi, luôn có lời đáp."""
    binh, tam, admin = await office.leader(), await office.head(), await office.admin()
    for phone in (binh, tam, admin):
        under = await phone.expect("Đã đăng ký")
        silent = Tap.WHO_MISSES if phone is admin else Tap.MY_TASKS  # these are answered by a message
        pressed = [(tap, phone.press_data_nowait(under, f"{tap}:{SUBJECTS[tap]}77:3:5")) for tap in Tap]
        for tap, toast in pressed:
            assert bool((await toast).text) is (tap is not silent), tap
        await phone.expect("Chưa đăng ký: 0/3" if phone is admin else "Không có việc chờ đồng chí")


async def test_a_button_names_its_own_kind_of_subject(office: PlayedOffice) -> None:
    """Nút “Đã nhận” trỏ vào bản nháp số 1 không được hiểu là chất vấn số 1."""
    round = await asked(office)
    assert await round.tam.press_data(round.notice, "recv:d1:1") == FORGED
    assert await round.tam.press_data(round.notice, "recv:i1:1") == "Đã ghi nhận lúc 09:16."


async def test_an_update_that_fails_answers_the_press(
    battered_office: PlayedOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Việc hỏng giữa chừng: người bấm được nói là đã lưu lại, quản trị được báo; sau đó lại được."""
    office = battered_office
    admin = await office.admin()
    round = await asked(office)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("hỏng \x00 \ud800")

    with monkeypatch.context() as patched:
        patched.setattr(inquiries, "receive", fail)
        said = await round.tam.press(round.notice, "Đã nhận")
        assert said == "Tin vừa gửi chưa xử lý được; đã lưu lại và báo văn phòng. Đồng chí chưa cần gửi lại."
        told = await admin.expect("Một tin chưa xử lý được")
        assert "hỏng" not in told.text
    assert await round.tam.press(round.notice, "Đã nhận") == "Đã ghi nhận lúc 09:16."


# --- updates ----------------------------------------------------------------------------------

MALFORMED: list[dict[str, Any]] = [
    {},
    {"message": None},
    {"message": "chữ"},
    {"message": []},
    {"message": {}},
    {"message": {"message_id": 1}},
    {"message": {"message_id": "x", "date": "y", "chat": "z"}},
    {"message": {"message_id": 1, "date": 0, "chat": {"id": 2**70, "type": "private"}, "text": "a"}},
    {"message": {"message_id": 1, "date": 0, "chat": {"id": 5, "type": "\x00"}, "text": "a"}},
    {"message": {"message_id": "\x00", "date": "\ud800", "chat": {"id": 5, "type": "private"}}},
    {"message": {"message_id": 1, "date": 2**80, "chat": {"id": 5, "type": "private"}, "text": "a"}},
    {"callback_query": {"id": "1"}},
    {"callback_query": {"id": "\x00", "from": {"id": 1001, "is_bot": False, "first_name": "x"}, "data": 7}},
    {"callback_query": {"id": {"a": [1]}, "from": {"id": 2**65, "is_bot": False, "first_name": "x"}}},
    {"my_chat_member": {"chat": {"id": 1001, "type": "private"}}},
    {"edited_message": {"message_id": 3}},
    {"message": {"deep": {"deeper": [[[[{"text": 5}]]]]}}},
]


@pytest.mark.parametrize("number", range(len(MALFORMED)))
async def test_malformed_updates_are_passed_over(battered_office: PlayedOffice, number: int) -> None:
    """Cập nhật méo mó: được giữ lại, bỏ qua; tin kế tiếp vẫn được xử lý, khởi động lại cũng vậy."""
    office = battered_office
    binh = await office.leader()
    office.standin.push(dict(MALFORMED[number]))
    assert (await shown(office, binh, "/dangxuly")).text == "Không có chất vấn đang xử lý."
    await office.restart()
    assert (await shown(office, binh, "/dangxuly")).text == "Không có chất vấn đang xử lý."


async def test_channel_posts_are_not_even_asked_for(office: PlayedOffice) -> None:
    """Bài trên kênh: hệ thống không nhận loại cập nhật này."""
    post = {"message_id": 1, "date": 0, "chat": {"id": -1001, "type": "channel", "title": "k"}, "text": "a"}
    await office.leader()
    assert office.standin.push({"channel_post": post}) is None


async def test_the_same_update_twice_is_one(office: PlayedOffice) -> None:
    """Telegram gửi lại cùng một cập nhật: chỉ làm một lần."""
    await office.cases(case("150"))
    binh = await office.leader()
    await office.head()
    again = message(binh, 650, text="150 phu loc vi sao")
    update = office.standin.push(again)
    assert update is not None
    await binh.expect("BẢN NHÁP")
    await office.settle()
    office.standin.push(dict(update))
    await office.settle()
    assert len([one for one in binh.inbox if "BẢN NHÁP" in one.text]) == 1


@pytest.mark.parametrize("lower", [True, False])
async def test_update_ids_that_begin_anew(office: PlayedOffice, lower: bool) -> None:
    """Sau tuần vắng, số cập nhật bắt đầu lại thấp hơn hay cao hơn: không tin nào bị bỏ sót."""
    binh = await office.leader()
    await office.settle()
    office.standin.restart_ids(lower=lower)
    for command in ("/dangxuly", "/huy"):
        assert (await shown(office, binh, command)).text.startswith("Không có")


async def test_one_persons_flood_keeps_its_order(office: PlayedOffice) -> None:
    """Mười lăm tin liền một lúc: tin nào cũng được trả lời, đúng thứ tự."""
    binh = await office.leader()
    mark = binh.mark()
    for number in range(2, 17):
        await binh.send(f"/xem_{number}")
    await office.settle()
    answers = [one.text.split()[5] for one in binh.inbox if one.sent_order > mark]
    assert answers == [str(number) for number in range(2, 17)]
