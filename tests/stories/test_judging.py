"""Cho ý kiến về trả lời: đạt, hỏi thêm, chưa đạt; và rút chất vấn, có lý do, ở mọi chặng."""

import pytest

from bot.demo.phones import Phone
from tests.office import PlayedOffice, case
from tests.stories.scenes import asked, shown

UNSENT = "Nội dung vừa rồi chưa gửi cho ai."
NOT_YOURS = "Việc này không thuộc quyền của đồng chí; chưa có gì thay đổi."
ACCEPTED = "Đã ghi: trả lời đạt yêu cầu. Không có nghĩa là phê duyệt đề xuất nêu trong trả lời."


async def test_accepting_ends_the_inquiry_once(office: PlayedOffice) -> None:
    """“Đạt yêu cầu” bấm hai lần: kết thúc một lần; đồng chí Tâm được báo, không chuông; bấm muộn nhắc giờ."""
    round = await asked(office)
    office.clock.set("15:42 04/12/2026")
    answer = await round.answer()
    office.clock.set("08:05 07/12/2026")
    data = answer.button("Đạt yêu cầu")
    pressed = [round.binh.press_nowait(answer, "Đạt yêu cầu") for _ in range(2)]
    assert [(await toast).text for toast in pressed] == [ACCEPTED, "Đã ghi nhận lúc 08:05."]
    told = await round.tam.expect("kết thúc")
    assert told.html == ("✅ <b>Chất vấn 1/2027 kết thúc</b>\nĐ/c Trần Văn Bình: đạt yêu cầu, 08:05 07/12.")
    assert told.silent
    await office.settle()
    assert round.card.text.splitlines() == [
        "✅ Chất vấn 1/2027 · Kết thúc",
        "Phú Lộc, đ/c Hồ Minh Tâm · hạn 17:00 thứ Hai, 07/12/2026",
        "vi sao den nay chua ke bien tai san",
        "150/QĐ-CCTHADS",
        "✓ Đã chuyển 09:16 30/11",
        "✓ Đã trả lời 15:42 04/12, trước hạn 1 ngày làm việc",
        "Đạt yêu cầu 08:05 07/12",
    ]
    assert round.card.buttons == [["Mở lại"]]
    assert answer.buttons == []
    assert "✓ Đạt yêu cầu 08:05 07/12" in round.notice.text.splitlines()
    assert len([message for message in round.tam.inbox if "kết thúc" in message.text]) == 1
    office.clock.set("09:00 08/12/2026")
    assert await round.binh.press_data(answer, data) == "Đã ghi nhận lúc 08:05 07/12."
    for act in ("further", "insuff", "withdraw"):
        assert await round.binh.press_data(answer, data.replace("accept", act)) == "Chất vấn này đã kết thúc."


async def test_only_the_asker_judges(office: PlayedOffice) -> None:
    """Cục trưởng, đồng chí Tâm, quản trị giả nút: không đánh giá thay được; trả lời vẫn chờ."""
    round = await asked(office)
    answer = await round.answer()
    dat, admin = await office.chief(), await office.admin()
    for phone in (dat, round.tam, admin):
        under = await phone.expect("Đã đăng ký")
        for act in ("accept", "further", "insuff", "withdraw"):
            assert await phone.press_data(under, f"{act}:i1:1") == NOT_YOURS, act
    await office.settle()
    assert round.card.text.splitlines()[0] == "Chất vấn 1/2027 · Đã trả lời, chờ ý kiến"
    assert await round.binh.press(answer, "Đạt yêu cầu") == ACCEPTED


async def test_judging_before_there_is_an_answer(office: PlayedOffice) -> None:
    """Giả nút đánh giá khi chưa có trả lời: nói rõ chưa có trả lời."""
    round = await asked(office)
    for act in ("accept", "further", "insuff", "showans"):
        said = await round.binh.press_data(round.card, f"{act}:i1:1")
        assert said == "Chất vấn này chưa có trả lời.", act
    for act in ("accept:i1:7", "recv:i1:0"):
        assert await round.binh.press_data(round.card, act) in (
            "Chất vấn này đã sang lần 1; đề nghị dùng tin mới nhất.",
            NOT_YOURS,
        )


async def test_a_further_question_opens_the_second_round(office: PlayedOffice) -> None:
    """“Hỏi thêm”: viết câu hỏi, “Gửi hỏi thêm”; lần 2 có hạn riêng hai ngày; nút lần 1 hết hiệu lực."""
    round = await asked(office)
    office.clock.set("15:42 04/12/2026")
    answer = await round.answer()
    office.clock.set("08:05 07/12/2026")
    await round.binh.press(answer, "Hỏi thêm")
    prompt = await round.binh.expect("Hỏi thêm, chất vấn 1/2027")
    assert prompt.text == "Hỏi thêm, chất vấn 1/2027\nĐề nghị đồng chí viết câu hỏi thêm. Chưa gửi cho ai."
    assert prompt.force_reply
    await round.binh.send("Ai chịu trách nhiệm?")
    choice = await round.binh.expect("Chất vấn 1/2027: chưa gửi")
    assert choice.html == "<b>Chất vấn 1/2027: chưa gửi</b>\n<blockquote>Ai chịu trách nhiệm?</blockquote>"
    assert choice.buttons == [["Gửi hỏi thêm"], ["Chưa đạt yêu cầu", "Chỉ ghi nhận"]]
    mark = round.tam.mark()
    assert await round.binh.press(choice, "Gửi hỏi thêm") == "Đã gửi hỏi thêm, lần 2."
    second = await round.tam.expect("hỏi thêm (lần 2)", after=mark)
    assert second.text.splitlines()[:4] == [
        "Chất vấn 1/2027: hỏi thêm (lần 2)",
        "Hạn: 17:00 thứ Tư, 09/12/2026",
        "Ý kiến của đ/c Trần Văn Bình:",
        "Ai chịu trách nhiệm?",
    ]
    assert second.buttons == [["Đã nhận", "Trả lời"], ["Cách tính hạn"]]
    await office.settle()
    assert round.card.text.splitlines() == [
        "Chất vấn 1/2027, lần 2 · Đã chuyển",
        "Phú Lộc, đ/c Hồ Minh Tâm · hạn 17:00 thứ Tư, 09/12/2026",
        "Ai chịu trách nhiệm?",
        "150/QĐ-CCTHADS",
        "Hỏi thêm 08:05 07/12 · hạn 17:00 thứ Tư, 09/12",
        "✓ Đã chuyển 08:05 07/12",
        "· Đã nhận",
        "· Đang chuẩn bị",
        "· Đã trả lời",
    ]
    assert answer.buttons == []
    old = "Chất vấn này đã sang lần 2; đề nghị dùng tin mới nhất."
    assert await round.binh.press_data(answer, "accept:i1:1") == old
    assert await round.tam.press_data(round.notice, "recv:i1:1") == old
    assert await round.binh.press_data(choice, "sendfur:r1:1") == "Đã ghi nhận lúc 08:05."

    await round.tam.press(second, "Đã nhận")
    mark = round.tam.mark()
    await round.tam.send("Đồng chí Huy.", reply_to=second)
    preview = await round.tam.expect("CHƯA GỬI", after=mark, buttons=["Gửi trả lời"])
    await round.tam.press(preview, "Gửi trả lời")
    again = await round.binh.expect("Trả lời chất vấn 1/2027, lần 2")
    assert "Hỏi: Ai chịu trách nhiệm?" in again.text
    assert await round.binh.press(again, "Đạt yêu cầu") == ACCEPTED


async def test_an_insufficient_answer_must_be_given_again(office: PlayedOffice) -> None:
    """“Chưa đạt yêu cầu” kèm lý do: đồng chí Tâm nhận tin “đề nghị trả lời lại (lần 2)” với hạn mới."""
    round = await asked(office)
    answer = await round.answer()
    office.clock.set("08:05 07/12/2026")
    await round.binh.press(answer, "Chưa đạt yêu cầu")
    prompt = await round.binh.expect("nêu lý do")
    assert prompt.text == (
        "Chưa đạt yêu cầu, chất vấn 1/2027\n"
        "Đề nghị đồng chí nêu lý do để đơn vị trả lời lại. Chưa gửi cho ai."
    )
    await round.binh.send("Chưa nêu lý do chậm xác minh và trách nhiệm.")
    choice = await round.binh.expect("Chất vấn 1/2027: chưa gửi")
    mark = round.tam.mark()
    said = await round.binh.press(choice, "Chưa đạt yêu cầu")
    assert said == "Đã ghi: chưa đạt yêu cầu; đơn vị trả lời lại, lần 2."
    notice = await round.tam.expect("trả lời lại", after=mark)
    assert notice.html.startswith(
        "<b>Chất vấn 1/2027: đề nghị trả lời lại (lần 2)</b>\n"
        "Hạn: <b>17:00 thứ Tư, 09/12/2026</b>\n"
        "Ý kiến của đ/c Trần Văn Bình:\n"
        "<blockquote>Chưa nêu lý do chậm xác minh và trách nhiệm.</blockquote>\n"
    )
    await office.settle()
    lines = round.card.text.splitlines()
    assert lines[0] == "Chất vấn 1/2027, lần 2 · Trả lời lại"
    assert lines[4] == "Chưa đạt yêu cầu 08:05 07/12: Chưa nêu lý do chậm xác minh và trách nhiệm."
    await round.tam.press(notice, "Đã nhận")
    await round.binh.expect("Chất vấn 1/2027, lần 2 · Đã nhận")


async def test_the_second_insufficient_answer_tells_the_chief(office: PlayedOffice) -> None:
    """Hai lần chưa đạt: Cục trưởng được báo một tin, có nút xem; lần ba không báo nữa."""
    dat = await office.chief()
    round = await asked(office)
    for reason in ("Chưa nêu trách nhiệm.", "Vẫn chưa nêu.", "Lần thứ ba vẫn thiếu."):
        await round.find(await round.answer(), "Chưa đạt yêu cầu", reason)
    told = [message for message in dat.inbox if "hai lần chưa đạt" in message.text]
    assert [message.text for message in told] == [
        "Chất vấn 1/2027: hai lần chưa đạt yêu cầu\n"
        "Phú Lộc, đ/c Hồ Minh Tâm · đ/c Trần Văn Bình hỏi\n"
        "Vẫn chưa nêu."
    ]
    assert told[0].buttons == [["Xem"]]
    await dat.press(told[0], "Xem")
    await dat.expect("Quá trình")


async def test_the_chief_is_not_told_of_the_chiefs_own_inquiry(office: PlayedOffice) -> None:
    """Chính Cục trưởng hỏi: không có tin báo cho mình."""
    await office.cases(case("150"))
    dat, tam = await office.chief(), await office.head()
    await office.ask(dat)
    for _ in range(2):
        mark = dat.mark()
        notice = await tam.expect("Chất vấn 1/2027", buttons=["Trả lời"])
        await tam.send("Đang làm.", reply_to=notice)
        await tam.press(await tam.expect("CHƯA GỬI", buttons=["Gửi trả lời"]), "Gửi trả lời")
        answer = await dat.expect("Trả lời chất vấn", after=mark, buttons=["Đạt yêu cầu"])
        await dat.send("Chưa rõ.", reply_to=answer)
        choice = await dat.expect("chưa gửi", after=mark, buttons=["Gửi hỏi thêm"])
        await dat.press(choice, "Chưa đạt yêu cầu")
        await office.settle()
    assert not any("hai lần" in message.text for message in dat.inbox)


async def test_a_text_in_reply_to_an_answer_asks_what_it_is(office: PlayedOffice) -> None:
    """Đồng chí Bình vuốt trả lời rồi viết: chưa gửi cho ai, chờ bấm là hỏi thêm hay chưa đạt."""
    round = await asked(office)
    answer = await round.answer()
    seen = round.tam.mark()
    await round.binh.send("Cần rõ hơn về thời hạn.", reply_to=answer)
    choice = await round.binh.expect("Chất vấn 1/2027: chưa gửi")
    await office.settle()
    assert not [message for message in round.tam.inbox if message.touched_order > seen]
    assert await round.binh.press(choice, "Gửi hỏi thêm") == "Đã gửi hỏi thêm, lần 2."
    await round.tam.expect("Cần rõ hơn về thời hạn.")
    await office.settle()
    assert choice.buttons == []


async def test_a_text_while_the_answer_is_awaited(office: PlayedOffice) -> None:
    """Chưa có trả lời mà vuốt thẻ viết tiếp: nói rõ chưa hỏi thêm được, chưa gửi cho ai."""
    round = await asked(office)
    mark = round.binh.mark()
    await round.binh.send("Hỏi thêm luôn.", reply_to=round.card)
    assert (await round.binh.expect(after=mark)).text == (
        "Chất vấn 1/2027 chưa có trả lời nên chưa hỏi thêm được; nội dung vừa gửi chưa chuyển cho ai."
    )


async def test_two_remarks_one_is_used(office: PlayedOffice) -> None:
    """Viết hai ý, gửi một: ý kia bấm sau thì được nhắc đã sang lần 2."""
    round = await asked(office)
    answer = await round.answer()
    await round.binh.send("Ý một.", reply_to=answer)
    first = await round.binh.expect("Ý một.", buttons=["Gửi hỏi thêm"])
    await round.binh.send("Ý hai.", reply_to=answer)
    second = await round.binh.expect("Ý hai.", buttons=["Gửi hỏi thêm"])
    assert await round.binh.press(second, "Gửi hỏi thêm") == "Đã gửi hỏi thêm, lần 2."
    assert await round.binh.press(first, "Gửi hỏi thêm") == (
        "Chất vấn này đã sang lần 2; đề nghị dùng tin mới nhất."
    )


async def test_a_remark_serves_its_writer_only(office: PlayedOffice) -> None:
    """Cục trưởng giả nút “Gửi hỏi thêm” của đồng chí Bình: không gửi được."""
    round = await asked(office)
    dat = await office.chief()
    await round.binh.send("Ý riêng.", reply_to=await round.answer())
    choice = await round.binh.expect("Ý riêng.", buttons=["Gửi hỏi thêm"])
    under = await dat.expect("Đã đăng ký")
    for label in choice.labels:
        assert await dat.press_data(under, choice.button(label)) == NOT_YOURS


async def test_every_step_stands_on_the_cards_and_in_the_view(office: PlayedOffice) -> None:
    """/xem_1 kể đủ các lần hỏi, trả lời và từng bước; người hỏi và đồng chí Tâm xem như nhau."""
    round = await asked(office, "câu hỏi đầu")
    office.clock.set("10:02 30/11/2026")
    await round.tam.press(round.notice, "Đã nhận")
    office.clock.set("15:42 04/12/2026")
    answer = await round.answer("Trả lời đầu, ngày 15/12.")
    office.clock.set("08:05 07/12/2026")
    await round.find(answer, "Hỏi thêm", "câu hỏi thêm")
    view = await shown(office, round.binh, "/xem_1")
    assert view.text.splitlines() == [
        "Chất vấn 1/2027, lần 2 · Đã chuyển",
        "Phú Lộc, đ/c Hồ Minh Tâm · hạn 17:00 thứ Tư, 09/12/2026",
        "",
        "Vụ việc: 150/QĐ-CCTHADS ngày 12/10/2026",
        "Người phải thi hành án: Nguyễn Văn Đức",
        "Phải thi hành 1.344.000.000 đồng, đã thi hành 200.000.000 đồng",
        "CHV: Lê Quang Huy · số liệu nhập ngày 30/11/2026",
        "",
        "Đ/c Trần Văn Bình hỏi 09:16 30/11:",
        "câu hỏi đầu",
        "Đ/c Hồ Minh Tâm trả lời 15:42 04/12, trước hạn 1 ngày làm việc:",
        "Trả lời đầu, ngày 15/12.",
        "",
        "Lần 2, hỏi thêm: Đ/c Trần Văn Bình hỏi 08:05 07/12:",
        "câu hỏi thêm",
        "",
        "Quá trình",
        "09:16 30/11 · đ/c Trần Văn Bình hỏi",
        "09:16 30/11 · đã chuyển",
        "10:02 30/11 · đ/c Hồ Minh Tâm đã nhận",
        "15:42 04/12 · đ/c Hồ Minh Tâm trả lời",
        "08:05 07/12 · đ/c Trần Văn Bình hỏi thêm (lần 2)",
        "08:05 07/12 · đã chuyển",
    ]
    assert view.buttons == [["Rút chất vấn", "Cách tính hạn"]]
    theirs = await shown(office, round.tam, "/xem_1")
    assert theirs.text == view.text
    assert theirs.buttons == [["Đã nhận", "Trả lời"], ["Cách tính hạn"]]


async def test_a_long_inquiry_is_still_shown(office: PlayedOffice) -> None:
    """Nhiều lần hỏi đáp, câu nào cũng dài: /xem_1 vẫn hiện được trong một tin."""
    round = await asked(office, "hỏi & " * 500)
    for turn in range(2):
        answer = await round.answer(f"Trả lời {turn} & " * 200)
        await round.find(answer, "Hỏi thêm", f"hỏi thêm {turn} < " * 200)
    view = await shown(office, round.binh, "/xem_1")
    assert view.text.startswith("Chất vấn 1/2027, lần 3 · Đã chuyển")
    assert "Lần 3, hỏi thêm" in view.text
    assert "hỏi thêm (lần 3)" in view.text


# --- withdrawing ------------------------------------------------------------------------------


async def _withdraw(office: PlayedOffice, binh: Phone, reason: str) -> None:
    mark = binh.mark()
    await binh.press(await binh.expect("Chất vấn 1/2027 · ", buttons=["Rút chất vấn"]), "Rút chất vấn")
    prompt = await binh.expect("Rút chất vấn 1/2027: lý do?", after=mark)
    assert prompt.text == (
        "Rút chất vấn 1/2027: lý do?\nĐề nghị đồng chí viết lý do; gửi lý do là rút. Không rút: gõ /huy."
    )
    await binh.send(reason)
    await binh.expect("Đã rút chất vấn 1/2027 lúc ", after=mark)
    await office.settle()


@pytest.mark.parametrize("is_received", [False, True])
@pytest.mark.parametrize("reason", ["hỏi nhầm vụ việc", "hỏi nhầm vụ việc."])
async def test_an_inquiry_is_withdrawn(office: PlayedOffice, is_received: bool, reason: str) -> None:
    """Rút khi mới chuyển hay đã nhận: đồng chí Tâm được báo không phải trả lời; nút cũ nói đã rút."""
    round = await asked(office)
    if is_received:
        await round.tam.press(round.notice, "Đã nhận")
        await round.binh.expect("Đã nhận")
    office.clock.set("11:00 01/12/2026")
    await _withdraw(office, round.binh, reason)
    told = await round.tam.expect("Chất vấn 1/2027 đã được rút")
    assert told.text == (
        "Chất vấn 1/2027 đã được rút\n"
        "Đ/c Trần Văn Bình rút 11:00 01/12: hỏi nhầm vụ việc. Đồng chí không phải trả lời."
    )
    assert round.card.text.splitlines()[0] == "Chất vấn 1/2027 · Đã rút"
    assert round.card.text.splitlines()[-1] == f"Rút 11:00 01/12: {reason}"
    assert round.card.buttons == round.notice.buttons == []
    withdrawn = "Chất vấn này đã được rút."
    assert await round.tam.press_data(round.notice, "recv:i1:1") == withdrawn
    assert await round.tam.press_data(round.notice, "ans:i1:1") == withdrawn
    assert await round.binh.press_data(round.card, "withdraw:i1:1") == withdrawn
    mark = round.tam.mark()
    await round.tam.send("Đã xong.", reply_to=round.notice)
    assert (await round.tam.expect(after=mark)).text == f"{withdrawn} {UNSENT}"


async def test_a_withdrawal_is_thought_better_of(office: PlayedOffice) -> None:
    """Đang hỏi lý do mà gõ /huy: không rút; chất vấn vẫn tiếp tục."""
    round = await asked(office)
    await round.binh.press(round.card, "Rút chất vấn")
    await round.binh.expect("lý do?")
    said = await shown(office, round.binh, "/huy")
    assert said.text == "Đã hủy việc đang làm: một câu chờ trả lời. Chưa gửi gì cho ai."
    assert round.card.text.splitlines()[0] == "Chất vấn 1/2027 · Đã chuyển"


async def test_a_withdrawal_that_an_answer_overtakes(office: PlayedOffice) -> None:
    """Đang viết lý do thì trả lời tới: không rút được nữa, hệ thống nói rõ; trả lời vẫn chờ ý kiến."""
    round = await asked(office)
    await round.binh.press(round.card, "Rút chất vấn")
    prompt = await round.binh.expect("lý do?")
    office.clock.set("15:42 30/11/2026")
    await round.answer()
    mark = round.binh.mark()
    await round.binh.send("nhầm", reply_to=prompt)
    assert (await round.binh.expect(after=mark)).text == f"Đồng chí Tâm đã trả lời lúc 15:42. {UNSENT}"
    assert round.card.text.splitlines()[0] == "Chất vấn 1/2027 · Đã trả lời, chờ ý kiến"


async def test_a_held_inquiry_is_withdrawn_and_never_arrives(office: PlayedOffice) -> None:
    """Chất vấn còn đang giữ mà rút: đồng chí Tâm đăng ký sau không nhận được gì về nó."""
    await office.cases(case("150"))
    binh = await office.leader()
    code = await office.code("head", "Hồ Minh Tâm", "PLOC")  # type: ignore[arg-type]
    await office.ask(binh)
    await binh.expect("❗ Chất vấn 1/2027 · Chưa gửi được")
    await _withdraw(office, binh, "không cần nữa")
    tam = office.phone("Tâm")
    await tam.send(code)
    await tam.expect("Đã đăng ký")
    await office.settle()
    assert not any("Chất vấn" in message.text for message in tam.inbox)


async def test_an_inquiry_held_by_a_blocked_phone_is_withdrawn(office: PlayedOffice) -> None:
    """Máy đồng chí Tâm đang chặn, chất vấn bị giữ rồi rút: bỏ chặn xong không còn tin cũ kéo về."""
    await office.cases(case("150"))
    binh, tam = await office.leader(), await office.head()
    tam.block()
    await office.settle()
    await office.ask(binh, "150 phu loc " + "câu hỏi dài " * 330)
    await binh.expect("❗ Chất vấn 1/2027 · Chưa gửi được")
    await _withdraw(office, binh, "không cần nữa")
    tam.unblock()
    await office.settle()
    assert not any("Chất vấn" in message.text for message in tam.inbox)


async def test_a_very_long_reason_does_not_break_the_cards(office: PlayedOffice) -> None:
    """Lý do rút dài 4.000 ký tự: thẻ và tin báo vẫn sửa được, lý do rút gọn."""
    round = await asked(office, "câu hỏi rất dài " * 200)
    await _withdraw(office, round.binh, "lý do & dài " * 330)
    assert round.card.text.splitlines()[0] == "Chất vấn 1/2027 · Đã rút"
    await round.tam.expect("Chất vấn 1/2027 đã được rút")
    assert round.notice.buttons == []
