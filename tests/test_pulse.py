"""The pulse: seconds since something was done, by a clock that only ever runs forward."""

from bot.pulse import Pulse
from bot.rules.health import Stage

JOBS = [("reminders", 20.0), ("calendar", 3600.0)]


class Ticks:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def lags(pulse: Pulse) -> dict[str, float]:
    return {sweep.name: sweep.lag for sweep in pulse.beats(JOBS).sweeps}


def test_a_sweep_lags_from_its_last_run_or_from_when_the_process_began_to_serve() -> None:
    ticks = Ticks()
    pulse = Pulse(ticks)
    ticks.now += 500  # standing by
    pulse.enter(Stage.SERVING)
    ticks.now += 10
    pulse.swept("reminders")
    ticks.now += 5
    assert lags(pulse) == {"reminders": 5, "calendar": 15}
    assert [sweep.every for sweep in pulse.beats(JOBS).sweeps] == [20, 3600]


def test_telegram_is_silent_since_it_last_answered_or_since_the_start() -> None:
    ticks = Ticks()
    pulse = Pulse(ticks)
    ticks.now += 40
    assert pulse.beats(JOBS).silence == 40
    pulse.reached()
    ticks.now += 7
    assert (pulse.beats(JOBS).silence, pulse.beats(JOBS).contested) == (7, 0)


def test_whoever_asks_telegram_too_is_known_although_we_are_answered_now_and_then() -> None:
    ticks = Ticks()
    pulse = Pulse(ticks)
    for _ in range(10):
        pulse.contested()
        ticks.now += 20
        pulse.reached()
        ticks.now += 20
    assert pulse.beats(JOBS).contested == 9 * 40
    ticks.now += 81
    assert pulse.beats(JOBS).contested == 0, "whoever it was has gone"
    pulse.contested()
    assert pulse.beats(JOBS).contested == 0, "another time is another beginning"
    ticks.now += 7
    pulse.contested()
    assert pulse.beats(JOBS).contested == 7


def test_a_process_stands_by_until_it_is_told_otherwise() -> None:
    assert Pulse(Ticks()).stage is Stage.STANDING_BY
