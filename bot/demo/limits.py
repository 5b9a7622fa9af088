"""Telegram's limits on new messages, off until a test sets them."""

import math
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.demo.refusals import too_many_requests

# A little short of a second, so that the jitter of the network accuses nobody who keeps exact intervals.
WINDOW = 0.9


@dataclass
class Limits:
    """New messages allowed within a second: to everybody together, and to one chat. 0 is no limit."""

    per_second: float = 0
    per_chat: float = 0
    tick: Callable[[], float] = time.monotonic
    _all: deque[float] = field(default_factory=deque)
    _by_chat: dict[int, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def charge(self, chat_id: int, messages: int = 1) -> None:
        """Count new messages, or refuse them with 429; what was refused does not count."""
        now = self.tick()
        for sent, limit in ((self._all, self.per_second), (self._by_chat[chat_id], self.per_chat)):
            self._refuse_above(limit, sent, messages, now)
        for sent in (self._all, self._by_chat[chat_id]):
            sent.extend([now] * messages)

    def _refuse_above(self, limit: float, sent: deque[float], messages: int, now: float) -> None:
        while sent and sent[0] <= now - WINDOW:
            sent.popleft()
        # An album alone may be longer than the limit; it goes through when nothing else went before.
        if limit and sent and len(sent) + messages > limit:
            raise too_many_requests(max(1, math.ceil(sent[0] + WINDOW - now)))
