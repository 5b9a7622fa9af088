"""Tappable commands in texts: `/xem_12`, or `/xem_12_2026` for an older working year.

Never with a space: a tap on "/traloi 12" would send "/traloi" alone.
"""

from datetime import datetime

from bot.rules.dates import HANOI, working_year
from storage.tables import Inquiry


def link(command: str, inquiry: Inquiry, now: datetime) -> str:
    """Return the command that opens an inquiry, tappable in a text."""
    this_year = working_year(now.astimezone(HANOI).date())
    year = "" if inquiry.year == this_year else f"_{inquiry.year}"
    return f"/{command}_{inquiry.number}{year}"
