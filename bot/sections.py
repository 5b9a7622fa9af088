"""What may stand in the sections of config.toml: a section is a model, a key is a field.

The `description` of a field names the text that says what to write there (`settings.want.…`). Every key is
read by some code; one that nothing reads would be a promise not kept.
"""

import ipaddress
import json
import re
from datetime import date, datetime, time
from typing import Annotated, Literal, TypeAlias
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from bot.rules.office import Office
from bot.rules.workdays import Calendar, Span
from storage.engine import normal_url
from storage.text import nfc

# --- how a value is read; a ValueError means: not what the field's text asks for ---


def _tidy(text: str) -> str:
    return " ".join(nfc(text).split())


def _not_empty(text: str) -> str:
    if not text:
        raise ValueError
    return text


def _number(value: object) -> object:
    if isinstance(value, bool):  # true would count as 1
        raise ValueError
    return value


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _listed(value: object) -> object:
    """Read a list that stands in the environment, as JSON."""
    return json.loads(value) if isinstance(value, str) else value


def _token(secret: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[0-9]+:[A-Za-z0-9_-]+", secret.get_secret_value()):
        raise ValueError
    return secret


def _address(url: str) -> str:
    parts = urlsplit(url)
    has_place = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    if not has_place or parts.query or parts.fragment or re.search(r"\s", url):
        raise ValueError
    return url.rstrip("/")


def _proxy(secret: SecretStr) -> SecretStr:
    return SecretStr(_address(secret.get_secret_value()))


def _database_url(url: str) -> str:
    try:
        parsed = make_url(normal_url(url))
    except ArgumentError:
        raise ValueError from None
    is_file = parsed.drivername == "sqlite" and parsed.database not in (None, "", ":memory:")
    if not is_file and not (parsed.drivername == "postgresql+psycopg" and parsed.database):
        raise ValueError
    return url


def _loopback(host: str) -> str:
    if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
        raise ValueError
    return host


def _span(value: object) -> Span:
    bounds = re.fullmatch(r"(\d{1,2}):(\d\d) ?[-–] ?(\d{1,2}):(\d\d)", str(value), re.ASCII)
    if bounds is None:
        raise ValueError
    opening_hour, opening_minute, closing_hour, closing_minute = map(int, bounds.groups())
    return time(opening_hour, opening_minute), time(closing_hour, closing_minute)


def _in_order(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    return Calendar(spans=spans).spans


def _weekday(value: object) -> int:
    return ["T2", "T3", "T4", "T5", "T6", "T7", "CN"].index(str(value).upper())


def _day(value: object) -> date:
    """Read a TOML date, `2026-01-02` or `02/01/2026`."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    text = str(value)
    if re.fullmatch(r"\d{1,2}/\d{1,2}/\d{4}", text, re.ASCII):
        day, month, year = map(int, text.split("/"))
        return date(year, month, day)
    return date.fromisoformat(text)


def _clock_time(value: object) -> time:
    """Read a TOML time, `16:00` or `7:30`."""
    if isinstance(value, time):
        return value
    said = re.fullmatch(r"(\d{1,2}):(\d\d)", str(value), re.ASCII)
    if said is None:
        raise ValueError
    return time(int(said[1]), int(said[2]))


Text: TypeAlias = Annotated[str, AfterValidator(_tidy)]
Word: TypeAlias = Annotated[str, AfterValidator(_tidy), AfterValidator(_not_empty)]
Override: TypeAlias = Annotated[Word | None, Field(description="word")]
Count: TypeAlias = Annotated[int, BeforeValidator(_number), Field(ge=1, le=1000, description="count")]
Rate: TypeAlias = Annotated[
    float, BeforeValidator(_number), Field(gt=0, allow_inf_nan=False, description="rate")
]
Folder: TypeAlias = Annotated[Annotated[str, AfterValidator(_not_empty)] | None, Field(description="folder")]
ClockTime: TypeAlias = Annotated[time, BeforeValidator(_clock_time), Field(description="time")]
Listed = BeforeValidator(_listed)


# --- the sections ---


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class TitlesSection(Section):
    """Titles that differ from the profile's."""

    chief: Override = None
    leader: Override = None
    head: Override = None
    deputy: Override = None
    officer: Override = None
    observer: Override = None
    admin: Override = None


class OfficeSection(Section):
    profile: Annotated[Literal["2018", "2025"], BeforeValidator(str), Field(description="profile")] = "2018"
    phone: Annotated[Text, Field(description="phone")] = ""
    department: Override = None
    leadership: Override = None
    secretariat: Override = None
    branch_noun: Override = None
    branch_full_noun: Override = None
    titles: TitlesSection = TitlesSection()


class TelegramSection(Section):
    token: Annotated[SecretStr, AfterValidator(_token), Field(description="token")]
    base_url: Annotated[str, AfterValidator(_address), Field(description="base_url")] = (
        "https://api.telegram.org"
    )
    proxy: Annotated[Annotated[SecretStr, AfterValidator(_proxy)] | None, Field(description="proxy")] = None
    mode: Annotated[Literal["polling"], BeforeValidator(_lower), Field(description="mode")] = "polling"
    messages_per_second: Rate = 30
    chat_messages_per_second: Rate = 1
    daily_megabytes: Count = 200


class DatabaseSection(Section):
    # Not in repr: a PostgreSQL URL may hold a password.
    url: Annotated[str, AfterValidator(_database_url), Field(description="database_url", repr=False)]
    files: Folder = None
    backups: Folder = None


class DeadlinesSection(Section):
    normal_days: Count = 5
    urgent_days: Count = 2
    very_urgent_days: Count = 1
    flash_hours: Count = 4
    further_days: Count = 2
    verdict_days: Count = 20
    prompt_minutes: Count = 30
    code_days: Count = 7


class CalendarSection(Section):
    hours: Annotated[
        tuple[Annotated[Span, BeforeValidator(_span)], ...],
        Listed,
        AfterValidator(_in_order),
        Field(description="hours"),
    ] = Calendar().spans
    weekdays: Annotated[
        frozenset[Annotated[int, BeforeValidator(_weekday)]],
        Listed,
        Field(min_length=1, description="weekdays"),
    ] = Calendar().weekdays
    off: Annotated[frozenset[Annotated[date, BeforeValidator(_day)]], Listed, Field(description="days")] = (
        frozenset()
    )
    working: Annotated[
        frozenset[Annotated[date, BeforeValidator(_day)]], Listed, Field(description="days")
    ] = frozenset()
    decided_years: Annotated[
        frozenset[Annotated[int, BeforeValidator(_number), Field(ge=2018, le=2099)]],
        Listed,
        Field(description="years"),
    ] = frozenset()

    @model_validator(mode="after")
    def _no_day_is_both(self) -> "CalendarSection":
        if both := self.off & self.working:
            raise PydanticCustomError("settings.both_off_and_working", "", {"day": min(both)})
        return self


class SummarySection(Section):
    weekday: Annotated[int, BeforeValidator(_weekday), Field(description="weekday")] = (
        Office().summary_weekday
    )
    time: ClockTime = Office().summary_time


class RetentionSection(Section):
    years: Count = 10
    backups: Annotated[int, BeforeValidator(_number), Field(ge=0, le=1000, description="count_or_none")] = 14
    backup_time: ClockTime = time(2, 0)


class WebSection(Section):
    host: Annotated[str, AfterValidator(_tidy), AfterValidator(_loopback), Field(description="loopback")] = (
        "127.0.0.1"
    )
    port: Annotated[int, BeforeValidator(_number), Field(ge=0, le=65535, description="port")] = 0


class LogSection(Section):
    level: Annotated[
        Literal["debug", "info", "warning", "error"], BeforeValidator(_lower), Field(description="level")
    ] = "info"
    format: Annotated[Literal["text", "json"], BeforeValidator(_lower), Field(description="format")] = "text"


class EmptySection(Section):
    """A section that has its place but no keys yet."""


class BranchSection(Section):
    code: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]*$", max_length=16, description="branch_code")]
    name: Annotated[Word, Field(description="branch_name")]
    full_name: Annotated[Word | None, Field(description="branch_full_name")] = None


def distinct(branches: tuple[BranchSection, ...]) -> tuple[BranchSection, ...]:
    for key in ("code", "name"):
        seen: set[str] = set()
        for branch in branches:
            value = getattr(branch, key)
            if value.casefold() in seen:
                raise PydanticCustomError("settings.branch_twice", "", {"name": key, "value": value})
            seen.add(value.casefold())
    return branches
