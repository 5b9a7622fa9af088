"""Nhận và trả lời: chi cục trưởng xác nhận, viết, xem lại, rồi mới gửi; chưa bấm thì chưa gửi cho ai."""

import pytest

from tests.office import PlayedOffice, case
from tests.stories.scenes import Round, asked, shown

NOT_YOURS = "Việc này không thuộc quyền của đồng chí; chưa có gì thay đổi."
GONE = "Việc này không còn; chưa có gì thay đổi."
NOTHING = "Hiện không có chất vấn nào chờ đồng chí trả lời; nội dung vừa rồi chưa gửi cho ai."


def answers_before(round: Round) -> list[str]:
    """What the asker holds of answers."""
    return [message.text for message in round.binh.inbox if message.text.startswith("Trả lời chất vấn")]


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


async def test_no_preview_says_that_it_was_not_sent_once_it_was(office: PlayedOffice) -> None:
    """Sau khi gửi, không còn tin nào ghi “CHƯA GỬI”: bản cũ ghi là cũ, bản đã gửi ghi là đã gửi."""
    round = await asked(office)
    first = await round.write("Phần một.")
    second = await round.write("Phần hai.")
    await office.settle()
    assert first.text == "Bản xem lại cũ; bản mới ở tin dưới. Chưa gửi cho ai."
    await round.tam.press(second, "Gửi trả lời")
    await office.settle()
    assert second.text == "Bản xem lại này đã được gửi."
    assert not [message for message in round.tam.inbox if "CHƯA GỬI" in message.text]


async def test_more_after_the_answer_was_sent_is_refused(office: PlayedOffice) -> None:
    """Đã gửi rồi mà vuốt viết tiếp: nói rõ đã trả lời lúc nào, không mất dấu vết."""
    round = await asked(office)
    await round.answer()
    mark = round.tam.mark()
    await round.tam.send("Bổ sung.", reply_to=round.notice)
    assert (await round.tam.expect(after=mark)).text == (
        "Đồng chí Tâm đã trả lời lúc 09:16. Nội dung vừa rồi chưa gửi cho ai."
    )


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


async def test_a_file_with_words_is_an_answer(office: PlayedOffice) -> None:
    """Vuốt tin, gửi tệp kèm chữ: bản xem lại ghi một đoạn, một tệp; chưa bấm thì chưa gửi cho ai."""
    round = await asked(office)
    seen = round.binh.mark()
    await round.tam.send_file(caption="Biên bản kê biên", reply_to=round.notice)
    preview = await round.tam.expect("CHƯA GỬI · xem lại trả lời", buttons=["Gửi trả lời"])
    assert preview.text.splitlines()[-2:] == ["Biên bản kê biên", "1 đoạn, 1 tệp · chưa nêu thời hạn"]
    await round.binh.expect_silence(after=seen)
    await round.tam.press(preview, "Gửi trả lời")
    await round.binh.expect("Biên bản kê biên", buttons=["Đạt yêu cầu"])


async def test_an_answer_survives_a_restart(office: PlayedOffice) -> None:
    """Khởi động lại khi đang viết: bản xem lại còn nguyên, gửi được."""
    round = await asked(office)
    preview = await round.write()
    await office.settle()
    await office.restart()
    assert await round.tam.press(preview, "Gửi trả lời") == "Đã gửi trả lời."
    await round.binh.expect("Trả lời chất vấn 1/2027")
