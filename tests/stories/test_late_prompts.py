"""Chữ viết muộn: một câu chờ đã bỏ, đã hết hạn hoặc của lần trước không làm gì nữa."""

import pytest

from storage import inquiries
from storage.kinds import State
from tests.office import PlayedOffice
from tests.stories.scenes import asked, staffed


async def _state(office: PlayedOffice) -> State:
    return await office.read(lambda session: inquiries.get(session, 1).state)


async def test_a_cancelled_withdrawal_withdraws_nothing(office: PlayedOffice) -> None:
    """Bấm “Rút chất vấn”, gõ /huy, ba ngày sau vuốt nhầm câu chờ cũ."""
    round = await asked(office)
    await round.binh.press(round.card, "Rút chất vấn")
    prompt = await round.binh.expect("Rút chất vấn 1/2027: lý do?")
    await round.binh.send("/huy")
    await office.settle()
    office.clock.move(days=3)
    await round.binh.send("hỏi nhầm", reply_to=prompt)
    await office.settle()
    assert await _state(office) is State.DELIVERED


async def test_a_flash_question_goes_out_by_its_own_button_alone(office: PlayedOffice) -> None:
    """Máy thứ hai còn nút “Gửi chất vấn” trong khi máy thứ nhất đã chọn Hỏa tốc."""
    round = await asked(office)
    mark = round.binh.mark()
    await round.binh.send("150 phu loc khi nao xong")
    draft = await round.binh.expect("BẢN NHÁP", after=mark)
    plain_send = draft.button("Gửi chất vấn")
    await round.binh.press(draft, "Mức khẩn")
    draft = await round.binh.expect("BẢN NHÁP", buttons=["Hỏa tốc"])
    await round.binh.press(draft, "Hỏa tốc")
    draft = await round.binh.expect("BẢN NHÁP", buttons=["Gửi hỏa tốc"])
    toast = await round.binh.press_data(draft, plain_send)
    assert toast == "Mức hỏa tốc: đề nghị bấm “Gửi hỏa tốc” để gửi."
    assert await round.binh.press(draft, "Gửi hỏa tốc") == "Đã ghi nhận chất vấn 2/2027."


async def test_the_reason_asked_for_is_offered_first(office: PlayedOffice) -> None:
    round = await asked(office)
    answer = await round.answer()
    await round.binh.press(answer, "Chưa đạt yêu cầu")
    await round.binh.expect("Chưa đạt yêu cầu, chất vấn 1/2027")
    await round.binh.send("Chưa nêu lý do chậm.")
    choice = await round.binh.expect("Chất vấn 1/2027: chưa gửi")
    assert choice.buttons == [["Chưa đạt yêu cầu"], ["Gửi hỏi thêm", "Chỉ ghi nhận"]]


@pytest.mark.parametrize("label", ["Sửa", "Hạn khác"])
async def test_a_wording_that_replies_to_the_draft_answers_its_prompt(
    office: PlayedOffice, label: str
) -> None:
    """Bấm “Sửa” hoặc “Hạn khác” rồi vuốt trả lời bản nháp: câu gõ sau đó là chất vấn mới."""
    binh, _tam = await staffed(office)
    await binh.send("150 phu loc cau hoi cu")
    draft = await binh.expect("BẢN NHÁP")
    if label == "Hạn khác":
        await binh.press(draft, "Mức khẩn")
        draft = await binh.expect("BẢN NHÁP", buttons=["Hạn khác"])
    await binh.press(draft, label)
    await office.settle()
    await binh.send("cau hoi moi", reply_to=draft)
    await binh.expect("cau hoi moi", buttons=["Gửi chất vấn"])
    await binh.send("152 phu loc khi nao xong")
    await office.settle()
    shown = [message.text for message in binh.inbox if "BẢN NHÁP" in message.text]
    assert ["cau hoi moi" in shown[0], "khi nao xong" in shown[1]] == [True, True]
