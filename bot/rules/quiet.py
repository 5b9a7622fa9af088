"""A person's own quiet hours: times of day within working hours in which nothing shall sound.

Outside working hours nothing sounds anyway. A hỏa tốc sounds at any hour.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, time
from types import MappingProxyType

from bot.rules.dates import HANOI
from bot.rules.workdays import Span

END_OF_DAY = time.max

CHOICES: Mapping[str, Span] = MappingProxyType(
    {
        "before_eight": (time(0), time(8)),
        "noon": (time(11), time(14)),
        "late": (time(16, 30), END_OF_DAY),
    }
)
"""What can be chosen, under the name that its button carries."""


def is_quiet(moment: datetime, spans: Iterable[Span]) -> bool:
    """Whether a moment lies in one of the spans; the beginning belongs to it, the end does not."""
    local = moment.astimezone(HANOI).time()
    return any(begins <= local < ends for begins, ends in spans)
