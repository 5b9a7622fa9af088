"""Bản nháp: sửa, hủy, chọn mức khẩn, nhiều bản cùng lúc; còn nguyên qua lần khởi động lại; gửi một lần."""

import pytest
from sqlmodel import Session, select

from storage.tables import Inquiry
from tests.office import PlayedOffice
from tests.stories.scenes import shown, staffed

NOT_YOURS = "Việc này không thuộc quyền của đồng chí; chưa có gì thay đổi."
GONE = "Việc này không còn; chưa có gì thay đổi."


def inquiries(session: Session) -> list[Inquiry]:
    return list(session.exec(select(Inquiry)))


async def test_a_missing_question_is_asked_for(office: PlayedOffice) -> None:
    """Chỉ gõ số và đơn vị: hệ thống hỏi câu hỏi; viết xong mới có nút gửi."""
    binh, _tam = await staffed(office)
    await binh.send("150 phu loc")
    draft = await binh.expect("BẢN NHÁP, chưa gửi")
    assert "Chưa có câu hỏi. Đề nghị đồng chí viết câu hỏi vào đây." in draft.text
    assert draft.buttons == [["Mức khẩn", "Sửa"], ["Hủy"]]
    prompt = await binh.expect("Câu hỏi về vụ việc 150/QĐ-CCTHADS")
    assert prompt.force_reply
    assert await binh.press_data(draft, draft.button("Hủy").replace("cancel", "send")) == (
        "Chưa có nội dung; đề nghị đồng chí viết nội dung rồi gửi lại."
    )
    await binh.send("Vì sao chưa kê biên?")
    ready = await binh.expect("Vì sao chưa kê biên?", buttons=["Gửi chất vấn"])
    await office.settle()
    assert [message for message in binh.inbox if "BẢN NHÁP" in message.text] == [ready]


async def test_several_drafts_live_side_by_side(office: PlayedOffice) -> None:
    """Ba bản nháp cùng lúc, mỗi bản một thẻ; gửi bản nào đúng bản ấy."""
    binh, tam = await staffed(office)
    for number in (150, 152):
        await binh.send(f"{number} phu loc cau hoi so {number}")
    await office.settle()
    first, second = (message for message in binh.inbox if "BẢN NHÁP" in message.text)
    await binh.press(second, "Gửi chất vấn")
    notice = await tam.expect("Chất vấn 1/2027")
    assert "cau hoi so 152" in notice.text
    assert await binh.press(first, "Gửi chất vấn") == "Đã ghi nhận chất vấn 2/2027."
    assert "cau hoi so 150" in (await tam.expect("Chất vấn 2/2027")).text


async def test_a_draft_is_reworded(office: PlayedOffice) -> None:
    """Bấm “Sửa” rồi viết lại; hoặc vuốt trả lời thẳng vào bản nháp: câu hỏi được thay, bản cũ biến mất."""
    binh, _tam = await staffed(office)
    await binh.send("150 phu loc cau hoi cu")
    draft = await binh.expect("BẢN NHÁP")
    await binh.press(draft, "Sửa")
    await binh.expect("Câu hỏi về vụ việc 150/QĐ-CCTHADS")
    await binh.send("Câu hỏi thứ hai?")
    second = await binh.expect("Câu hỏi thứ hai?", buttons=["Gửi chất vấn"])
    await binh.send("Câu hỏi thứ ba?", reply_to=second)
    third = await binh.expect("Câu hỏi thứ ba?", buttons=["Gửi chất vấn"])
    await office.settle()
    assert [message for message in binh.inbox if "BẢN NHÁP" in message.text] == [third]


async def test_a_draft_is_cancelled(office: PlayedOffice) -> None:
    """Bấm “Hủy”: bản nháp hủy, không gửi cho ai; bấm gửi sau đó không được."""
    binh, tam = await staffed(office)
    await binh.send("150 phu loc vi sao")
    draft = await binh.expect("BẢN NHÁP")
    send, cancel = draft.button("Gửi chất vấn"), draft.button("Hủy")
    mark = tam.mark()
    assert await binh.press(draft, "Hủy") == "Đã hủy bản nháp."
    gone = await binh.expect("Bản nháp đã hủy, chưa gửi cho ai.")
    assert gone is draft
    assert gone.buttons == []
    for data in (send, cancel):
        assert await binh.press_data(draft, data) == GONE
    await office.settle()
    assert await office.read(inquiries) == []
    assert not [message for message in tam.inbox if message.touched_order > mark]


async def test_huy_drops_what_is_at_hand(office: PlayedOffice) -> None:
    """Gõ /huy: hủy bản nháp đang làm; gõ nữa thì không còn gì dở dang."""
    binh, _tam = await staffed(office)
    await binh.send("150 phu loc vi sao")
    draft = await binh.expect("BẢN NHÁP")
    done = await shown(office, binh, "/huy")
    assert done.text == "Đã hủy việc đang làm: bản nháp chất vấn. Chưa gửi gì cho ai."
    assert draft.text == "Bản nháp đã hủy, chưa gửi cho ai."
    assert (await shown(office, binh, "/huy")).text == "Không có việc nào đang làm dở."


async def test_huy_drops_the_question_awaited_and_its_draft(office: PlayedOffice) -> None:
    """Đang chờ viết câu hỏi mà gõ /huy: bản nháp ấy hủy, bản nháp khác còn nguyên."""
    binh, _tam = await staffed(office)
    await binh.send("152 phu loc")
    await binh.expect("Câu hỏi về vụ việc 152/QĐ-CCTHADS")
    await binh.send("/chatvan 150 phu loc vi sao")
    other = await binh.expect("BẢN NHÁP", buttons=["Gửi chất vấn"])
    await shown(office, binh, "/huy")
    assert "BẢN NHÁP" in other.text
    await binh.expect("Bản nháp đã hủy")
    assert await binh.press(other, "Gửi chất vấn") == "Đã ghi nhận chất vấn 1/2027."


@pytest.mark.parametrize(
    ("label", "first_line", "due"),
    [
        ("Thường", "Chất vấn 1/2027 · Thường", "17:00 thứ Hai, 07/12/2026"),
        ("Khẩn", "Chất vấn 1/2027 · Khẩn", "17:00 thứ Tư, 02/12/2026"),
        ("Thượng khẩn", "Chất vấn 1/2027 · Thượng khẩn", "17:00 thứ Ba, 01/12/2026"),
    ],
)
async def test_the_urgency_is_chosen(office: PlayedOffice, label: str, first_line: str, due: str) -> None:
    """Bấm “Mức khẩn”: các nút đổi thành bốn mức, “Hạn khác” và “Quay lại”; hạn đổi theo mức."""
    binh, tam = await staffed(office)
    await binh.send("150 phu loc vi sao")
    draft = await binh.expect("BẢN NHÁP")
    await binh.press(draft, "Mức khẩn")
    await binh.expect(buttons=["Hỏa tốc"])
    assert draft.buttons == [["Thường", "Khẩn"], ["Thượng khẩn", "Hỏa tốc"], ["Hạn khác", "Quay lại"]]
    await binh.press(draft, "Quay lại")
    await binh.expect(buttons=["Gửi chất vấn"])
    await binh.press(draft, "Mức khẩn")
    await binh.expect(buttons=["Hỏa tốc"])
    await binh.press(draft, label)
    await binh.expect(f"Mức: {label} · Hạn: {due}", buttons=["Gửi chất vấn"])
    await binh.press(draft, "Gửi chất vấn")
    notice = await tam.expect(first_line)
    assert notice.text.splitlines()[:2] == [first_line, f"Hạn trả lời: {due}"]


async def test_a_flash_inquiry_sounds_at_night(office: PlayedOffice) -> None:
    """Hỏa tốc lúc 21:16: bản nháp báo trước, máy đồng chí Tâm đổ chuông, hạn bốn giờ theo đồng hồ."""
    binh, tam = await staffed(office)
    office.clock.set("21:16 30/11/2026")
    await binh.send("150 phu loc vi sao")
    draft = await binh.expect("BẢN NHÁP")
    await binh.press(draft, "Mức khẩn")
    await binh.expect(buttons=["Hỏa tốc"])
    await binh.press(draft, "Hỏa tốc")
    await binh.expect(buttons=["Gửi hỏa tốc"])
    assert draft.text.splitlines()[-2:] == [
        "Mức: Hỏa tốc · Hạn: 01:16 thứ Ba, 01/12/2026 (4 giờ)",
        "⚡ Hỏa tốc: máy đ/c Tâm báo chuông ngay cả ngoài giờ.",
    ]
    await binh.press(draft, "Gửi hỏa tốc")
    notice = await tam.expect("⚡ Chất vấn 1/2027 · HỎA TỐC")
    assert not notice.silent
    assert notice.text.splitlines()[1] == "Hạn trả lời: 01:16 thứ Ba, 01/12/2026 (4 giờ)"
    assert "Gửi ngoài giờ" not in notice.text


async def test_a_flash_inquiry_by_day_names_the_hour_of_today(office: PlayedOffice) -> None:
    """Hỏa tốc trong giờ: hạn ghi “hôm nay”."""
    binh, tam = await staffed(office)
    await binh.send("150 phu loc vi sao")
    draft = await binh.expect("BẢN NHÁP")
    await binh.press_data(draft, draft.button("Mức khẩn").replace("urgency", "seturg") + ":flash")
    await binh.expect(buttons=["Gửi hỏa tốc"])
    await binh.press(draft, "Gửi hỏa tốc")
    notice = await tam.expect("HỎA TỐC")
    assert notice.text.splitlines()[1] == "Hạn trả lời: 13:16 hôm nay, 30/11/2026 (4 giờ)"


async def test_outside_hours_it_arrives_without_a_sound(office: PlayedOffice) -> None:
    """Gửi lúc 19 giờ: nháp báo trước, tin đến không chuông, thời hạn tính từ 07:30 hôm sau."""
    binh, tam = await staffed(office)
    office.clock.set("19:05 30/11/2026")
    await binh.send("150 phu loc vi sao")
    draft = await binh.expect("BẢN NHÁP")
    assert draft.text.splitlines()[-2:] == [
        "Mức: Thường · Hạn: 17:00 thứ Ba, 08/12/2026 (5 ngày làm việc)",
        "Ngoài giờ: gửi không báo chuông; thời hạn tính từ 07:30 thứ Ba, 01/12.",
    ]
    await binh.press(draft, "Gửi chất vấn")
    notice = await tam.expect("Chất vấn 1/2027")
    assert notice.silent
    assert "Gửi ngoài giờ; thời hạn tính từ 07:30 thứ Ba, 01/12." in notice.text.splitlines()


async def test_within_hours_it_sounds(office: PlayedOffice) -> None:
    """Trong giờ làm việc tin chất vấn báo chuông, thẻ theo dõi thì không."""
    binh, tam = await staffed(office)
    await office.ask(binh)
    assert not (await tam.expect("Chất vấn 1/2027")).silent


async def test_a_draft_survives_a_restart(office: PlayedOffice) -> None:
    """Hệ thống khởi động lại giữa chừng: bản nháp và câu đang chờ viết còn nguyên."""
    binh, tam = await staffed(office)
    await binh.send("150 phu loc")
    await binh.expect("Câu hỏi về vụ việc 150/QĐ-CCTHADS")
    await office.settle()
    await office.restart()
    await binh.send("Vì sao chưa kê biên?")
    draft = await binh.expect("Vì sao chưa kê biên?", buttons=["Gửi chất vấn"])
    await office.settle()
    await office.restart()
    await binh.press(draft, "Gửi chất vấn")
    await tam.expect("Chất vấn 1/2027")


async def test_send_pressed_twice_sends_once(office: PlayedOffice) -> None:
    """Bấm “Gửi chất vấn” hai lần liền: một chất vấn, lần sau được nhắc số."""
    binh, tam = await staffed(office)
    await binh.send("150 phu loc vi sao")
    draft = await binh.expect("BẢN NHÁP")
    data = draft.button("Gửi chất vấn")
    pressed = [binh.press_nowait(draft, "Gửi chất vấn") for _ in range(2)]
    assert [(await toast).text for toast in pressed] == [
        "Đã ghi nhận chất vấn 1/2027.",
        "Bản nháp này đã gửi: chất vấn 1/2027.",
    ]
    card = await binh.expect("Chất vấn 1/2027 · Đã chuyển")
    assert card is draft
    assert await binh.press_data(card, data) == "Bản nháp này đã gửi: chất vấn 1/2027."
    await office.settle()
    assert len(await office.read(inquiries)) == 1
    assert len([message for message in tam.inbox if "Chất vấn 1/2027" in message.text]) == 1


async def test_nobody_else_can_touch_a_draft(office: PlayedOffice) -> None:
    """Lãnh đạo khác, chi cục trưởng, quản trị giả nút của bản nháp: không gửi, không sửa, không hủy được."""
    binh, tam = await staffed(office)
    dat, admin = await office.chief(), await office.admin()
    await binh.send("150 phu loc vi sao")
    draft = await binh.expect("BẢN NHÁP")
    own = draft.button("Gửi chất vấn").partition(":")[2]
    for phone in (dat, tam, admin):
        under = await phone.expect("Đã đăng ký")
        for act in ("send", "sendflash", "edit", "cancel", "urgency", "back", "again", "anyway"):
            assert await phone.press_data(under, f"{act}:{own}") == NOT_YOURS, act
        for act in ("due", "branches", "notlisted"):
            assert await phone.press_data(under, f"{act}:{own}") == NOT_YOURS, act
        for act, extra in (("seturg", "flash"), ("setdue", "20261215")):
            assert await phone.press_data(under, f"{act}:{own}:{extra}") == NOT_YOURS, act
        for act in ("pick", "branch", "page"):
            assert await phone.press_data(under, f"{act}:{own}:1") == NOT_YOURS, act
    await office.settle()
    assert await office.read(inquiries) == []
    assert "Mức: Thường" in draft.text
