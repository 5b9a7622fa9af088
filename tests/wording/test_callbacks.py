"""What a button carries: complete in itself, at most 64 bytes, and nothing else is believed."""

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.chat.presses import PRESSES
from bot.wording.callbacks import LARGEST, LONGEST, SUBJECTS, ForgedPress, Press, Tap, decode
from storage.kinds import SubjectKind, Urgency

IDS = st.integers(min_value=0, max_value=LARGEST)


@given(
    tap=st.sampled_from(Tap),
    subject_id=IDS,
    round=st.integers(min_value=0, max_value=9999),
    extra=st.from_regex(r"[a-z0-9_:]{0,12}", fullmatch=True),
)
def test_a_press_comes_back_as_it_was(tap: Tap, subject_id: int, round: int, extra: str) -> None:
    press = Press(tap, SUBJECTS[tap], subject_id, round, extra)
    assert decode(press.encode()) == press


def test_callback_data_is_readable() -> None:
    assert Press(Tap.RECEIVE, SubjectKind.INQUIRY, 12, 1).encode() == "recv:i12:1"
    assert Press(Tap.SET_URGENCY, SubjectKind.DRAFT, 7, extra="flash").encode() == "seturg:d7:0:flash"


@pytest.mark.parametrize("tap", list(Tap))
def test_the_longest_ids_stay_within_64_bytes(tap: Tap) -> None:
    """With the longest extra there is: an urgency, or another row's number."""
    for extra in (str(LARGEST), max(Urgency, key=len)):
        assert len(Press(tap, SUBJECTS[tap], LARGEST, LARGEST, extra).encode().encode()) <= LONGEST


def test_what_is_too_long_is_an_error_of_ours() -> None:
    with pytest.raises(ValueError, match="too long"):
        Press(Tap.PICK, SubjectKind.DRAFT, 1, extra="x" * LONGEST).encode()


@pytest.mark.parametrize(
    "data",
    [
        "",
        ":",
        "::",
        "recv",
        "recv:i12",
        "recv:i12:",
        "recv::1",
        "recv:i:1",
        "recv:12:1",
        "recv:x12:1",
        "recv:i-12:1",
        "recv:i12:-1",
        "recv:i1.5:1",
        "recv:i 12:1",
        "recv:i١٢:1",
        "recv:i²:1",
        "nothing:i12:1",
        "RECV:i12:1",
        " recv:i12:1",
        f"recv:i{LARGEST + 1}:1",
        f"recv:i12:{LARGEST + 1}",
        "recv:i" + "9" * 50 + ":1",
        "recv:i12:1:" + "x" * 60,
    ],
)
def test_what_no_button_carries_is_refused(data: str) -> None:
    with pytest.raises(ForgedPress):
        decode(data)


@given(data=st.text(max_size=80))
@example("recv:i12:1\ud800")
@example("recv:i" + "1" * 5000 + ":1")
def test_forged_data_raises_nothing_else(data: str) -> None:
    try:
        press = decode(data)
    except ForgedPress:
        return
    assert 0 <= press.subject_id <= LARGEST


@given(data=st.from_regex(r"(recv|ans|seturg):[idacpur]?[0-9]{0,12}:[0-9]{0,12}(:.{0,20})?", fullmatch=True))
def test_almost_true_data_raises_nothing_else(data: str) -> None:
    try:
        assert decode(data).encode()
    except ForgedPress:
        return


def test_every_button_has_its_handler_and_every_handler_its_button() -> None:
    assert len(Tap) > 20
    assert set(PRESSES) == set(Tap)
    assert set(SUBJECTS) == set(Tap)


def test_no_two_buttons_carry_the_same_word() -> None:
    assert len({tap.value for tap in Tap}) == len(Tap.__members__)
    assert len({kind.value for kind in SubjectKind}) == len(SubjectKind.__members__)
    assert all(len(kind.value) == 1 for kind in SubjectKind)


@pytest.mark.parametrize("extra", ["", "x", "-1", "٣", "99999999999999999999"])
def test_a_forged_number_is_refused(extra: str) -> None:
    with pytest.raises(ForgedPress):
        _ = Press(Tap.PICK, SubjectKind.DRAFT, 1, extra=extra).number


@pytest.mark.parametrize("extra", ["", "x", "20261399", "1", "٢٠٢٦١٢١٥", "-1"])
def test_a_forged_day_is_refused(extra: str) -> None:
    with pytest.raises(ForgedPress):
        _ = Press(Tap.SET_DUE, SubjectKind.DRAFT, 4, extra=extra).day


def test_a_day_travels_in_a_button() -> None:
    press = decode("setdue:d4:0:20261215")
    assert press.day == date(2026, 12, 15)
    assert press.encode() == "setdue:d4:0:20261215"
