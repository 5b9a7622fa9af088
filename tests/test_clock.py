from datetime import UTC, datetime, timedelta

import time_machine

from bot import clock


def test_now_is_the_present_moment_in_utc() -> None:
    with time_machine.travel(datetime(2026, 11, 23, 9, 16, tzinfo=UTC), tick=False):
        assert clock.now() == datetime(2026, 11, 23, 9, 16, tzinfo=UTC)


def test_now_is_aware() -> None:
    """A naive moment would be read in whatever zone the machine stands."""
    assert clock.now().utcoffset() == timedelta()


def test_now_is_a_clock() -> None:
    given: clock.Clock = clock.now
    assert given() <= clock.now()
