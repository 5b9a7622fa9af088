"""Ý kiến về trả lời: chỉ ghi nhận, mở lại, tự kết thúc sau 20 ngày làm việc, rút ở mọi lúc."""

import pytest
from sqlmodel import Session, select

from bot.demo.messages import Message
from storage import history
from storage.kinds import Act, Role, State
from storage.tables import Inquiry
from tests.office import PlayedOffice, case
from tests.stories.scenes import Round, asked, shown

NOT_YOURS = "Việc này không thuộc quyền của đồng chí; chưa có gì thay đổi."
TIMELESS = "người hỏi không có ý kiến thêm"
HEAD = (Role.HEAD, "Hồ Minh Tâm", "PLOC")
NOTE = "Da xem, theo doi them viec dinh gia."


def inquiry(session: Session) -> Inquiry:
    return session.exec(select(Inquiry)).one()


def acts(session: Session) -> list[str]:
    return [row.act for row, _details in history.of_inquiry(session, 1)]


async def state(office: PlayedOffice) -> State:
    return (await office.read(inquiry)).state


async def remark(round: Round, answer: Message, text: str = NOTE) -> Message:
    """The asker swipes an answer and writes; returns the choice what the text is."""
    mark = round.binh.mark()
    await round.binh.send(text, reply_to=answer)
    return await round.binh.expect("Chất vấn 1/2027: chưa gửi", after=mark)


# --- Chỉ ghi nhận ---


async def test_a_remark_stands_in_the_record_only(office: PlayedOffice) -> None:
    """“Chỉ ghi nhận”: lời ghi vào hồ sơ; đơn vị không nhận gì; trả lời vẫn chờ ý kiến."""
    round = await asked(office)
    answer = await round.answer()
    choice = await remark(round, answer)
    assert choice.text.splitlines() == ["Chất vấn 1/2027: chưa gửi", NOTE]
    assert choice.buttons == [["Gửi hỏi thêm"], ["Chưa đạt yêu cầu", "Chỉ ghi nhận"]]
    note, mark = choice.button("Chỉ ghi nhận"), round.tam.mark()
    said = "Đã ghi vào hồ sơ chất vấn, không gửi cho ai. Trả lời vẫn chờ ý kiến của đồng chí."
    assert await round.binh.press(choice, "Chỉ ghi nhận") == said
    await office.settle()
    assert choice.buttons == []
    assert await round.binh.press_data(choice, note) == "Đã ghi nhận lúc 09:16."
    await round.tam.expect_silence(after=mark)
    assert await state(office) is State.ANSWERED
    assert (await office.read(acts)).count(Act.NOTE) == 1
    assert await round.binh.press(answer, "Đạt yêu cầu")


async def test_the_record_shows_a_note_to_leaders_and_not_to_the_head(office: PlayedOffice) -> None:
    """Lời ghi nhận hiện ở /xem_1 của lãnh đạo; Chi cục trưởng mở hồ sơ không thấy, kể cả việc có ghi."""
    round = await asked(office)
    await round.binh.press(await remark(round, await round.answer()), "Chỉ ghi nhận")
    dat = await office.chief()
    for phone in (round.binh, dat):
        record = await shown(office, phone, "/xem_1")
        assert record.text.splitlines()[-1] == f"09:16 30/11 · đ/c Trần Văn Bình ghi nhận: {NOTE}"
    seen = (await shown(office, round.tam, "/xem_1")).text
    assert "đ/c Hồ Minh Tâm trả lời" in seen
    assert "ghi nhận" not in seen
    assert NOTE not in seen


async def test_a_remark_is_its_writers_own(office: PlayedOffice) -> None:
    """Lãnh đạo khác bấm hộ không được; kết thúc rồi thì không ghi nhận thêm."""
    round = await asked(office)
    answer = await round.answer()
    choice = await remark(round, answer)
    dat = await office.chief()
    note = choice.button("Chỉ ghi nhận")
    assert await dat.press_data(await dat.expect("Đã đăng ký"), note) == NOT_YOURS
    await round.binh.press(answer, "Đạt yêu cầu")
    assert await round.binh.press_data(choice, note) == "Chất vấn này đã kết thúc."
    assert Act.NOTE not in await office.read(acts)


async def test_a_remark_survives_a_restart(office: PlayedOffice) -> None:
    """Khởi động lại rồi mới bấm: vẫn ghi nhận được."""
    round = await asked(office)
    choice = await remark(round, await round.answer())
    await office.restart()
    assert (await round.binh.press(choice, "Chỉ ghi nhận")).startswith("Đã ghi vào hồ sơ")
    assert await state(office) is State.ANSWERED


# --- Mở lại ---


async def test_an_ended_inquiry_is_reopened(office: PlayedOffice) -> None:
    """“Mở lại”: thẻ trở về “chờ ý kiến”, trả lời được gửi lại kèm nút; đơn vị được báo không chuông."""
    round = await asked(office)
    answer = await round.answer()
    await round.binh.press(answer, "Đạt yêu cầu")
    await office.settle()
    assert round.card.text.splitlines()[0] == "✅ Chất vấn 1/2027 · Kết thúc"
    assert round.card.text.splitlines()[-1] == "Đạt yêu cầu 09:16 30/11"
    assert round.card.buttons == [["Mở lại"]]
    office.clock.set("08:05 07/12/2026")
    mark, seen, reopen = round.binh.mark(), round.tam.mark(), round.card.button("Mở lại")
    assert await round.binh.press(round.card, "Mở lại") == "Đã mở lại. Trả lời chờ ý kiến của đồng chí."
    again = await round.binh.expect("Trả lời chất vấn 1/2027", after=mark, buttons=["Đạt yêu cầu"])
    await office.settle()
    assert again is not answer
    assert again.buttons == [["Đạt yêu cầu"], ["Hỏi thêm", "Chưa đạt yêu cầu"]]
    assert round.card.text.splitlines()[0] == "Chất vấn 1/2027 · Đã trả lời, chờ ý kiến"
    assert round.card.buttons == [["Xem trả lời"]]
    told = await round.tam.expect("được mở lại", after=seen)
    assert told.text.splitlines() == [
        "Chất vấn 1/2027 được mở lại",
        "Đ/c Trần Văn Bình mở lại 08:05 07/12 để cho ý kiến về trả lời. Đồng chí chưa phải trả lời thêm.",
    ]
    assert told.silent
    assert await round.binh.press_data(round.card, reopen) == "Chất vấn này chưa kết thúc."
    await round.binh.press(again, "Chưa đạt yêu cầu")
    await round.binh.send("Chưa nêu lý do chậm.")
    choice = await round.binh.expect("Chất vấn 1/2027: chưa gửi")
    await round.binh.press(choice, "Chưa đạt yêu cầu")
    await round.tam.expect("đề nghị trả lời lại (lần 2)")


async def test_only_the_asker_reopens_and_only_what_has_ended(office: PlayedOffice) -> None:
    """Người khác không mở lại được; chất vấn đã rút, đang hỏi thì không có gì để mở lại."""
    round = await asked(office)
    dat = await office.chief()
    answer = await round.answer()
    await round.binh.press(answer, "Đạt yêu cầu")
    await office.settle()
    reopen = round.card.button("Mở lại")
    for phone in (dat, round.tam):
        assert await phone.press_data(await phone.expect("Đã đăng ký"), reopen) == NOT_YOURS
    await office.restart()
    await round.binh.send("mo lai", reply_to=round.card)
    await round.binh.expect("Trả lời chất vấn 1/2027", buttons=["Đạt yêu cầu"], after=round.card)
    assert await state(office) is State.ANSWERED
    await office.cases(case("151"))
    await office.ask(round.binh, "151 phu loc vi sao")
    card = await round.binh.expect("Chất vấn 2/2027 · Đã chuyển")
    assert await round.binh.press_data(card, "reopen:i2:1") == "Chất vấn này chưa kết thúc."
    await round.binh.press(card, "Rút chất vấn")
    await round.binh.send("hỏi nhầm")
    await round.binh.expect("Đã rút chất vấn 2/2027")
    assert await round.binh.press_data(card, "reopen:i2:1") == "Chất vấn này đã được rút."


# --- không có ý kiến thêm ---


async def test_an_answer_without_a_verdict_closes_after_twenty_working_days(office: PlayedOffice) -> None:
    """Trả lời 30/11, hết giờ 28/12 là đủ 20 ngày làm việc: tự kết thúc, báo đơn vị không chuông, một lần."""
    round = await asked(office)
    answer = await round.answer()
    await round.binh.press(answer, "Hỏi thêm")
    await office.at("16:59 28/12/2026")
    assert await state(office) is State.ANSWERED
    seen = round.tam.mark()
    await office.at("17:00 28/12/2026")
    told = await round.tam.expect("Chất vấn 1/2027 kết thúc", after=seen)
    assert told.text.splitlines()[1] == f"Đã trả lời 30/11; {TIMELESS}."
    assert told.silent
    assert round.card.text.splitlines()[0] == "Chất vấn 1/2027 · Kết thúc"
    assert round.card.text.splitlines()[-1] == f"Đã trả lời 30/11; {TIMELESS}"
    assert round.card.buttons == [["Mở lại"]]
    notice = round.notice.text.splitlines()
    assert notice[-2:] == ["✓ Đã trả lời 09:16 30/11", f"✓ Kết thúc: {TIMELESS}"]
    assert answer.buttons == []
    await office.sweep()
    await office.restart()
    await office.sweep()
    assert (await office.read(acts)).count(Act.LAPSE) == 1
    record = await shown(office, round.binh, "/xem_1")
    assert f"17:00 28/12 · kết thúc, {TIMELESS}" in record.text
    assert await round.binh.press_data(answer, "accept:i1:1") == "Chất vấn này đã kết thúc."


async def test_a_lapsed_inquiry_that_is_reopened_has_twenty_days_anew(office: PlayedOffice) -> None:
    """Mở lại sau khi tự kết thúc: 20 ngày làm việc đếm lại từ lúc mở."""
    round = await asked(office)
    await round.answer()
    await office.at("08:00 29/12/2026")
    assert await state(office) is State.LAPSED
    mark = round.binh.mark()
    await round.binh.press(round.card, "Mở lại")
    again = await round.binh.expect("Trả lời chất vấn 1/2027", after=mark, buttons=["Đạt yêu cầu"])
    await office.at("08:00 30/12/2026")
    assert await state(office) is State.ANSWERED
    await office.at("08:00 30/01/2027")
    assert await state(office) is State.LAPSED
    await office.settle()
    assert again.buttons == []


async def test_an_open_or_judged_inquiry_never_lapses(office: PlayedOffice) -> None:
    """Chưa trả lời thì không tự kết thúc; đã có ý kiến thì không kết thúc lần nữa."""
    round = await asked(office)
    await office.at("08:00 08/02/2027")
    assert await state(office) is State.DELIVERED
    await round.answer()
    await round.binh.press(
        await round.binh.expect("Trả lời chất vấn", buttons=["Đạt yêu cầu"]), "Đạt yêu cầu"
    )
    await office.at("08:00 08/06/2027")
    assert await state(office) is State.ACCEPTED
    assert Act.LAPSE not in await office.read(acts)


# --- rút ---


async def withdraw(round: Round, card: Message) -> None:
    await round.binh.press(card, "Rút chất vấn")
    await round.binh.send("hỏi nhầm vụ việc")
    await round.binh.expect("Đã rút chất vấn 1/2027")
    await round.office.settle()


@pytest.mark.parametrize("is_received", [False, True])
async def test_a_delivered_inquiry_is_withdrawn(office: PlayedOffice, is_received: bool) -> None:
    """Đã chuyển hay đã nhận đều rút được; đơn vị được báo kèm lý do, không phải trả lời."""
    round = await asked(office)
    if is_received:
        await round.tam.press(round.notice, "Đã nhận")
    await withdraw(round, round.card)
    told = await round.tam.expect("Chất vấn 1/2027 đã được rút")
    assert told.text.splitlines()[1] == (
        "Đ/c Trần Văn Bình rút 09:16 30/11: hỏi nhầm vụ việc. Đồng chí không phải trả lời."
    )
    assert round.card.text.splitlines()[0] == "Chất vấn 1/2027 · Đã rút"
    assert round.card.buttons == []
    assert round.notice.buttons == []
    assert await round.tam.press_data(round.notice, "ans:i1:1") == "Chất vấn này đã được rút."


async def test_a_held_inquiry_is_withdrawn_and_never_sent(office: PlayedOffice) -> None:
    """Chưa gửi được mà rút: sau này đồng chí Tâm đăng ký cũng không nhận gì."""
    await office.cases(case("150"))
    binh = await office.leader()
    code = await office.code(*HEAD)
    await office.ask(binh)
    card = await binh.expect("Chất vấn 1/2027 · Chưa gửi được")
    tam = office.phone("Tâm", "Hồ")
    await withdraw(Round(office, binh, tam, card, card), card)
    await tam.open_link(f"https://t.me/chatvan_bot?start={code}")
    await tam.expect("Đã đăng ký")
    await office.settle()
    assert not any("Chất vấn 1/2027" in message.text for message in tam.inbox)


async def test_an_inquiry_under_way_is_withdrawn_and_not_sent(office: PlayedOffice) -> None:
    """Máy Chi cục trưởng chặn tin lúc gửi, người hỏi rút, rồi mở chặn: tin đã rút không gửi nữa."""
    await office.cases(case("150"))
    binh, tam = await office.leader(), await office.head()
    tam.block()
    await office.ask(binh, "150 phu loc " + "vi sao chua ke bien tai san " * 180)
    card = await binh.expect("Chất vấn 1/2027 · Chưa gửi được")
    await withdraw(Round(office, binh, tam, card, card), card)
    tam.unblock()
    await office.settle()
    assert not any("Chất vấn 1/2027" in message.text for message in tam.inbox)


async def test_an_answered_inquiry_is_not_withdrawn(office: PlayedOffice) -> None:
    """Đã trả lời thì không rút nữa; lý do gõ muộn không thay đổi gì. Lần 2 lại rút được."""
    round = await asked(office)
    await round.binh.press(round.card, "Rút chất vấn")
    prompt = await round.binh.expect("Rút chất vấn 1/2027: lý do?")
    answer = await round.answer()
    await round.binh.send("hỏi nhầm", reply_to=prompt)
    await round.binh.expect("Đồng chí Tâm đã trả lời lúc 09:16.")
    assert await round.binh.press_data(round.card, "withdraw:i1:1") == "Đồng chí Tâm đã trả lời lúc 09:16."
    assert await state(office) is State.ANSWERED
    await round.binh.send("/huy")
    await round.find(answer, "Hỏi thêm", "Tài sản thứ hai ở đâu?")
    await withdraw(round, round.card)
    assert await state(office) is State.WITHDRAWN
    await round.tam.expect("Chất vấn 1/2027 đã được rút")
