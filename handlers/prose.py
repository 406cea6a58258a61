"""Which lines of a note speak to the bot: CommonMark decides what is prose, so that quotes and code stay quotes and code."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

MOST_CHARACTERS = 20_000  # of a note that are looked at: beyond, hostile nesting would cost the parser seconds
_MOST_LINES = 20

# Elements that browsers close by themselves: an open tag of them says nothing about what follows.
_CLOSED_BY_THEMSELVES = "area|base|br|col|embed|hr|img|input|link|meta|source|wbr|p|li|dt|dd|tr|td|th|thead|tbody|option"
_SELF_CLOSING = frozenset(_CLOSED_BY_THEMSELVES.split("|"))
_TAG = re.compile(r"<(?P<end>/?)(?P<name>[a-zA-Z][\w-]*)[^<>]*?(?P<empty>/?)>")
_FENCE = re.compile(r">>>\s*")
_ORIGINAL = re.compile(r"-{2,}\s*(original|forwarded) message\s*-{2,}\s*", re.IGNORECASE)
_WROTE = re.compile(r"on .*\bwrote:\s*", re.IGNORECASE)
_FROM = re.compile(r"\W{0,4}from:\W.*", re.IGNORECASE)
_SENT = re.compile(r"\W{0,4}(sent|date|to|subject):\W.*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Line:
    """A line addressed to the bot: how it was addressed (`/optimize` or `@bot`), and the rest of it as written."""

    address: str
    rest: str


def addressed(note: str, *, bot: str, word: str) -> list[Line]:
    """The lines of `note` that begin with `/word` or `@bot`, as whole words, in a paragraph at top level."""
    return _find(
        note, re.compile(rf"(?P<address>/{re.escape(word)}|@{re.escape(bot)}[,:]?)(?P<rest>[^\S\n][^\n]*|(?=\n|\Z))", re.I)
    )


def slashed(note: str) -> list[Line]:
    """The lines that begin with any `/word`: for finding commands that were mistyped."""
    return _find(note, re.compile(r"(?P<address>/[a-z]{3,30})(?P<rest>[^\S\n][^\n]*|(?=\n|\Z))", re.I))


def _find(note: str, pattern: re.Pattern[str]) -> list[Line]:
    text = note[:MOST_CHARACTERS].replace("\r\n", "\n").replace("\r", "\n")
    if not any(pattern.match(line) for line in text.split("\n")):
        return []  # almost every note: no need to parse it
    tokens = _parser(pattern).parse(text)
    lines = text.split("\n")
    shut = _quoted_lines(lines, tokens)
    found = [line for number, line in _commands(tokens) if number not in shut and pattern.match(lines[number])]
    return found[:_MOST_LINES]


def _parser(pattern: re.Pattern[str]) -> MarkdownIt:
    def command(state: StateInline, silent: bool) -> bool:
        """Mark a command word at the start of a line; the rest of the line is parsed on, since code may begin in it."""
        if silent or state.level or state.linkLevel or (state.pos and state.src[state.pos - 1] != "\n"):
            return False
        match = pattern.match(state.src, state.pos)
        if match is None:
            return False
        token = state.push("command", "", 0)
        token.meta = {"line": state.src.count("\n", 0, state.pos), "address": match["address"], "rest": match["rest"].strip()}
        state.pos = match.end("address")
        return True

    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    parser.inline.ruler.before("text", "command", command)
    return parser


def _commands(tokens: Sequence[Token]) -> Iterator[tuple[int, Line]]:
    depth = 0
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.type == "html_block" and token.level == 0:
            depth = _depth(token.content, depth)
        elif token.type == "inline" and before is not None and before.type == "paragraph_open" and before.level == 0:
            yield from _in_paragraph(token, depth)


def _in_paragraph(inline: Token, depth: int) -> Iterator[tuple[int, Line]]:
    first = inline.map[0] if inline.map else 0
    for token in inline.children or []:
        if token.type == "html_inline":
            depth = _depth(token.content, depth)
        elif token.type == "command" and depth == 0:
            yield first + token.meta["line"], Line(token.meta["address"], token.meta["rest"])


def _depth(html: str, depth: int) -> int:
    for tag in _TAG.finditer(html):
        if tag["name"].lower() not in _SELF_CLOSING and not tag["empty"]:
            depth = max(0, depth - 1) if tag["end"] else depth + 1
    return depth


def _quoted_lines(lines: Sequence[str], tokens: Sequence[Token]) -> frozenset[int]:
    """Lines in GitLab's `>>>` blocks and everything from the tail of an e-mail on: quotes that CommonMark does not know."""
    opaque = _opaque_lines(tokens)
    shut: set[int] = set()
    inside = False
    for number, line in enumerate(lines):
        if number in opaque:
            continue
        if _begins_tail(lines, number):
            return frozenset(shut | set(range(number, len(lines))))
        if _FENCE.fullmatch(line):
            inside = not inside
        if inside:
            shut.add(number)
    return frozenset(shut)


def _opaque_lines(tokens: Sequence[Token]) -> frozenset[int]:
    spans = (token.map for token in tokens if token.type in ("fence", "code_block", "html_block") and token.map)
    return frozenset(number for start, end in spans for number in range(start, end))


def _begins_tail(lines: Sequence[str], number: int) -> bool:
    line = lines[number]
    if line == "-- " or _ORIGINAL.fullmatch(line):
        return True
    after = [later for later in lines[number + 1 : number + 5] if later.strip()]
    if _WROTE.fullmatch(line):  # what follows with `>` is a quote anyway, and an answer may stand below it
        return not (after and after[0].lstrip().startswith(">"))
    return bool(_FROM.fullmatch(line) and any(_SENT.fullmatch(later) for later in after))
