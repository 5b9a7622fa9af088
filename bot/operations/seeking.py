"""From a leader's words to a case: number, branch or party words find it, the rest is the question.

Ambiguity is offered, never guessed: what is found is a list, and only a single exact case is settled.
What is not surely a part of the case's name stays in the question, which is kept verbatim.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from bot.rules.dates import UnreadableDate, parse_date
from bot.rules.numbers import DecisionNumber, leading_number
from storage import branches, cases
from storage.tables import Branch, Case
from storage.text import fold

WORD = re.compile(r"\w+(?:\.\w+)*")
DATED = re.compile(r"\W*ng[àa]y\s+(\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4})\b", re.IGNORECASE)
# Between the case and the question; what follows a line break belongs to the question, a dash too.
BETWEEN = re.compile(r"[^\S\n]*[,.:;–—-]*\s*")
LONGEST_NAME = 8  # words
BEFORE_BRANCH = frozenset({"chi cuc", "phong", "thads", "thi hanh an dan su", "o", "tai", "cua", "don vi"})
BEFORE_PARTY = frozenset({"vu viec", "ho so", "vu", "cua", "ong", "ba", "anh", "chi"})
NEAR, ELSEWHERE = 5, 3
SHORT_SYMBOL = "QĐ"  # as cases are named on buttons: 150/QĐ


@dataclass(frozen=True)
class Sought:
    """What a text was read as. `words` names the case as typed, `question` is the rest, verbatim."""

    words: str
    question: str
    number: DecisionNumber | None
    branch: Branch | None
    cases: Sequence[Case]
    is_exact: bool  # False: `cases` are only near ones

    @property
    def only(self) -> Case | None:
        """The one case that is meant, if it is beyond doubt."""
        return self.cases[0] if self.is_exact and len(self.cases) == 1 else None


def seek_in(session: Session, text: str, branch: Branch | None) -> Sought:
    """Read a text of which the branch was chosen before; a branch that the text names wins."""
    sought = seek(session, text)
    return sought if sought.branch or branch is None else seek(session, text, branch)


def seek(session: Session, text: str, branch: Branch | None = None) -> Sought:
    """Read which case a text begins with, and which question follows. `text` is in NFC, as it is stored."""
    reader = _Reader(session, text, branch)
    reader.read()
    words, question = text[: reader.end].strip(), text[_after_separator(text, reader.end) :].rstrip()
    found, number = reader.cases or [], reader.number
    if found or number is None:
        return Sought(words, question, number, reader.branch, found, is_exact=bool(found))
    near = _near(session, number, reader.branch)
    return Sought(words, question, number, reader.branch, near, is_exact=False)


def _after_separator(text: str, end: int) -> int:
    between = BETWEEN.match(text, end)
    return between.end() if between else end


class _Reader:
    """Reads a text from its beginning, as far as it names a case; `cases` are those that it may mean."""

    def __init__(self, session: Session, text: str, branch: Branch | None) -> None:
        self.session, self.text, self.end = session, text, 0
        self.number: DecisionNumber | None = None
        self.branch = branch
        self.cases: Sequence[Case] | None = None  # None: neither a number nor a party was read

    def read(self) -> None:
        self._read_number()
        self._read_branch()
        if self.number is None:  # "PLOC 151"
            self._read_number()
        self._read_date()
        if self._read_party() and self.branch is None:
            self._read_branch(after_party=True)

    def _read_number(self) -> None:
        start = _after_separator(self.text, self.end)
        found = leading_number(self.text[start:])
        if found is not None:
            self.number, self.end = found[0], start + found[1]
            self.cases = _by_number(self.session, self.number, self.branch)
            self._read_date()

    def _read_date(self) -> None:
        """Read the decision's date; another date belongs to the question."""
        dated = DATED.match(self.text, self.end)
        decided_on = _date(dated[1]) if dated else None
        holding = [case for case in self.cases or [] if case.decision_on == decided_on]
        if dated and decided_on and holding:
            self.cases, self.end = holding, dated.end()

    def _read_branch(self, *, after_party: bool = False) -> None:
        for words, after in _runs(self.text, self.end, BEFORE_BRANCH):
            branch = branches.by_words(self.session, words)
            if branch is not None:
                self._take_branch(branch, after, after_party=after_party)
                return

    def _take_branch(self, branch: Branch, after: int, *, after_party: bool) -> None:
        in_branch = [case for case in self.cases or [] if case.branch_id == branch.id]
        if after_party and not in_branch:
            return  # the question begins with a branch's name
        self.branch, self.end = branch, after
        self.cases = in_branch if self.cases is not None else None

    def _read_party(self) -> bool:
        """Read the name of a party of the cases, or of any case when no number was given."""
        for words, after in _runs(self.text, self.end, BEFORE_PARTY):
            if len(words.split()) < 2:
                continue
            holding = [case for case in self._pool(words) if _has_party(case, words, self.number is not None)]
            if holding:
                self.cases, self.end = holding, after
                return True
        return False

    def _pool(self, words: str) -> Sequence[Case]:
        if self.cases is not None:
            return self.cases
        branch_id = self.branch.id if self.branch else None
        return cases.search(self.session, words, branch_id=branch_id, limit=50)[0]


def _date(written: str) -> date | None:
    try:
        return parse_date(written, today=date.min)
    except UnreadableDate:
        return None


def _runs(text: str, start: int, skipping: Collection[str]) -> Iterator[tuple[str, int]]:
    """Yield the runs of words that begin at `start`, longest first, as (words, end).

    Words of `skipping` may stand before the run.
    """
    words = list(WORD.finditer(text, start))[: LONGEST_NAME + 8]
    for first in reversed(_starts(text, words, skipping)):
        for last in range(min(len(words), first + LONGEST_NAME) - 1, first - 1, -1):
            yield text[words[first].start() : words[last].end()], words[last].end()


def _starts(text: str, words: Sequence[re.Match[str]], skipping: Collection[str]) -> list[int]:
    """Return at which words a name may begin: at the first, or after words that introduce a name."""
    starts = [0]
    for start in starts:  # grows: "ở Chi cục"
        for last in range(start, min(len(words), start + LONGEST_NAME)):
            if fold(text[words[start].start() : words[last].end()]) in skipping and last + 1 not in starts:
                starts.append(last + 1)
    return sorted(starts)


def _by_number(session: Session, number: DecisionNumber, branch: Branch | None) -> Sequence[Case]:
    """Return the cases of this number: all of its symbol, or of any if none or only its `QĐ` was given."""
    key = number.key if number.symbol not in (None, SHORT_SYMBOL) else None
    found = cases.by_number(session, number.serial, key, branch.id if branch else None)
    same = [case for case in found if _first_part(case.decision_key) == _first_part(number.key)]
    of_year = [case for case in same if case.decision_on and case.decision_on.year == number.year]
    return of_year or same


def _first_part(key: str) -> str:
    """Return `12a` of `12a/QD-CCTHADS`."""
    return key.partition("/")[0]


def _has_party(case: Case, words: str, must_be_sure: bool) -> bool:
    """Return whether these words stand in the name of a party; marks may be left out, but not differ.

    A part of a name without marks is not sure: "thi hanh" is also how "thi hành" begins a question.
    """
    said = words.split()
    for name in re.split(r"[;,\n]", f"{case.debtors};{case.creditors}"):
        named = WORD.findall(name)
        places = range(len(named) - len(said) + 1)
        if any(all(map(_is_word, said, named[at:])) for at in places):
            is_sure = len(said) == len(named) or fold(words) != words.casefold()
            return is_sure or not must_be_sure
    return False


def _is_word(said: str, named: str) -> bool:
    """Return whether a word is meant, its tone on either vowel (`hoà`, `hòa`) or no mark at all."""
    if fold(said) != fold(named):
        return False
    return said.casefold() == fold(said) or _letters(said) == _letters(named)


def _letters(word: str) -> list[str]:
    return sorted(unicodedata.normalize("NFD", word.casefold()))


def _near(session: Session, number: DecisionNumber, branch: Branch | None) -> Sequence[Case]:
    """Return cases that may be meant: with figures mistyped, or of the number in another branch."""
    elsewhere = cases.by_number(session, number.serial)
    if branch is None or branch.id is None:
        return elsewhere[:NEAR]
    mistyped = [case for case in cases.of_branch(session, branch.id) if _looks_like(case, number.serial)]
    return [*mistyped[:NEAR], *elsewhere[:ELSEWHERE]]


def _looks_like(case: Case, serial: int) -> bool:
    """Return whether two figures were exchanged, or one was mistyped."""
    one, other = str(case.decision_serial), str(serial)
    if len(one) != len(other) or one == other:
        return False
    differing = sum(a != b for a, b in zip(one, other, strict=True))
    return differing == 1 or (differing == 2 and sorted(one) == sorted(other))
