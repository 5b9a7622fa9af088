"""Refusals are sentences: each has its text, and its values fill it."""

import inspect

import pytest

from bot.operations import answers, refusals
from bot.operations.refusals import Refusal
from bot.wording.catalogue import plain

VALUES = {"at": "10:02", "name": "Tâm", "round": 2, "number": "12/2027"}
ALL = [
    one
    for module in (refusals, answers)
    for _name, one in inspect.getmembers(module, inspect.isclass)
    if issubclass(one, Refusal) and one.key  # the others only name a sort
]


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_a_refusal_has_a_sentence_and_a_reason(kind: type[Refusal]) -> None:
    said = plain(kind.key, **VALUES)
    assert said.endswith(".")
    assert "!" not in said
    assert kind.__doc__


def test_there_are_refusals_and_no_two_say_the_same() -> None:
    assert len({kind.key for kind in ALL}) == len(set(ALL)) >= 13


def test_a_refusal_carries_its_values() -> None:
    refusal = refusals.AnsweredBefore(name="Hoa", at="15:42")
    assert plain(refusal.key, **refusal.values) == "Đồng chí Hoa đã trả lời lúc 15:42."
    assert str(refusal) == "refusal.answered"
