"""What every command begins with: settings and database, or a sentence that says why not and an exit code."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from bot import clock, logs
from bot.rules.dates import HANOI
from bot.settings import BadSettings, Settings, load
from bot.wording.backups import refusal
from bot.wording.catalogue import plain
from storage import branches
from storage.backup.troubles import BackupTrouble
from storage.backup.upgrading import upgrade
from storage.database import Database
from storage.engine import TROUBLE, DatabaseUnusable, reason, sqlite_path
from storage.migrations import SchemaTooNew

REFUSED, USAGE, BAD_CONFIG = 1, 2, 78

ConfigOption = Annotated[Path | None, typer.Option("--config", help=plain("cli.option_config"))]


def fail(sentence: str, code: int = REFUSED) -> NoReturn:
    """Say why a command does nothing, and end."""
    typer.echo(sentence, err=True)
    raise typer.Exit(code)


def read_settings(config: Path | None) -> Settings:
    """Return the settings; end with 78 and a sentence when they are wrong."""
    try:
        settings = load(config)
    except BadSettings as error:
        fail(str(error), BAD_CONFIG)
    logs.configure(settings.log.level, settings.log.format, settings.secrets())
    return settings


@contextmanager
def opened(settings: Settings) -> Iterator[Database]:
    """Open the database, created or migrated if need be."""
    with sentences(settings):
        upgrade(settings.places(), now=clock.now().astimezone(HANOI))
        database = Database(settings.database.url)
        try:
            names = settings.branch_names()
            database.write_now(lambda session: branches.synchronise(session, names))
            yield database
        finally:
            database.close()


@contextmanager
def sentences(settings: Settings) -> Iterator[None]:
    """Turn what can go wrong with the database into sentences."""
    try:
        yield
    except DatabaseUnusable as error:
        fail(plain("cli.database_unusable", where=_where(settings), reason=str(error)))
    except TROUBLE as trouble:
        fail(plain("cli.database_unusable", where=_where(settings), reason=reason(trouble)))
    except BackupTrouble as trouble:
        fail(refusal(trouble))
    except SchemaTooNew:
        fail(plain("cli.schema_too_new"))


def _where(settings: Settings) -> str:
    return str(sqlite_path(settings.database.url) or "PostgreSQL")
