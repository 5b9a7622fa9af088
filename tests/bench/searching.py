"""How much quicker a search by its index is than reading every case: `python -m tests.bench.searching`."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlmodel import Session, select

from storage import cases
from storage.database import Database
from storage.migrations import migrate
from storage.tables import Case
from tests.storage.test_cases import fill

WORDS = ("qđ", "nguyễn", "nguyen van duc", "150/QĐ-CCTHADS", "hà")


def milliseconds(database: Database, question: Callable[[Session], object]) -> float:
    """Return the best of five."""
    taken = []
    for _ in range(5):
        started = time.perf_counter()
        database.read_now(question)
        taken.append((time.perf_counter() - started) * 1000)
    return min(taken)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
        migrate(url)
        database = Database(url)
        database.write_now(fill)
        whole = milliseconds(database, lambda session: session.exec(select(Case)).all())
        for words in WORDS:
            taken = milliseconds(database, lambda session, words=words: cases.search(session, words)[0])  # type: ignore[misc]
            print(f"{words:20} {taken:7.1f} ms, {whole / taken:5.1f} times quicker than reading every case")
        database.close()


if __name__ == "__main__":
    main()
