"""What an operator can set: the only reader of the configuration file and of the environment.

`CHATVAN_SECTION__KEY` in the environment wins over the key of the file. Whatever cannot be used is told in
Vietnamese sentences, all at once; the values, among them the token, are never repeated.
"""

import difflib
import os
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import unquote

from pydantic import AfterValidator, BaseModel, Field, ValidationError, model_validator
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.rules.deadlines import Limit
from bot.rules.office import PROFILES, Office, Profile
from bot.rules.workdays import Calendar
from bot.sections import (
    BranchSection,
    CalendarSection,
    DatabaseSection,
    DeadlinesSection,
    EmptySection,
    Listed,
    LogSection,
    OfficeSection,
    RetentionSection,
    SummarySection,
    TelegramSection,
    WebSection,
    distinct,
)
from bot.wording.catalogue import plain
from storage.backup.places import Places
from storage.engine import sqlite_path
from storage.kinds import Role, Urgency

PREFIX = "CHATVAN_"
NAMES_THE_FILE = "CHATVAN_CONFIG"
DEFAULT_FILE = Path("config.toml")


class BadSettings(Exception):
    """The settings cannot be used; its text says in Vietnamese, line by line, what to write where."""


class Settings(BaseSettings):
    """All settings, checked. Made by `load`."""

    model_config = SettingsConfigDict(
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        env_prefix=PREFIX,
        env_prefix_target="all",  # also where the name is an alias
        env_nested_delimiter="__",
        env_ignore_empty=True,
        enable_decoding=False,  # lists decode themselves, so that a bad one is named by its key
    )

    office_section: OfficeSection = Field(default=OfficeSection(), alias="office")
    telegram: TelegramSection
    database: DatabaseSection
    deadlines: DeadlinesSection = DeadlinesSection()
    calendar: CalendarSection = CalendarSection()
    reminders: EmptySection = EmptySection()
    summary: SummarySection = SummarySection()
    retention: RetentionSection = RetentionSection()
    web: WebSection = WebSection()
    log: LogSection = LogSection()
    branches: Annotated[
        tuple[BranchSection, ...],
        Listed,
        Field(min_length=1, description="branches"),
        AfterValidator(distinct),
    ]

    @model_validator(mode="before")
    @classmethod
    def _with_all_sections(cls, values: dict[str, Any]) -> dict[str, Any]:
        # So that a missing section is reported by the keys that must stand in it.
        return {"telegram": {}, "database": {}, "branches": [], **values}

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment first; `load` hands over what stands in the file."""
        return env_settings, init_settings

    def office(self) -> Office:
        """Return what the rules and the operations need to know of this office."""
        given = self.deadlines
        return Office(
            profile=self._profile(),
            phone=self.office_section.phone,
            calendar=self._calendar(),
            limits={
                Urgency.NORMAL: Limit(working_days=given.normal_days),
                Urgency.URGENT: Limit(working_days=given.urgent_days),
                Urgency.VERY_URGENT: Limit(working_days=given.very_urgent_days),
                Urgency.FLASH: Limit(clock_hours=given.flash_hours),
            },
            further=Limit(working_days=given.further_days),
            verdict_days=given.verdict_days,
            code_lasts=timedelta(days=given.code_days),
            prompt_lasts=timedelta(minutes=given.prompt_minutes),
            retention_years=self.retention.years,
            summary_weekday=self.summary.weekday,
            summary_time=self.summary.time,
        )

    def _profile(self) -> Profile:
        words = self.office_section
        nouns = words.model_dump(exclude={"profile", "phone", "titles"}, exclude_none=True)
        titles = words.titles.model_dump(exclude_none=True)
        if chief := titles.pop("chief", None):
            nouns["chief"] = chief
        profile = PROFILES[words.profile]
        own_titles = {Role(role): title for role, title in titles.items()}
        return replace(profile, **nouns, titles={**profile.titles, **own_titles})

    def _calendar(self) -> Calendar:
        given = self.calendar
        return Calendar(given.hours, given.weekdays, given.off, given.working, given.decided_years)

    def files_folder(self) -> Path:
        """Return where attachments lie: as set, else beside the SQLite file, else here."""
        if self.database.files is not None:
            return Path(self.database.files)
        file = sqlite_path(self.database.url)
        return file.with_name(f"{file.stem}-files") if file else Path("chatvan-files")

    def places(self) -> Places:
        """Return where the data lie, and where their backups go: as set, or beside the data."""
        file = sqlite_path(self.database.url)
        beside = file.with_name(f"{file.stem}-backups") if file else Path("chatvan-backups")
        backups = Path(self.database.backups) if self.database.backups is not None else beside
        return Places(self.database.url, self.files_folder(), backups)

    def keeps_backups(self) -> bool:
        """Return whether the running bot makes backups by itself."""
        return self.retention.backups > 0

    def branch_names(self) -> list[tuple[str, str, str]]:
        """Return code, name and full name of each branch, for `storage.branches.synchronise`."""
        office = self.office()
        return [
            (branch.code, branch.name, branch.full_name or office.full_branch_name(branch.name))
            for branch in self.branches
        ]

    def secrets(self) -> list[str]:
        """Return what must never stand in a log: the token, and the passwords within addresses."""
        proxy = self.telegram.proxy.get_secret_value() if self.telegram.proxy else ""
        passwords = [re.search(r"://[^:/@]*:(.*)@", address) for address in (self.database.url, proxy)]
        told = [self.telegram.token.get_secret_value(), *(found[1] for found in passwords if found)]
        return list(dict.fromkeys(form for secret in told for form in (secret, unquote(secret)) if form))


# --- reading ---


def load(path: Path | None) -> Settings:
    """Return the settings from `path`, or the file that CHATVAN_CONFIG names, or config.toml.

    There need be no file if the environment says it all. Raises BadSettings.
    """
    file = place(path)
    if unknown := list(_unknown_variables(os.environ)):
        raise BadSettings("\n".join(unknown))
    tree = _read(file)
    wrong = [_unknown_section(name, file) for name in tree if name not in fields(Settings)]
    try:
        settings = Settings(**{name: part for name, part in tree.items() if name in fields(Settings)})
    except ValidationError as error:
        absent = [] if file.exists() else [plain("settings.no_file", file=file)]
        wrong = [*absent, *wrong, *(_sentence(one, file) for one in error.errors())]
    if wrong:
        # Outside the handler: the error of pydantic, which holds the values, must not hang on to this one.
        raise BadSettings("\n".join(wrong))
    return settings


def place(path: Path | None) -> Path:
    """Return where the file is looked for, whether it is there or not."""
    return path or Path(os.environ.get(NAMES_THE_FILE) or DEFAULT_FILE)


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))  # Notepad puts a mark in front
    except FileNotFoundError:
        return {}
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        sentence = plain("settings.syntax", file=file, line=line and line[1])
    except UnicodeDecodeError:
        sentence = plain("settings.not_utf8", file=file)
    except OSError as error:
        sentence = plain("settings.unreadable", file=file, reason=error.strerror)
    raise BadSettings(sentence)


def fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """Return the fields of a section under the names that an operator writes."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def section_of(field: FieldInfo | None) -> type[BaseModel] | None:
    """Return the model behind a field that is a section; of [[branches]] the model of one branch."""
    if field is None:
        return None
    kind = field.annotation
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return kind
    return BranchSection if field.description == "branches" else None


def variables(model: type[BaseModel], prefix: str = PREFIX) -> Iterator[str]:
    """Yield the name of every variable of the environment that holds a setting."""
    for name, field in fields(model).items():
        section = section_of(field)
        if section is None or section is BranchSection:
            yield prefix + name.upper()
        else:
            yield from variables(section, f"{prefix}{name.upper()}__")


# --- saying what is wrong ---


def _unknown_variables(environment: Iterable[str]) -> Iterator[str]:
    """pydantic-settings passes over a variable whose section it does not know."""
    known = [NAMES_THE_FILE, *variables(Settings)]
    for name in environment:
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            # Without the prefix, which would make them all alike.
            near = _near(name.upper().removeprefix(PREFIX), [one.removeprefix(PREFIX) for one in known])
            yield plain("settings.unknown_variable", variable=name, near=near and PREFIX + near)


def _near(name: str, known: Iterable[str]) -> str:
    return next(iter(difflib.get_close_matches(name, known, n=1)), "")


def _bracketed(section: str) -> str:
    return "[[branches]]" if section == "branches" else f"[{section}]"


def _unknown_section(name: str, file: Path) -> str:
    known = fields(Settings)
    near = _near(name, known)
    return plain(
        "settings.unknown_section",
        file=file,
        name=name,
        near=near and _bracketed(near),
        known=", ".join(map(_bracketed, known)),
    )


class _Spot:
    """Where in the configuration an error lies, from pydantic's path to it."""

    def __init__(self, path: Iterable[int | str], file: Path) -> None:
        self.file = file
        self.names: list[str] = []
        self.branch = self.item = 0  # counted from 1
        self.known: dict[str, FieldInfo] = {}
        within: type[BaseModel] | None = Settings
        for step in path:
            if isinstance(step, str):
                self.known = fields(within) if within else {}
                self.names.append(step)
                within = section_of(self.known.get(step))
            elif within is BranchSection:
                self.branch = step + 1
            else:
                self.item = step + 1
        self.key = "" if within else self.names[-1]
        self.section = ".".join(self.names if within else self.names[:-1])

    @property
    def want(self) -> str:
        """What to write here."""
        field = self.known[self.names[-1]]
        return plain(f"settings.want.{field.description or 'section'}", section=_bracketed(self.section))

    @property
    def variable(self) -> str:
        """The variable that can hold this setting."""
        names = self.names[:1] if self.section == "branches" else self.names
        return PREFIX + "__".join(names).upper()

    def place(self, *, with_key: bool) -> str:
        """Return the variable if the value came from there, otherwise file, section and key."""
        is_variable = any(name.upper() == self.variable and value for name, value in os.environ.items())
        names_key = with_key and not (is_variable and self.section != "branches")
        return plain(
            "settings.place",
            variable=self.variable if is_variable else "",
            file=self.file,
            section=_bracketed(self.section),
            branch=self.branch,
            name=self.key if names_key else "",
            item=self.item,
        )


def _sentence(error: ErrorDetails, file: Path) -> str:
    spot, kind = _Spot(error["loc"], file), error["type"]
    if kind.startswith("settings."):
        return plain(kind, place=spot.place(with_key=False), **error["ctx"])
    if kind == "extra_forbidden":
        near = _near(spot.key, spot.known)
        known = ", ".join(spot.known)
        place = spot.place(with_key=False)
        return plain("settings.unknown_key", place=place, name=spot.key, near=near, known=known)
    if kind == "missing":
        variable = "" if spot.branch else spot.variable
        place = spot.place(with_key=False)
        return plain("settings.missing", place=place, name=spot.key, variable=variable, want=spot.want)
    return plain("settings.wrong", place=spot.place(with_key=True), want=spot.want)
