"""How fast new messages may go out: so many a second in all, so many a second to one chat.

Times are seconds of a monotonic clock, given by the caller. A pause that Telegram asked for is kept
to the chat that it was asked for; when a second chat is refused meanwhile, everything pauses.
"""

from dataclasses import dataclass, field

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

    def started(self, now: float) -> None:
        """Note that a new message leaves."""
        self._free_at = max(now, self._free_at) + MARGIN / self.per_second

    def ended(self, chat_id: int, now: float) -> None:
        """Note that a new message has arrived: the chat's next one counts from here."""
        self._forget_past(now)
        self._chat_free_at[chat_id] = now + MARGIN / self.chat_per_second

    def refused(self, chat_id: int, now: float, seconds: float) -> None:
        """Note that Telegram asked to wait (429)."""
        others = [until for chat, until in self._chat_paused.items() if chat != chat_id and until > now]
        self._chat_paused[chat_id] = now + seconds
        if others:
            self._paused_until = max(self._paused_until, now + seconds)

    def hold_all(self, now: float, seconds: float) -> None:
        """Let nothing out for a while: Telegram cannot be reached."""
        self._paused_until = max(self._paused_until, now + seconds)

    def _forget_past(self, now: float) -> None:
        if len(self._chat_free_at) > 1000:
            self._chat_free_at = {chat: at for chat, at in self._chat_free_at.items() if at > now}
            self._chat_paused = {chat: at for chat, at in self._chat_paused.items() if at > now}
