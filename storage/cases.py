"""The register of cases and the words under which they are found."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import delete, func, insert
from sqlmodel import Session, col, select

from storage.tables import Branch, Case, CaseToken, CaseView, Import
from storage.text import fold, tokens

INDEXED_AT_ONCE = 500
"""So many cases get their words in one statement."""
LONGEST_WORD = 64
"""Characters; longer words are cut, since an index takes no more than some kilobytes."""


def by_key(session: Session, branch_id: int, decision_key: str, decision_on: date | None) -> Case | None:
    """Return the case under its key: branch, decision number, date of the decision."""
    found = select(Case).where(
        Case.branch_id == branch_id, Case.decision_key == decision_key, Case.decision_on == decision_on
    )
    return session.exec(found).first()


def by_number(
    session: Session, serial: int, key: str | None = None, branch_id: int | None = None
) -> Sequence[Case]:
    """Return the cases with this decision serial (and whole number, and branch), newest decision first."""
    found = select(Case).where(Case.decision_serial == serial)
    if key is not None:
        found = found.where(Case.decision_key == key)
    if branch_id is not None:
        found = found.where(Case.branch_id == branch_id)
    return session.exec(found.order_by(col(Case.decision_on).desc(), col(Case.id))).all()


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

    Cases whose parties or numbers hold the words with their very marks come first.
    """
    sought = sorted(_words(words))
    if not sought:
        return [], 0
    found = select(Case)
    if branch_id is not None:
        found = found.where(Case.branch_id == branch_id)
    if officer is not None:
        found = found.where(Case.officer_name == officer)
    for token in sought:
        holding = select(CaseToken.case_id).where(col(CaseToken.token).startswith(token))
        found = found.where(col(Case.id).in_(holding))
    cases = sorted(session.exec(found).all(), key=lambda case: _rank(case, words))
    return cases[offset : offset + limit], len(cases)


def _rank(case: Case, words: str) -> tuple[bool, bool, int, int]:
    """Exact marks first, then the whole phrase without marks, then the newest decision."""
    said = f"{case.debtors} {case.creditors} {case.decision_number} {case.judgment_number}"
    newest = -(case.decision_on.toordinal() if case.decision_on else 0)
    exact = words.casefold() not in said.casefold()
    return exact, fold(words) not in fold(said), newest, case.id or 0


def newest_import(session: Session) -> Import | None:
    """Return the last import that found rows to take."""
    return session.exec(select(Import).order_by(col(Import.id).desc()).limit(1)).first()


def count(session: Session) -> int:
    return session.exec(select(func.count()).select_from(Case)).one()


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
    return session.exec(found.order_by(col(Case.decision_on).desc(), col(Case.id))).all()
