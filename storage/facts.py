"""Single remembered values."""

from sqlmodel import Session

from storage.tables import Fact


def recall(session: Session, key: str) -> str | None:
    fact = session.get(Fact, key)
    return fact.value if fact else None


def remember(session: Session, key: str, value: str) -> None:
    session.merge(Fact(key=key, value=value))
    session.flush()


def forget(session: Session, key: str) -> None:
    fact = session.get(Fact, key)
    if fact is not None:
        session.delete(fact)
        session.flush()
