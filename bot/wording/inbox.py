"""What failed, as lines on the terminal: whose, of which kind, with which error; no contents."""

import re
from datetime import datetime

from bot.wording.catalogue import plain
from bot.wording.lengths import shorten

QUOTED = re.compile(r"""'[^']*'|"[^"]*"|“[^”]*”|‘[^’]*’""")
LONGEST_ERROR = 90


def line(seq: int, received_at: datetime, name: str, kind: str, error: str) -> str:
    """Return one failed update's line."""
    what = plain(f"inbox.kind_{kind}")
    return plain("inbox.line", seq=seq, at=received_at, name=name, kind=what, error=first_line(error))


def first_line(error: str) -> str:
    """Return an error's first line; what it quotes may be somebody's words, and is left out."""
    return shorten(QUOTED.sub("…", error.partition("\n")[0]), LONGEST_ERROR)
