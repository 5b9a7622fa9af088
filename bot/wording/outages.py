"""What people read after the bot was away."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.wording.catalogue import plain, say
from bot.wording.message import Message
from storage.dossiers import Dossier

KEPT = timedelta(hours=24)
"""So long Telegram keeps what nobody fetches."""
LISTED = 20


def told(dossiers: Sequence[Dossier], since: datetime, until: datetime) -> Message:
    """Return what a person is told whose inquiries these are; deadlines that moved are named."""
    moves = [
        plain("outage.move", number=one.number, due=one.move.new_due_at)
        for one in dossiers
        if one.move is not None and one.move.away_until == until
    ]
    shown = ", ".join(moves[:LISTED]) + (", …" if len(moves) > LISTED else "")
    is_long = until - since > KEPT
    return Message(
        say("outage.told", since=since, until=until, moves=shown, is_long=is_long, kept_from=until - KEPT)
    )
