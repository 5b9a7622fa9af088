"""The administrators are told once what is wrong, and once that it is over; a restart repeats nothing."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from bot.operations import alarms, delivery
from bot.rules.health import Finding, Trouble
from storage import facts, outbox
from storage.kinds import Lane, OutboxState, Role
from storage.tables import Outgoing
from tests.operations.conftest import House

INBOX, TELEGRAM = Finding(Trouble.INBOX, 90), Finding(Trouble.TELEGRAM, 310)
RED = "❗ <b>Tin đến chưa được xử lý</b>\nTừ 09:14 30/11. "
OVER = "✅ <b>Đã hết: Tin đến chưa được xử lý</b>\nTừ 09:14 30/11 đến "


def judge(house: House, *findings: Finding) -> None:
    alarms.judge(house.session, findings, now=house.now)
    house.now += timedelta(seconds=30)


def told(house: House, state: OutboxState = OutboxState.QUEUED) -> list[str]:
    rows = house.session.exec(select(Outgoing).where(Outgoing.state == state).order_by(col(Outgoing.id)))
    return [row.payload["html"] for row in rows if row.chat_id == house.hoa.chat_id]


def send_all(house: House) -> None:
    for row in outbox.heads(house.session):
        assert row.id is not None
        delivery.mark_sent(house.session, row.id, row.id, now=house.now, office=house.office)


def test_a_moment_of_trouble_alarms_nobody(house: House) -> None:
    judge(house, INBOX)
    judge(house)
    judge(house, INBOX)
    judge(house)
    assert told(house) == []


def test_two_judgments_in_a_row_are_told_once_with_what_to_do(house: House) -> None:
    for _ in range(20):
        judge(house, INBOX)
    assert len(told(house)) == 1
    assert told(house)[0].startswith(RED)
    assert "chatvan doctor" in told(house)[0]
    row = outbox.heads(house.session)[0]
    assert (row.lane, row.payload["is_alarm"]) == (Lane.OWN, True)


def test_the_end_is_told_once_when_it_lasts(house: House) -> None:
    judge(house, INBOX)
    judge(house, INBOX)
    send_all(house)
    judge(house)
    assert told(house) == [], "one green judgment is not the end"
    judge(house, INBOX)
    judge(house)
    judge(house)
    assert told(house) == [OVER + "09:18 30/11."]
    for _ in range(5):
        judge(house)
    assert len(told(house)) == 1


def test_what_comes_again_is_told_again(house: House) -> None:
    for _ in range(2):
        judge(house, INBOX)
        judge(house, INBOX)
        send_all(house)
        judge(house)
        judge(house)
        send_all(house)
    assert len(told(house, OutboxState.SENT)) == 4


def test_each_kind_of_trouble_is_told_by_itself(house: House) -> None:
    judge(house, INBOX)
    judge(house, INBOX, TELEGRAM)
    judge(house, TELEGRAM)
    judge(house, TELEGRAM)
    assert alarms.present(house.session) == [
        (Trouble.TELEGRAM, house.now - timedelta(seconds=90 + 310)),
    ]


def test_an_alarm_that_could_not_go_out_gives_way_to_the_end(house: House) -> None:
    """While Telegram is away nothing arrives; afterwards one message says from when to when."""
    for _ in range(3):
        judge(house, TELEGRAM)
    assert len(told(house)) == 1
    judge(house)
    judge(house)
    assert told(house) == ["✅ <b>Đã hết: Telegram không phản hồi</b>\nTừ 09:10 30/11 đến 09:18 30/11."]
    assert outbox.count_refused(house.session) == 0


def test_every_administrator_is_told_and_nobody_else(house: House) -> None:
    lan = house.member("Trần Lan", Role.ADMIN)
    house.member("Chưa Có", Role.ADMIN, is_enrolled=False)
    judge(house, INBOX)
    judge(house, INBOX)
    chats = {row.chat_id for row in house.session.exec(select(Outgoing))}
    assert chats == {house.hoa.chat_id, lan.chat_id}


def test_an_administrator_who_enrols_during_the_trouble_is_told(house: House) -> None:
    house.take_off(house.hoa)
    for _ in range(3):
        judge(house, INBOX)
    assert alarms.present(house.session) == []
    house.bind(house.hoa.id, 4711)
    judge(house, INBOX)
    assert [trouble for trouble, _since in alarms.present(house.session)] == [Trouble.INBOX]
    assert [row.chat_id for row in outbox.heads(house.session) if "is_alarm" in row.payload] == [4711]


def test_nothing_is_remembered_of_what_is_over(house: House) -> None:
    judge(house, INBOX)
    judge(house, INBOX)
    judge(house)
    judge(house)
    assert [facts.recall(house.session, f"alarm/{trouble}") for trouble in Trouble] == [None] * len(Trouble)


@pytest.mark.parametrize("trouble", list(Trouble))
def test_every_trouble_can_be_told(house: House, trouble: Trouble) -> None:
    judge(house, Finding(trouble, 90))
    judge(house, Finding(trouble, 90))
    assert len(told(house)) == 1
