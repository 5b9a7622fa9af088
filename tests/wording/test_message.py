"""A message with its buttons; a text too long for one message goes in several, verbatim."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from bot.wording.callbacks import Tap
from bot.wording.message import ROOM, Button, Message, button, fitting, in_parts, rows
from storage.kinds import SubjectKind
from storage.text import utf16_units
from tests.wording.samples import AWKWARD, joined, labels, parsed

HEAD = Markup("<b>Trả lời chất vấn 12/2027</b>\n<blockquote expandable>Hỏi: vì sao</blockquote>")
FOOT = "\nKính đề nghị đồng chí cho ý kiến."
BUTTONS = rows([button(Tap.ACCEPT, SubjectKind.INQUIRY, 12, 1)])
# As texts are stored: without control characters, trimmed.
BODIES = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp"], include_characters="\n"), min_size=1
)


def seen(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_a_short_text_is_one_message() -> None:
    [message] = in_parts(HEAD, AWKWARD, FOOT, BUTTONS)
    assert parsed(message).text == (
        f"Trả lời chất vấn 12/2027\nHỏi: vì sao\n{AWKWARD}\n\nKính đề nghị đồng chí cho ý kiến."
    )
    assert labels(message) == [["Đạt yêu cầu"]]


def test_a_text_without_a_foot() -> None:
    [message] = in_parts(HEAD, "a", "\n")
    assert str(message.html) == f"{HEAD}\na"
    assert message.rows == ()


def test_only_the_last_part_has_buttons() -> None:
    messages = in_parts(HEAD, "dòng\n" * 2000, FOOT, BUTTONS)
    assert len(messages) == 3
    assert [message.rows for message in messages] == [(), (), BUTTONS]
    assert parsed(messages[0]).text.startswith("Trả lời chất vấn 12/2027\n")
    assert parsed(messages[-1]).text.endswith("Kính đề nghị đồng chí cho ý kiến.")


def test_at_every_length_around_the_limit() -> None:
    """No part is too long, and none is empty, which Telegram would refuse."""
    for foot in (FOOT, "\n"):
        for length in range(ROOM - 200, ROOM + 100):
            messages = in_parts(HEAD, "x" * length, foot, BUTTONS)
            assert joined(messages) == seen(f"Trả lời chất vấn 12/2027Hỏi: vì sao{'x' * length}{foot}")
            assert messages[-1].rows == BUTTONS


@settings(max_examples=60, deadline=None)
@given(body=BODIES.filter(str.strip), times=st.sampled_from([1, 40, 400, 4000]))
def test_any_text_is_sent_verbatim(body: str, times: int) -> None:
    whole = (body.strip() * times)[:20_000].strip()
    messages = in_parts(HEAD, whole, FOOT, BUTTONS)
    assert joined(messages) == seen(
        f"Trả lời chất vấn 12/2027Hỏi: vì sao{whole}Kính đề nghị đồng chí cho ý kiến."
    )
    assert messages[-1].rows == BUTTONS
    assert all(utf16_units(parsed(message).text) <= 4096 for message in messages)


def test_absent_buttons_leave_no_gap() -> None:
    one = Button("Có", "x")
    assert rows([None], [one, None], [], [None, one]) == ((one,), (one,))


def test_a_button_bears_its_own_label_or_the_given_one() -> None:
    assert button(Tap.SEND, SubjectKind.DRAFT, 7).label == "Gửi chất vấn"
    assert button(Tap.PICK, SubjectKind.DRAFT, 7, label="A & B").label == "A & B"


def test_buttons_as_plain_json() -> None:
    message = Message("x", rows([Button("a", "b")], [Button("c", "d"), Button("e", "f")]))
    assert message.pairs == [[["a", "b"]], [["c", "d"], ["e", "f"]]]


def test_lines_that_have_room() -> None:
    assert fitting(["12345", "123", "1"], 10) == ["12345", "123"]
    assert fitting(["<b>12345</b>", "&amp;"], 8) == ["<b>12345</b>", "&amp;"]
    assert fitting(["123456"], 6) == []
    assert fitting([], 6) == []
