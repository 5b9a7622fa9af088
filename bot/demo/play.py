"""`chatvan demo`: a stand-in Telegram, the real bot beside it, and a story played over HTTP by phones.

`chatvan demo --phones` begins like the story, then hands the phones over to whoever opens their page.

Only the loopback is used, nothing is left behind, and no setting of a real bot is read.
"""

import asyncio
import io
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.text import Text

from bot.demo import story
from bot.demo.backstage import Backstage, PlayBroken, backstage
from bot.demo.narrator import Narrator
from bot.demo.page import phones_page
from bot.demo.standin import StandIn

PACE = 0.15  # seconds that people take before they type or press, for those who watch
WATCH = 1.0  # seconds between looks whether the bot still runs
BROKEN, STOPPED = 1, 130
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


async def play_story(*, is_quick: bool) -> int:
    """Play the story and print it; return 0, 1 when something went wrong, 130 when it was stopped."""

    async def play(told: story.Story, office: Backstage) -> None:
        await told.play()
        await told.check_history(office)
        office.check_bot()

    narrator = Narrator(_console())
    begun = time.monotonic()
    try:
        with _signals_cancel():
            await _play(narrator, 0.0 if is_quick else PACE, play)
    except (PlayBroken, OSError):
        return BROKEN
    except asyncio.CancelledError:
        narrator.console.print("\nĐã dừng diễn; không để lại gì trên máy.")
        return STOPPED
    seconds = f"{time.monotonic() - begun:.1f}".replace(".", ",")
    sent = f"{narrator.received} tin đến {narrator.phones} máy"
    narrator.console.print(f"\nDiễn xong: {sent} trong {seconds} giây; không để lại gì.", style="bold")
    return 0


async def hold_phones(*, port: int = 0) -> int:
    """Enrol everybody, then serve the page of the phones until a signal; return 0, 1 if something broke."""
    narrator = Narrator(_console())

    async def hold(told: story.Story, office: Backstage) -> None:
        async with phones_page(told.standin, narrator.holders, port) as address:
            narrator.heading("Các máy trong trình duyệt")
            narrator.remark(f"Mở {address} để cầm máy của từng người; Ctrl-C để kết thúc.")
            while True:
                await asyncio.sleep(WATCH)
                office.check_bot()

    try:
        with _signals_cancel():
            await _play(narrator, 0.0, hold)
    except (PlayBroken, OSError):
        return BROKEN
    except asyncio.CancelledError:
        narrator.console.print("\nĐã kết thúc; không để lại gì trên máy.")
    return 0


async def _play(
    narrator: Narrator, pace: float, go_on: Callable[[story.Story, Backstage], Awaitable[None]]
) -> None:
    """Set the office up, enrol everybody, and go on from there."""
    async with StandIn() as standin, backstage(standin) as office:
        standin.on_event(narrator.told)
        narrator.remark(
            "Telegram giả lập và bot thật, chỉ trên máy này; người, vụ việc, số liệu là giả định."
        )
        try:
            links = await story.set_up(office, narrator)
            played = story.Story(standin, narrator, pace)
            await played.enrol(links)
            await go_on(played, office)
        except (PlayBroken, OSError) as broken:
            _report(broken, office, narrator)
            raise


def _report(broken: Exception, office: Backstage, narrator: Narrator) -> None:
    """Say what went wrong, and what the bot said last."""
    try:
        office.check_bot()
        sentence = str(broken)
    except PlayBroken as ended:
        sentence = str(ended)
    narrator.console.print(Text(f"\nKhông diễn được: {sentence}", "bold red"))
    lines = office.last_lines()
    if lines:
        narrator.console.print("Những dòng cuối trong nhật ký của bot:")
        narrator.console.print(Text("\n".join(lines), "dim"), soft_wrap=True)


def _console() -> Console:
    """A console that never fails on a letter; what is piped is as wide as a narrow terminal."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    return Console(highlight=False, markup=False, emoji=False)


@contextmanager
def _signals_cancel() -> Iterator[None]:
    """Let Ctrl-C and SIGTERM end the play; a second one does not disturb the tidying up."""
    task, loop = asyncio.current_task(), asyncio.get_running_loop()
    assert task is not None

    def cancel() -> None:
        if not task.cancelling():
            task.cancel()

    for number in SIGNALS:
        loop.add_signal_handler(number, cancel)
    try:
        yield
    finally:
        for number in SIGNALS:
            loop.remove_signal_handler(number)
