"""Lists that are too long for one message: pages, and the buttons that turn them."""

from bot.wording.callbacks import SUBJECTS, Tap
from bot.wording.catalogue import plain
from bot.wording.message import Button, button

SIZE = 8
"""So many entries stand on a page."""


def count(total: int) -> int:
    """Return how many pages hold `total` entries; an empty list has one."""
    return max(-(-total // SIZE), 1)


def within(page: int, total: int) -> int:
    """Return `page` (from 0), or the last page where the list has become shorter."""
    return min(max(page, 0), count(total) - 1)


def buttons(tap: Tap, subject_id: int, page: int, total: int) -> list[Button | None]:
    """Return the row that turns the pages; nothing where there is but one."""
    before = _button(tap, subject_id, page - 1, "before") if page > 0 else None
    after = _button(tap, subject_id, page + 1, "after") if page + 1 < count(total) else None
    return [before, after]


def _button(tap: Tap, subject_id: int, page: int, way: str) -> Button:
    return button(tap, SUBJECTS[tap], subject_id, extra=str(page), label=plain(f"button.page_{way}"))
