"""Waiting for what a test cannot be told of."""

import asyncio
from collections.abc import Awaitable, Callable

PATIENCE = 30.0  # seconds; a machine that does something else at the same time is slow


async def until(seen: Callable[[], bool | Awaitable[bool]], *, seconds: float = PATIENCE) -> None:
    """Wait until `seen` says so. Raises AssertionError when it never does."""
    try:
        async with asyncio.timeout(seconds):
            while not await _said(seen()):  # noqa: ASYNC110 - there is no event for it
                await asyncio.sleep(0.005)
    except TimeoutError:
        raise AssertionError(f"not seen within {seconds} s") from None


async def _said(answer: bool | Awaitable[bool]) -> bool:
    return answer if isinstance(answer, bool) else await answer
