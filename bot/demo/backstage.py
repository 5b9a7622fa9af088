"""The office's server in a demo: a folder, its configuration, the real bot as a process of its own.

Nothing of it outlives the block: processes are ended by their ids, the folder goes with all that is in it.
"""

import asyncio
import contextlib
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.demo.province import BRANCHES
from bot.demo.standin import StandIn

TREE = Path(__file__).parents[2]
START = 30.0  # seconds for the bot to make its database and ask for updates
END = 8.0  # seconds for a process to finish by itself
COMMAND = 60.0  # seconds for one command of the command line


class PlayBroken(Exception):
    """The play cannot go on; the text is a Vietnamese sentence."""


class Backstage:
    """The server: `folder` holds everything; `run` is its command line, `start_bot` serves."""

    def __init__(self, folder: Path, standin: StandIn) -> None:
        self.folder = folder
        self.standin = standin
        self.config = folder / "config.toml"
        self.log = folder / "chatvan.log"
        self._bot: Process | None = None

    def write_config(self) -> None:
        """Write a complete config.toml; the stand-in has no limits, so none are kept."""
        branches = "".join(
            f'\n[[branches]]\ncode = "{code}"\nname = "{name}"\nfull_name = "{full_name}"\n'
            for code, (name, full_name) in BRANCHES.items()
        )
        self.config.write_text(
            f'[telegram]\ntoken = "{self.standin.token}"\nbase_url = "{self.standin.base_url}"\n'
            "messages_per_second = 1000\nchat_messages_per_second = 1000\n\n"
            f'[database]\nurl = "sqlite:///{self.folder / "chatvan.sqlite3"}"\n{branches}',
            encoding="utf-8",
        )

    async def start_bot(self) -> None:
        """Start `chatvan run` and wait until it asks for updates."""
        with self.log.open("wb") as log:
            self._bot = await self._process("run", output=log.fileno())
        waiting = 0.0
        while not self.standin.is_polled:
            self.check_bot()
            if waiting > START:
                raise PlayBroken(f"Bot không hỏi tin mới sau {START:.0f} giây.")
            await asyncio.sleep(0.02)
            waiting += 0.02

    def check_bot(self) -> None:
        """Raise PlayBroken if the bot has ended."""
        if self._bot is not None and self._bot.returncode is not None:
            raise PlayBroken(f"Bot dừng giữa chừng, mã thoát {self._bot.returncode}.")

    async def run(self, *arguments: str) -> list[str]:
        """Run a command of the command line; return the lines that it printed. Raises PlayBroken."""
        process = await self._process(*arguments, output=PIPE)
        try:
            async with asyncio.timeout(COMMAND):
                printed, _ = await process.communicate()
        except TimeoutError:
            raise PlayBroken(f"Lệnh chatvan {arguments[0]} không xong sau {COMMAND:.0f} giây.") from None
        finally:
            await _end(process)
        lines = printed.decode("utf-8", "replace").splitlines()
        if process.returncode:
            said = lines[-1] if lines else "không in gì"
            raise PlayBroken(f"Lệnh chatvan {arguments[0]} không chạy được (mã {process.returncode}): {said}")
        return lines

    async def _process(self, *arguments: str, output: int) -> Process:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            *arguments,
            "--config",
            str(self.config),
            stdin=DEVNULL,
            stdout=output,
            stderr=STDOUT,
            cwd=self.folder,
            env=_environment(),
            start_new_session=True,  # Ctrl-C reaches the demo alone, which ends what it started
        )

    def last_lines(self, count: int = 12) -> Sequence[str]:
        """The last lines of the bot's log."""
        if not self.log.is_file():
            return []
        return self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-count:]

    async def stop_bot(self) -> None:
        if self._bot is not None:
            await _end(self._bot)


async def _end(process: Process) -> None:
    """End a process politely, then without asking."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            async with asyncio.timeout(END):
                await process.wait()
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


def _environment() -> dict[str, str]:
    """This very program in UTF-8, without the settings of a real bot that may stand in the environment."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CHATVAN_")}
    return kept | {"PYTHONPATH": str(TREE), "PYTHONUTF8": "1"}


@contextlib.asynccontextmanager
async def backstage(standin: StandIn) -> AsyncIterator[Backstage]:
    """Open the server's folder with its configuration; at the end of the block all of it is gone."""
    with TemporaryDirectory(prefix="chatvan-demo-", ignore_cleanup_errors=True) as folder:
        office = Backstage(Path(folder), standin)
        office.write_config()
        try:
            yield office
        finally:
            await office.stop_bot()
