"""Commands of the operator who looks after the service: `doctor` and `inbox`."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot import clock, doctor
from bot.doctor.findings import Finding, Verdict
from bot.opening import REFUSED, USAGE, ConfigOption, fail, opened, read_settings
from bot.operations import inbox as updates
from bot.wording import inbox as wording
from bot.wording.catalogue import plain

STYLES = {Verdict.OK: "green", Verdict.WARNING: "yellow", Verdict.FAULT: "bold red"}


# --- doctor -----------------------------------------------------------------------------------


def examine(config: ConfigOption = None) -> None:
    """Print how everything stands; end with 1 if something is at fault."""
    show = _show_to_a_person if sys.stdout.isatty() else _show_to_a_file
    found = show(doctor.examine(config, clock.now))
    faults = sum(one.verdict is Verdict.FAULT for one in found)
    warnings = sum(one.verdict is Verdict.WARNING for one in found)
    typer.echo(plain("doctor.total", faults=faults, warnings=warnings))
    if faults:
        raise typer.Exit(REFUSED)


def _show_to_a_person(findings: Iterable[tuple[str, Finding]]) -> list[Finding]:
    console = Console(highlight=False, markup=False, emoji=False)
    table = Table(box=None, show_header=False, padding=(0, 1), pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")  # a path is never cut
    found = []
    with console.status(plain("doctor.working")):
        for name, finding in findings:
            found.append(finding)
            style = STYLES[finding.verdict]
            verdict, heading = _words(name, finding)
            says = Text(finding.says, "" if finding.verdict is Verdict.OK else style)
            table.add_row(Text(verdict, style), Text(heading), says)
    console.print(table)
    return found


def _show_to_a_file(findings: Iterable[tuple[str, Finding]]) -> list[Finding]:
    """One line a check, however long: for grep and for a log."""
    found = []
    for name, finding in findings:
        found.append(finding)
        verdict, heading = _words(name, finding)
        typer.echo(f"{verdict:<6} {heading:<17}  {finding.says}")
    return found


def _words(name: str, finding: Finding) -> tuple[str, str]:
    return plain(f"doctor.verdict_{finding.verdict}"), plain(f"doctor.name_{name}")


# --- updates that failed ----------------------------------------------------------------------


def look_into_inbox(
    retry: Annotated[int | None, typer.Option("--retry", help=plain("cli.option_retry"))] = None,
    retry_all: Annotated[bool, typer.Option("--retry-all", help=plain("cli.option_retry_all"))] = False,
    drop: Annotated[int | None, typer.Option("--drop", help=plain("cli.option_drop"))] = None,
    note: Annotated[str, typer.Option("--note", help=plain("cli.option_note"))] = "",
    config: ConfigOption = None,
) -> None:
    """List the updates that failed, have some tried again, or drop one."""
    wishes = (retry is not None, retry_all, drop is not None)
    if sum(wishes) > 1:
        fail(plain("cli.inbox_one_wish"), USAGE)
    if retry is not None or retry_all:
        _retry(retry, config)
    elif drop is not None:
        _drop(drop, note, config)
    else:
        _list(config)


def _list(config: Path | None) -> None:
    with opened(read_settings(config)) as database:
        found = database.read_now(updates.failures)
    if not found:
        typer.echo(plain("inbox.none"))
        return
    for one in found:
        typer.echo(wording.line(one.seq, one.received_at, one.name, one.kind, one.error))
    typer.echo(plain("inbox.what_to_do", count=len(found)))


def _retry(seq: int | None, config: Path | None) -> None:
    """Put back one update, or all with None."""
    with opened(read_settings(config)) as database:
        try:
            count = database.write_now(
                lambda session: (
                    updates.retry_all(session, now=clock.now())
                    if seq is None
                    else updates.retry(session, seq, now=clock.now())
                )
            )
        except updates.NotFailed:
            fail(plain("inbox.not_failed", seq=seq))
    typer.echo(plain("inbox.put_back", count=count) if count else plain("inbox.none"))


def _drop(seq: int, note: str, config: Path | None) -> None:
    if not note.strip():
        fail(plain("inbox.note_wanted"), USAGE)
    with opened(read_settings(config)) as database:
        try:
            count = database.write_now(
                lambda session: updates.drop(session, seq, note.strip(), now=clock.now())
            )
        except updates.NotFailed:
            fail(plain("inbox.not_failed", seq=seq))
    typer.echo(plain("inbox.dropped", count=count))
