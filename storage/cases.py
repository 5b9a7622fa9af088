"""The register of cases and the words under which they are found."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.kinds import CaseStatus
from storage.tables import Branch, Case, CaseToken, CaseView, Import
from storage.text import fold, tokens

DONE = (
    CaseStatus.ENFORCED,
    CaseStatus.TERMINATED,
    CaseStatus.DELEGATED,
    CaseStatus.TAKEN_UP,
    CaseStatus.REVOKED,
    CaseStatus.CLOSED,
)
"""The branch has nothing more to do on cases of these statuses."""
INDEXED_AT_ONCE = 500
"""So many cases get their words in one statement."""
LONGEST_WORD = 64
"""Characters; longer words are cut, since an index takes no more than some kilobytes."""


def by_number(
    session: Session, serial: int, key: str | None = None, branch_id: int | None = None
) -> Sequence[Case]:
    """Return the cases with this decision serial (and whole number, and branch), newest decision first."""
    found = select(Case).where(Case.decision_serial == serial)
    if key is not None:
        found = found.where(Case.decision_key == key)
    if branch_id is not None:
        found = found.where(Case.branch_id == branch_id)
    return session.exec(found.order_by(*_newest_first())).all()


def _newest_first() -> tuple[Any, ...]:
    # Said aloud, since the databases disagree where a case without a date belongs.
    return col(Case.decision_on).desc().nulls_last(), col(Case.id)


def index_words(session: Session, *cases: Case) -> None:
    """Write anew the words under which cases are found; of many cases all at once."""
    session.flush()
    for start in range(0, len(cases), INDEXED_AT_ONCE):
        _index_words(session, cases[start : start + INDEXED_AT_ONCE])


def _index_words(session: Session, cases: Sequence[Case]) -> None:
    branches = {branch.id: branch for branch in session.exec(select(Branch))}
    old = delete(CaseToken).where(col(CaseToken.case_id).in_([case.id for case in cases]))
    # Without synchronising: it would compare every row with every object of the session.
    session.exec(old, execution_options={"synchronize_session": False})
    words = [
        {"token": token, "case_id": case.id}
        for case in cases
        for token in _words(_said(case, branches.get(case.branch_id)))
    ]
    if words:
        session.exec(insert(CaseToken), params=words)


def _words(text: str) -> set[str]:
    return {token[:LONGEST_WORD] for token in tokens(text)}


def _said(case: Case, branch: Branch | None) -> str:
    return " ".join(
        (
            case.decision_number,
            str(case.decision_serial),  # 7 finds 07/QĐ-CTHADS
            case.judgment_number,
            case.debtors,
            case.creditors,
            case.officer_name,
            f"{branch.name} {branch.code}" if branch else "",
        )
    )


def search(
    session: Session,
    words: str,
    *,
    branch_id: int | None = None,
    officer: str | None = None,
    limit: int = 8,
    offset: int = 0,
) -> tuple[Sequence[Case], int]:
    """Return a page of the cases in which every word begins a word, and how many there are in all.

    Cases whose parties or numbers hold the words with their very marks come first, the newest before others.
    """
    sought = sorted(_words(words))
    if not sought:
        return [], 0
    # Rows of two columns: a word of all ten thousand cases would take long to make into objects.
    found = select(col(Case.id), _said_of_parties())
    if branch_id is not None:
        found = found.where(Case.branch_id == branch_id)
    if officer is not None:
        found = found.where(Case.officer_name == officer)
    for token in sought:
        found = found.where(col(Case.id).in_(_holding(token)))
    rows = session.exec(found.order_by(*_newest_first())).all()
    page = list(islice(_ranked(rows, words), offset, offset + limit))
    cases = {case.id: case for case in session.exec(select(Case).where(col(Case.id).in_(page)))}
    return [cases[case_id] for case_id in page], len(rows)


def _holding(start: str) -> SelectOfScalar[int]:
    """Select the cases with a word that begins so: a range, which the index of the words answers."""
    end = start[:-1] + chr(ord(start[-1]) + 1)
    return select(CaseToken.case_id).where(col(CaseToken.token) >= start, col(CaseToken.token) < end)


def _said_of_parties() -> ColumnElement[str]:
    names = col(Case.debtors) + " " + col(Case.creditors)
    return names + " " + col(Case.decision_number) + " " + col(Case.judgment_number)


def _ranked(rows: Sequence[tuple[int | None, str]], words: str) -> Iterator[int | None]:
    """Yield those with the phrase in whole words with their very marks, then without marks, then the others.

    Lazily: few cases are folded for the first page.
    """
    phrase = " ".join(words.casefold().split())
    marked = re.compile(rf"(?<!\w){re.escape(phrase)}(?!\w)")
    bare = re.compile(rf"(?<!\w){re.escape(fold(phrase))}")
    unlike = []
    for case_id, said in rows:
        if marked.search(said.casefold()):
            yield case_id
        else:
            unlike.append((case_id, said))
    others = []
    for case_id, said in unlike:
        if bare.search(fold(said)):
            yield case_id
        else:
            others.append(case_id)
    yield from others


def newest_import(session: Session) -> Import | None:
    """Return the last import that found rows to take."""
    return session.exec(select(Import).order_by(col(Import.id).desc()).limit(1)).first()


def log_view(
    session: Session,
    person_id: int,
    *,
    case_id: int | None = None,
    inquiry_id: int | None = None,
    now: datetime,
) -> None:
    """Record that a person looked at a case or an inquiry."""
    session.add(CaseView(person_id=person_id, case_id=case_id, inquiry_id=inquiry_id, viewed_at=now))
    session.flush()


def of_branch(session: Session, branch_id: int) -> Sequence[Case]:
    """Return the cases of a branch, newest decision first."""
    found = select(Case).where(Case.branch_id == branch_id)
    return session.exec(found.order_by(*_newest_first())).all()


def pending(session: Session, branch_id: int, *, limit: int, offset: int = 0) -> Sequence[Case]:
    """Return a branch's cases that are not done with, longest pending first."""
    since = func.coalesce(col(Case.taken_up_on), col(Case.decision_on))
    found = select(Case).where(*_pending(branch_id)).order_by(since.asc().nulls_last(), col(Case.id))
    return session.exec(found.offset(offset).limit(limit)).all()


def count_pending(session: Session, branch_id: int) -> int:
    return session.exec(select(func.count()).select_from(Case).where(*_pending(branch_id))).one()


def _pending(branch_id: int) -> tuple[ColumnElement[bool], ...]:
    return col(Case.branch_id) == branch_id, col(Case.status).not_in(DONE)


def officers(session: Session) -> Mapping[int, set[str]]:
    """Return by branch the names of the officers who hold a case that is not done with."""
    named = select(Case.branch_id, Case.officer_name).distinct()
    found: dict[int, set[str]] = {}
    for branch_id, name in session.exec(named.where(col(Case.status).not_in(DONE), Case.officer_name != "")):
        found.setdefault(branch_id, set()).add(name)
    return found
