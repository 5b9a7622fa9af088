"""Which files travel together: as the Bot API lets them form albums."""

import pytest

from bot.rules.enclosures import LARGEST, groups
from storage.kinds import Media

LETTERS = {
    "p": Media.PHOTO,
    "v": Media.VIDEO,
    "d": Media.DOCUMENT,
    "a": Media.AUDIO,
    "o": Media.VOICE,
    "g": Media.ANIMATION,
    "n": Media.VIDEO_NOTE,
}


@pytest.mark.parametrize(
    ("sent", "arrives"),
    [
        ("", []),
        ("p", ["p"]),
        ("pvp", ["pvp"]),
        ("pdp", ["p", "d", "p"]),
        ("dda", ["dd", "a"]),
        ("aap", ["aa", "p"]),
        ("oo", ["o", "o"]),
        ("pop", ["p", "o", "p"]),
        ("gg", ["g", "g"]),
        ("nvn", ["n", "v", "n"]),
        ("p" * 10, ["p" * 10]),
        ("p" * 11, ["p" * 10, "p"]),
        ("p" * 9 + "v" * 3, ["p" * 9 + "v", "vv"]),
        ("d" * 25, ["d" * 10, "d" * 10, "d" * 5]),
    ],
)
def test_files_keep_their_order_and_their_company(sent: str, arrives: list[str]) -> None:
    assert ["".join(group) for group in groups(sent, LETTERS.__getitem__)] == arrives


def test_every_sort_has_its_row() -> None:
    assert set(LETTERS.values()) == set(Media)


def test_a_bot_may_fetch_twenty_megabytes() -> None:
    assert LARGEST == 20_971_520
