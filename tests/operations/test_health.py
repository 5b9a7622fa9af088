"""The numbers: what counts as waiting, and since when, on both databases."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from bot.operations import backups, delivery, health, post, staff
from bot.rules.health import Queue, Rows, Trouble, judge_rows
from bot.wording.catalogue import say
from bot.wording.message import Message
from storage import inbox, outbox
from storage.inbox import Arrival
from storage.kinds import Hindrance, Lane
from storage.tables import Outgoing
from tests.operations.conftest import House


def numbers(house: House, *, keeps_backups: bool = True) -> Rows:
    return health.gather(house.session, now=house.now, keeps_backups=keeps_backups)


def wait(house: House, **by: float) -> None:
    house.now += timedelta(**by)


def tell(house: House, lane: Lane = Lane.NOTICE, chat_id: int = 7) -> Outgoing:
    return post.tell_chat(house.session, chat_id, Message(say("plain", text="tin")), now=house.now, lane=lane)


def send(house: House, row: Outgoing) -> None:
    assert row.id is not None
    delivery.mark_sent(house.session, row.id, row.id, now=house.now, office=house.office)


def send_what_waits(house: House) -> None:
    while rows := outbox.heads(house.session):
        for row in rows:
            send(house, row)


def store(session: Session, house: House, *update_ids: int) -> None:
    arrivals = [Arrival(one, str(one), 7, {"update_id": one}) for one in update_ids]
    inbox.store(session, 1, arrivals, house.now)


def test_a_new_office_has_nothing_to_count(house: House) -> None:
    assert numbers(house) == Rows(outbox=dict.fromkeys(Lane, Queue()))


def test_the_inbox_is_as_old_as_what_waits_longest(house: House, session: Session) -> None:
    store(session, house, 1, 2)
    wait(house, seconds=20)
    store(session, house, 3)
    wait(house, seconds=15)
    assert numbers(house).inbox == Queue(3, 35)
    inbox.mark_done(session, 1)
    inbox.mark_failed(session, 2, "ValueError")
    assert (numbers(house).inbox, numbers(house).failed) == (Queue(1, 15), 1)


def test_each_lane_is_as_old_as_what_waits_longest(house: House) -> None:
    tell(house, Lane.OWN, 7)
    wait(house, seconds=30)
    tell(house, Lane.OWN, 8)
    tell(house, Lane.ROUTINE, 9)
    wait(house, seconds=5)
    assert numbers(house).outbox == {
        Lane.OWN: Queue(2, 35),
        Lane.NOTICE: Queue(),
        Lane.ROUTINE: Queue(1, 5),
    }


def test_what_waits_its_turn_is_not_stuck_while_others_of_its_chat_go_out(house: House) -> None:
    """Somebody who taps a hundred times waits for Telegram's pace, and nothing is wrong."""
    rows = [tell(house, Lane.OWN) for _ in range(100)]
    for row in rows[:90]:
        wait(house, seconds=1)
        send(house, row)
    wait(house, seconds=1)
    assert numbers(house).outbox[Lane.OWN] == Queue(10, 1)
    wait(house, minutes=2)
    assert [one.trouble for one in judge_rows(numbers(house))] == [Trouble.OWN]


def test_what_was_held_for_a_blocked_account_is_not_stuck_once_it_goes_out(house: House) -> None:
    row = tell(house, chat_id=house.tam.chat_id or 0)
    assert row.id is not None
    delivery.mark_unreachable(house.session, row.id, Hindrance.BLOCKED, now=house.now)
    send_what_waits(house)
    wait(house, days=3)
    assert numbers(house).held == 1
    outbox.release_chat(house.session, house.tam.chat_id or 0)
    tell(house, chat_id=house.tam.chat_id or 0)
    send(house, row)
    wait(house, seconds=1)
    assert numbers(house).outbox[Lane.NOTICE] == Queue(1, 1)


def test_a_blocked_account_is_no_trouble(house: House) -> None:
    row = tell(house, chat_id=house.tam.chat_id or 0)
    assert row.id is not None
    delivery.mark_unreachable(house.session, row.id, Hindrance.BLOCKED, now=house.now)
    send_what_waits(house)
    wait(house, days=3)
    assert judge_rows(numbers(house)) == ()


def test_refusals_are_those_of_telegram(house: House) -> None:
    for chat_id in (7, house.son.chat_id or 0):
        row = tell(house, chat_id=chat_id)
        assert row.id is not None
        delivery.mark_refused(house.session, row.id, "Bad Request: MESSAGE_TOO_LONG", now=house.now)
    tell(house, chat_id=house.tam.chat_id or 0)
    staff.suspend(house.session, house.tam.id, by=house.hoa, now=house.now, office=house.office)
    house.queued()
    house.take_off(house.binh)
    inquiry = house.queued(by=house.dat)
    house.withdraw(inquiry, by=house.dat)
    outbox.overtake(house.session, [tell(house).id or 0])
    assert (numbers(house).refused, numbers(house).refused_lately) == (2, 2)
    wait(house, hours=24)
    assert (numbers(house).refused, numbers(house).refused_lately) == (2, 0)


def test_backups_are_counted_where_they_are_wanted(house: House) -> None:
    assert numbers(house).backup is None
    backups.succeed(house.session, now=house.now)
    wait(house, hours=37)
    assert numbers(house).backup == timedelta(hours=37).total_seconds()
    assert [one.trouble for one in judge_rows(numbers(house))] == [Trouble.BACKUP]
    assert judge_rows(numbers(house, keeps_backups=False)) == ()


def test_a_first_backup_that_fails_is_known(house: House) -> None:
    backups.fail(house.session, "Không ghi được.")
    assert numbers(house).has_backup_failed
    assert [one.trouble for one in judge_rows(numbers(house))] == [Trouble.BACKUP]
    backups.succeed(house.session, now=house.now)
    assert not numbers(house).has_backup_failed


@pytest.mark.parametrize("jump", [timedelta(days=-2), timedelta(days=2)])
def test_a_clock_that_jumps_makes_nothing_red_for_ever(
    house: House, session: Session, jump: timedelta
) -> None:
    """What was done before the jump may look old for a moment; what goes on afterwards is as old as it is."""
    backups.succeed(session, now=house.now)
    send(house, tell(house))
    house.now += jump
    backups.succeed(session, now=house.now)
    store(session, house, 1)
    tell(house)
    tell(house, Lane.OWN, 8)
    wait(house, seconds=20)
    assert judge_rows(numbers(house)) == ()
    assert (numbers(house).inbox.oldest, numbers(house).outbox[Lane.OWN].oldest) == (20, 20)


def test_what_was_done_before_the_clock_was_set_back_is_not_younger_than_now(
    house: House, session: Session
) -> None:
    backups.succeed(session, now=house.now)
    store(session, house, 1)
    tell(house)
    wait(house, days=-2)
    assert (numbers(house).inbox.oldest, numbers(house).backup) == (0, 0)
    assert judge_rows(numbers(house)) == ()
