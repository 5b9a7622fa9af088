"""The branches: configured, kept as rows so that cases and people can belong to them."""

import re
from collections.abc import Sequence

from sqlmodel import Session, col, select

from storage.tables import Branch
from storage.text import fold

WORD = re.compile(r"\w+")
KINDS = ("huyen ", "thi xa ", "thanh pho ", "quan ", "tp ", "tx ")


def all_branches(session: Session) -> Sequence[Branch]:
    """Return the branches in the order of the configuration."""
    return session.exec(select(Branch).order_by(col(Branch.id))).all()


def by_code(session: Session, code: str) -> Branch | None:
    return session.exec(select(Branch).where(Branch.code == code)).first()


def by_words(session: Session, words: str) -> Branch | None:
    """Return the branch whose code, name or full name these words are (marks and kind of place optional)."""
    sought = _plain(words)
    known = all_branches(session)
    for branch in known:
        if sought in (_plain(branch.code), _plain(branch.name), _plain(branch.full_name)):
            return branch
    return next((one for one in known if _place(words) and _place(words) == _place(one.name)), None)


def _plain(words: str) -> str:
    return " ".join(WORD.findall(fold(words)))  # letters of every script: none is overlooked


def _place(words: str) -> str:
    """Return `hue` for `TP. Huế`; nothing for a name that is a mere number (`Quận 1`)."""
    plain = _plain(words)
    place = next((plain.removeprefix(kind) for kind in KINDS if plain.startswith(kind)), plain)
    return "" if place.isdecimal() else place


def synchronise(session: Session, configured: Sequence[tuple[str, str, str]]) -> None:
    """Make rows of the configured (code, name, full name); a branch is never removed."""
    for code, name, full_name in configured:
        branch = by_code(session, code) or Branch(code=code, name=name, full_name=full_name)
        branch.name, branch.full_name = name, full_name
        session.add(branch)
        session.flush()
