"""The buttons that turn the pages of a list."""

import pytest

from bot.wording import pages
from bot.wording.callbacks import Tap


@pytest.mark.parametrize(
    ("page", "total", "count", "ways"),
    [
        (0, 0, 1, []),
        (0, 8, 1, []),
        (0, 9, 2, [("Trang sau", "pagefound:s3:0:1")]),
        (1, 9, 2, [("Trang trước", "pagefound:s3:0:0")]),
        (1, 17, 3, [("Trang trước", "pagefound:s3:0:0"), ("Trang sau", "pagefound:s3:0:2")]),
    ],
)
def test_the_buttons_that_turn_pages(page: int, total: int, count: int, ways: list[tuple[str, str]]) -> None:
    assert pages.count(total) == count
    found = pages.buttons(Tap.PAGE_FOUND, 3, page, total)
    assert [(one.label, one.data) for one in found if one] == ways


@pytest.mark.parametrize(
    ("page", "total", "shown"), [(0, 0, 0), (1, 9, 1), (2, 9, 1), (99, 17, 2), (5, 0, 0)]
)
def test_a_page_that_is_no_more_is_the_last_one(page: int, total: int, shown: int) -> None:
    assert pages.within(page, total) == shown
