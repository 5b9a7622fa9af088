"""What the checks look at: the settings, the machine, Telegram's answers, the database if it is usable."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx

from bot.clock import Clock
from bot.settings import Settings
from storage.database import Database
from storage.engine import TROUBLE, DatabaseUnusable, reason, sqlite_path
from storage.locks import is_served
from storage.migrations import current, known, newest

PATIENCE = 8.0  # seconds that Telegram has for an answer


@dataclass(frozen=True)
class Answer:
    """What Telegram answered. `status` 0: nothing, and `trouble` names the kind of failure.

    `result` is None unless Telegram says that all is well; `skew` is how far this machine's clock is ahead.
    """

    status: int = 0
    result: Any = None
    is_refusal: bool = False  # in Telegram's own words, not those of something on the way
    trouble: str = ""
    skew: timedelta | None = None


@dataclass
class Patient:
    """One set-up under examination. `database` is there when it answers; `revision` is its schema's."""

    settings: Settings
    config: Path
    clock: Clock
    database: Database | None = None
    unusable: str = ""  # why there is no database
    revision: str | None = None
    _answers: dict[str, Answer] = field(default_factory=dict)

    @cached_property
    def file(self) -> Path | None:
        """The SQLite file; None with PostgreSQL."""
        return sqlite_path(self.settings.database.url)

    @property
    def is_absent(self) -> bool:
        """Return whether the database was never made; asking would make it."""
        return self.file is not None and not self.file.exists()

    @property
    def is_current(self) -> bool:
        """Return whether the database can be asked: it answers, and its tables are those of this version."""
        return self.database is not None and self.revision == newest()

    @property
    def is_too_new(self) -> bool:
        return self.revision is not None and self.revision not in known()

    def is_served(self) -> bool:
        """Return whether a `chatvan run` serves this database now."""
        return self.database is not None and is_served(self.database.engine, self.settings.database.url)

    def ask(self, method: str) -> Answer:
        """Ask Telegram something that changes nothing; each question is put once."""
        if method not in self._answers:
            self._answers[method] = _asked(self.settings, method, self.clock)
        return self._answers[method]


def _asked(settings: Settings, method: str, clock: Clock) -> Answer:
    given = settings.telegram
    proxy = given.proxy.get_secret_value() if given.proxy else None
    begun = clock()
    try:
        with httpx.Client(proxy=proxy, trust_env=False, timeout=PATIENCE) as client:
            response = client.post(f"{given.base_url}/bot{given.token.get_secret_value()}/{method}")
    except Exception as error:  # its words may hold the address, and so the token
        return Answer(trouble=type(error).__name__)
    said, told_at = _json(response), _date(response)
    skew = begun + (clock() - begun) / 2 - told_at if told_at else None
    return Answer(response.status_code, said.get("result"), said.get("ok") is False, "", skew)


def _json(response: httpx.Response) -> dict[str, Any]:
    try:
        said = response.json()
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _date(response: httpx.Response) -> datetime | None:
    try:
        told = parsedate_to_datetime(response.headers["date"])
    except (KeyError, ValueError):
        return None
    return told if told.tzinfo else None


@contextmanager
def opened(patient: Patient) -> Iterator[None]:
    """Open the patient's database for the block, if it is there and answers."""
    if patient.is_absent:
        yield
        return
    database: Database | None = None
    try:
        database = Database(patient.settings.database.url, busy_seconds=PATIENCE)
        with database.engine.connect() as connection:
            patient.revision = current(connection)
    except DatabaseUnusable as error:
        patient.unusable = str(error)
    except TROUBLE as trouble:
        patient.unusable = reason(trouble)
    except Exception as error:  # a file of something else
        patient.unusable = str(getattr(error, "orig", None) or type(error).__name__)
    else:
        patient.database = database
    try:
        yield
    finally:
        if database is not None:
            database.close()
