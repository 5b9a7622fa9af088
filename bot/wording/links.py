"""Tappable commands in texts: `/xem_12`, or `/xem_12_2026` for an older working year.

Never with a space: a tap on "/traloi 12" would send "/traloi" alone.
"""

from datetime import datetime
from typing import Protocol

from bot.rules.dates import HANOI, working_year


class Numbered(Protocol):
    """An inquiry, or what is kept of one: it has a number within a working year."""

    @property
    def number(self) -> int: ...
    @property
    def year(self) -> int: ...


def link(command: str, inquiry: Numbered, now: datetime) -> str:
    """Return the command that opens an inquiry, tappable in a text."""
    this_year = working_year(now.astimezone(HANOI).date())
    year = "" if inquiry.year == this_year else f"_{inquiry.year}"
    return f"/{command}_{inquiry.number}{year}"
