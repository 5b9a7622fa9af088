import pytest

from bot.demo.markup import parse_html
from bot.demo.refusals import Refusal


def shape(source: str) -> tuple[str, list[tuple[str, int, int]]]:
    content = parse_html(source)
    return content.text, [(e.type, e.offset, e.length) for e in content.entities]


@pytest.mark.parametrize(
    ("source", "entity"),
    [
        ("<b>x</b>", "bold"),
        ("<STRONG>x</strong>", "bold"),
        ("<i>x</i>", "italic"),
        ("<em>x</em>", "italic"),
        ("<u>x</u>", "underline"),
        ("<ins>x</ins>", "underline"),
        ("<s>x</s>", "strikethrough"),
        ("<strike>x</strike>", "strikethrough"),
        ("<del>x</del>", "strikethrough"),
        ("<tg-spoiler>x</tg-spoiler>", "spoiler"),
        ('<span class="tg-spoiler">x</span>', "spoiler"),
        ("<code>x</code>", "code"),
        ("<pre>x</pre>", "pre"),
        ("<blockquote>x</blockquote>", "blockquote"),
        ("<blockquote expandable>x</blockquote>", "expandable_blockquote"),
        ('<a href="https://e.vn/">x</a>', "text_link"),
    ],
)
def test_every_tag_becomes_its_entity(source: str, entity: str) -> None:
    assert shape(source) == ("x", [(entity, 0, 1)])


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("<x>a</x>", 'Unsupported start tag "x" at byte offset 0'),
        ("Đã <nhận>", 'Unsupported start tag "nhận" at byte offset 5'),
        ("a <b>b", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        (
            "<b><i>a</b></i>",
            'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"',
        ),
        ("5 < 6", 'Unsupported start tag "" at byte offset 2'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<b>x</b c>", "Unclosed end tag at byte offset 4"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<a href=x:y>x</a>", "Unexpected end of name token at byte offset 8"),
        ('<a ="x">x</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("<a href=", 'Unclosed start tag "a" at byte offset 0'),
        ("<a href", 'Unclosed start tag "a" at byte offset 0'),
        (
            "<blockquote>a<blockquote>b</blockquote></blockquote>",
            'Tag "blockquote" can\'t be nested at byte offset 13',
        ),
    ],
)
def test_errors_are_told_in_telegrams_words(source: str, complaint: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_html(source)
    assert refused.value.description == f"Bad Request: can't parse entities: {complaint}"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("&lt;b&gt; &amp; &quot;x&quot;", '<b> & "x"'),
        ("&#60;&#x3c;&#128512;", "<<😀"),
        ("a&nbsp;b", "a&nbsp;b"),
        ("a & b", "a & b"),
        ("&ltx", "&ltx"),
        ("&lt x", "< x"),
        ("&#0;", "&#0;"),
    ],
)
def test_references_are_decoded_and_unknown_ones_stay(source: str, text: str) -> None:
    assert parse_html(source).text == text


def test_offsets_count_utf16_units() -> None:
    assert shape("😀<b>đ😀</b>x") == ("😀đ😀x", [("bold", 2, 3)])


def test_a_language_belongs_to_a_block() -> None:
    block = parse_html('<pre><code class="language-python">x</code></pre>')
    assert [e.as_api() for e in block.entities] == [
        {"type": "pre", "offset": 0, "length": 1, "language": "python"}
    ]
    inline = parse_html('<code class="language-python">x</code>')
    assert [e.as_api() for e in inline.entities] == [{"type": "code", "offset": 0, "length": 1}]


def test_a_link_that_telegram_does_not_believe_is_plain_text() -> None:
    assert shape('<a href="http://localhost/x">x</a>') == ("x", [])
    assert shape("<a>e.vn</a>") == ("e.vn", [("text_link", 0, 4)])


def test_an_empty_tag_leaves_nothing() -> None:
    assert shape("<b></b>x") == ("x", [])
