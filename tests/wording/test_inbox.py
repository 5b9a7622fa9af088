"""A failed update's line names the error, and nothing that somebody wrote."""

from datetime import UTC, datetime

import pytest

from bot.wording.inbox import LONGEST_ERROR, first_line, line

AT = datetime(2026, 11, 30, 2, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        ("ZeroDivisionError: division by zero", "ZeroDivisionError: division by zero"),
        ("ValueError: cannot read 'Nguyễn Văn Đức'", "ValueError: cannot read …"),
        ('KeyError: "Nguyễn Văn Đức"', "KeyError: …"),
        ("ValueError: “Đức”, ‘Hà’ and 'x'", "ValueError: …, … and …"),
        (
            "IntegrityError: UNIQUE constraint failed\n[SQL: INSERT …]",
            "IntegrityError: UNIQUE constraint failed",
        ),
        ("", ""),
    ],
)
def test_of_an_error_the_first_line_without_what_it_quotes(error: str, shown: str) -> None:
    assert first_line(error) == shown


def test_a_long_error_is_cut() -> None:
    assert len(first_line("RuntimeError: " + "word " * 100)) <= LONGEST_ERROR


def test_a_line_in_full() -> None:
    assert line(415, AT, "Hồ Minh Tâm", "press", "KeyError: 'x'") == (
        "415 · 09:16 30/11 · Hồ Minh Tâm · bấm nút · KeyError: …"
    )
    assert line(9, AT, "", "file", "OSError") == "9 · 09:16 30/11 · chưa đăng ký · tệp · OSError"
