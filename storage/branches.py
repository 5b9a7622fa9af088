"""The branches: configured, kept as rows so that cases and people can belong to them."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from storage.tables import Branch
from storage.text import fold


def all_branches(session: Session) -> Sequence[Branch]:
    """Return the branches in the order of the configuration."""
    return session.exec(select(Branch).order_by(col(Branch.id))).all()


def by_code(session: Session, code: str) -> Branch | None:
    return session.exec(select(Branch).where(Branch.code == code)).first()


def by_words(session: Session, words: str) -> Branch | None:
    """Return the branch whose code, name or full name these words are (marks optional)."""
    sought = fold(words)
    for branch in all_branches(session):
        if sought in (fold(branch.code), fold(branch.name), fold(branch.full_name)):
            return branch
    return None


def synchronise(session: Session, configured: Sequence[tuple[str, str, str]]) -> None:
    """Make rows of the configured (code, name, full name); a branch is never removed."""
    for code, name, full_name in configured:
        branch = by_code(session, code) or Branch(code=code, name=name, full_name=full_name)
        branch.name, branch.full_name = name, full_name
        session.add(branch)
        session.flush()
