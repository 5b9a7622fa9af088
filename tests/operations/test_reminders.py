"""The sweep: each reminder once, one message a person, and nothing of what no longer holds."""

from datetime import timedelta

import pytest
from sqlmodel import select

from bot.chat import parcels
from bot.operations import answers, drafts, inquiries, reminders, terms, verdicts
from storage.kinds import OutboxState, Role, Urgency
from storage.people import Member
from storage.tables import Inquiry, Outgoing, Reminder
from tests.operations.conftest import House, moment

RECEIPT = "Chất vấn 1/2027: chưa xác nhận đã nhận"


def at(house: House, shown: str) -> None:
    """Move the clock and sweep."""
    house.now = moment(shown)
    reminders.sweep(house.session, now=house.now, office=house.office)


def first_lines(house: House, member: Member) -> list[str]:
    return [text.split("\n")[0] for text in house.heard(member)]


def given(house: House, *, superseded: bool = False) -> list[tuple[str, str]]:
    """Return rule and period of what was recorded."""
    rows = house.session.exec(select(Reminder).order_by(Reminder.id)).all()  # type: ignore[arg-type]
    return [(row.rule, row.period) for row in rows if row.is_superseded is superseded]


@pytest.fixture
def inquiry(house: House) -> Inquiry:
    """Asked and delivered on Monday 30/11 at 09:16, due on Monday 07/12 at 17:00."""
    found = house.delivered()
    house.hush()
    return found


def receive(house: House, inquiry: Inquiry) -> None:
    inquiries.receive(
        house.session, inquiry, round=inquiry.round, by=house.tam, now=house.now, office=house.office
    )


# --- each rung --------------------------------------------------------------------------------


def test_the_receipt_is_asked_for_once(house: House, inquiry: Inquiry) -> None:
    at(house, "15:15 30/11/2026")
    assert first_lines(house, house.tam) == []
    at(house, "15:16 30/11/2026")
    assert first_lines(house, house.tam) == [RECEIPT]
    card = house.shows(house.binh, "Chất vấn 1/2027 · Chưa xác nhận")
    assert "Chưa xác nhận đã nhận; đã nhắc 15:16 30/11" in card.split("\n")
    assert house.buttons(house.binh, "Chất vấn 1/2027 · Chưa xác nhận") == ["Đôn đốc", "Rút chất vấn"]
    at(house, "16:00 30/11/2026")
    assert first_lines(house, house.tam) == []


def test_a_received_inquiry_is_not_asked_about(house: House, inquiry: Inquiry) -> None:
    receive(house, inquiry)
    house.hush()
    at(house, "15:16 30/11/2026")
    assert first_lines(house, house.tam) == []


def test_the_whole_ladder(house: House, inquiry: Inquiry) -> None:
    receive(house, inquiry)
    house.hush()
    heard = []
    house.now = moment("10:00 30/11/2026")
    while house.now < moment("18:00 11/12/2026"):
        house.now += timedelta(minutes=30)
        reminders.sweep(house.session, now=house.now, office=house.office)
        for member in (house.tam, house.binh, house.dat):
            heard += [
                (f"{house.now + timedelta(hours=7):%H:%M %d}", line) for line in first_lines(house, member)
            ]
    assert heard == [
        ("08:00 04", "Chất vấn 1/2027: còn 1 ngày làm việc"),
        ("08:00 07", "Chất vấn 1/2027: đến hạn hôm nay"),
        ("17:00 07", "❗ Chất vấn 1/2027 quá hạn từ 17:00 07/12"),
        ("07:30 08", "❗ Sáng 08/12: 1 chất vấn quá hạn"),
        ("07:30 09", "❗ Sáng 09/12: 1 chất vấn quá hạn"),
        ("07:30 10", "❗ Sáng 10/12: 1 chất vấn quá hạn"),
        ("07:30 10", "❗ Báo cáo đồng chí Cục trưởng: 1 chất vấn quá hạn 2 ngày làm việc"),
        ("07:30 11", "❗ Sáng 11/12: 1 chất vấn quá hạn"),
    ]
    assert "escalate" in house.acts(inquiry)


def test_the_chief_is_not_told_of_own_inquiries(house: House) -> None:
    house.delivered(by=house.dat)
    for day in (8, 9, 10, 11):
        at(house, f"07:30 {day:02}/12/2026")
    house.send_all()
    assert not any("được báo cáo" in text for text in house.heard(house.tam))
    assert [line for line in first_lines(house, house.dat) if "Báo cáo" in line] == []


OWN = "Chất vấn của đồng chí: 1/2027 · Phú Lộc · quá 2 ngày làm việc /xem_1"


def chiefs(house: House, number: int = 150, branch: str = "PLOC") -> Inquiry:
    """An inquiry of the chief's own, delivered now."""
    found = house.delivered(house.case(f"{number}/QĐ-CCTHADS", branch), by=house.dat)
    house.hush()
    return found


def test_of_own_inquiries_the_chief_gets_a_list_once(house: House) -> None:
    inquiry = chiefs(house)
    heard = []
    for day in (7, 8, 9, 10, 11, 14):
        for hour in ("07:29", "07:30", "08:00", "17:00"):
            at(house, f"{hour} {day:02}/12/2026")
            heard += [(f"{hour} {day:02}", text) for text in house.heard(house.dat)]
    assert [(when, text.split("\n")[0]) for when, text in heard] == [
        ("17:00 07", "❗ Chất vấn 1/2027 quá hạn từ 17:00 07/12"),
        ("07:30 10", OWN),
    ]
    assert heard[1][1] == OWN
    assert house.buttons(house.dat, OWN) == ["Đôn đốc", "Xem"]
    assert ("own_overdue", "2026-12-07T17:00") in given(house)
    assert "escalate" not in house.acts(inquiry)


def test_the_list_names_all_own_inquiries_that_are_overdue(house: House) -> None:
    chiefs(house)
    house.at("09:16 02/12/2026")
    chiefs(house, 151, "ALUOI")
    house.delivered(house.case("152/QĐ-CCTHADS"))  # another leader's
    house.at("09:16 03/12/2026")
    chiefs(house, 153)  # not yet due
    house.hush()
    at(house, "17:00 09/12/2026")
    house.hush()
    at(house, "07:30 10/12/2026")
    [text] = house.heard(house.dat)
    assert text.split("\n") == [
        "Chất vấn của đồng chí: 2 quá hạn",
        "1/2027 · Phú Lộc · quá 2 ngày làm việc /xem_1",
        "2/2027 · A Lưới · quá hạn từ 17:00 hôm qua /xem_2",
    ]
    at(house, "17:00 10/12/2026")
    house.hush()
    at(house, "07:30 14/12/2026")
    [text] = house.heard(house.dat)  # the second passes two days
    assert text.split("\n")[:3] == [
        "Chất vấn của đồng chí: 3 quá hạn",
        "1/2027 · Phú Lộc · quá 4 ngày làm việc /xem_1",
        "2/2027 · A Lưới · quá 2 ngày làm việc /xem_2",
    ]


def test_one_message_names_an_own_inquiry_once(house: House) -> None:
    """The bot was away at the second one's deadline: of that the same message tells."""
    chiefs(house)
    house.at("09:16 02/12/2026")
    chiefs(house, 151)
    at(house, "17:00 07/12/2026")
    house.hush()
    at(house, "07:30 10/12/2026")
    [text] = house.heard(house.dat)
    assert [line for line in text.split("\n") if "/2027" in line] == [
        OWN,
        "❗ Chất vấn 2/2027 quá hạn từ 17:00 09/12",
    ]


def test_the_report_to_the_chief_begins_with_the_own_inquiries(house: House, inquiry: Inquiry) -> None:
    chiefs(house, 151)
    at(house, "17:00 07/12/2026")
    at(house, "07:30 09/12/2026")
    house.hush()
    at(house, "07:30 10/12/2026")
    [text] = house.heard(house.dat)
    assert text.split("\n")[:3] == [
        "Chất vấn của đồng chí: 2/2027 · Phú Lộc · quá 2 ngày làm việc /xem_2",
        "",
        "❗ Báo cáo đồng chí Cục trưởng: 1 chất vấn quá hạn 2 ngày làm việc",
    ]
    assert house.buttons(house.dat, text.split("\n")[0]) == ["Đôn đốc 1", "Đôn đốc 2"]
    # Told of once alone, but before every report.
    third = house.delivered(house.case("152/QĐ-CCTHADS"))
    for day in (17, 18, 21, 22):
        at(house, f"07:30 {day}/12/2026")
        lines = [line for text in house.heard(house.dat) for line in text.split("\n")]
        assert any(line.startswith("Chất vấn của đồng chí: 2/2027") for line in lines) is (day == 22)
        assert any(line.startswith("Chất vấn 3/2027 · Phú Lộc") for line in lines) is (day == 22)
    assert "escalate" in house.acts(third)


def test_an_own_inquiry_answered_before_the_list_leaves_is_not_listed(house: House) -> None:
    inquiry = chiefs(house)
    at(house, "17:00 07/12/2026")
    house.hush()
    at(house, "07:30 10/12/2026")
    house.answer(inquiry)
    assert [text for text in house.heard(house.dat) if "Chất vấn của đồng chí" in text] == []


def test_nobody_but_the_chief_gets_such_a_list(house: House, inquiry: Inquiry) -> None:
    house.take_off(house.tam)
    for day in (8, 9, 10, 11):
        at(house, f"07:30 {day:02}/12/2026")
    house.send_all()
    heard = [*house.heard(house.binh), *house.heard(house.mai), *house.heard(house.dat)]
    assert any("Báo cáo" in text for text in heard)
    assert not any("Chất vấn của đồng chí" in text for text in heard)


def test_without_a_head_the_chief_is_told_all_the_same(house: House, inquiry: Inquiry) -> None:
    house.take_off(house.tam)
    at(house, "07:30 10/12/2026")
    assert first_lines(house, house.dat) == [
        "❗ Báo cáo đồng chí Cục trưởng: 1 chất vấn quá hạn 2 ngày làm việc"
    ]


def test_the_verdict_is_asked_for_after_five_working_days(house: House) -> None:
    inquiry = house.answered()
    house.hush()
    at(house, "07:59 07/12/2026")
    assert first_lines(house, house.binh) == []
    at(house, "08:00 07/12/2026")
    assert first_lines(house, house.binh) == ["Chất vấn 1/2027: trả lời chờ ý kiến đồng chí"]
    assert house.buttons(house.binh, "Chất vấn 1/2027: trả lời chờ ý kiến đồng chí") == [
        "Đạt yêu cầu",
        "Hỏi thêm",
        "Chưa đạt yêu cầu",
    ]
    verdicts.accept(house.session, inquiry, round=1, by=house.binh, now=house.now)
    assert house.buttons(house.binh, "Chất vấn 1/2027: trả lời chờ ý kiến đồng chí") == []
    at(house, "08:00 14/12/2026")
    assert first_lines(house, house.binh) == []


def test_what_was_written_and_not_sent(house: House, inquiry: Inquiry) -> None:
    house.now = moment("10:00 30/11/2026")
    receive(house, inquiry)
    house.write(inquiry)
    draft = house.draft(house.case("151/QĐ-CCTHADS"))
    house.hush()
    at(house, "10:29 30/11/2026")
    assert first_lines(house, house.tam) + first_lines(house, house.binh) == []
    at(house, "10:30 30/11/2026")
    assert first_lines(house, house.tam) == ["Trả lời chất vấn 1/2027 chưa gửi"]
    assert house.buttons(house.tam, "Trả lời chất vấn 1/2027 chưa gửi") == [
        "Gửi trả lời",
        "Viết thêm",
        "Sửa",
        "Hủy",
    ]
    assert first_lines(house, house.binh) == ["Chất vấn chưa gửi"]
    assert house.buttons(house.binh, "Chất vấn chưa gửi") == ["Xem bản nháp", "Hủy"]
    drafts.show(house.session, draft, by=house.binh, now=house.now)
    at(house, "12:30 30/11/2026")
    assert first_lines(house, house.tam) + first_lines(house, house.binh) == []


def test_what_is_being_written_is_left_alone(house: House, inquiry: Inquiry) -> None:
    house.write(inquiry)
    house.now = moment("09:40 30/11/2026")
    house.write(inquiry, "Thêm một đoạn.")
    house.hush()
    at(house, "10:09 30/11/2026")
    assert first_lines(house, house.tam) == []


def test_an_answer_to_a_withdrawn_inquiry_is_not_asked_for(house: House, inquiry: Inquiry) -> None:
    house.write(inquiry)
    inquiries.withdraw(house.session, inquiry, "hỏi nhầm", by=house.binh, now=house.now)
    house.hush()
    at(house, "10:30 30/11/2026")
    assert first_lines(house, house.tam) == []


def test_those_without_an_account_are_passed_over(house: House, inquiry: Inquiry) -> None:
    house.write(inquiry)
    house.draft(house.case("151/QĐ-CCTHADS"))
    for member in (house.tam, house.binh):
        house.take_off(member)
    at(house, "16:00 30/11/2026")
    assert given(house) == []
    house.bind(house.tam.id)
    house.tam = house.again(house.tam)
    at(house, "16:01 30/11/2026")
    assert len(first_lines(house, house.tam)) == 1
    assert given(house) == [("receipt", ""), ("unsent_answer", "")]


# --- together ---------------------------------------------------------------------------------


def test_several_are_one_message(house: House) -> None:
    for number in range(150, 153):
        receive(house, house.delivered(house.case(f"{number}/QĐ-CCTHADS")))
    house.hush()
    at(house, "08:00 04/12/2026")
    [text] = house.heard(house.tam)
    assert text.split("\n") == [
        "Sắp đến hạn: 3 chất vấn",
        "1/2027 · hạn 17:00 thứ Hai, 07/12/2026 · đ/c Bình hỏi /traloi_1",
        "2/2027 · hạn 17:00 thứ Hai, 07/12/2026 · đ/c Bình hỏi /traloi_2",
        "3/2027 · hạn 17:00 thứ Hai, 07/12/2026 · đ/c Bình hỏi /traloi_3",
    ]
    assert house.buttons(house.tam, "Sắp đến hạn: 3 chất vấn") == ["Trả lời 1", "Trả lời 2", "Trả lời 3"]


def test_after_days_away_the_highest_rung_speaks_once(house: House, inquiry: Inquiry) -> None:
    at(house, "08:10 09/12/2026")
    assert first_lines(house, house.tam) == ["❗ Sáng 09/12: 1 chất vấn quá hạn"]
    assert first_lines(house, house.binh) == ["❗ Chất vấn 1/2027 quá hạn từ 17:00 07/12"]
    assert given(house) == [
        ("overdue_told", "2026-12-07T17:00"),
        ("overdue", "2026-12-09"),
        ("warning", "2026-12-07T17:00"),
    ]
    assert given(house, superseded=True) == [
        ("receipt", ""),
        ("due_soon", "2026-12-07T17:00"),
        ("due_today", "2026-12-07T17:00"),
        ("overdue", "2026-12-08"),
    ]


def test_the_chief_is_told_only_after_the_head(house: House, inquiry: Inquiry) -> None:
    """The bot was away on the morning of the warning: it is given late, and the chief is told a day later."""
    at(house, "09:00 10/12/2026")
    [text] = house.heard(house.tam)
    assert "Nếu đến 07:30 ngày 11/12 chưa có trả lời" in text
    assert first_lines(house, house.dat) == []
    at(house, "07:30 11/12/2026")
    assert first_lines(house, house.dat) == [
        "❗ Báo cáo đồng chí Cục trưởng: 1 chất vấn quá hạn 3 ngày làm việc"
    ]


def test_nothing_goes_out_on_a_day_off(house: House, inquiry: Inquiry) -> None:
    at(house, "18:00 11/12/2026")
    assert first_lines(house, house.tam) == []
    at(house, "10:00 12/12/2026")
    assert first_lines(house, house.tam) == []
    at(house, "07:30 14/12/2026")
    assert first_lines(house, house.tam) == ["❗ Sáng 14/12: 1 chất vấn quá hạn"]


def test_a_clock_that_jumps_back_repeats_nothing(house: House, inquiry: Inquiry) -> None:
    at(house, "07:30 10/12/2026")
    house.hush()
    recorded = len(given(house)) + len(given(house, superseded=True))
    for day in (7, 8, 9, 10):
        at(house, f"08:00 {day:02}/12/2026")
        assert [*house.heard(house.tam), *house.heard(house.binh)] == []
    assert len(given(house)) + len(given(house, superseded=True)) == recorded


def test_a_new_head_is_reminded_too(house: House, inquiry: Inquiry) -> None:
    at(house, "07:30 08/12/2026")
    house.hush()
    hung = house.member("Võ Hùng", Role.HEAD, branch="PLOC", title="Chi cục trưởng")
    at(house, "08:00 08/12/2026")
    assert first_lines(house, hung) == ["❗ Sáng 08/12: 1 chất vấn quá hạn"]
    assert first_lines(house, house.tam) == []


# --- hỏa tốc ----------------------------------------------------------------------------------


def flash(house: House, shown: str, number: str = "150/QĐ-CCTHADS") -> Inquiry:
    house.now = moment(shown)
    draft = house.draft(house.case(number))
    assert draft.id is not None
    terms.set_urgency(
        house.session, draft.id, Urgency.FLASH, by=house.binh, now=house.now, office=house.office
    )
    found = drafts.send(house.session, draft.id, by=house.binh, now=house.now, office=house.office)
    house.hush()
    return found


def sounds(house: House) -> list[bool]:
    """Return for each queued message whether it sounds, were it sent now."""
    rows = house.session.exec(select(Outgoing).where(Outgoing.state == OutboxState.QUEUED)).all()
    packed = [parcels.pack(house.session, row.id or 0, now=house.now, office=house.office) for row in rows]
    return [not parcel.is_silent for parcel in packed if parcel and parcel.kind == "message"]


def test_a_flash_reminds_at_night_with_a_sound(house: House) -> None:
    flash(house, "20:00 04/12/2026")
    at(house, "20:30 04/12/2026")
    assert sounds(house) == [True]
    assert first_lines(house, house.tam) == ["⚡ Chất vấn 1/2027: chưa xác nhận đã nhận"]
    at(house, "23:00 04/12/2026")
    assert sounds(house) == [True]
    assert first_lines(house, house.tam) == ["⚡ Chất vấn 1/2027: còn 1 giờ"]
    at(house, "00:00 05/12/2026")
    assert sounds(house) == [True]
    assert first_lines(house, house.binh) == ["❗ Chất vấn 1/2027 quá hạn từ 00:00 05/12"]
    at(house, "07:30 07/12/2026")
    assert sounds(house) == [True]
    assert first_lines(house, house.tam) == ["❗ Sáng 07/12: 1 chất vấn quá hạn"]


def test_an_ordinary_reminder_is_silent_outside_working_hours(house: House, inquiry: Inquiry) -> None:
    receive(house, inquiry)
    house.hush()
    at(house, "17:00 07/12/2026")
    assert sounds(house) == [False]


def test_a_flash_and_an_ordinary_one_are_two_messages(house: House, inquiry: Inquiry) -> None:
    flash(house, "14:46 30/11/2026", "151/QĐ-CCTHADS")
    at(house, "15:16 30/11/2026")
    assert first_lines(house, house.tam) == ["⚡ Chất vấn 2/2027: chưa xác nhận đã nhận", RECEIPT]


# --- just before sending ----------------------------------------------------------------------


def test_a_reminder_whose_reason_is_gone_is_dropped(house: House, inquiry: Inquiry) -> None:
    at(house, "15:16 30/11/2026")
    receive(house, inquiry)
    assert first_lines(house, house.tam) == []
    assert given(house) == []
    assert given(house, superseded=True) == [("receipt", "")]
    states = [row.state for row in house.session.exec(select(Outgoing)).all() if "reminders" in row.payload]
    assert states == [OutboxState.NEEDLESS]


def test_of_several_only_what_still_holds_is_said(house: House) -> None:
    first, second = (house.delivered(house.case(f"{number}/QĐ-CCTHADS")) for number in (150, 151))
    receive(house, first)
    receive(house, second)
    house.hush()
    at(house, "08:00 04/12/2026")
    inquiries.withdraw(house.session, first, "hỏi nhầm", by=house.binh, now=house.now)
    assert first_lines(house, house.tam) == [
        "Chất vấn 1/2027 đã được rút",
        "Chất vấn 2/2027: còn 1 ngày làm việc",
    ]


def test_a_reminder_of_yesterday_does_not_come_today(house: House, inquiry: Inquiry) -> None:
    """Telegram could not be reached for a day."""
    at(house, "07:30 08/12/2026")
    at(house, "07:30 09/12/2026")
    assert first_lines(house, house.tam) == ["❗ Sáng 09/12: 1 chất vấn quá hạn"]


def test_a_further_round_ends_what_was_due_in_the_one_before(house: House) -> None:
    inquiry = house.answered()
    house.hush()
    at(house, "08:00 07/12/2026")
    verdicts.accept(house.session, inquiry, round=1, by=house.binh, now=house.now)
    assert first_lines(house, house.binh) == []


@pytest.mark.parametrize("is_sent", [True, False])
def test_what_was_sent_or_cancelled_meanwhile(house: House, inquiry: Inquiry, is_sent: bool) -> None:
    answer, draft = house.write(inquiry), house.draft(house.case("151/QĐ-CCTHADS"))
    assert answer.id is not None
    assert draft.id is not None
    house.hush()
    at(house, "10:30 30/11/2026")
    if is_sent:
        answers.send(house.session, answer.id, preview=1, by=house.tam, now=house.now, office=house.office)
        drafts.send(house.session, draft.id, by=house.binh, now=house.now, office=house.office)
    else:
        answers.cancel(house.session, answer.id, by=house.tam, now=house.now)
        drafts.cancel(house.session, draft.id, by=house.binh, now=house.now)
    assert "chưa gửi" not in "".join(line for line in first_lines(house, house.tam) if "Đã" not in line)
    assert "Chất vấn chưa gửi" not in first_lines(house, house.binh)
