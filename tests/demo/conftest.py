"""A stand-in, a phone in it, and a bot reduced to its HTTP calls."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from bot.demo.phones import Phone
from bot.demo.standin import StandIn

TOKEN = "123456:TEST"


def png(width: int = 640, height: int = 480) -> bytes:
    """The beginning of a PNG: all that the stand-in looks at."""
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + width.to_bytes(4) + height.to_bytes(4)


@dataclass
class Hand:
    """A clock that a test turns."""

    time: datetime = datetime(2026, 11, 30, 2, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def turn(self, **step: float) -> None:
        self.time += timedelta(**step)


@dataclass
class Bot:
    """Only the wire: a test sees what any library would see."""

    client: httpx.AsyncClient

    async def answer(self, method: str, **params: Any) -> httpx.Response:
        return await self.client.post(f"/bot{TOKEN}/{method}", json=params)

    async def call(self, method: str, **params: Any) -> Any:
        body = (await self.answer(method, **params)).json()
        assert body["ok"], body
        return body["result"]

    async def refused(self, method: str, **params: Any) -> tuple[int, str]:
        response = await self.answer(method, **params)
        body = response.json()
        assert not body["ok"], body
        assert response.status_code == body["error_code"]
        return body["error_code"], body["description"]

    async def upload(self, method: str, files: dict[str, tuple[str, bytes]], **params: Any) -> httpx.Response:
        return await self.client.post(f"/bot{TOKEN}/{method}", data=params, files=files)


@pytest.fixture
def clock() -> Hand:
    return Hand()


@pytest.fixture
async def telegram(clock: Hand) -> AsyncIterator[StandIn]:
    async with StandIn(TOKEN, "chatvan_bot", clock) as standin:
        yield standin


@pytest.fixture
async def bot(telegram: StandIn) -> AsyncIterator[Bot]:
    async with httpx.AsyncClient(base_url=telegram.base_url, timeout=10) as client:
        yield Bot(client)


@pytest.fixture
async def phone(telegram: StandIn) -> Phone:
    """A person who has opened the bot; the update of it is confirmed."""
    phone = telegram.phone(1001, "Bình", "Trần")
    await phone.send("/start")
    telegram.world.updates.drop_pending()
    return phone
