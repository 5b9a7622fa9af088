"""Nhận và trả lời: chi cục trưởng xác nhận, viết, xem lại, rồi mới gửi; chưa bấm thì chưa gửi cho ai."""

import pytest

from tests.office import PlayedOffice, case
from tests.stories.scenes import Round, asked, shown

NOT_YOURS = "Việc này không thuộc quyền của đồng chí; chưa có gì thay đổi."
GONE = "Việc này không còn; chưa có gì thay đổi."
NOTHING = "Hiện không có chất vấn nào chờ đồng chí trả lời; nội dung vừa viết chưa gửi cho ai."


def answers_before(round: Round) -> list[str]:
    """What the asker holds of answers."""
    return [message.text for message in round.binh.inbox if message.text.startswith("Trả lời chất vấn")]


# --- receipt ----------------------------------------------------------------------------------


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


# --- writing ----------------------------------------------------------------------------------


async def test_a_reply_to_the_notice_becomes_a_preview(office: PlayedOffice) -> None:
    """Vuốt tin rồi viết: bản xem lại từng dòng; chưa bấm thì người hỏi chưa thấy gì."""
    round = await asked(office)
    preview = await round.write("Kết quả: đã xác minh xong, đang kê biên.")
    assert preview.html == (
        "<b>CHƯA GỬI · xem lại trả lời chất vấn 1/2027</b>\n"
        "Người nhận: đồng chí Trần Văn Bình, Phó Cục trưởng\n"
        "Vụ việc: <code>150/QĐ-CCTHADS</code>\n"
        "<blockquote>Kết quả: đã xác minh xong, đang kê biên.</blockquote>\n"
        "1 đoạn · <i>chưa nêu thời hạn</i>"
    )
    assert preview.buttons == [["Gửi trả lời"], ["Viết thêm", "Sửa"], ["Hủy"]]
    await office.settle()
    assert answers_before(round) == []
    assert "· Đã trả lời" in round.card.text.splitlines()


async def test_the_answer_reads_as_agreed(office: PlayedOffice) -> None:
    """Trả lời tới người hỏi nguyên văn, có nút cho ý kiến, kẹp dưới thẻ theo dõi; người trả lời được báo."""
    round = await asked(office, "vi sao den nay chua ke bien tai san, khi nao thuc hien")
    office.clock.set("15:42 04/12/2026")
    answer = await round.answer(
        "Kết quả: đã xác minh ngày 02/12/2026.\nBiện pháp: kê biên trước ngày 15/12/2026."
    )
    assert answer.text == (
        "Trả lời chất vấn 1/2027\n"
        "Phú Lộc, đ/c Hồ Minh Tâm, Chi cục trưởng · 15:42 04/12/2026, trước hạn 1 ngày làm việc\n"
        "Hỏi: vi sao den nay chua ke bien tai san, khi nao thuc hien\n"
        "Kết quả: đã xác minh ngày 02/12/2026.\n"
        "Biện pháp: kê biên trước ngày 15/12/2026.\n"
        "\n"
        "Kính đề nghị đồng chí cho ý kiến về trả lời này."
    )
    assert "<blockquote expandable>Hỏi: " in answer.html
    assert answer.buttons == [["Đạt yêu cầu"], ["Hỏi thêm", "Chưa đạt yêu cầu"]]
    assert answer.reply_to is round.card
    assert not answer.silent
    await round.tam.expect("Đã gửi trả lời chất vấn 1/2027 lúc 15:42 04/12.")
    assert round.card.text.splitlines()[0] == "Chất vấn 1/2027 · Đã trả lời, chờ ý kiến"
    assert round.card.text.splitlines()[-1] == "✓ Đã trả lời 15:42 04/12, trước hạn 1 ngày làm việc"
    assert round.card.buttons == [["Xem trả lời"]]
    assert round.notice.buttons == []


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ("16:59 07/12/2026", "đúng hạn"),
        ("17:00 07/12/2026", "đúng hạn"),
        ("17:01 07/12/2026", "sau hạn"),
        ("08:00 10/12/2026", "quá hạn 2 ngày làm việc"),
    ],
)
async def test_timeliness_is_fixed_when_the_answer_is_sent(
    office: PlayedOffice, moment: str, said: str
) -> None:
    """Đúng hạn hay sau hạn tính theo lúc bấm gửi, không theo lúc viết."""
    round = await asked(office)
    preview = await round.write()
    office.clock.set(moment)
    await round.tam.press(preview, "Gửi trả lời")
    answer = await round.binh.expect("Trả lời chất vấn 1/2027")
    assert answer.text.splitlines()[1].endswith(f", {said}")


async def test_the_button_asks_for_the_text(office: PlayedOffice) -> None:
    """Bấm “Trả lời”: hiện ô viết; viết xong ra bản xem lại."""
    round = await asked(office)
    await round.tam.press(round.notice, "Trả lời")
    prompt = await round.tam.expect("Đề nghị đồng chí viết nội dung trả lời")
    assert prompt.text == (
        "Trả lời chất vấn 1/2027\n"
        "Đề nghị đồng chí viết nội dung trả lời. Chưa gửi cho ai đến khi bấm “Gửi trả lời”."
    )
    assert prompt.force_reply
    office.clock.move(minutes=29)
    await round.tam.send("Đã kê biên.")
    await round.tam.expect("CHƯA GỬI · xem lại trả lời chất vấn 1/2027")


@pytest.mark.parametrize("command", ["/traloi_1", "/traloi 1", "/traloi 1/2027", "/traloi_1_2027", "/traloi"])
async def test_the_command_asks_for_the_text(office: PlayedOffice, command: str) -> None:
    """Gõ /traloi_1, kèm năm hay không, hay chỉ /traloi khi có một chất vấn: như bấm nút."""
    round = await asked(office)
    await round.tam.send(command)
    await round.tam.expect("Đề nghị đồng chí viết nội dung trả lời")
    await round.tam.send("Đã kê biên.")
    await round.tam.expect("CHƯA GỬI · xem lại trả lời chất vấn 1/2027")


async def test_commands_for_numbers_that_do_not_exist(office: PlayedOffice) -> None:
    """Số không có, số của đơn vị khác, không phải số: nói rõ, không lộ gì."""
    await asked(office)
    nam = await office.head("Lê Văn Nam", "ALUOI")
    unknown = (
        "Không thấy chất vấn số 1 trong phần việc của đồng chí. Gõ /dangxuly để xem các chất vấn đang xử lý."
    )
    assert (await shown(office, nam, "/traloi_1")).text == unknown
    assert (await shown(office, nam, "/xem_1")).text == unknown
    assert (await shown(office, nam, "/traloi_7")).text == unknown.replace("số 1", "số 7")
    assert (await shown(office, nam, "/traloi abc")).text == (
        "Đề nghị ghi số chất vấn, ví dụ /traloi_12, hoặc chọn trong /dangxuly."
    )
    assert (await shown(office, nam, "/traloi")).text == NOTHING


async def test_a_prompt_lapses_after_half_an_hour(office: PlayedOffice) -> None:
    """Bấm “Trả lời” rồi để quá 30 phút: chữ viết sau đó không tự vào, hệ thống hỏi thuộc chất vấn nào."""
    round = await asked(office)
    await round.tam.press(round.notice, "Trả lời")
    prompt = await round.tam.expect("Đề nghị đồng chí viết nội dung trả lời")
    office.clock.move(minutes=30)
    await round.tam.send("Đã kê biên.")
    await round.tam.expect("Nội dung này thuộc chất vấn nào?")
    await round.tam.send("Đã kê biên xong.", reply_to=prompt)
    assert "Đã kê biên xong." in (await round.tam.expect("CHƯA GỬI")).text


async def test_two_parts_make_one_answer(office: PlayedOffice) -> None:
    """Viết hai đoạn: bản xem lại mới có cả hai, nút ở bản cũ biến mất; bấm bản cũ không gửi gì."""
    round = await asked(office)
    first = await round.write("Đoạn một, xong ngày 15/12/2026.")
    old = first.button("Gửi trả lời")
    await round.tam.press(first, "Viết thêm")
    await round.tam.expect("Viết thêm vào trả lời chất vấn 1/2027")
    mark = round.tam.mark()
    await round.tam.send("Đoạn hai.")
    second = await round.tam.expect("CHƯA GỬI", after=mark, buttons=["Gửi trả lời"])
    assert "<blockquote>Đoạn một, xong ngày 15/12/2026.\nĐoạn hai.</blockquote>" in second.html
    assert second.text.splitlines()[-1] == "2 đoạn"
    await office.settle()
    assert first.buttons == []
    assert await round.tam.press_data(first, old) == "Đã có bản xem lại mới hơn ở dưới; chưa gửi gì."
    assert answers_before(round) == []
    await round.tam.press(second, "Gửi trả lời")
    answer = await round.binh.expect("Trả lời chất vấn 1/2027")
    assert "Đoạn một, xong ngày 15/12/2026.\nĐoạn hai.\n" in answer.text


async def test_a_second_swipe_adds_a_part_too(office: PlayedOffice) -> None:
    """Vuốt tin chất vấn, hay vuốt bản xem lại, lần nữa: cũng là viết thêm."""
    round = await asked(office)
    preview = await round.write("Đoạn một.")
    preview2 = await round.write("Đoạn hai.")
    assert "Đoạn một.\nĐoạn hai." in preview2.text
    mark = round.tam.mark()
    await round.tam.send("Đoạn ba.", reply_to=preview)
    third = await round.tam.expect("CHƯA GỬI", after=mark, buttons=["Gửi trả lời"])
    assert "Đoạn một.\nĐoạn hai.\nĐoạn ba." in third.text


async def test_an_answer_is_written_anew(office: PlayedOffice) -> None:
    """Bấm “Sửa”: nội dung cũ bỏ khỏi bản xem lại, viết lại từ đầu; nút cũ không gửi được nữa."""
    round = await asked(office)
    first = await round.write("Nội dung nhầm.")
    old = first.button("Gửi trả lời")
    await round.tam.press(first, "Sửa")
    prompt = await round.tam.expect("Viết lại trả lời chất vấn 1/2027")
    assert prompt.text.endswith("Nội dung cũ đã bỏ khỏi bản xem lại. Chưa gửi cho ai.")
    mark = round.tam.mark()
    await round.tam.send("Nội dung đúng.")
    second = await round.tam.expect("CHƯA GỬI", after=mark, buttons=["Gửi trả lời"])
    assert "Nội dung nhầm" not in second.text
    assert await round.tam.press_data(second, old) == GONE
    await round.tam.press(second, "Gửi trả lời")
    assert "Nội dung đúng." in (await round.binh.expect("Trả lời chất vấn 1/2027")).text


async def test_an_answer_is_cancelled(office: PlayedOffice) -> None:
    """Bấm “Hủy” hay gõ /huy: không gửi cho ai; vẫn trả lời lại được bằng lệnh in sẵn."""
    round = await asked(office)
    preview = await round.write()
    assert await round.tam.press(preview, "Hủy") == "Đã hủy, chưa gửi cho ai."
    told = await round.tam.expect("Đã hủy bản trả lời")
    assert told.text == "Đã hủy bản trả lời chất vấn 1/2027, chưa gửi cho ai. Trả lời: /traloi_1"
    assert told.commands == ["/traloi_1"]
    await office.settle()
    assert preview.buttons == []
    await round.write("Lần nữa.")
    done = await shown(office, round.tam, "/huy")
    assert done.text == "Đã hủy việc đang làm: bản trả lời chưa gửi. Chưa gửi gì cho ai."
    assert answers_before(round) == []


async def test_send_pressed_twice_sends_one_answer(office: PlayedOffice) -> None:
    """Bấm “Gửi trả lời” hai lần liền: một trả lời, lần sau được nhắc giờ."""
    round = await asked(office)
    preview = await round.write()
    pressed = [round.tam.press_nowait(preview, "Gửi trả lời") for _ in range(2)]
    assert [(await toast).text for toast in pressed] == ["Đã gửi trả lời.", "Đã ghi nhận lúc 09:16."]
    await office.settle()
    assert len(answers_before(round)) == 1


async def test_nobody_else_can_send_or_change_an_answer(office: PlayedOffice) -> None:
    """Người hỏi, chi cục trưởng khác, quản trị giả nút của bản xem lại: không được."""
    round = await asked(office)
    preview = await round.write()
    own = preview.button("Gửi trả lời").partition(":")[2]
    for phone in (round.binh, await office.head("Lê Văn Nam", "ALUOI"), await office.admin()):
        under = await phone.expect("Đã đăng ký")
        for act in ("sendans", "more", "rewrite", "cancelans"):
            assert await phone.press_data(under, f"{act}:{own}") == NOT_YOURS, act
    await office.settle()
    assert answers_before(round) == []
    assert await round.tam.press(preview, "Gửi trả lời") == "Đã gửi trả lời."


async def test_more_after_the_answer_was_sent_is_refused(office: PlayedOffice) -> None:
    """Đã gửi rồi mà vuốt viết tiếp: nói rõ đã trả lời lúc nào, không mất dấu vết."""
    round = await asked(office)
    await round.answer()
    mark = round.tam.mark()
    await round.tam.send("Bổ sung.", reply_to=round.notice)
    assert (await round.tam.expect(after=mark)).text == "Đồng chí Tâm đã trả lời lúc 09:16."


# --- a text that belongs nowhere --------------------------------------------------------------


async def test_a_text_that_belongs_nowhere_is_offered_a_place(office: PlayedOffice) -> None:
    """Đồng chí Tâm viết trống không khi có hai chất vấn: hỏi thuộc chất vấn nào, hạn gần đứng trước."""
    await office.cases(case("150"), case("152", debtor="Lê Thị Lan"))
    binh, tam = await office.leader(), await office.head()
    await office.ask(binh, "150 phu loc cau mot")
    await binh.send("152 phu loc cau hai")
    draft = await binh.expect("cau hai", buttons=["Gửi chất vấn"])
    await binh.press_data(draft, draft.button("Mức khẩn").replace("urgency", "seturg") + ":urgent")
    await binh.expect("Mức: Khẩn")
    await binh.press(draft, "Gửi chất vấn")
    await tam.expect("Chất vấn 2/2027")
    await office.settle()
    await tam.send("Đã kê biên xong.")
    where = await tam.expect("Nội dung này thuộc chất vấn nào?")
    assert where.text == "Nội dung này thuộc chất vấn nào?\nChưa gửi cho ai.\nĐã kê biên xong."
    assert where.buttons == [
        ["2 · 152/QĐ · hạn T4 02/12"],
        ["1 · 150/QĐ · hạn T2 07/12"],
        ["Không phải trả lời"],
    ]
    data = where.button("1 · 150/QĐ · hạn T2 07/12")
    await tam.press(where, "1 · 150/QĐ · hạn T2 07/12")
    preview = await tam.expect("CHƯA GỬI · xem lại trả lời chất vấn 1/2027")
    assert "Đã kê biên xong." in preview.text
    await office.settle()
    assert where.buttons == []
    assert await tam.press_data(where, data) == "Đã ghi nhận lúc 09:16."


async def test_a_text_that_is_no_answer_is_dropped(office: PlayedOffice) -> None:
    """Bấm “Không phải trả lời”: nội dung bỏ, không gửi cho ai."""
    round = await asked(office)
    await round.tam.send("nhầm máy")
    where = await round.tam.expect("Nội dung này thuộc chất vấn nào?")
    assert await round.tam.press(where, "Không phải trả lời") == "Đã bỏ nội dung, chưa gửi cho ai."
    await office.settle()
    assert where.buttons == []
    assert not any("CHƯA GỬI ·" in message.text for message in round.tam.inbox)


async def test_a_kept_text_waits_while_other_things_are_done(office: PlayedOffice) -> None:
    """Chưa chọn mà bấm việc khác, gõ /huy: nội dung đã viết vẫn giữ, chọn sau vẫn vào đúng chỗ."""
    round = await asked(office)
    await round.tam.send("Đã kê biên xong.")
    where = await round.tam.expect("Nội dung này thuộc chất vấn nào?")
    await round.tam.press(round.notice, "Trả lời")
    await round.tam.expect("Đề nghị đồng chí viết nội dung trả lời")
    await shown(office, round.tam, "/huy")
    await round.tam.press(where, "1 · 150/QĐ · hạn T2 07/12")
    assert "Đã kê biên xong." in (await round.tam.expect("CHƯA GỬI · ")).text


async def test_a_kept_text_is_its_writers_own(office: PlayedOffice) -> None:
    """Người khác giả nút chọn chỗ: không xem, không dùng được nội dung của đồng chí Tâm."""
    round = await asked(office)
    nam = await office.head("Lê Văn Nam", "ALUOI")
    await round.tam.send("Đã kê biên xong.")
    where = await round.tam.expect("Nội dung này thuộc chất vấn nào?")
    under = await nam.expect("Đã đăng ký")
    for label in where.labels:
        assert await nam.press_data(under, where.button(label)) == NOT_YOURS
    await office.settle()
    assert not any("kê biên" in message.text for message in nam.inbox)


async def test_a_text_is_not_smuggled_into_another_branchs_inquiry(office: PlayedOffice) -> None:
    """Giả nút để đưa nội dung của mình vào chất vấn của đơn vị khác: không được."""
    await asked(office)
    nam = await office.head("Lê Văn Nam", "ALUOI")
    await office.cases(case("9", "A Lưới"))
    binh = office.standin.phones[0]
    await office.ask(binh, "9 a luoi vi sao")
    await nam.expect("Chất vấn 2/2027")
    await nam.send("Nội dung của Nam")
    where = await nam.expect("Nội dung này thuộc chất vấn nào?")
    data = where.button(where.labels[0])
    assert await nam.press_data(where, data.removesuffix(":2") + ":1") == NOT_YOURS


async def test_a_text_when_nothing_waits(office: PlayedOffice) -> None:
    """Không có chất vấn nào chờ mà viết: nói rõ chưa gửi cho ai."""
    tam = await office.head()
    assert (await shown(office, tam, "Đã kê biên xong.")).text == NOTHING


# --- long texts and edits ---------------------------------------------------------------------


async def test_a_long_answer_arrives_whole(office: PlayedOffice) -> None:
    """Trả lời dài hơn một tin: đến đủ từng chữ, nút cho ý kiến ở tin cuối."""
    round = await asked(office)
    text = "\n".join(
        f"Dòng {number:04}: đã làm việc với ủy ban, biên bản & <{number}>." for number in range(170)
    )
    mark = round.tam.mark()
    await round.tam.send(text, reply_to=round.notice)
    await office.settle()
    preview = await round.tam.expect("CHƯA GỬI", after=mark, buttons=["Gửi trả lời"])
    assert "ký tự; người nhận thấy đầy đủ." in preview.text
    mark = round.binh.mark()
    await round.tam.press(preview, "Gửi trả lời")
    await office.settle()
    received = [message for message in round.binh.inbox if message.sent_order > mark]
    assert len(received) > 2
    whole = "\n".join(message.text for message in received)
    body = whole[whole.index("Dòng 0000") : whole.index("Kính đề nghị")]
    assert body.split() == text.split()
    assert [message.buttons for message in received[:-1]] == [[]] * (len(received) - 1)
    assert received[-1].buttons == [["Đạt yêu cầu"], ["Hỏi thêm", "Chưa đạt yêu cầu"]]


@pytest.mark.parametrize("ending", ["hết.", "hết…"])
async def test_a_long_question_arrives_whole(office: PlayedOffice, ending: str) -> None:
    """Câu hỏi dài 4.096 ký tự: nháp gọn, tin chất vấn rút bớt, toàn văn đến đủ từng chữ."""
    await office.cases(case("150"))
    binh, tam = await office.leader(), await office.head()
    words = "150 phu loc "
    question = f"{'kê biên & <xử lý> ' * 300}"[: 4096 - len(words) - len(ending)] + ending
    await office.ask(binh, words + question)
    notice = await tam.expect("Chất vấn 1/2027 · Thường")
    assert "Đề nghị đồng chí xác nhận" in notice.text
    parts = [message.text for message in tam.inbox if message.sent_order < notice.sent_order][1:]
    assert parts[0].startswith("Chất vấn 1/2027: toàn văn câu hỏi\n")
    told = " ".join(parts).removeprefix("Chất vấn 1/2027: toàn văn câu hỏi\n")
    assert told.split() == question.split()


async def test_edits_of_sent_messages_change_nothing(office: PlayedOffice) -> None:
    """Sửa tin đã viết: hệ thống giữ nội dung ban đầu và nói cách thay."""
    round = await asked(office)
    sent = await round.tam.send("Nội dung đầu.", reply_to=round.notice)
    preview = await round.tam.expect("CHƯA GỬI")
    mark = round.tam.mark()
    await round.tam.edit(sent, "Nội dung sửa.")
    assert (await round.tam.expect(after=mark)).text == (
        "Đồng chí vừa sửa một tin cũ; hệ thống giữ nội dung ban đầu."
        " Cần thay: bấm “Sửa” ở bản nháp hoặc bản xem lại."
    )
    await round.tam.press(preview, "Gửi trả lời")
    assert "Nội dung đầu." in (await round.binh.expect("Trả lời chất vấn 1/2027")).text


async def test_files_are_refused_in_words(office: PlayedOffice) -> None:
    """Gửi tệp trả lời: nói rõ hệ thống chưa nhận tệp, mời viết bằng chữ."""
    round = await asked(office)
    mark = round.tam.mark()
    await round.tam.send_file(caption="Biên bản kê biên", reply_to=round.notice)
    assert (await round.tam.expect(after=mark)).text == (
        "Hệ thống chưa nhận tệp, ảnh, ghi âm; nội dung này chưa được ghi nhận. Đề nghị đồng chí gửi bằng chữ."
    )


async def test_an_answer_survives_a_restart(office: PlayedOffice) -> None:
    """Khởi động lại khi đang viết: bản xem lại còn nguyên, gửi được."""
    round = await asked(office)
    preview = await round.write()
    await office.settle()
    await office.restart()
    assert await round.tam.press(preview, "Gửi trả lời") == "Đã gửi trả lời."
    await round.binh.expect("Trả lời chất vấn 1/2027")
