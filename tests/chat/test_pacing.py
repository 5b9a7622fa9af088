"""Telegram's pace, played with a clock of the test's own: nothing waits in real time."""

import random
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from bot.chat.pacing import Pacer, Postponed

CHATS, EACH = 300, 10
IDEAL = CHATS * EACH / 30  # seconds
AT = datetime(2026, 11, 30, 2, 16, tzinfo=UTC)


@dataclass
class Telegram:
    """Takes at most `limit` new messages in any second, and one to a chat; counts what it would refuse."""

    limit: int = 30
    refused: int = 0
    _all: deque[float] = field(default_factory=deque)
    _last: dict[int, float] = field(default_factory=dict)

    def take(self, chat: int, now: float) -> None:
        while self._all and self._all[0] <= now - 1:
            self._all.popleft()
        if len(self._all) >= self.limit or now - self._last.get(chat, -9.0) < 1:
            self.refused += 1
        self._all.append(now)
        self._last[chat] = now


def by_chat(_chance: random.Random) -> list[int]:
    return [chat for chat in range(CHATS) for _ in range(EACH)]


def in_turns(_chance: random.Random) -> list[int]:
    return [chat for _ in range(EACH) for chat in range(CHATS)]


def shuffled(chance: random.Random) -> list[int]:
    order = by_chat(chance)
    chance.shuffle(order)
    return order


def one_chat_last(_chance: random.Random) -> list[int]:
    return sorted(by_chat(_chance), key=lambda chat: chat == 7)


def send_all(order: Sequence[int], pacer: Pacer, telegram: Telegram, travel: Callable[[], float]) -> float:
    """Send one message after another as the sender does; return when the last has arrived."""
    waiting = defaultdict[int, deque[int]](deque)
    for place, chat in enumerate(order):
        waiting[chat].append(place)
    now = 0.0
    while waiting:
        heads = sorted((pacer.turn(chat), places[0], chat) for chat, places in waiting.items())
        waits = [(pacer.wait(chat, now, is_new=True), chat) for *_, chat in heads]
        ready = next((chat for wait, chat in waits if wait <= 0), None)
        if ready is None:
            now += min(wait for wait, _ in waits)
            continue
        pacer.started(now)
        now += travel()
        telegram.take(ready, now)
        pacer.ended(ready, now)
        waiting[ready].popleft()
        if not waiting[ready]:
            del waiting[ready]
    return now


@pytest.mark.parametrize("order", [by_chat, in_turns, shuffled, one_chat_last])
@pytest.mark.parametrize("seed", [1, 2])
def test_three_thousand_messages_are_never_refused_and_hardly_late(
    order: Callable[[random.Random], list[int]], seed: int
) -> None:
    chance, telegram = random.Random(seed), Telegram()
    # Within a sliding window even an even pace may bunch up by what the way to Telegram varies.
    took = send_all(order(chance), Pacer(30, 1), telegram, lambda: chance.uniform(0.001, 0.012))
    assert telegram.refused == 0
    assert took <= IDEAL / 0.97


def test_a_burst_is_spread_over_the_second() -> None:
    pacer, now = Pacer(30, 1), 100.0
    for chat in range(5):
        assert pacer.wait(chat, now, is_new=True) == pytest.approx(0 if chat == 0 else chat * 0.034)
        pacer.started(now)


def test_an_edit_does_not_wait_for_new_messages() -> None:
    pacer = Pacer(30, 1)
    pacer.started(5.0)
    pacer.ended(1, 5.0)
    assert pacer.wait(1, 5.0, is_new=False) == 0
    assert pacer.wait(1, 5.0, is_new=True) == pytest.approx(1.02)


def test_what_a_chat_was_told_to_wait_holds_everything_to_it_and_nothing_else() -> None:
    pacer = Pacer(30, 1)
    pacer.refused(1, 10.0, 7)
    assert pacer.wait(1, 10.0, is_new=False) == 7
    assert pacer.wait(1, 16.0, is_new=True) == 1
    assert pacer.wait(1, 17.0, is_new=True) == 0
    assert pacer.wait(2, 10.0, is_new=True) == 0


def test_a_second_chat_refused_while_the_first_waits_holds_everybody() -> None:
    pacer = Pacer(30, 1)
    pacer.refused(1, 10.0, 5)
    pacer.refused(2, 11.0, 7)
    assert pacer.wait(3, 11.0, is_new=False) == 7
    assert pacer.wait(3, 18.0, is_new=True) == 0


def test_a_second_refusal_after_the_first_is_over_is_a_chats_own() -> None:
    pacer = Pacer(30, 1)
    pacer.refused(1, 10.0, 5)
    pacer.refused(2, 15.0, 5)
    assert pacer.wait(3, 15.0, is_new=True) == 0


def test_the_same_chat_refused_twice_holds_nobody_else() -> None:
    pacer = Pacer(30, 1)
    pacer.refused(1, 10.0, 5)
    pacer.refused(1, 11.0, 9)
    assert pacer.wait(1, 11.0, is_new=True) == 9
    assert pacer.wait(2, 11.0, is_new=True) == 0


def test_a_shorter_wait_does_not_end_a_longer_one() -> None:
    pacer = Pacer(30, 1)
    pacer.refused(1, 10.0, 60)
    pacer.refused(1, 11.0, 1)
    assert pacer.wait(1, 12.0, is_new=True) == 58


def test_old_waits_are_forgotten_and_present_ones_are_not() -> None:
    pacer = Pacer(30, 1)
    pacer.refused(-1, 0.0, 10_000)
    for chat in range(5000):
        pacer.ended(chat, chat * 1.0)
    assert pacer.wait(4999, 4999.0, is_new=True) == pytest.approx(1.02)
    assert pacer.wait(-1, 4999.0, is_new=True) == 5001
    assert len(pacer._chat_free_at) <= 1001


# --- what the database says of a row that waits -----------------------------------------------


def test_a_row_that_was_not_postponed_does_not_wait() -> None:
    assert Postponed(15).wait(1, None, at=AT, now=5.0) == 0


def test_a_moment_is_counted_down_whatever_the_wall_clock_does() -> None:
    postponed, until = Postponed(15), AT + timedelta(seconds=4)
    assert postponed.wait(1, until, at=AT, now=100.0) == 4
    assert postponed.wait(1, until, at=AT - timedelta(days=3), now=103.0) == 1
    assert postponed.wait(1, until, at=AT - timedelta(days=3), now=104.0) == 0


def test_a_moment_far_ahead_is_not_believed() -> None:
    postponed, until = Postponed(15), AT + timedelta(days=400)
    assert postponed.wait(1, until, at=AT, now=100.0) == 15
    assert postponed.wait(1, until, at=AT, now=115.0) == 0


def test_what_this_process_postponed_it_knows() -> None:
    postponed, until = Postponed(15), AT + timedelta(seconds=300)
    postponed.note(1, until, 400.0)
    assert postponed.wait(1, until, at=AT - timedelta(days=3), now=100.0) == 300
    postponed.forget(1)
    assert postponed.wait(1, until, at=AT, now=100.0) == 15


def test_a_row_postponed_anew_waits_anew() -> None:
    postponed = Postponed(15)
    assert postponed.wait(1, AT + timedelta(seconds=1), at=AT, now=100.0) == 1
    assert postponed.wait(1, AT + timedelta(seconds=5), at=AT, now=101.0) == 5
