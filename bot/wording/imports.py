"""What an import says on the terminal: its counts, the rows not taken, why a file cannot be used."""

from collections.abc import Iterator

from bot.rules.registers import (
    Column,
    FaultKind,
    ForeignUnit,
    MissingColumns,
    RegisterUnusable,
    Remarked,
    Report,
    RowFault,
)
from bot.wording.catalogue import plain
from storage.sheets import SheetUnusable


def report_lines(report: Report) -> list[str]:
    """Return what became of the file: counts, remarks, each row that was not taken, what to do next."""
    return list(_lines(report))


def _lines(report: Report) -> Iterator[str]:
    yield plain(
        "imports.done",
        added=report.added,
        changed=report.changed,
        unchanged=report.unchanged,
        refused=report.refused,
    )
    if report.unused_headers:
        yield plain("imports.unused_headers", headers=", ".join(report.unused_headers))
    yield from map(_remark, report.remarks)
    for refused in report.faults:
        yield plain("imports.row", row=refused.row, faults="; ".join(map(_fault, refused.faults)))
    if report.faults:
        yield plain("imports.try_again")


def refusal(error: SheetUnusable | RegisterUnusable) -> str:
    """Return why the whole file is refused, and what to do."""
    if isinstance(error, SheetUnusable):
        return plain(error.key, file=error.file)
    if isinstance(error, MissingColumns):
        return plain(error.key, columns=", ".join(f"“{_column(column)}”" for column in error.columns))
    if isinstance(error, ForeignUnit):
        return plain(error.key, header=error.header)
    return plain(error.key)


def _remark(remarked: Remarked) -> str:
    remark = remarked.remark
    column = _column(remark.column) if remark.column else ""
    return plain(f"imports.remark.{remark.kind}", row=remarked.row, column=column, text=remark.text)


def _fault(fault: RowFault) -> str:
    column = _column(fault.column) if fault.column else ""
    key = f"imports.fault.{fault.kind}"
    if fault.kind is FaultKind.REPEATED:
        return plain(key, text=fault.text, row=fault.row)
    return plain(key, column=column, text=fault.text)


def _column(column: Column) -> str:
    return plain(f"imports.column.{column}")
