"""How fast new messages may go out: so many a second in all, so many a second to one chat.

Times are seconds of a monotonic clock, given by the caller. A pause that Telegram asked for is kept
to the chat that it was asked for; when a second chat is refused meanwhile, everything pauses.
"""

from dataclasses import dataclass, field
from datetime import datetime

# A little slower than allowed: what leaves evenly may still arrive unevenly.
MARGIN = 1.02


@dataclass
class Pacer:
    """`per_second` new messages in all, `chat_per_second` to one chat."""

    per_second: float
    chat_per_second: float
    _free_at: float = 0.0
    _chat_free_at: dict[int, float] = field(default_factory=dict)
    _chat_paused: dict[int, float] = field(default_factory=dict)
    _paused_until: float = 0.0

    def wait(self, chat_id: int, now: float, *, is_new: bool) -> float:
        """Return the seconds until a call to this chat may go out; 0 when it may now."""
        until = max(self._paused_until, self._chat_paused.get(chat_id, 0.0))
        if is_new:
            until = max(until, self._free_at, self._chat_free_at.get(chat_id, 0.0))
        return max(0.0, until - now)

    def turn(self, chat_id: int) -> float:
        """Return what sorts chats: who was served longest ago is next.

        So nobody's first message waits for another's tenth, and no chat is left over with a queue at the end.
        """
        return self._chat_free_at.get(chat_id, 0.0)

    def started(self, now: float, count: int = 1) -> None:
        """Note that new messages leave together: an album counts as many as it has files."""
        self._free_at = max(now, self._free_at) + count * MARGIN / self.per_second

    def ended(self, chat_id: int, now: float, count: int = 1) -> None:
        """Note that new messages have arrived: the chat's next one counts from here."""
        self._forget_past(now)
        self._chat_free_at[chat_id] = now + count * MARGIN / self.chat_per_second

    def refused(self, chat_id: int, now: float, seconds: float) -> None:
        """Note that Telegram asked to wait (429)."""
        others = [until for chat, until in self._chat_paused.items() if chat != chat_id and until > now]
        self._chat_paused[chat_id] = max(self._chat_paused.get(chat_id, 0.0), now + seconds)
        if others:
            self._paused_until = max(self._paused_until, now + seconds)

    def hold_all(self, now: float, seconds: float) -> None:
        """Let nothing out for a while: Telegram cannot be reached."""
        self._paused_until = max(self._paused_until, now + seconds)

    def _forget_past(self, now: float) -> None:
        if len(self._chat_free_at) > 1000:
            self._chat_free_at = {chat: at for chat, at in self._chat_free_at.items() if at > now}
            self._chat_paused = {chat: at for chat, at in self._chat_paused.items() if at > now}


@dataclass
class Postponed:
    """Rows that wait after a failed try, counted down by the monotonic clock.

    A moment that an earlier process wrote is read once, and believed for up to `longest` seconds: a wall
    clock that was set back must hold no message.
    """

    longest: float
    _until: dict[int, tuple[datetime, float]] = field(default_factory=dict)

    def wait(self, row_id: int, not_before: datetime | None, *, at: datetime, now: float) -> float:
        """Return the seconds until a row may be tried; `at` is the wall clock, `now` the monotonic one."""
        if not_before is None:
            return 0.0
        known = self._until.get(row_id)
        if known is None or known[0] != not_before:
            seconds = min(max((not_before - at).total_seconds(), 0.0), self.longest)
            known = self._until[row_id] = not_before, now + seconds
        return max(0.0, known[1] - now)

    def note(self, row_id: int, not_before: datetime, until: float) -> None:
        """Note that this process postponed a row, until when by either clock."""
        self._until[row_id] = not_before, until

    def forget(self, row_id: int) -> None:
        """Note that a row has been tried."""
        self._until.pop(row_id, None)
