"""The one place where foreign text enters what we say: people's words, model output, program output, names out of a repository.

After quoting, nothing in it can act: no quick action, mention, reference, closing keyword, HTML, fence, link, image or marker.
"""

import re
from typing import Literal

_HOLD = "\u2060"  # word joiner: invisible, and breaks what GitLab would recognise, also where it decodes entities first
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|.?)", re.DOTALL)
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_SECRETS = re.compile(
    r"\bgl(?:pat|oas|dt|rt|cbt|ptt|ft|soat)-[\w.-]{8,}|\bsk-[\w-]{16,}|\bwhsec_[\w+/=]{8,}|(?<=://)[^\s/@:]+:[^\s/@]+(?=@)"
    r"|(?i:(?<=bearer )[\w.~+/=-]{12,})"
)
_MARKUP = re.compile(r"([\\`*\[\]<>~$&]|(?<!\w)_|_(?!\w))")
_LEADING = re.compile(r"^(?=[-+=#>/:|])|^(\d{1,9})(?=[.)])")
_REFERENCE = re.compile(r"([@#!%&$~^])(?=\\?[\w\"])|(?<=:)(?=//)|(?<=[wW]{3})(?=\.)")
_BREAKS = re.compile(r"[\x85\u2028\u2029\x0b\x0c]|\r\n?")
_CODE_OR_TEXT = re.compile(r"`([^`\n]{1,200})`")
_BULLET = re.compile(r"\s{0,3}[-*+] (?=\S)")
_LONGEST_RUN = 20_000  # characters that are looked at, before anything is cut for display


def inline(text: str, limit: int = 200) -> str:
    """Foreign words inside a sentence of ours: one line, shown as typed, only code spans are kept."""
    return _spans(_shorten(_one_line(text), limit))


def code(text: str, limit: int = 120) -> str:
    """A foreign name, path or expression as a code span."""
    shown = _shorten(_one_line(text), limit).replace("<!--", f"<!{_HOLD}--")
    if not shown:
        return "` `"
    ticks = "`" * (1 + max((len(run) for run in re.findall(r"`+", shown)), default=0))
    pad = " " if shown[0] == "`" or shown[-1] == "`" else ""
    return f"{ticks}{pad}{shown}{pad}{ticks}"


def block(text: str, *, lines: int = 20, limit: int = 3_000, language: Literal["text", "python"] = "text") -> str:
    """Foreign output as a code block: its last lines, since that is where programs say what went wrong."""
    kept = [line.rstrip()[:300] for line in _clean(text[-_LONGEST_RUN:]).strip("\n").split("\n")]
    cut = len(kept) > lines
    shown = "\n".join(_held(line) for line in kept[-lines:])[-limit:]
    return f"```{language}\n" + ("…\n" if cut else "") + _held(shown.lstrip("\n")) + "\n```"


def passage(text: str, limit: int = 2_000) -> str:
    """Foreign prose in paragraphs: code spans and plain bullets survive, every other markup is shown as typed."""
    cleaned = _clean(text[:_LONGEST_RUN]).strip()
    lines = _shorten(cleaned, limit).split("\n")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(_passage_line(line) for line in lines)).strip()


def visible(text: str) -> str:
    """The text without what a reader could not see in it, and without secrets; markup stays as it is."""
    return _clean(text)


def _passage_line(line: str) -> str:
    bullet = _BULLET.match(line)
    rest = line[bullet.end() :] if bullet else line.strip()
    return f"- {_spans(rest)}" if bullet else _spans(rest)


def _spans(line: str) -> str:
    pieces = _CODE_OR_TEXT.split(line)
    return "".join(code(piece, 200) if odd % 2 else _inert(piece, first=odd == 0) for odd, piece in enumerate(pieces))


def _inert(text: str, *, first: bool) -> str:
    escaped = _MARKUP.sub(r"\\\1", text)
    if first:
        escaped = _LEADING.sub(lambda found: f"{found[1]}\\" if found[1] else "\\", escaped)
    return _REFERENCE.sub(lambda found: found[0] + _HOLD, escaped)


def _held(line: str) -> str:
    """A line of a code block that neither ends the block nor starts with a slash: some GitLab versions look into blocks."""
    held = re.sub(r"(`{3,}|~{3,})", lambda run: run[0][0] + _HOLD + run[0][1:], line).replace("<!--", f"<!{_HOLD}--")
    return " " + held if held.startswith("/") else held


def _one_line(text: str) -> str:
    return " ".join(_clean(text[:_LONGEST_RUN]).split())


def _clean(text: str) -> str:
    """Without what a reader cannot see (terminal codes, direction marks) and without what looks like a secret."""
    visible = _UNSEEN.sub("", _BREAKS.sub("\n", _ESCAPES.sub("", text)).replace("\t", "    "))
    return _SECRETS.sub("[removed]", visible)


def _shorten(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
