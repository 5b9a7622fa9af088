"""Every word that people read stands in a catalogue (`vi.po`), under a key, as a small template.

`say` fills it in: values are escaped for Telegram's HTML, a key or a value that is missing is an
error at once, never an empty place in a message.
"""

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from bot.rules.dates import (
    HANOI,
    format_date,
    format_day_month,
    format_deadline,
    format_moment,
    format_weekday,
)
from bot.rules.money import format_money
from bot.wording.lengths import shorten

LANGUAGE = "vi"


@cache
def catalogue(language: str = LANGUAGE) -> Catalog:
    """Return a language's catalogue, read once."""
    with (Path(__file__).parent / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


def _day_month(moment: datetime) -> str:
    return f"{moment.astimezone(HANOI):%d/%m}"


@cache
def _environment() -> Environment:
    # A line that begins with % is a statement and leaves no line behind.
    environment = Environment(autoescape=True, undefined=StrictUndefined, line_statement_prefix="%")
    environment.filters |= {
        "money": format_money,
        "date": format_date,
        "deadline": format_deadline,
        "moment": lambda moment: format_moment(moment, HANOI),
        "clock": lambda moment: f"{moment.astimezone(HANOI):%H:%M}",
        "day_month": _day_month,
        "weekday": lambda moment: format_weekday(moment.astimezone(HANOI).date()),
        "weekday_of": format_weekday,
        "day_month_of": format_day_month,
        "shorten": shorten,
    }
    return environment


@cache
def _template(key: str) -> Template:
    message = catalogue().get(key)
    if message is None or not message.string:
        raise KeyError(f"no text under the key {key!r}")
    return _environment().from_string(str(message.string))


def say(key: str, **values: Any) -> Markup:
    """Return the text under `key`, filled in, as Telegram HTML."""
    return Markup(_template(key).render(**values).strip("\n"))


def plain(key: str, **values: Any) -> str:
    """Return the text under `key` for places that know no HTML: toasts, button labels, the terminal."""
    return say(key, **values).unescape()
