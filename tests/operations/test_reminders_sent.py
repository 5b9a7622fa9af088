"""Only what was sent counts: what is told of reminders that did not arrive, and how they come again."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event
from sqlmodel import select

from bot.operations import delivery, enrolment, inquiries, outages, reminders, staff, terms, verdicts
from bot.rules.reminders import Rule
from storage import outbox
from storage.kinds import OutboxState, State, Urgency
from storage.people import Member
from storage.tables import Inquiry, Outgoing, Reminder, Round
from tests.operations.conftest import House, moment

REPORT = "❗ Báo cáo đồng chí Cục trưởng: 1 chất vấn quá hạn 2 ngày làm việc"


def at(house: House, *moments: str) -> None:
    """Move the clock and sweep; let everything arrive."""
    for shown in moments:
        house.now = moment(shown)
        reminders.sweep(house.session, now=house.now, office=house.office)
        house.send_all()


def block(house: House, member: Member) -> None:
    """A person blocks the bot; it learns so when it next speaks to them."""
    assert member.chat_id is not None
    house.blocked.add(member.chat_id)


def unblock(house: House, member: Member) -> None:
    assert member.chat_id is not None
    house.blocked.discard(member.chat_id)
    enrolment.reach_again(house.session, house.again(member), now=house.now, office=house.office)


def move(house: House, member: Member) -> Member:
    """A person takes a new phone with a new code."""
    code = enrolment.invite_again(house.session, member, by=house.hoa, now=house.now, office=house.office)
    found = enrolment.try_code(
        house.session, 5000 + member.id, "Tel", code, now=house.now, office=house.office
    )
    assert found is not None
    return found


def of_rule(house: House, rule: Rule) -> list[Reminder]:
    return list(house.session.exec(select(Reminder).where(Reminder.rule == rule)).all())


@pytest.fixture
def inquiry(house: House) -> Inquiry:
    """Asked and delivered on Monday 30/11 at 09:16, received, due on Monday 07/12 at 17:00."""
    found = house.received()
    house.hush()
    return found


# --- what is said of a head who cannot be reached ---------------------------------------------


def test_nobody_is_told_that_an_unreachable_head_was_reminded(house: House, inquiry: Inquiry) -> None:
    block(house, house.tam)
    at(house, "08:00 04/12/2026", "17:00 07/12/2026")
    [told] = house.heard(house.binh)
    assert told.split("\n")[1] == (
        "Phú Lộc đã nhận 30/11, chưa trả lời, không xin gia hạn. Đ/c Tâm đã chặn hệ thống trên Telegram."
    )
    at(house, "07:30 08/12/2026", "07:30 09/12/2026", "07:30 10/12/2026")
    [report] = house.heard(house.dat)
    assert report.split("\n")[0] == REPORT
    assert report.split("\n")[-1] == (
        "Đã nhận 30/11 · không xin gia hạn · đ/c Tâm đã chặn hệ thống trên Telegram"
    )
    card = house.shows(house.binh, "❗ Chất vấn 1/2027 · Quá hạn 2 ngày")
    assert card.split("\n")[-1] == "Quá hạn 2 ngày làm việc"


def test_a_warning_that_did_not_arrive_does_not_count(house: House, inquiry: Inquiry) -> None:
    """He blocks the bot the evening before: he was reminded once and never warned."""
    at(house, "08:00 07/12/2026", "17:00 07/12/2026", "07:30 08/12/2026")
    block(house, house.tam)
    at(house, "07:30 09/12/2026", "07:30 10/12/2026")
    assert [one.sent_at for one in of_rule(house, Rule.WARNING)] == [None]
    [report] = house.heard(house.dat)
    assert report.split("\n")[-1] == (
        "Đã nhận 30/11 · đã nhắc 1 lần · không xin gia hạn · đ/c Tâm đã chặn hệ thống trên Telegram"
    )


def test_while_the_warning_waits_the_chief_is_not_told(house: House, inquiry: Inquiry) -> None:
    """Telegram cannot be reached from the 9th to the 10th."""
    at(house, "08:00 07/12/2026", "17:00 07/12/2026", "07:30 08/12/2026")
    for shown in ("07:30 09/12/2026", "07:30 10/12/2026"):
        reminders.sweep(house.session, now=moment(shown), office=house.office)
    assert of_rule(house, Rule.ESCALATION) == []
    house.at("09:00 10/12/2026")
    house.send_all()
    at(house, "09:01 10/12/2026")
    assert house.heard(house.dat) == []
    at(house, "07:30 11/12/2026")
    [report] = house.heard(house.dat)
    assert report.endswith("· đơn vị được báo trước sáng 10/12")


def test_a_head_who_is_back_is_reminded_again(house: House, inquiry: Inquiry) -> None:
    block(house, house.tam)
    at(house, "08:00 07/12/2026", "17:00 07/12/2026", "07:30 08/12/2026")
    assert of_rule(house, Rule.OVERDUE) == []
    unblock(house, house.tam)
    house.hush()
    at(house, "10:00 08/12/2026")
    assert [text.split("\n")[0] for text in house.heard(house.tam)] == ["❗ Sáng 08/12: 1 chất vấn quá hạn"]
    assert [one.sent_at for one in of_rule(house, Rule.OVERDUE)] == [house.now]


def test_of_several_only_what_was_said_was_sent(house: House) -> None:
    first, second = house.received(), house.received(house.case("151/QĐ-CCTHADS"))
    at(house, "17:00 07/12/2026", "07:30 08/12/2026", "07:30 09/12/2026")
    reminders.sweep(house.session, now=moment("07:30 10/12/2026"), office=house.office)
    assert "escalate" not in house.acts(first) + house.acts(second)
    house.at("07:31 10/12/2026")
    house.withdraw(first)
    house.send_all()
    assert "escalate" not in house.acts(first)
    assert "escalate" in house.acts(second)
    found = {one.inquiry_id: (one.sent_at, one.is_superseded) for one in of_rule(house, Rule.ESCALATION)}
    assert found == {first.id: (None, True), second.id: (house.now, False)}


# --- what was dropped is given again ----------------------------------------------------------


def _overdue_for_a_blocked_chief(house: House) -> None:
    at(house, "17:00 07/12/2026", "07:30 08/12/2026", "07:30 09/12/2026")
    block(house, house.dat)
    at(house, "07:30 10/12/2026")
    assert [one.sent_at for one in of_rule(house, Rule.ESCALATION)] == [None]


def test_a_report_that_was_held_comes_on_the_new_phone(house: House, inquiry: Inquiry) -> None:
    _overdue_for_a_blocked_chief(house)
    assert "escalate" not in house.acts(inquiry)
    house.at("09:00 10/12/2026")
    house.dat = move(house, house.dat)
    house.hush()
    at(house, "09:01 10/12/2026")
    assert [text.split("\n")[0] for text in house.heard(house.dat)] == [REPORT]
    assert house.acts(inquiry).count("escalate") == 1
    at(house, "09:02 10/12/2026", "10:00 10/12/2026")
    assert house.heard(house.dat) == []


def test_a_report_that_was_held_comes_after_a_suspension(house: House, inquiry: Inquiry) -> None:
    _overdue_for_a_blocked_chief(house)
    staff.suspend(house.session, house.dat.id, by=house.hoa, now=house.now, office=house.office)
    at(house, "09:00 10/12/2026")
    house.blocked.clear()
    house.dat = staff.restore(house.session, house.dat.id, by=house.hoa, now=house.now, office=house.office)
    house.dat = house.again(house.dat)
    assert house.dat.account is not None
    house.dat.account.hindrance = None
    at(house, "09:01 10/12/2026")
    assert REPORT in [text.split("\n")[0] for text in house.heard(house.dat)]


def test_what_arrives_after_its_chat_was_forgotten_is_given_again(house: House, inquiry: Inquiry) -> None:
    """It was under way to the old phone when the new one was bound."""
    at(house, "17:00 07/12/2026", "07:30 08/12/2026", "07:30 09/12/2026")
    reminders.sweep(house.session, now=moment("07:30 10/12/2026"), office=house.office)
    house.at("07:30 10/12/2026")
    [row] = [one for one in outbox.heads(house.session) if one.chat_id == house.dat.chat_id]
    drawn = house.draw(row)
    house.dat = move(house, house.dat)
    house.arrive(row, drawn)
    assert "escalate" not in house.acts(inquiry)
    house.hush()
    at(house, "07:31 10/12/2026")
    assert house.acts(inquiry).count("escalate") == 1


@pytest.mark.parametrize("is_told", [True, False], ids=["refused", "given up"])
def test_what_telegram_refused_is_tried_again_the_next_day(
    house: House, inquiry: Inquiry, is_told: bool
) -> None:
    at(house, "17:00 07/12/2026", "07:30 08/12/2026")
    house.hush()
    reminders.sweep(house.session, now=moment("07:30 09/12/2026"), office=house.office)
    house.at("07:30 09/12/2026")
    [row] = [one for one in outbox.heads(house.session) if one.chat_id == house.tam.chat_id]
    assert row.id is not None
    if is_told:
        delivery.mark_refused(house.session, row.id, "Bad Request", now=house.now)
    else:
        delivery.give_up(house.session, row.id, "Bad Request", now=house.now)
    assert row.state is OutboxState.FAILED
    at(house, "07:31 09/12/2026", "16:00 09/12/2026")
    assert house.heard(house.tam) == []
    at(house, "07:30 10/12/2026")
    [text] = house.heard(house.tam)
    assert "Nếu đến 07:30 ngày 11/12 chưa có trả lời" in text
    assert house.heard(house.dat) == []
    at(house, "07:30 11/12/2026")
    assert len(house.heard(house.dat)) == 1


def test_a_row_that_is_not_there_is_not_given_up(house: House) -> None:
    delivery.give_up(house.session, 999, "Bad Request", now=house.now)


# --- the live card ----------------------------------------------------------------------------


def test_the_days_are_counted_without_a_head(house: House, inquiry: Inquiry) -> None:
    house.suspend(house.tam)
    at(house, "17:00 07/12/2026")
    house.shows(house.binh, "❗ Chất vấn 1/2027 · Quá hạn")
    for day, expected in (
        (8, "Quá hạn"),
        (9, "Quá hạn 1 ngày"),
        (10, "Quá hạn 2 ngày"),
        (14, "Quá hạn 4 ngày"),
    ):
        at(house, f"07:29 {day:02}/12/2026", f"07:30 {day:02}/12/2026")
        card = house.shows(house.binh, f"❗ Chất vấn 1/2027 · {expected}")
    assert card.split("\n")[-1] == "Quá hạn 4 ngày làm việc"
    before = house.queued_rows()
    at(house, "07:31 14/12/2026", "12:00 14/12/2026", "08:00 19/12/2026")
    assert house.queued_rows() == before


def test_the_card_and_the_message_agree_on_the_second_of_the_deadline(house: House, inquiry: Inquiry) -> None:
    at(house, "16:59 07/12/2026")
    assert house.heard(house.binh) == []
    house.shows(house.binh, "Chất vấn 1/2027 · Đã nhận")
    at(house, "17:00 07/12/2026")
    assert [text.split("\n")[0] for text in house.heard(house.binh)] == [
        "❗ Chất vấn 1/2027 quá hạn từ 17:00 07/12"
    ]
    house.shows(house.binh, "❗ Chất vấn 1/2027 · Quá hạn")


def test_an_asker_without_a_phone_has_no_card(house: House, inquiry: Inquiry) -> None:
    house.take_off(house.binh)
    at(house, "17:00 07/12/2026")
    before = house.queued_rows()
    at(house, "17:01 07/12/2026")
    assert house.queued_rows() == before


# --- after an outage --------------------------------------------------------------------------


@pytest.mark.parametrize("urgency", [Urgency.FLASH, Urgency.NORMAL])
def test_a_flash_deadline_that_moved_is_told_with_a_sound(house: House, urgency: Urgency) -> None:
    house.at("20:00 04/12/2026")
    draft = house.draft()
    assert draft.id is not None
    terms.set_urgency(house.session, draft.id, urgency, by=house.binh, now=house.now, office=house.office)
    house.queued()
    house.hush()
    inquiry = house.session.exec(select(Inquiry)).one()
    round = house.session.exec(select(Round)).one()
    round.due_at = moment("00:00 05/12/2026")
    inquiry.urgency = urgency
    outages.note_alive(house.session, now=moment("22:00 04/12/2026"), office=house.office)
    outages.come_back(house.session, now=moment("01:00 05/12/2026"), office=house.office)
    rows = house.session.exec(select(Outgoing).where(Outgoing.state == OutboxState.QUEUED)).all()
    sounds = {row.payload["sound"] for row in rows if "html" in row.payload}
    assert sounds == ({"always"} if urgency is Urgency.FLASH else {"working_hours"})


# --- how much is asked ------------------------------------------------------------------------


@contextmanager
def counted(house: House) -> Iterator[list[str]]:
    """Collect the statements that are sent to the database."""
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    engine = house.session.get_bind().engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_what_awaits_a_verdict_is_not_gathered(house: House) -> None:
    inquiry = house.answered()
    with counted(house) as one:
        assert verdicts.lapse_due(house.session, now=house.now, office=house.office) == 0
    for number in range(151, 156):
        house.answered(house.case(f"{number}/QĐ-CCTHADS"))
    with counted(house) as several:
        assert verdicts.lapse_due(house.session, now=house.now, office=house.office) == 0
    assert len(several) == len(one) == 1
    house.at("17:00 30/06/2027")
    assert verdicts.lapse_due(house.session, now=house.now, office=house.office) == 6
    assert inquiry.state is State.LAPSED


def test_a_sweep_asks_little_of_each_inquiry(house: House) -> None:
    def sweep(shown: str) -> int:
        house.session.flush()
        with counted(house) as said:
            reminders.sweep(house.session, now=moment(shown), office=house.office)
        return len(said)

    for number in range(150, 160):
        inquiries.receive(
            house.session,
            house.delivered(house.case(f"{number}/QĐ-CCTHADS")),
            round=1,
            by=house.tam,
            now=house.now,
            office=house.office,
        )
    house.hush()
    assert sweep("08:00 04/12/2026") <= 30
    assert sweep("07:30 08/12/2026") <= 100
    before = house.queued_rows()
    assert sweep("07:30 08/12/2026") <= 15
    assert house.queued_rows() == before
