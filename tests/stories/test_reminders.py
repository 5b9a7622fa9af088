"""Nhắc việc: from the delivery to the report to the chief, with the clock moved by hand."""

import pytest
from sqlmodel import Session, select

from bot.demo.phones import Phone
from bot.operations import answers, reminders
from storage import inquiries, people
from storage.kinds import OutboxState
from storage.tables import Outgoing
from tests.office import PlayedOffice, case
from tests.stories.scenes import Round, asked, shown


def news(phone: Phone, mark: int) -> list[str]:
    """Return the first lines of what came new since a mark, the weekly summary left aside."""
    new = [message for message in phone.inbox if message.sent_order > mark]
    lines = [message.text.split("\n")[0] for message in new]
    return [line for line in lines if not line.startswith("Tổng hợp")]


async def test_each_rung_once(office: PlayedOffice) -> None:
    dat = await office.chief()
    round = await asked(office)
    office.clock.set("10:02 30/11/2026")
    await round.tam.press(round.notice, "Đã nhận")
    await office.settle()
    expected: list[tuple[str, Phone, list[str]]] = [
        ("08:00 04/12/2026", round.tam, ["Chất vấn 1/2027: còn 1 ngày làm việc"]),
        ("08:00 07/12/2026", round.tam, ["Chất vấn 1/2027: đến hạn hôm nay"]),
        ("17:00 07/12/2026", round.binh, ["❗ Chất vấn 1/2027 quá hạn từ 17:00 07/12"]),
        ("07:30 08/12/2026", round.tam, ["❗ Sáng 08/12: 1 chất vấn quá hạn"]),
        ("07:30 09/12/2026", round.tam, ["❗ Sáng 09/12: 1 chất vấn quá hạn"]),
        (
            "07:30 10/12/2026",
            dat,
            ["❗ Báo cáo đồng chí Cục trưởng: 1 chất vấn quá hạn 2 ngày làm việc"],
        ),
    ]
    for moment, phone, lines in expected:
        mark = phone.mark()
        await office.at(moment)
        assert news(phone, mark) == lines
        mark = phone.mark()
        await office.restart()
        await office.sweep()
        assert news(phone, mark) == []
    card = next(one for one in round.binh.messages if one.text.startswith("❗ Chất vấn 1/2027 · "))
    assert card.text.split("\n")[0] == "❗ Chất vấn 1/2027 · Quá hạn 2 ngày"
    assert card.text.split("\n")[-1] == "Quá hạn 2 ngày làm việc; đã nhắc 3 lần"
    assert card.buttons == [["Đôn đốc", "Rút chất vấn"]]


async def chiefs(office: PlayedOffice) -> tuple[Round, Phone]:
    """Bình asked 1/2027, the chief 2/2027; both fall due at 17:00 on 07/12, and Tâm is warned on 09/12."""
    dat = await office.chief()
    await office.cases(case("151"))
    round = await asked(office)
    await office.ask(dat, "151 phu loc vi sao cham")
    for moment in ("17:00 07/12/2026", "07:30 08/12/2026", "07:30 09/12/2026"):
        await office.at(moment)
    return round, dat


async def test_the_report_to_the_chief_begins_with_the_own_inquiries(office: PlayedOffice) -> None:
    _round, dat = await chiefs(office)
    mark = dat.mark()
    await office.at("07:30 10/12/2026")
    report = await dat.expect("Báo cáo đồng chí Cục trưởng", after=mark, buttons=["Đôn đốc 1", "Đôn đốc 2"])
    assert report.text.split("\n")[:4] == [
        "Chất vấn của đồng chí: 2/2027 · Phú Lộc · quá 2 ngày làm việc /xem_2",
        "",
        "❗ Báo cáo đồng chí Cục trưởng: 1 chất vấn quá hạn 2 ngày làm việc",
        "Chất vấn 1/2027 · Phú Lộc, đ/c Hồ Minh Tâm",
    ]
    assert len(news(dat, mark)) == 1
    await office.restart()
    await office.at("07:30 11/12/2026")
    assert len(news(dat, mark)) == 1
    await office.at("16:00 11/12/2026")
    weekly = (await dat.expect("Tổng hợp 07/12–11/12")).text
    assert [line for line in weekly.split("\n") if line.startswith("Phú Lộc") and "hỏi" in line] == [
        "Phú Lộc 2/2027 · 3 ngày làm việc · đ/c Đạt hỏi /xem_2",
        "Phú Lộc 1/2027 · 3 ngày làm việc · đ/c Bình hỏi /xem_1",
    ]


async def test_where_nothing_is_reported_the_own_inquiries_come_alone(office: PlayedOffice) -> None:
    round, dat = await chiefs(office)
    await round.answer()
    mark = dat.mark()
    await office.at("07:30 10/12/2026")
    own = await dat.expect("Chất vấn của đồng chí", after=mark, buttons=["Đôn đốc", "Xem"])
    assert own.text == "Chất vấn của đồng chí: 2/2027 · Phú Lộc · quá 2 ngày làm việc /xem_2"
    assert own.reply_to is not None
    assert own.reply_to.text.startswith("❗ Chất vấn 2/2027 · Quá hạn 2 ngày")
    for moment in ("07:30 11/12/2026", "07:30 14/12/2026"):
        await office.restart()
        await office.at(moment)
    assert len(news(dat, mark)) == 1
    await dat.press(own, "Đôn đốc")
    await round.tam.expect("Đồng chí Nguyễn Hữu Đạt đôn đốc chất vấn 2/2027")


async def test_the_overdue_message_replies_to_the_card(office: PlayedOffice) -> None:
    round = await asked(office)
    await office.at("17:00 07/12/2026")
    told = await round.binh.expect("❗ Chất vấn 1/2027 quá hạn từ 17:00 07/12")
    assert told.reply_to is not None
    assert told.reply_to.id == round.card.id


async def test_an_answer_between_queueing_and_sending(office: PlayedOffice) -> None:
    """The reminder waits at the sender while the head answers: it is dropped."""
    round = await asked(office)
    await round.write()
    office.clock.set("08:00 04/12/2026")
    mark = round.tam.mark()

    def both(session: Session) -> None:
        reminders.sweep(session, now=office.clock(), office=office.app.office)
        inquiry = inquiries.get(session, 1)
        tam = people.head_of(session, inquiry.branch_id)
        assert tam is not None
        answers.send(session, 1, preview=1, by=tam, now=office.clock(), office=office.app.office)

    await office.write(both)
    await office.settle()
    assert not any("còn 1 ngày" in line or "chưa gửi" in line for line in news(round.tam, mark))
    rows = await office.read(
        lambda session: session.exec(select(Outgoing).where(Outgoing.state == OutboxState.NEEDLESS)).all()
    )
    assert len(rows) == 1


async def test_after_days_away_one_message_each(office: PlayedOffice) -> None:
    await office.cases(case("151"), case("152"))
    round = await asked(office)
    for number in ("151", "152"):
        await office.ask(round.binh, f"{number} phu loc ket qua den nay")
    await office.sweep()
    await office.stop()
    marks = {phone: phone.mark() for phone in (round.tam, round.binh)}
    office.clock.set("09:00 09/12/2026")
    await office.start()
    await office.sweep()
    gone = "Hệ thống ngừng từ 09:16 30/11 đến 09:00 09/12, nay hoạt động lại"
    tam, binh = (news(phone, marks[phone]) for phone in (round.tam, round.binh))
    assert [line.partition(";")[0] for line in tam] == [gone, "Đến hạn hôm nay: 3 chất vấn"]
    assert [line.partition(";")[0] for line in binh] == [gone]
    await office.restart()
    assert len(news(round.tam, marks[round.tam])) == 2


async def test_a_clock_that_jumps_back(office: PlayedOffice) -> None:
    round = await asked(office)
    for moment in ("08:00 04/12/2026", "08:00 07/12/2026", "07:30 08/12/2026"):
        await office.at(moment)
    mark = round.tam.mark()
    for moment in ("08:00 07/12/2026", "08:00 04/12/2026", "07:30 08/12/2026"):
        await office.at(moment)
    assert news(round.tam, mark) == []


async def test_a_preview_left_unsent_is_sent_from_its_reminder(office: PlayedOffice) -> None:
    round = await asked(office)
    await round.write()
    await office.at("09:46 30/11/2026")
    reminder = await round.tam.expect("Trả lời chất vấn 1/2027 chưa gửi")
    assert await round.tam.press(reminder, "Gửi trả lời") == "Đã gửi trả lời."
    await round.binh.expect("Trả lời chất vấn 1/2027", buttons=["Đạt yêu cầu"])


async def test_a_draft_left_unsent_is_shown_again_and_sent(office: PlayedOffice) -> None:
    await office.cases(case("150"))
    binh, tam = await office.leader(), await office.head()
    await binh.send("150 phu loc vi sao chua ke bien")
    await binh.expect("BẢN NHÁP, chưa gửi")
    await office.at("09:46 30/11/2026")
    reminder = await binh.expect("Chất vấn chưa gửi")
    mark = binh.mark()
    await binh.press(reminder, "Xem bản nháp")
    anew = await binh.expect("BẢN NHÁP, chưa gửi", after=mark)
    await office.settle()
    assert [message for message in binh.inbox if "BẢN NHÁP" in message.text] == [anew]
    assert await binh.press(anew, "Gửi chất vấn") == "Đã ghi nhận chất vấn 1/2027."
    await tam.expect("Chất vấn 1/2027 · Thường")


async def test_the_verdict_is_given_under_the_gentle_reminder(office: PlayedOffice) -> None:
    round = await asked(office)
    await round.answer()
    await office.at("08:00 07/12/2026")
    reminder = await round.binh.expect("Chất vấn 1/2027: trả lời chờ ý kiến đồng chí")
    await round.binh.press(reminder, "Đạt yêu cầu")
    await office.settle()
    await round.tam.expect("✅ Chất vấn 1/2027 kết thúc")


async def test_urging_from_the_card_and_by_command(office: PlayedOffice) -> None:
    round = await asked(office)
    await office.at("15:16 30/11/2026")
    assert await round.binh.press(round.card, "Đôn đốc") == ("Đã đôn đốc đ/c Tâm về chất vấn 1/2027, 15:16.")
    await round.tam.expect("Đồng chí Trần Văn Bình đôn đốc chất vấn 1/2027")
    refused = await shown(office, round.binh, "/dondoc_1")
    assert refused.text == "Đã đôn đốc lúc 15:16; có thể đôn đốc lại sau 4 giờ làm việc."
    listed = await shown(office, round.binh, "/dondoc")
    assert listed.text.split("\n")[0] == "Cần đôn đốc: 1 chất vấn"
    own = await shown(office, round.tam, "/dondoc")
    assert own.text.split("\n")[:2] == ["Đôn đốc CHV: 1 chất vấn đang xử lý", "Lê Quang Huy"]
    logged = await shown(office, round.tam, "/dondoc_1")
    assert logged.text.startswith("Đã ghi đôn đốc đ/c Huy về chất vấn 1/2027")


async def test_what_is_overdue(office: PlayedOffice) -> None:
    round = await asked(office)
    assert (await shown(office, round.binh, "/quahan")).text == "Không có chất vấn quá hạn."
    await office.at("07:30 09/12/2026")
    found = await shown(office, round.tam, "/quahan")
    assert found.text.split("\n")[1] == (
        "1/2027 · Phú Lộc · quá 1 ngày làm việc · chưa xác nhận · đ/c Bình hỏi /traloi_1"
    )


@pytest.mark.parametrize(("chosen", "is_silent"), [(True, True), (False, False)])
async def test_own_quiet_hours(office: PlayedOffice, chosen: bool, is_silent: bool) -> None:
    round = await asked(office)
    if chosen:
        settings = await shown(office, round.tam, "/caidat")
        toast = await round.tam.press(settings, "Không báo chuông trước 08:00")
        assert toast == "Đã ghi: không báo chuông trước 08:00."
        await round.tam.expect("Cài đặt: báo chuông", buttons=["✓ Không báo chuông trước 08:00"])
    await office.at("07:30 08/12/2026")
    reminder = await round.tam.expect("❗ Sáng 08/12: 1 chất vấn quá hạn")
    assert reminder.silent is is_silent
