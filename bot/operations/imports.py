"""Taking over the register of cases from the table that the branches keep.

The same file may come again, whole or longer: a case is known by branch, decision number and date, what is
equal stays as it is, and a column that the file lacks changes nothing. Cases that the file leaves out stay.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeAlias

from sqlmodel import Session, col, select

from bot.rules.dates import HANOI
from bot.rules.office import Office
from bot.rules.registers import (
    CaseRow,
    Cell,
    Column,
    Columns,
    EmptyRegister,
    FaultKind,
    RefusedRow,
    Remarked,
    RemarkKind,
    Report,
    RowFault,
    RowRemark,
    SecretRegister,
    find_header,
    is_no_case,
    read_row,
    shortened,
)
from bot.rules.secrecy import carries_mark
from storage import history
from storage.branches import all_branches
from storage.cases import index_words
from storage.tables import Branch, Case, Import
from storage.text import nfc, tokens

__all__ = ["Report", "import_cases"]

Number: TypeAlias = tuple[int, str]
"""Branch and decision number, of which there may be several cases."""
Key: TypeAlias = tuple[int, str, date]
"""Branch, decision number, date of the decision: what tells one case from another."""

_KEY_COLUMNS = {Column.BRANCH, Column.DECISION_NUMBER, Column.DECISION_ON}
_FIELDS = [column for column in Column if column not in _KEY_COLUMNS]
_SEARCHED = ("is_listed", "decision_number", "judgment_number", "debtors", "creditors", "officer_name")
_LONGEST_FILE_NAME = 255


def import_cases(
    session: Session,
    cells: Sequence[Sequence[Cell]],
    *,
    file_name: str,
    by: int | None,
    now: datetime,
    office: Office | None = None,
) -> Report:
    """Take over the cases of a table: its rows from the first one on, titles and header included.

    Rows with faults are left out and reported, all others are taken. Raises a RegisterUnusable (and changes
    nothing) where the whole table cannot be used.
    """
    name = nfc(file_name)[:_LONGEST_FILE_NAME]
    if carries_mark(name, file_name=True):
        raise SecretRegister
    rows = [[nfc(cell) if isinstance(cell, str) else cell for cell in row] for row in cells]
    reading = _Reading(_Branches(all_branches(session), office))
    columns = reading.read(rows, now.astimezone(HANOI).date())
    storing = _Storing(session, columns, Import(file_name=name, imported_at=now))
    if reading.found:
        storing.store(reading.found)
    report = _report(reading, storing, columns)
    if report.taken:
        _record(session, storing, report, by=by, now=now)
    return report


def _report(reading: "_Reading", storing: "_Storing", columns: Columns) -> Report:
    return Report(
        added=storing.added,
        changed=storing.changed,
        unchanged=storing.unchanged,
        faults=tuple(reading.refused),
        remarks=tuple(sorted(reading.remarks + storing.remarks, key=lambda remarked: remarked.row)),
        unused_headers=columns.unused,
    )


def _record(session: Session, storing: "_Storing", report: Report, *, by: int | None, now: datetime) -> None:
    record = storing.record
    record.added, record.changed = report.added, report.changed
    record.unchanged, record.refused = report.unchanged, report.refused
    session.add(record)
    history.append(
        session,
        "import_cases",
        by=by,
        now=now,
        import_id=record.id,
        file_name=record.file_name,
        added=report.added,
        changed=report.changed,
        unchanged=report.unchanged,
        refused=report.refused,
        taken_over=storing.taken_over,
    )


# --- reading ---


@dataclass
class _Found:
    """A row that can be taken, its branch known."""

    row: int
    branch_id: int
    case: CaseRow

    @property
    def number(self) -> Number:
        return self.branch_id, self.case.decision_number.key

    @property
    def key(self) -> Key:
        return *self.number, self.case.decision_on


@dataclass
class _Reading:
    """The rows of the table, parted into those that can be taken and those that cannot."""

    branches: "_Branches"
    found: list[_Found] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)
    remarks: list[Remarked] = field(default_factory=list)
    seen: dict[Key, int] = field(default_factory=dict)

    def read(self, rows: Sequence[Sequence[Cell]], today: date) -> Columns:
        columns, after = find_header(rows)
        for number, cells in enumerate(rows[after:], start=after + 1):
            if not is_no_case(cells, columns):
                self.take(number, read_row(cells, columns, today=today))
        if not self.found and not self.refused:
            raise EmptyRegister
        return columns

    def take(self, number: int, read: CaseRow | list[RowFault]) -> None:
        faults = self.place(number, read) if isinstance(read, CaseRow) else read
        if faults:
            self.refused.append(RefusedRow(number, tuple(faults)))

    def place(self, number: int, case: CaseRow) -> list[RowFault]:
        """Find the row's branch; a case that an earlier row holds is a fault."""
        branch_id = self.branches.find(case.branch)
        if branch_id is None:
            return [RowFault(FaultKind.UNKNOWN_BRANCH, Column.BRANCH, shortened(case.branch))]
        found = _Found(number, branch_id, case)
        first = self.seen.setdefault(found.key, number)
        if first != number:
            text = case.decision_number.text
            return [RowFault(FaultKind.REPEATED, Column.DECISION_NUMBER, text, first)]
        self.found.append(found)
        self.remarks += [Remarked(number, remark) for remark in case.remarks]
        return []


# "Chi cục THADS huyện Phú Lộc, tỉnh …" is "phu loc", in the words of the search index.
_NAME = re.compile(
    r"(?:(?:chi cuc|phong|cc) )?(?:(?:thads|tha|thi hanh an(?: dan su)?) )?"
    r"(?:(?:huyen|quan|thi xa|tx|thanh pho|tp) )?(?P<name>.+?)(?: tinh .+)?"
)


class _Branches:
    """The branches by all that they are called: code, name, full name, and the name without its nouns."""

    def __init__(self, branches: Sequence[Branch], office: Office | None) -> None:
        self._noun = f"{_words(office.profile.branch_full_noun)} " if office else ""
        self._exact: dict[str, int | None] = {}
        self._parts: dict[str, int | None] = {}
        for branch in branches:
            self._exact |= dict.fromkeys(map(_words, (branch.code, branch.name, branch.full_name)), branch.id)
            for bare in {self._bare(branch.name), self._bare(branch.full_name)}:
                # A "Huế" of two branches is neither.
                self._parts[bare] = None if bare in self._parts else branch.id

    def find(self, words: str) -> int | None:
        return self._exact.get(_words(words)) or self._parts.get(self._bare(words))

    def _bare(self, words: str) -> str:
        found = _NAME.fullmatch(_words(words).removeprefix(self._noun))
        return found["name"] if found else ""


def _words(text: str) -> str:
    return " ".join(tokens(text))


# --- storing ---


class _Storing:
    """The rows that can be taken, compared with the cases that are there, and written."""

    def __init__(self, session: Session, columns: Columns, record: Import) -> None:
        self.session = session
        self.record = record
        self.given = [column.value for column in _FIELDS if column in columns.places]
        self.added = self.changed = self.unchanged = self.taken_over = 0
        self.remarks: list[Remarked] = []
        self._known: dict[Key, Case] = {}
        self._unlisted: dict[Number, Case] = {}
        self._newcomers: Counter[Number] = Counter()
        self._to_index: list[Case] = []

    def store(self, found: Sequence[_Found]) -> None:
        self.session.add(self.record)
        self.session.flush()  # the cases name it
        self._look_up({one.branch_id for one in found})
        self._newcomers.update(one.number for one in found if one.key not in self._known)
        for one in found:
            self._take(one)
        self.session.flush()  # the words name the new cases
        index_words(self.session, *self._to_index)

    def _look_up(self, branch_ids: set[int]) -> None:
        """Fetch all cases at once: a question for each of ten thousand rows would take too long."""
        there = select(Case).where(col(Case.branch_id).in_(branch_ids)).order_by(col(Case.id).desc())
        for case in self.session.exec(there):
            number = (case.branch_id, case.decision_key)
            if case.decision_on is not None:
                self._known[*number, case.decision_on] = case
            elif not case.is_listed:
                self._unlisted[number] = case  # the oldest of several

    def _take(self, one: _Found) -> None:
        case = self._known.get(one.key) or self._asked_about(one) or _new_case(one)
        changed = self._fill(case, one)
        if "is_listed" in changed:
            self.added += 1
        elif changed:
            self.changed += 1
        else:
            self.unchanged += 1
        if changed.intersection(_SEARCHED):
            self._to_index.append(case)
        self.session.add(case)

    def _asked_about(self, one: _Found) -> Case | None:
        """The case that was asked about by its number before it stood in the register; never a guess."""
        if one.number not in self._unlisted:
            return None
        is_clear = self._newcomers[one.number] == 1
        kind = RemarkKind.TAKEN_OVER if is_clear else RemarkKind.NOT_TAKEN_OVER
        self.remarks.append(Remarked(one.row, RowRemark(kind, text=one.case.decision_number.text)))
        self.taken_over += is_clear
        return self._unlisted[one.number] if is_clear else None

    def _fill(self, case: Case, one: _Found) -> set[str]:
        """Bring the case to what the row says; return the names of the fields that were different."""
        values = {name: getattr(one.case, name) for name in self.given}
        values |= {
            "decision_number": one.case.decision_number.text,
            "decision_on": one.case.decision_on,
            "is_listed": True,
        }
        changed = {name for name, value in values.items() if getattr(case, name) != value}
        for name in changed:
            setattr(case, name, values[name])
        case.import_id, case.imported_at = self.record.id, self.record.imported_at
        return changed


def _new_case(one: _Found) -> Case:
    number = one.case.decision_number
    return Case(
        branch_id=one.branch_id,
        decision_number=number.text,
        decision_key=number.key,
        decision_serial=number.serial,
        is_listed=False,  # until it is filled
    )
