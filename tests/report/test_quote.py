"""Foreign text can be read, and can do nothing."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.report import quote
from bot.report.marker import Marker, find, stamp

KEY = b"k"
RENDERER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
MENTION = re.compile(r"[@#!%&$~^](?=\w)")
SCRAPS = st.sampled_from(
    [
        *(
            "/close",
            "/optimize x",
            "@all",
            "#12",
            "!5",
            "~bug",
            "Closes #3",
            "http://x.y/z",
            "www.x.y",
            "<script>",
            "<b>",
            "</details>",
        ),
        *(
            "<!--",
            "-->",
            "&lt;",
            "&#64;all",
            "```",
            "````",
            "~~~",
            "`",
            "``",
            "`a`",
            "|",
            "*",
            "**",
            "_",
            "- ",
            "* ",
            "1. ",
            "1) ",
            "# ",
        ),
        *(
            "> ",
            ">>>",
            "===",
            "---",
            "[a](b)",
            "![a](b)",
            "[a]: b",
            "\\",
            "$$",
            "\t",
            "    ",
            "\n",
            "\n\n",
            "\r\n",
            "\x1b[1m",
            "\u202e",
            "a",
        ),
        stamp(Marker("status", 1, "r"), KEY),
    ]
)
FOREIGN = st.lists(SCRAPS | st.text(max_size=3), max_size=12).map("".join)


def rendered_types(markdown: str) -> set[str]:
    """What a reader would get, as the renderer's token names."""
    tokens = RENDERER.parse(markdown)
    return {token.type for token in tokens} | {child.type for token in tokens for child in token.children or []}


def plain(markdown: str) -> str:
    """The prose outside of code."""
    return " ".join(child.content for token in RENDERER.parse(markdown) for child in token.children or [] if child.type == "text")


def acts(markdown: str) -> bool:
    """Whether GitLab would do something because of this text."""
    slash = any(re.match(r"/[a-z]", line) for line in markdown.splitlines())
    return slash or bool(MENTION.search(plain(markdown))) or "://" in plain(markdown) or bool(find(markdown, KEY))


@settings(max_examples=60, deadline=None)
@given(FOREIGN)
def test_inline_text_is_text(foreign):
    shown = quote.inline(foreign)

    assert rendered_types(shown) <= {"paragraph_open", "paragraph_close", "inline", "text", "text_special", "code_inline"}
    assert not acts(shown)
    assert "\n" not in shown


@settings(max_examples=60, deadline=None)
@given(FOREIGN)
def test_a_code_span_is_one_code_span(foreign):
    tokens = RENDERER.parseInline(quote.code(foreign))[0].children or []

    assert [token.type for token in tokens] == ["code_inline"]
    assert not acts("x " + quote.code(foreign))


@settings(max_examples=60, deadline=None)
@given(FOREIGN)
def test_a_block_is_one_block(foreign):
    shown = quote.block(foreign)

    assert [token.type for token in RENDERER.parse(shown)] == ["fence"]
    assert not acts(shown)
    assert [line.startswith(("```", "~~~")) for line in shown.split("\n")].count(True) == 2


@settings(max_examples=60, deadline=None)
@given(FOREIGN)
def test_a_passage_has_paragraphs_bullets_and_code_spans_only(foreign):
    shown = quote.passage(foreign)
    lists = {"bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close"}
    text = {"paragraph_open", "paragraph_close", "inline", "text", "text_special", "softbreak", "code_inline"}

    assert rendered_types(shown) <= text | lists
    assert not acts(shown)


@pytest.mark.parametrize(
    ("foreign", "shown"),
    [
        ("sort_frame", "sort_frame"),
        ("use `a_b` now", "use `a_b` now"),
        ("/close", "\\/close"),
        ("a\n/close", "a /close"),
        ("**bold**", "\\*\\*bold\\*\\*"),
        ("@all", "@\u2060all"),
        ("@_team", "@\u2060\\_team"),
        ("Closes #3", "Closes #\u20603"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("a\u202eb", "ab"),
    ],
)
def test_inline_examples(foreign, shown):
    assert quote.inline(foreign) == shown


@pytest.mark.parametrize(
    "secret",
    [
        "glpat-abcdefghij0123456789",
        "sk-ant-api03-abcdefghijklmnop",
        "whsec_MfKQ9r8GKYqrTwjUPD8I",
        "Bearer abcdefghijklmnopqrst",
        "http://oauth2:glpat-abcdefghij@example.com/x.git",
    ],
)
@pytest.mark.parametrize("how", [quote.inline, quote.code, quote.block, quote.passage])
def test_what_looks_like_a_secret_is_removed(how, secret):
    shown = how(f"error: {secret} refused")

    assert "removed" in shown
    assert "abcdefghij" not in shown
    assert "MfKQ" not in shown


def test_long_text_is_cut():
    assert len(quote.inline("a" * 10_000)) == 200
    assert len(quote.code("a" * 10_000)) <= 122
    assert len(quote.passage("a b " * 10_000)) <= 2_100
    assert len(quote.block("line\n" * 10_000)) < 300


def test_a_block_keeps_the_last_lines():
    shown = quote.block("\n".join(f"line {number}" for number in range(50)), lines=3)

    assert shown == "```text\n…\nline 47\nline 48\nline 49\n```"


def test_nothing_is_quoted_as_nothing():
    assert quote.inline("") == ""
    assert quote.passage(" \n ") == ""
    assert quote.code("") == "` `"
