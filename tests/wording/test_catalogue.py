"""Every text that the code asks for is there, none is left over, and all keep the rules of the words."""

import ast
import re
import unicodedata
from collections.abc import Collection, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jinja2 import UndefinedError, meta
from pydantic import BaseModel

from bot.chat.commands import COMMANDS
from bot.demo.markup import parse_html
from bot.doctor import CHECKS, OFFICE_CHECKS
from bot.doctor.findings import Verdict
from bot.operations.inbox import KINDS
from bot.rules.figures import BranchFigures
from bot.rules.health import Trouble
from bot.rules.quiet import CHOICES
from bot.rules.registers import Column, FaultKind, RemarkKind
from bot.rules.reminders import Rule
from bot.settings import Settings, fields, section_of
from bot.wording import catalogue as module
from bot.wording.callbacks import Tap
from bot.wording.catalogue import catalogue, plain, say
from bot.wording.lengths import LONGEST_TEXT, strip_tags, visible_length
from storage.kinds import Act, CaseStatus, Classification, Hindrance, Role, State, Urgency
from tests.wording.samples import NOW

ROOT = Path(__file__).parent.parent.parent
KEY = re.compile(r"[a-z]+(?:\.[a-z0-9_]+)+")
SPEAKERS = {"say", "plain"}
LABELLED = {
    *(Tap.SET_URGENCY, Tap.SET_DUE, Tap.PICK_BRANCH, Tap.PICK, Tap.PAGE),
    *(Tap.BELONGS, Tap.SHOW_CASE, Tap.PAGE_FOUND, Tap.QUIET),
}
"""Buttons whose label is always made of what they stand for."""


def texts() -> dict[str, str]:
    found = {str(message.id): str(message.string) for message in catalogue() if message.id}
    assert len(found) > 100, "the catalogue is nearly empty"
    return found


# --- what the code asks for -------------------------------------------------------------------


def programs(folder: str) -> Iterator[tuple[Path, ast.Module]]:
    for file in sorted((ROOT / folder).rglob("*.py")):
        yield file, ast.parse(file.read_text(encoding="utf-8"), str(file))


@cache
def calls() -> list[tuple[str, ast.Call]]:
    """Every call of `say` and `plain`, also as a method, with the place where it stands."""
    found = []
    for file, tree in programs("bot"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args and _called(node) in SPEAKERS:
                found.append((f"{file.relative_to(ROOT)}:{node.lineno}", node))
    assert len(found) > 100, "no call of say() was found"
    return found


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def pattern_of(node: ast.JoinedStr) -> str:
    """Return `state.{}` for f"state.{inquiry.state}"."""
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)


def _want_words(model: type[BaseModel]) -> Iterator[str]:
    for field in fields(model).values():
        within = section_of(field)
        yield from _want_words(within) if within else ()
        yield field.description or "section"


def _fault_kinds() -> set[str]:
    tree = ast.parse((ROOT / "storage/history.py").read_text(encoding="utf-8"))
    found = {
        str(node.args[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _called(node) == "Fault" and isinstance(node.args[0], ast.Constant)
    }
    assert found, "the history knows no fault"
    return found


FAMILIES: dict[str, Collection[str]] = {
    "button.{}": [tap.name.lower() for tap in Tap if tap not in LABELLED],
    "button.page_{}": ["before", "after"],
    "classification.{}": list(Classification),
    "cli.fault_{}": _fault_kinds(),
    "command.{}": [command.name for command in COMMANDS],
    "doctor.name_{}": ["config", *CHECKS, "rest", *OFFICE_CHECKS],
    "doctor.verdict_{}": list(Verdict),
    "due.{}": ["past", "too_soon", "too_far", "day_off"],
    "help.{}": [role for role in Role if role is not Role.DEPUTY],
    "hindrance.{}": list(Hindrance),
    "hindrance.{}_on_card": list(Hindrance),
    "history.{}": [act for act in Act if act is not Act.VIEW],
    "imports.column.{}": list(Column),
    "imports.fault.{}": list(FaultKind),
    "imports.remark.{}": list(RemarkKind),
    "inbox.kind_{}": [*KINDS.values(), "text", "file", "other"],
    "ladder.{}": ["delivered", "received"],
    "quiet.{}": list(CHOICES),
    "reckoning.{}": [
        *("weekend", "start_day", "outside_hours", "configured_off", "swap_off"),
        *("configured_working", "swap_working"),
    ],
    "reminders.{}": [Rule.RECEIPT, Rule.DUE_SOON, Rule.DUE_TODAY],
    "remedy.{}": list(Hindrance),
    "role.{}": list(Role),
    "settings.want.{}": set(_want_words(Settings)),
    "state.{}": list(State),
    "status.{}": list(CaseStatus),
    "step.{}": ["delivered", "received"],
    "trouble.{}": list(Trouble),
    "trouble.{}_remedy": list(Trouble),
    "unreached.{}": list(Hindrance),
    "urgency.{}": list(Urgency),
}
"""The texts that are asked for by an f-string, with all that can stand in it."""


def patterns() -> set[str]:
    """Every f-string of the code that looks like a key of the catalogue."""
    found = set()
    sections = {key.partition(".")[0] for key in texts()}
    for _, tree in programs("bot"):
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr) and KEY.fullmatch(pattern_of(node).replace("{}", "x")):
                found.add(pattern_of(node))
    return {pattern for pattern in found if pattern.partition(".")[0] in sections}


def named_keys() -> set[str]:
    """Every string of the code that looks like a key of the catalogue."""
    sections = {key.partition(".")[0] for key in texts() if "." in key}
    found = set()
    for _, tree in programs("bot"):
        pieces = {
            id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values
        }
        found |= {
            str(node.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and id(node) not in pieces
        }
    for _, tree in programs("storage"):  # errors of storage carry their key as an attribute
        found |= {
            str(node.value.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Constant)
            and [getattr(target, "id", "") for target in node.targets] == ["key"]
        }
    dotted = {key for key in found if KEY.fullmatch(key) and key.partition(".")[0] in sections}
    return dotted | (found & set(texts()))


def asked_for() -> set[str]:
    expanded = {pattern.format(word) for pattern, words in FAMILIES.items() for word in words}
    return named_keys() | expanded


def test_every_family_is_known() -> None:
    """An f-string that is new here must say what can stand in it."""
    assert patterns() == set(FAMILIES)


def test_the_reasons_of_a_day_are_all_named() -> None:
    from bot.rules.workdays import Calendar

    calendar = Calendar(off=frozenset({date(2026, 12, 1)}), working=frozenset({date(2026, 12, 5)}))
    days = [date.fromordinal(date(2026, 1, 1).toordinal() + ahead) for ahead in range(730)]
    reasons = {calendar.day_reason(day) for day in days}
    named = {reason for reason in reasons if reason and not reason.startswith("holiday:")}
    assert named
    assert named <= set(FAMILIES["reckoning.{}"])


def test_every_text_that_is_asked_for_is_there() -> None:
    assert sorted(asked_for() - set(texts())) == []


def test_every_text_is_asked_for() -> None:
    assert sorted(set(texts()) - asked_for()) == []


def test_every_key_is_written_so_that_it_is_found() -> None:
    """A key that is put together in another way escapes these guards."""
    loose = [
        place
        for place, node in calls()
        if not isinstance(node.args[0], ast.Constant | ast.JoinedStr | ast.IfExp)
        and not _is_passed_on(node.args[0])
    ]
    assert loose == []


def _is_passed_on(node: ast.expr) -> bool:
    """A name, an attribute, a row of a table: what it holds is a string that stands elsewhere in the code."""
    return isinstance(node, ast.Name | ast.Attribute | ast.Subscript)


def test_no_key_stands_twice() -> None:
    source = Path(module.__file__).with_name("vi.po").read_text(encoding="utf-8")
    keys = re.findall(r'^msgid "(.+)"$', source, re.MULTILINE)
    assert len(keys) == len(texts())
    assert len(set(keys)) == len(keys)


# --- what a text is given ---------------------------------------------------------------------


@cache
def placeholders(key: str) -> frozenset[str]:
    environment = module._environment()
    return frozenset(meta.find_undeclared_variables(environment.parse(texts()[key])))


def test_a_call_gives_what_its_text_shows() -> None:
    """Neither less, which would be an error on a phone, nor more, which would be dead."""
    wrong = []
    checked = 0
    for place, node in calls():
        key = node.args[0]
        if not isinstance(key, ast.Constant) or any(keyword.arg is None for keyword in node.keywords):
            continue
        checked += 1
        given = {str(keyword.arg) for keyword in node.keywords}
        if given != placeholders(str(key.value)):
            wrong.append((place, key.value, given ^ placeholders(str(key.value))))
    assert checked > 100
    assert wrong == []


FIGURES = BranchFigures(
    "PLOC", "A & <b>", open=5, awaiting=1, asked=3, further=2, insufficient=1, answered=4, timely=2
)
SAMPLES: dict[str, Any] = {
    **dict.fromkeys(("at", "due", "old", "delivered", "received", "answered", "asked", "starts"), NOW),
    **dict.fromkeys(("since", "until", "begins", "ends", "escalates", "warned", "kept_from"), NOW),
    **dict.fromkeys(("decided", "imported", "day", "taken_up", "due_on"), date(2026, 11, 30)),
    **dict.fromkeys(("first", "last", "possible"), date(2026, 11, 30)),
    **dict.fromkeys(("lines", "warnings", "steps", "rounds", "inquiries", "commands"), ("một", "hai")),
    **dict.fromkeys(("blocks", "named", "names", "where", "to_judge", "to_answer"), ("một", "hai")),
    **dict.fromkeys(
        ("count", "days", "hours", "total", "missing", "shown", "room", "round", "age", "parts", "length"), 12
    ),
    **dict.fromkeys(("asked_before", "seq", "row", "years", "id", "line", "branch", "item"), 3),
    **dict.fromkeys(("page", "pages", "more", "unnamed", "times"), 4),
    "week": FIGURES,
    "before": FIGURES,
    "enforced": 200_000_000,
}
SAMPLES_OF: dict[str, dict[str, Any]] = {
    "cases.amounts": {"due": 5_000},
    "cases.answered": {
        "rounds": [{"number": 2, "question": "q", "name": "n", "at": NOW, "answer": "<b>"}],
    },
    "cli.summary_no_cutoff": {"before": NOW},
    "cli.summary_not_yet": {"before": NOW},
    "reminders.overdue": {"day": NOW, "warned": "12/2027"},
    "summaries.branch_line": {"branch": FIGURES, "arrow": " ▲"},
    "summaries.branch_list": {"branches": [FIGURES]},
    "summaries.branch_overdue": {"before": 2},
    "summaries.day": {"day": NOW},
    "summaries.footer": {"imported": "27/11"},
    "summaries.overdue": {"before": 2},
    "urging.done_all": {"before": 2},
}


def rendered(key: str, **instead: Any) -> str:
    given = {name: SAMPLES.get(name, "chữ & <b>") for name in placeholders(key)}
    return str(say(key, **{**given, **SAMPLES_OF.get(key, {}), **instead}))


@pytest.mark.parametrize("key", sorted(texts()))
def test_every_text_can_be_said(key: str) -> None:
    """Filled in, it is HTML that Telegram takes; nothing of the template is left in it."""
    said = rendered(key)
    assert said.strip()
    assert not re.search(r"\{\{|\}\}|\{%|%\}|\bNone\b|^%| {2}| $|^ ", said, re.MULTILINE)
    assert parse_html(said).text.strip() == strip_tags(said).strip()


@pytest.mark.parametrize("key", sorted(key for key in texts() if placeholders(key)))
def test_a_missing_value_is_an_error_at_once(key: str) -> None:
    with pytest.raises((UndefinedError, TypeError), match=r"undefined|StrictUndefined"):
        say(key)


def test_a_missing_text_is_an_error_at_once() -> None:
    with pytest.raises(KeyError, match=r"no\.such\.text"):
        say("no.such.text")


def test_values_are_escaped_and_plain_words_are_not() -> None:
    assert str(say("plain", text="<b> & “x”")) == "&lt;b&gt; &amp; “x”"
    assert plain("plain", text="<b> & “x”") == "<b> & “x”"


TYPED = {"words", "text", "sought", "note", "question"}
"""What a placeholder is called in which stands what somebody typed: up to 4,096 characters."""
TERMINAL = {"backups", "cli", "doctor", "imports", "inbox", "settings"}
"""Sections that no phone shows; nothing limits their length."""
UNQUOTED = {
    "plain",  # shows nothing else
    "help.command",  # a text of the catalogue itself
    "history.note",  # shortened where it is said: all notes share a room
}


def quoting() -> list[tuple[str, str]]:
    """Every text of the phone that shows what was typed, with the placeholder."""
    shown = [key for key in texts() if key.partition(".")[0] not in TERMINAL and key not in UNQUOTED]
    found = [(key, name) for key in shown for name in placeholders(key) & TYPED]
    assert len(found) > 15, "no text quotes what was typed"
    return sorted(found)


@pytest.mark.parametrize(("key", "name"), quoting())
def test_what_was_typed_never_makes_a_text_too_long(key: str, name: str) -> None:
    """Telegram would refuse it, and nobody would learn why nothing came."""
    said = rendered(key, **{name: "chữ " * 1024, "room": 3000})
    assert visible_length(said) <= LONGEST_TEXT


# --- the rules of the words -------------------------------------------------------------------


def wording(key: str) -> str:
    """Return a text without its statements, placeholders and tags."""
    text = re.sub(r"^%.*$", "", texts()[key], flags=re.MULTILINE)
    return re.sub(r"\{[%#].*?[%#]\}|\{\{.*?\}\}|<[^>]*>", "", text)


def offenders(rule: str) -> dict[str, str]:
    found = {key: re.search(rule, wording(key), re.IGNORECASE) for key in texts()}
    return {key: match[0] for key, match in found.items() if match}


@pytest.mark.parametrize(
    "rule",
    [
        r"\bbạn\b",
        r"\bhãy\b",
        r"\bvi phạm\b",
        r"\bvui lòng\b",
        r"(?<!chuẩn )\bbị\b",
        r"!",
        r"\bcv\s?\d",  # công văn
        r"/[a-z]+ \d",  # a tap would send the command alone
        r"o[àáảãạ]\b|o[èéẻẽẹ]\b|(?<!q)u[ỳýỷỹỵ]\b",  # hòa, khỏe, hủy: the mark stands as in laws
    ],
)
def test_no_text_says(rule: str) -> None:
    assert offenders(rule) == {}


@pytest.mark.parametrize("text", ["đã huỷ", "hoả tốc", "uỷ thác", "thuỷ", "hoà", "xoá", "khoẻ"])
def test_the_new_way_of_tone_marks_is_seen(text: str) -> None:
    assert re.search(r"o[àáảãạ]\b|o[èéẻẽẹ]\b|(?<!q)u[ỳýỷỹỵ]\b", text)


@pytest.mark.parametrize(
    "text", ["hủy, hỏa tốc, ủy thác, Thủy, hòa, xóa, khỏe", "quý, toàn, ngoài, khoản, thuyền"]
)
def test_the_old_way_of_tone_marks_is_let_pass(text: str) -> None:
    assert not re.search(r"o[àáảãạ]\b|o[èéẻẽẹ]\b|(?<!q)u[ỳýỷỹỵ]\b", text)


def test_texts_are_in_composed_letters() -> None:
    assert [key for key, text in texts().items() if not unicodedata.is_normalized("NFC", text)] == []


def test_three_emoji_in_all() -> None:
    used = {letter for text in texts().values() for letter in text if unicodedata.category(letter) == "So"}
    assert used == set("⚡❗✅") | {"✓"}  # ✓ is a plain character


STRANGERS = ("enrolment.stranger", "enrolment.code_unusable", "enrolment.suspended", "enrolment.unbound")


@pytest.mark.parametrize("key", STRANGERS)
def test_strangers_are_not_addressed_and_learn_nothing(key: str) -> None:
    said = texts()[key]
    assert not re.search(r"đồng chí|đ/c|chất vấn|thi hành án|THADS|\bCục\b|431|\{\{", said, re.IGNORECASE)


def test_commands_in_texts_exist() -> None:
    known = {command.name for command in COMMANDS}
    found = {name for key in texts() for name in re.findall(r"(?<![\w/<])/([a-z]+)(?:_|\b)", wording(key))}
    assert found - {"c"} <= known  # đ/c
    assert found


def test_labels_fit_two_to_a_row() -> None:
    labels = [text for key, text in texts().items() if key.startswith("button.") and "{{" not in text]
    assert labels
    assert [label for label in labels if len(label) > 18] == []
