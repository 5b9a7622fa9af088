"""The bot was away: what happens to deadlines, and what people are told."""

import pytest
from sqlmodel import select

from bot.operations import drafts, inquiries, outages, reminders, terms
from bot.wording.views import reckoning
from storage import facts
from storage import inquiries as stored
from storage.dossiers import gather
from storage.kinds import Urgency
from storage.tables import DeadlineMove, History, Inquiry
from tests.operations.conftest import House, moment


def come_back(house: House, gone: str, back: str) -> None:
    """Let the bot be alive for the last time at one moment, and serve again at another."""
    house.hush()
    outages.note_alive(house.session, now=moment(gone), office=house.office)
    house.now = moment(back)
    outages.come_back(house.session, now=house.now, office=house.office)


def recorded(house: House) -> list[str]:
    return [row.act for row in house.session.exec(select(History)) if row.act in ("outage", "move_deadline")]


@pytest.fixture
def inquiry(house: House) -> Inquiry:
    """Due on Monday 07/12 at 17:00."""
    return house.delivered()


def due(house: House, inquiry: Inquiry) -> str:
    at = stored.round_of(house.session, inquiry).due_at
    assert at is not None
    return at.astimezone(moment("09:00 30/11/2026").tzinfo).isoformat()


def test_a_deadline_that_fell_into_the_gap_moves(house: House, inquiry: Inquiry) -> None:
    come_back(house, "16:00 07/12/2026", "09:00 08/12/2026")
    assert due(house, inquiry) == "2026-12-08T03:00:00+00:00"  # 10:00 in Hanoi
    told = (
        "Hệ thống ngừng từ 16:00 07/12 đến 09:00 08/12, nay hoạt động lại;"
        " hạn rơi vào lúc đó được lùi: chất vấn 1/2027 đến 10:00 thứ Ba, 08/12/2026."
    )
    assert house.heard(house.tam) == [told]
    assert house.heard(house.binh) == [told]
    assert house.heard(house.son) == house.heard(house.mai) == []
    assert recorded(house) == ["outage", "move_deadline"]
    card = house.shows(house.binh, "Chất vấn 1/2027 · Đã chuyển").split("\n")
    assert card[1] == "Phú Lộc, đ/c Hồ Minh Tâm · hạn 10:00 thứ Ba, 08/12/2026"
    assert card[-1] == "Hạn: 10:00 thứ Ba, 08/12 (cũ: 07/12)"
    notice = house.shows(house.tam, "Chất vấn 1/2027 · Thường").split("\n")
    assert "Hạn trả lời: 10:00 thứ Ba, 08/12/2026" in notice
    assert "Hạn: 10:00 thứ Ba, 08/12 (cũ: 07/12)" in notice
    counted = reckoning(gather(house.session, inquiry), house.office).html.split("\n")
    assert counted[-1] == (
        "Hệ thống ngừng từ 16:00 07/12 đến 09:00 08/12; hạn 17:00 thứ Hai, 07/12/2026 rơi vào lúc đó,"
        " lùi đến 10:00 thứ Ba, 08/12/2026."
    )


def test_on_the_same_day_the_old_hour_is_named(house: House, inquiry: Inquiry) -> None:
    come_back(house, "16:00 07/12/2026", "17:30 07/12/2026")
    [move] = house.session.exec(select(DeadlineMove)).all()
    move.new_due_at = moment("18:00 07/12/2026")
    stored.round_of(house.session, inquiry).due_at = move.new_due_at
    assert "(cũ: 07/12 17:00)" in house.shows(house.binh, "Chất vấn 1/2027 · Đã chuyển")


def test_a_deadline_outside_the_gap_stays(house: House, inquiry: Inquiry) -> None:
    come_back(house, "08:00 02/12/2026", "10:00 02/12/2026")
    assert due(house, inquiry) == "2026-12-07T10:00:00+00:00"
    assert house.heard(house.tam) == ["Hệ thống ngừng từ 08:00 02/12 đến 10:00 02/12, nay hoạt động lại."]
    assert recorded(house) == ["outage"]


def test_what_was_overdue_before_stays_so(house: House, inquiry: Inquiry) -> None:
    come_back(house, "17:00 07/12/2026", "09:00 08/12/2026")
    assert due(house, inquiry) == "2026-12-07T10:00:00+00:00"


def test_after_more_than_a_day_messages_may_be_missing(house: House, inquiry: Inquiry) -> None:
    come_back(house, "08:00 30/11/2026", "10:00 02/12/2026")
    [text] = house.heard(house.binh)
    assert text.split("\n")[1] == (
        "Tin gửi trước 10:00 01/12 trong lúc đó có thể không đến hệ thống;"
        " nếu chưa thấy phản hồi, đề nghị đồng chí gửi lại."
    )


@pytest.mark.parametrize(
    ("gone", "back"),
    [
        ("08:00 02/12/2026", "08:10 02/12/2026"),  # a restart
        ("18:00 02/12/2026", "06:00 03/12/2026"),  # nobody was at work
        ("08:00 02/12/2026", "07:00 02/12/2026"),  # the clock was set back
    ],
)
def test_nobody_need_know(house: House, inquiry: Inquiry, gone: str, back: str) -> None:
    come_back(house, gone, back)
    assert [*house.heard(house.tam), *house.heard(house.binh)] == []


def test_the_first_start_is_no_outage(house: House, inquiry: Inquiry) -> None:
    house.hush()
    outages.come_back(house.session, now=moment("10:00 08/12/2026"), office=house.office)
    assert recorded(house) == []
    assert facts.recall(house.session, outages.ALIVE) == "2026-12-08T03:00:00+00:00"


def test_a_flash_gets_an_hour_by_the_clock(house: House) -> None:
    house.now = moment("20:00 04/12/2026")
    draft = house.draft()
    assert draft.id is not None
    terms.set_urgency(
        house.session, draft.id, Urgency.FLASH, by=house.binh, now=house.now, office=house.office
    )
    inquiry = drafts.send(house.session, draft.id, by=house.binh, now=house.now, office=house.office)
    house.hush()
    come_back(house, "22:00 04/12/2026", "01:00 05/12/2026")
    assert due(house, inquiry) == "2026-12-04T19:00:00+00:00"  # 02:00 in Hanoi
    assert [text.count("lùi") for text in house.heard(house.tam)] == [1]


def test_the_suspended_are_not_told(house: House, inquiry: Inquiry) -> None:
    house.suspend(house.binh)
    come_back(house, "08:00 02/12/2026", "10:00 02/12/2026")
    assert house.heard(house.binh) == []


def test_without_a_head_only_the_asker_is_told(house: House, inquiry: Inquiry) -> None:
    house.suspend(house.tam)
    come_back(house, "08:00 02/12/2026", "10:00 02/12/2026")
    assert len(house.heard(house.binh)) == 1
    assert house.heard(house.tam) == []


def test_reminders_follow_the_moved_deadline(house: House, inquiry: Inquiry) -> None:
    inquiries.receive(house.session, inquiry, round=1, by=house.tam, now=house.now, office=house.office)
    reminders.sweep(house.session, now=moment("08:00 07/12/2026"), office=house.office)
    come_back(house, "16:00 07/12/2026", "09:00 08/12/2026")
    reminders.sweep(house.session, now=house.now, office=house.office)
    assert [text.split("\n")[0] for text in house.heard(house.tam)][1:] == [
        "Chất vấn 1/2027: đến hạn hôm nay"
    ]
    house.now = moment("10:00 08/12/2026")
    reminders.sweep(house.session, now=house.now, office=house.office)
    assert [text.split("\n")[0] for text in house.heard(house.binh)][1:] == [
        "❗ Chất vấn 1/2027 quá hạn từ 10:00 08/12"
    ]
