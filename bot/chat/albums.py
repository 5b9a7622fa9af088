"""Keeping an album together: Telegram brings its files one update each, a moment apart."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from bot.rules.enclosures import LARGEST_ALBUM
from storage.tables import InboxUpdate

PAUSE = 0.5  # seconds without a further file, after which an album is taken for whole


@dataclass
class _Album:
    name: str
    rows: list[InboxUpdate]
    timer: asyncio.TimerHandle


class Albums:
    """Gathers rows that arrive in order, and hands them on, an album's rows together.

    What comes next in the same chat ends an album at once, so the order within the chat stays.
    """

    def __init__(self, hand_on: Callable[[list[InboxUpdate]], None]) -> None:
        self._hand_on = hand_on
        self._open: dict[int | None, _Album] = {}

    def take(self, row: InboxUpdate) -> None:
        """Take the next row of its chat."""
        name, album = row.album, self._open.get(row.chat_id)
        if album is not None and album.name == name:
            album.rows.append(row)
            album.timer.cancel()
            album.timer = self._timer(row.chat_id)
            if len(album.rows) == LARGEST_ALBUM:
                self._end(row.chat_id)
            return
        self._end(row.chat_id)
        if name:
            self._open[row.chat_id] = _Album(name, [row], self._timer(row.chat_id))
        else:
            self._hand_on([row])

    def close(self) -> None:
        """Forget what was not handed on; it stays in the inbox."""
        for album in self._open.values():
            album.timer.cancel()
        self._open.clear()

    def _timer(self, chat_id: int | None) -> asyncio.TimerHandle:
        return asyncio.get_running_loop().call_later(PAUSE, self._end, chat_id)

    def _end(self, chat_id: int | None) -> None:
        album = self._open.pop(chat_id, None)
        if album is not None:
            album.timer.cancel()
            self._hand_on(album.rows)
