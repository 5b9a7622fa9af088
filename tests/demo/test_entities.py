import pytest

from bot.demo.entities import FormattedText, cleaned, given, settled, utf16_len
from bot.demo.markup import parse_html
from bot.demo.refusals import Refusal


def test_length_is_counted_in_utf16_units() -> None:
    assert [utf16_len(text) for text in ("", "đ", "😀", "a😀")] == [0, 1, 2, 3]


@pytest.mark.parametrize(
    "source",
    [
        "<b>a</b> <i>b</i>",
        "<b>a <i>b</i></b>",
        "<b>a <i>b</i> c</b> d",
        'x <a href="https://e.vn/?a=1&amp;b=2">l</a>',
        "<blockquote expandable><b>Hỏi</b>: 1 &lt; 2 &amp; 3</blockquote>\nx",
        '<pre><code class="language-sql">select</code></pre>',
        "<tg-spoiler>😀</tg-spoiler><code>150/QĐ</code>",
    ],
)
def test_html_comes_back_as_it_was_written(source: str) -> None:
    assert parse_html(source).html == source


def test_white_space_goes_at_both_ends_and_the_entities_follow() -> None:
    content = parse_html(" \n<b>a</b> \n")
    assert (content.text, content.html) == ("a", "<b>a</b>")
    assert parse_html("<b> a </b>").text == " a", "in front only as far as the first entity"


def test_control_characters_do_not_survive() -> None:
    assert cleaned("a\r\nb\tc\u202ed\x00") == "a\nb cd "


def test_bold_around_code_keeps_off_the_code() -> None:
    assert parse_html("<b>a <code>b</code> c</b>").html == "<b>a </b><code>b</code><b> c</b>"
    assert parse_html("<code>a <b>b</b></code>").html == "<code>a b</code>"


def test_commands_links_names_and_tags_are_detected_but_not_tagged() -> None:
    content = settled("xem /xem_12, a/b, @chatvan_bot https://e.vn/x #gap", [])
    assert content.found("bot_command") == ["/xem_12"]
    assert content.found("mention") == ["@chatvan_bot"]
    assert content.found("url") == ["https://e.vn/x"]
    assert content.found("hashtag") == ["#gap"]
    assert content.html == content.text


def test_nothing_is_detected_inside_code() -> None:
    assert parse_html("<code>/xem_12</code>").found("bot_command") == []


def test_at_most_a_hundred_entities_are_kept() -> None:
    content = parse_html("<b>x</b> " * 120)
    assert len(content.entities) == 100


def test_given_entities_are_checked_against_the_text() -> None:
    assert given("abc", [{"type": "bold", "offset": 1, "length": 1}]).html == "a<b>b</b>c"
    with pytest.raises(Refusal, match="entity beginning at UTF-16 offset 1 ends after the end of the text"):
        given("abc", [{"type": "bold", "offset": 1, "length": 3}])
    with pytest.raises(Refusal, match="can't parse MessageEntity"):
        given("abc", [{"type": "bold"}])


def test_equal_content_is_equal() -> None:
    assert parse_html("<b>x</b>") == parse_html("<strong>x</strong>") != FormattedText("x")
