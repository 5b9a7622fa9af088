"""The command line: parse, call, print. What the administrator reads is Vietnamese, and says what to do."""

import asyncio
import os
import signal
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot import app, cli_keeping, cli_operating, clock
from bot.opening import BAD_CONFIG, USAGE, ConfigOption, fail, opened, read_settings, sentences
from bot.operations import enrolment, imports, summaries
from bot.rules import registers
from bot.rules.dates import HANOI, UnreadableDate
from bot.rules.office import Office
from bot.rules.summaries import end_of_day, last_cutoff, past_day, previous_cutoff
from bot.settings import Settings
from bot.wording import imports as report_wording
from bot.wording import summaries as summary_wording
from bot.wording.catalogue import plain
from storage import branches, facts, history, sheets
from storage.database import Database
from storage.kinds import Role
from storage.text import nfc

cli = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=plain("cli.help")
)
importing = typer.Typer(no_args_is_help=True, help=plain("cli.import"))
cli.add_typer(importing, name="import")


def main() -> None:
    """Run the command line. What it writes is for its owner alone."""
    os.umask(0o077)
    cli(prog_name="chatvan")


# --- serving ----------------------------------------------------------------------------------


@cli.command(help=plain("cli.run"))
def run(config: ConfigOption = None) -> None:
    settings = read_settings(config)
    with sentences(settings):
        try:
            asyncio.run(_run(settings))
        except app.BadToken:
            fail(plain("cli.bad_token"), BAD_CONFIG)
        except app.ServedElsewhere:
            fail(plain("cli.served_elsewhere"))
        except app.ServingEnded:
            fail(plain("cli.serving_ended"))


async def _run(settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await app.App(settings).run(stop)


@cli.command(help=plain("cli.demo"))
def demo(
    play: Annotated[bool, typer.Option("--play", help=plain("cli.option_play"))] = False,
    phones: Annotated[bool, typer.Option("--phones", help=plain("cli.option_phones"))] = False,
) -> None:
    from bot.demo.play import hold_phones, play_story  # the stand-in Telegram is loaded only here

    raise typer.Exit(asyncio.run(hold_phones() if phones else play_story(is_quick=play)))


# --- people -----------------------------------------------------------------------------------


@cli.command(help=plain("cli.invite"))
def invite(
    role: Annotated[Role, typer.Option(help=plain("cli.option_role"))],
    name: Annotated[str, typer.Option(help=plain("cli.option_name"))],
    title: Annotated[str | None, typer.Option(help=plain("cli.option_title"))] = None,
    branch: Annotated[str | None, typer.Option(help=plain("cli.option_branch"))] = None,
    chief: Annotated[bool, typer.Option("--chief", help=plain("cli.option_chief"))] = False,
    namesake: Annotated[bool, typer.Option("--namesake", help=plain("cli.option_namesake"))] = False,
    config: ConfigOption = None,
) -> None:
    settings = read_settings(config)
    name = " ".join(nfc(name).split())
    _check_invitation(settings, role, name, branch, chief)
    with opened(settings) as database:
        username = _username(settings, database)
        code = database.write_now(
            lambda session: enrolment.invite(
                session,
                role,
                name,
                title=nfc(title).strip() if title else None,
                branch=branches.by_code(session, branch) if branch else None,
                is_chief=chief,
                is_namesake=namesake,
                now=clock.now(),
                office=settings.office(),
            )
        )
    typer.echo(plain("cli.code", name=name, days=settings.office().code_lasts.days))
    typer.echo(code)
    if username is None:
        typer.echo(plain("cli.no_username"))
    typer.echo(f"https://t.me/{username or 'TEN_BOT'}?start={code}")


def _check_invitation(settings: Settings, role: Role, name: str, branch: str | None, chief: bool) -> None:
    """Refuse an invitation that makes no sense, and say what to write."""
    codes = [one.code for one in settings.branches]
    if not name:
        fail(plain("cli.name_wanted"), USAGE)
    if branch is not None and branch not in codes:
        fail(plain("cli.unknown_branch", branch=branch, codes=", ".join(codes)), USAGE)
    if branch is None and role in (Role.HEAD, Role.DEPUTY, Role.OFFICER):
        fail(plain("cli.branch_wanted", role=role, codes=", ".join(codes)), USAGE)
    if chief and role is not Role.LEADER:
        fail(plain("cli.chief_is_leader"), USAGE)


def _username(settings: Settings, database: Database) -> str | None:
    """Return the bot's name: as remembered, else as Telegram tells it."""
    known = database.read_now(lambda session: facts.recall(session, app.BOT_NAME))
    if known:
        return known
    try:
        told = asyncio.run(app.ask_username(settings))
    except app.BadToken:
        fail(plain("cli.bad_token"), BAD_CONFIG)
    if told:
        database.write_now(lambda session: facts.remember(session, app.BOT_NAME, told))
    return told


# --- the register -----------------------------------------------------------------------------


@importing.command("cases", help=plain("cli.import_cases"))
def import_cases(
    file: Annotated[Path, typer.Argument(help=plain("cli.argument_file"))], config: ConfigOption = None
) -> None:
    settings = read_settings(config)
    try:
        cells = sheets.read(file, is_table=registers.has_header)
        with opened(settings) as database:
            report = database.write_now(
                lambda session: imports.import_cases(
                    session,
                    cells,
                    file_name=file.name,
                    by=None,
                    now=clock.now(),
                    office=settings.office(),
                )
            )
    except (sheets.SheetUnusable, registers.RegisterUnusable) as error:
        fail(report_wording.refusal(error))
    for line in report_wording.report_lines(report):
        typer.echo(line)


# --- the weekly summary ------------------------------------------------------------------------


@cli.command(help=plain("cli.summary"))
def summary(
    date: Annotated[str | None, typer.Option("--date", help=plain("cli.option_date"))] = None,
    config: ConfigOption = None,
) -> None:
    settings = read_settings(config)
    office, now = settings.office(), clock.now()
    ends_at = _cutoff(date, office, now) if date else last_cutoff(now, office)
    with opened(settings) as database:
        try:
            count = database.write_now(
                lambda session: summaries.repeat(session, ends_at, now=now, office=office)
            )
        except summaries.NoneSent:
            fail(plain("cli.summary_none_then", at=ends_at))
    if not count:
        fail(plain("cli.summary_nobody"))
    shown = summary_wording.period(previous_cutoff(ends_at, office), ends_at, office)
    typer.echo(plain("cli.summary_queued", period=shown, at=ends_at, count=count))


def _cutoff(words: str, office: Office, now: datetime) -> datetime:
    """Return the cut-off of the day that an operator names; end with a sentence when there was none."""
    try:
        day = past_day(words, today=now.astimezone(HANOI).date())
    except UnreadableDate:
        fail(plain("cli.date_unreadable", words=words), USAGE)
    cutoff, newest = last_cutoff(end_of_day(day), office), last_cutoff(now, office)
    if cutoff > now or day > now.astimezone(HANOI).date():
        fail(plain("cli.summary_not_yet", day=day, before=newest))
    if cutoff.date() != day:
        fail(plain("cli.summary_no_cutoff", day=day, before=cutoff))
    return cutoff


# --- backups ----------------------------------------------------------------------------------

cli.command("backup", help=plain("cli.backup"))(cli_keeping.backup)
cli.command("restore", help=plain("cli.restore"))(cli_keeping.restore)


# --- trust ------------------------------------------------------------------------------------


@cli.command(help=plain("cli.verify"))
def verify(
    head: Annotated[str | None, typer.Option(help=plain("cli.option_head"))] = None,
    config: ConfigOption = None,
) -> None:
    settings = read_settings(config)
    with opened(settings) as database:
        faults = database.read_now(lambda session: list(history.verify(session)))
        for fault in faults:
            typer.echo(plain(f"cli.fault_{fault.kind}", seq=fault.seq), err=True)
        if faults:
            fail(plain("cli.history_broken", count=len(faults)))
        if head and not database.read_now(lambda session: history.has_head(session, head)):
            fail(plain("cli.head_unknown", head=head))
        count, short = database.read_now(
            lambda session: (history.count(session), history.short_head(session))
        )
    typer.echo(plain("cli.history_holds", count=count, head=short))


# --- looking after the service ----------------------------------------------------------------

cli.command("doctor", help=plain("cli.doctor"))(cli_operating.examine)
cli.command("inbox", help=plain("cli.inbox"))(cli_operating.look_into_inbox)
