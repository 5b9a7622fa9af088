"""The commands that keep an office's data: backup and restore."""

from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from bot import clock
from bot.opening import ConfigOption, fail, read_settings, sentences
from bot.operations import backups
from bot.rules.dates import HANOI
from bot.settings import Settings
from bot.wording import backups as wording
from bot.wording.catalogue import plain
from storage.backup.making import make
from storage.backup.manifest import Made
from storage.backup.restoring import restore as bring_back
from storage.backup.shelf import Backup
from storage.database import Database
from storage.engine import TROUBLE, sqlite_path
from storage.migrations import newest


def backup(
    folder: Annotated[Path | None, typer.Argument(metavar="DIR", help=plain("cli.argument_backups"))] = None,
    config: ConfigOption = None,
) -> None:
    """Copy the data as they stand, also of a schema that a newer chatvan would first migrate."""
    settings = read_settings(config)
    places = settings.places()
    with sentences(settings):
        made = make(places, folder or places.backups, Made.BY_HAND, now=clock.now().astimezone(HANOI))
        remarks = wording.remarks(made.manifest)
        _remember(settings, made, " ".join(remarks))
    typer.echo(wording.made(made))
    if remarks:
        fail("\n".join(remarks))


def _remember(settings: Settings, made: Backup, remark: str) -> None:
    if made.manifest.revision != newest():
        return
    database = Database(settings.database.url)
    try:
        with suppress(*TROUBLE):  # the backup stands all the same
            database.write_now(lambda session: backups.succeed(session, now=clock.now(), remark=remark))
    finally:
        database.close()


def restore(
    folder: Annotated[Path, typer.Argument(metavar="BACKUP", help=plain("cli.argument_backup"))],
    replace: Annotated[bool, typer.Option("--replace", help=plain("cli.option_replace"))] = False,
    config: ConfigOption = None,
) -> None:
    settings = read_settings(config)
    with sentences(settings):
        done = bring_back(settings.places(), folder, replace=replace, now=clock.now().astimezone(HANOI))
    is_file = sqlite_path(settings.database.url) is not None
    for line in wording.restored(done, url_is_file=is_file):
        typer.echo(line)
