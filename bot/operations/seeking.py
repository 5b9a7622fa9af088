"""From a leader's words to a case: number, branch or party words find it, the rest is the question.

Ambiguity is offered, never guessed: what is found is a list, and only a single exact case is settled.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from bot.rules.dates import UnreadableDate, parse_date
from bot.rules.numbers import DecisionNumber, leading_number
from storage import branches, cases
from storage.tables import Branch, Case
from storage.text import fold

WORD = re.compile(r"\w+(?:\.\w+)*")
DATED = re.compile(r"\W*ngày\s+(\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4})\b", re.IGNORECASE)
LONGEST_NAME = 8  # words
BEFORE_BRANCH = ("chi cuc thads", "chi cuc", "phong thads", "o", "tai", "cua", "don vi")
BEFORE_PARTY = ("vu viec", "ho so", "vu", "cua ong", "cua ba", "ong", "ba", "anh", "chi", "cua")
NEAR = 5


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


def seek(session: Session, text: str) -> Sought:
    """Read which case a text begins with, and which question follows."""
    found = leading_number(text)
    number, end = found if found else (None, 0)
    decided_on, end = _read_date(text, end)
    branch, end = _read_branch(session, text, end)
    candidates = _by_number(session, number, branch, decided_on) if number else None
    of_party, end = _read_party(session, text, end, branch, candidates)
    matching = of_party or candidates or []
    words, question = text[:end].strip(), text[end:].lstrip(" \t\n,.:;–—-").rstrip()
    if matching or number is None:
        return Sought(words, question, number, branch, matching, is_exact=bool(matching))
    return Sought(words, question, number, branch, _near(session, number, branch), is_exact=False)


def _read_date(text: str, end: int) -> tuple[date | None, int]:
    dated = DATED.match(text, end)
    if dated is None:
        return None, end
    try:
        return parse_date(dated[1], today=date.min), dated.end()
    except UnreadableDate:
        return None, end


def _runs(text: str, start: int, skipping: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Yield the runs of words that begin at `start`, longest first, as (words, end).

    A word of `skipping` may stand before the run.
    """
    words = list(WORD.finditer(text, start))[: LONGEST_NAME + 3]
    starts = {0}
    for skipped in skipping:
        length = len(skipped.split())
        if len(words) >= length and fold(text[words[0].start() : words[length - 1].end()]) == skipped:
            starts.add(length)
    for first in sorted(starts, reverse=True):
        for last in range(min(len(words), first + LONGEST_NAME) - 1, first - 1, -1):
            yield text[words[first].start() : words[last].end()], words[last].end()


def _read_branch(session: Session, text: str, end: int) -> tuple[Branch | None, int]:
    for words, after in _runs(text, end, BEFORE_BRANCH):
        if branch := branches.by_words(session, words):
            return branch, after
    return None, end


def _by_number(
    session: Session, number: DecisionNumber, branch: Branch | None, decided_on: date | None
) -> Sequence[Case]:
    key = number.key if number.symbol else None
    found = cases.by_number(session, number.serial, key, branch.id if branch else None)
    bare = number.key if not number.symbol else ""
    if bare and number.suffix:
        found = [case for case in found if case.decision_key.partition("/")[0] == bare.partition("/")[0]]
    dated = [case for case in found if case.decision_on == decided_on]
    return dated or found


def _read_party(
    session: Session, text: str, end: int, branch: Branch | None, candidates: Sequence[Case] | None
) -> tuple[Sequence[Case], int]:
    """Read the name of a party of the candidates, or of any case when no number was given."""
    for words, after in _runs(text, end, BEFORE_PARTY):
        if len(words.split()) < 2:
            continue
        pool = candidates
        if pool is None:
            pool = cases.search(session, words, branch_id=branch.id if branch else None, limit=50)[0]
        if holding := [case for case in pool if _has_party(case, words)]:
            return holding, after
    return [], end


def _has_party(case: Case, words: str) -> bool:
    said = " ".join(WORD.findall(fold(f"{case.debtors} ; {case.creditors}")))
    return f" {' '.join(WORD.findall(fold(words)))} " in f" {said} "


def _near(session: Session, number: DecisionNumber, branch: Branch | None) -> Sequence[Case]:
    """Return cases that may be meant: the number in another branch, or with figures mistyped."""
    elsewhere = cases.by_number(session, number.serial)
    if branch is None or branch.id is None:
        return elsewhere[:NEAR]
    mistyped = [case for case in cases.of_branch(session, branch.id) if _looks_like(case, number.serial)]
    return [*mistyped[:NEAR], *elsewhere][:NEAR]


def _looks_like(case: Case, serial: int) -> bool:
    """Return whether two figures were exchanged, or one was mistyped."""
    one, other = str(case.decision_serial), str(serial)
    if len(one) != len(other) or one == other:
        return False
    differing = sum(a != b for a, b in zip(one, other, strict=True))
    return differing == 1 or (differing == 2 and sorted(one) == sorted(other))
