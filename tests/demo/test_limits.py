import pytest

from bot.demo.limits import Limits
from bot.demo.refusals import Refusal


class Ticks:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


def test_without_limits_everything_passes(ticks: Ticks) -> None:
    limits = Limits(tick=ticks)
    for _ in range(1000):
        limits.charge(1)


def test_one_message_a_second_to_a_chat(ticks: Ticks) -> None:
    limits = Limits(per_chat=1, tick=ticks)
    limits.charge(1)
    limits.charge(2)
    with pytest.raises(Refusal) as refused:
        limits.charge(1)
    assert (refused.value.status, refused.value.parameters) == (429, {"retry_after": 1})
    ticks.now += 1
    limits.charge(1)


def test_thirty_messages_a_second_to_all(ticks: Ticks) -> None:
    limits = Limits(per_second=30, tick=ticks)
    for chat_id in range(30):
        limits.charge(chat_id)
    with pytest.raises(Refusal, match="429 Too Many Requests: retry after 1"):
        limits.charge(31)
    ticks.now += 1
    limits.charge(31)


def test_a_refused_message_does_not_count(ticks: Ticks) -> None:
    limits = Limits(per_chat=1, tick=ticks)
    limits.charge(1)
    for _ in range(5):
        ticks.now += 0.1
        with pytest.raises(Refusal):
            limits.charge(1)
    ticks.now += 0.5
    limits.charge(1)


def test_an_album_counts_every_file_but_may_go_first(ticks: Ticks) -> None:
    limits = Limits(per_chat=1, tick=ticks)
    limits.charge(1, 5)
    with pytest.raises(Refusal):
        limits.charge(1)
