"""Tin chất vấn và thẻ theo dõi: đã chuyển, đã nhận; mỗi nút bấm hai lần, bấm muộn, bấm nhầm người."""

import pytest

from tests.office import PlayedOffice, case
from tests.stories.scenes import asked

NOT_YOURS = "Việc này không thuộc quyền của đồng chí; chưa có gì thay đổi."


async def test_the_notice_and_the_card_read_as_agreed(office: PlayedOffice) -> None:
    """Tin chất vấn trên máy đồng chí Tâm và thẻ theo dõi trên máy đồng chí Bình, từng dòng một."""
    round = await asked(office, "vi sao den nay chua ke bien tai san, khi nao thuc hien")
    assert round.notice.html == (
        "<b>Chất vấn 1/2027 · Thường</b>\n"
        "Hạn trả lời: <b>17:00 thứ Hai, 07/12/2026</b>\n"
        "\n"
        "Đồng chí Trần Văn Bình, Phó Cục trưởng, hỏi:\n"
        "<blockquote>vi sao den nay chua ke bien tai san, khi nao thuc hien</blockquote>\n"
        "Vụ việc: <code>150/QĐ-CCTHADS</code> ngày 12/10/2026\n"
        "Người phải thi hành án: Nguyễn Văn Đức\n"
        "Phải thi hành 1.344.000.000 đồng, đã thi hành 200.000.000 đồng\n"
        "CHV: Lê Quang Huy · số liệu nhập ngày 30/11/2026\n"
        "\n"
        "Đề nghị đồng chí xác nhận đã nhận và trả lời đúng hạn. Trả lời: vuốt tin này hoặc bấm nút."
    )
    assert round.notice.buttons == [["Đã nhận", "Trả lời"], ["Cách tính hạn"]]
    assert round.card.html == (
        "<b>Chất vấn 1/2027 · Đã chuyển</b>\n"
        "Phú Lộc, đ/c Hồ Minh Tâm · hạn 17:00 thứ Hai, 07/12/2026\n"
        "<blockquote>vi sao den nay chua ke bien tai san, khi nao thuc hien</blockquote>\n"
        "<code>150/QĐ-CCTHADS</code>\n"
        "✓ Đã chuyển 09:16 30/11\n"
        "· Đã nhận\n"
        "· Đang chuẩn bị\n"
        "· Đã trả lời"
    )
    assert round.card.buttons == [["Rút chất vấn", "Cách tính hạn"]]


async def test_the_heads_own_case_is_named_so(office: PlayedOffice) -> None:
    """Vụ việc do chính chi cục trưởng thi hành: tin ghi “đồng chí trực tiếp thi hành”."""
    await office.cases(case("150", officer="Hồ Minh Tâm"))
    binh, tam = await office.leader(), await office.head()
    await office.ask(binh)
    notice = await tam.expect("Chất vấn 1/2027")
    assert "CHV: đồng chí trực tiếp thi hành · số liệu nhập ngày 30/11/2026" in notice.text.splitlines()


async def test_receipt_is_confirmed_once(office: PlayedOffice) -> None:
    """Bấm “Đã nhận”: thẻ của người hỏi đổi tại chỗ; bấm lần hai chỉ nhắc giờ đã ghi, kể cả hôm sau."""
    round = await asked(office)
    office.clock.set("10:02 30/11/2026")
    data = round.notice.button("Đã nhận")
    assert await round.tam.press(round.notice, "Đã nhận") == "Đã ghi nhận lúc 10:02."
    await round.binh.expect("Chất vấn 1/2027 · Đã nhận")
    assert "✓ Đã nhận 10:02 30/11" in round.card.text.splitlines()
    await office.settle()
    assert round.notice.buttons == [["Trả lời"], ["Cách tính hạn"]]
    assert round.notice.text.splitlines()[-2:] == [
        "✓ Đã nhận 10:02 30/11",
        "Đề nghị đồng chí trả lời đúng hạn. Trả lời: vuốt tin này hoặc bấm nút.",
    ]
    office.clock.set("11:00 30/11/2026")
    assert await round.tam.press_data(round.notice, data) == "Đã ghi nhận lúc 10:02."
    office.clock.set("08:00 01/12/2026")
    assert await round.tam.press_data(round.notice, data) == "Đã ghi nhận lúc 10:02 30/11."


async def test_late_receipts_are_told_what_has_happened(office: PlayedOffice) -> None:
    """Bấm “Đã nhận” sau khi đã trả lời, sau khi kết thúc: được nói rõ việc đã xảy ra."""
    round = await asked(office)
    data = round.notice.button("Đã nhận")
    office.clock.set("15:42 30/11/2026")
    answer = await round.answer()
    assert await round.tam.press_data(round.notice, data) == "Đồng chí Tâm đã trả lời lúc 15:42."
    await round.binh.press(answer, "Đạt yêu cầu")
    assert await round.tam.press_data(round.notice, data) == "Chất vấn này đã kết thúc."


async def test_another_branchs_head_cannot_receive_or_answer(office: PlayedOffice) -> None:
    """Chi cục trưởng đơn vị khác giả nút: không nhận, không trả lời, không xem được."""
    round = await asked(office)
    nam = await office.head("Lê Văn Nam", "ALUOI")
    under = await nam.expect("Đã đăng ký")
    for act in ("recv", "ans", "reckon", "show", "showans", "withdraw", "accept", "further", "insuff"):
        assert await nam.press_data(under, f"{act}:i1:1") == NOT_YOURS, act
    await office.settle()
    assert "· Đã nhận" in round.card.text.splitlines()
    assert not any("150/QĐ" in message.text for message in nam.inbox)


@pytest.mark.parametrize("label", ["Đã nhận", "da nhan", "ĐÃ NHẬN", "đã nhan "])
async def test_a_label_typed_in_reply_acts_as_the_press(office: PlayedOffice, label: str) -> None:
    """Vuốt tin chất vấn rồi gõ “da nhan”: như bấm nút, không thành câu trả lời."""
    round = await asked(office)
    mark = round.tam.mark()
    await round.tam.send(label, reply_to=round.notice)
    assert (await round.tam.expect("Đã ghi nhận lúc", after=mark)).text == "Đã ghi nhận lúc 09:16."
    await round.binh.expect("Chất vấn 1/2027 · Đã nhận")
    await office.settle()
    assert not any("CHƯA GỬI" in message.text for message in round.tam.inbox)


async def test_labels_typed_in_reply_to_the_live_card(office: PlayedOffice) -> None:
    """Đồng chí Bình vuốt thẻ theo dõi gõ “cach tinh han”, “xem tra loi”, “dat yeu cau”: như bấm nút."""
    round = await asked(office)
    await round.binh.send("cach tinh han", reply_to=round.card)
    await round.binh.expect("Chất vấn 1/2027: cách tính hạn")
    await round.answer()
    mark = round.binh.mark()
    await round.binh.send("xem tra loi", reply_to=round.card)
    await round.binh.expect("Trả lời chất vấn 1/2027", after=mark)
    mark = round.binh.mark()
    await round.binh.send("Dat yeu cau", reply_to=round.card)
    said = await round.binh.expect("Đã ghi: trả lời đạt yêu cầu", after=mark)
    assert said.text.endswith("Không có nghĩa là phê duyệt đề xuất nêu trong trả lời.")
    await round.binh.expect("✅ Chất vấn 1/2027 · Kết thúc")


async def test_the_reckoning_of_the_deadline_is_explained(office: PlayedOffice) -> None:
    """“Cách tính hạn”: kể từng ngày, ngày nhận và cuối tuần không tính; hỏi được ở cả hai máy."""
    round = await asked(office)
    expected = [
        "Chất vấn 1/2027: cách tính hạn",
        "Hạn trả lời: 17:00 thứ Hai, 07/12/2026 · mức thường, 5 ngày làm việc",
        "Chuyển đến: 09:16 30/11",
        "thứ Hai 30/11/2026: không tính (ngày nhận)",
        "thứ Ba 01/12/2026: ngày 1",
        "thứ Tư 02/12/2026: ngày 2",
        "thứ Năm 03/12/2026: ngày 3",
        "thứ Sáu 04/12/2026: ngày 4",
        "thứ Bảy 05/12/2026: không tính (cuối tuần)",
        "Chủ nhật 06/12/2026: không tính (cuối tuần)",
        "thứ Hai 07/12/2026: ngày 5",
        "Ngày nhận không tính; ngày nghỉ, ngày lễ không tính.",
    ]
    for phone, message in ((round.tam, round.notice), (round.binh, round.card)):
        await phone.press(message, "Cách tính hạn")
        told = await phone.expect("cách tính hạn")
        assert told.text.splitlines() == expected
