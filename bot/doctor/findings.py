"""What a check finds."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True)
class Finding:
    """How one thing stands, in sentences for the operator: what is so, and what to do."""

    verdict: Verdict
    says: str


def ok(says: str) -> Finding:
    return Finding(Verdict.OK, says)


def warning(says: str) -> Finding:
    return Finding(Verdict.WARNING, says)


def fault(says: str) -> Finding:
    return Finding(Verdict.FAULT, says)
