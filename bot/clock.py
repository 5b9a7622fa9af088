"""The only place that asks what time it is; everybody else is told."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias

Clock: TypeAlias = Callable[[], datetime]
"""What gives the present moment, aware. Tests and the demo bring their own."""


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)
