"""Work in a process of its own that kills itself at a given step, as a power cut would.

The processes are forked by a server without threads: a fork of the tests' own process, which has some,
now and then never wakes.
"""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from storage.backup import postgresql, programs
from storage.backup.making import make
from storage.backup.manifest import Made
from storage.backup.places import Places
from storage.backup.restoring import restore
from storage.backup.shelf import Backup
from tests.storage.rows import NOW

STEPS = ("fsync", "rename", "replace", "link", "unlink", "mkdir", "rmdir", "chmod")
"""What changes a disk, beside the writing itself."""

_forking = multiprocessing.get_context("forkserver")
_forking.set_forkserver_preload(["storage.backup.restoring"])


def back_up(here: Places) -> Backup:
    return make(here, here.backups, Made.BY_HAND, now=NOW)


def bring_back(there: Places, folder: Path) -> None:
    restore(there, folder, replace=True, now=NOW)


def is_killed(
    prepare: Callable[..., None], how: tuple[Any, ...], work: Callable[..., object], *on: Any
) -> bool:
    """Do `work` on something in a process that `prepare` has made to kill itself; return whether it did."""
    process = _forking.Process(target=_run, args=(prepare, how, work, on))
    process.start()
    process.join(60)
    assert process.exitcode in (0, -signal.SIGKILL), f"the work failed by itself: {process.exitcode}"
    return process.exitcode != 0


def _run(
    prepare: Callable[..., None], how: tuple[Any, ...], work: Callable[..., object], on: tuple[Any, ...]
) -> None:
    prepare(*how)
    work(*on)


def every_step(work: Callable[..., object], *on: Any, stride: int = 1) -> Iterator[int]:
    """Do the work again and again, killed a stride later each time; yield after each kill."""
    step = 1
    while is_killed(at_step, (step, bool(step % 2)), work, *on):
        yield step
        step += stride
    assert step > 10, "hardly a step was seen: nothing was tried"


def at_step(step: int, is_after: bool) -> None:
    """Let this process kill itself just before or after its nth step on the disk."""
    taken = 0

    def counting(real: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **more: Any) -> Any:
            nonlocal taken
            taken += 1
            if taken == step and not is_after:
                _die()
            try:
                return real(*args, **more)
            finally:
                if taken == step:
                    _die()

        return counted

    for name in STEPS:
        setattr(os, name, counting(getattr(os, name)))


def after_lines(lines: int) -> None:
    """Let this process kill itself when psql has heard so many lines of a dump."""
    running = programs.running

    def cut(command: Any, *args: Any, **more: Any) -> Any:
        context = running(command, *args, **more)
        is_restore = command[0].endswith("pg_restore") and any("--schema" in word for word in command)
        return _Cut(context, lines) if is_restore else context

    setattr(postgresql, "running", cut)  # noqa: B010 - where it is used, not where it stands


class _Cut:
    """A program whose output ends this process after some lines."""

    def __init__(self, context: Any, lines: int) -> None:
        self._context, self._lines = context, lines

    def __enter__(self) -> "_Cut":
        self.stdout = self._limited(self._context.__enter__().stdout)
        return self

    def _limited(self, output: Any) -> Iterator[bytes]:
        for number, line in enumerate(output):
            if number == self._lines:
                _die()
            yield line

    def __exit__(self, *error: Any) -> Any:
        return self._context.__exit__(*error)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
