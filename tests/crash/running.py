"""`chatvan run` as a process of its own, against a stand-in Telegram that outlives it."""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.demo.standin import StandIn
from tests.waiting import until

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 60.0  # seconds; a start takes one or two, on a busy machine ten


def environment() -> dict[str, str]:
    """Return the environment without what would change the settings."""
    return {key: value for key, value in os.environ.items() if not key.startswith("CHATVAN_")}


async def chatvan(*arguments: str | Path, log: Path) -> asyncio.subprocess.Process:
    """Start `chatvan …`; what it says is added to `log`."""
    with log.open("ab") as output:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", *arguments,
            stdin=asyncio.subprocess.DEVNULL, stdout=output, stderr=output, cwd=ROOT, env=environment(),
        )  # fmt: skip


class RunningBot:
    """At most one `chatvan run` at a time. `log` holds what all of them said."""

    def __init__(self, config: Path, standin: StandIn, log: Path | None = None) -> None:
        self.config, self.standin = config, standin
        self.log = log or config.with_suffix(".log")
        self._process: asyncio.subprocess.Process | None = None

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    @property
    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    @property
    def last_words(self) -> str:
        return "\n".join(self.said.splitlines()[-40:])

    async def launch(self) -> None:
        """Start the process and wait for nothing."""
        assert not self.is_running
        self._process = await chatvan("run", "--config", self.config, log=self.log)

    async def start(self) -> None:
        """Start the process and wait until it polls."""
        before = len(self.standin.calls)
        await self.launch()
        await self.polling(before)

    async def polling(self, since: int = 0) -> None:
        """Wait until a bot polls that has asked since the stand-in's call number `since`."""

        def polls() -> bool:
            assert self.is_running, f"the bot ended:\n{self.last_words}"
            return self.standin.is_polled and _polls(self.standin, since)

        await until(polls, seconds=PATIENCE)

    async def says(self, words: str) -> None:
        """Wait until these words stand in the log."""
        try:
            await until(lambda: words in self.said, seconds=PATIENCE)
        except AssertionError:
            raise AssertionError(f"never said {words!r}:\n{self.said}") from None

    async def kill(self) -> None:
        """End the process as a power cut does."""
        assert self._process is not None
        if self.is_running:
            self._process.send_signal(signal.SIGKILL)
        await self._process.wait()

    async def terminate(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ask the process to end; return its exit code. It has 10 seconds."""
        assert self._process is not None
        self._process.send_signal(number)
        return await self.ended(10)

    async def ended(self, seconds: float = PATIENCE) -> int:
        """Wait for the process to end; return its exit code."""
        assert self._process is not None
        try:
            return await asyncio.wait_for(self._process.wait(), seconds)
        except TimeoutError:
            raise AssertionError(f"still running after {seconds} s:\n{self.said}") from None

    async def close(self) -> None:
        """Leave no process behind."""
        if self._process is not None:
            await self.kill()


def _polls(standin: StandIn, since: int) -> bool:
    return any(call.method == "getUpdates" for call in standin.calls[since:])


async def run_once(*arguments: str | Path, log: Path, seconds: float = PATIENCE) -> tuple[int, str]:
    """Run a command to its end; return its exit code and what it said."""
    process = await chatvan(*arguments, log=log)
    try:
        code = await asyncio.wait_for(process.wait(), seconds)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return code, await asyncio.to_thread(log.read_text, encoding="utf-8")


def assert_speaks_well(said: str, secrets: Sequence[str]) -> None:
    """No program's inner life and no secret stands in what was said."""
    assert "Traceback" not in said, said
    for secret in secrets:
        assert secret not in said, said
