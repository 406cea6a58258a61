"""Lets through the HTML that GitLab lets through, more or less, and closes what was left open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from html.parser import HTMLParser
from urllib.parse import urlsplit

VOID = frozenset({"br", "hr", "img"})
DEAF = frozenset({"script", "style", "iframe", "object", "template", "title", "textarea", "noscript"})
TAGS: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "li"), frozenset()),
    **dict.fromkeys(("strong", "b", "em", "i", "del", "s"), frozenset()),
    **dict.fromkeys(
        ("pre", "blockquote", "table", "thead", "tbody", "tr", "summary", "sup", "sub", "kbd", "br", "hr"), frozenset()
    ),
    **dict.fromkeys(("div", "span", "dl", "dt", "dd", "ins", "samp", "var"), frozenset()),
    "code": frozenset({"class"}),
    "details": frozenset({"open"}),
    "ol": frozenset({"start"}),
    "th": frozenset({"align", "colspan", "rowspan"}),
    "td": frozenset({"align", "colspan", "rowspan"}),
    "a": frozenset({"href", "title"}),
    "img": frozenset({"src", "alt", "title", "width", "height"}),
}
LINKS = frozenset({"href", "src"})
SCHEMES = frozenset({"", "http", "https", "mailto"})

Attributes = list[tuple[str, str | None]]


class Sanitizer(HTMLParser):
    """Rebuilds a document from allowed tags; everything else becomes nothing, its text stays."""

    def __init__(self, relocate: Callable[[str], str]) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self._open: list[str] = []
        self._deaf = 0
        self._relocate = relocate

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        if tag in DEAF:
            self._deaf += 1
        elif tag in TAGS and not self._deaf:
            self.out.append(f"<{tag}{''.join(self._attribute(tag, name, value or '') for name, value in attrs)}>")
            if tag not in VOID:
                self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in DEAF:
            self._deaf = max(0, self._deaf - 1)
        elif tag in self._open and not self._deaf:
            while self._close() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self._deaf:
            self.out.append(escape(data, quote=False))

    def finish(self) -> str:
        self.close()
        while self._open:
            self._close()
        return "".join(self.out)

    def _close(self) -> str:
        tag = self._open.pop()
        self.out.append(f"</{tag}>")
        return tag

    def _attribute(self, tag: str, name: str, value: str) -> str:
        if name == "style" and tag in ("th", "td") and value.startswith("text-align:"):
            name, value = "align", value.removeprefix("text-align:")
        if name not in TAGS[tag] or (name in LINKS and not safe(value)):
            return ""
        return f' {name}="{escape(self._relocate(value) if name in LINKS else value)}"'


def safe(link: str) -> bool:
    """No scheme that runs something."""
    try:
        return urlsplit("".join(link.split())).scheme.lower() in SCHEMES
    except ValueError:
        return False


def clean(html: str, relocate: Callable[[str], str] = str) -> str:
    """Safe HTML; links and pictures pass through `relocate`."""
    parser = Sanitizer(relocate)
    parser.feed(html)
    return parser.finish()
