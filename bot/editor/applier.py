"""One reply's edits become file contents: all of them, or none and the reasons. Pure: files come in through `read`."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.editor.document import Document
from bot.editor.edits import FileEdit, Replace, Request, Splice, Symbol, Whole, digest, splice
from bot.editor.match import locate
from bot.editor.nearest import numbered
from bot.editor.refusal import Refusal
from bot.editor.symbol import replace_symbol
from bot.editor.syntax import definitions, elided, parsed

LARGEST = 2_000_000  # bytes of a file that is edited at all
_SURROGATE = re.compile("[\ud800-\udfff]")
_SHRINK = 0.6  # a whole file that keeps less of its lines than this must announce it
_SMALL = 10  # lines below which shrinking is nobody's concern


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was changed; each refusal belongs to one request."""

    refusals: tuple[Refusal, ...]

    def __str__(self) -> str:
        return "\n".join(str(refusal) for refusal in self.refusals)


Read = Callable[[str], bytes | None]


def apply(requests: Sequence[Request], read: Read) -> tuple[FileEdit, ...] | Refused:
    """The new contents that one reply asks for, each file once; refused as a whole when one request is."""
    paths = dict.fromkeys(request.path for request in requests)
    answers = [_file([request for request in requests if request.path == path], read(path)) for path in paths]
    refusals = tuple(refusal for answer in answers if isinstance(answer, tuple) for refusal in answer)
    if refusals:
        return Refused(refusals)
    return tuple(answer for answer in answers if isinstance(answer, FileEdit))


def _file(requests: Sequence[Request], content: bytes | None) -> FileEdit | tuple[Refusal, ...]:
    path = requests[0].path
    if len(requests) > 1 and any(_total(request) for request in requests):
        return (Refusal("conflict", path, "one reply gives this file as a whole and edits it too; do one or the other"),)
    if content is None:
        return _created(requests)
    if len(content) > LARGEST:
        return (Refusal("size", path, f"the file is larger than {LARGEST} bytes"),)
    document = Document.decode(content)
    if document is None:
        return (Refusal("encoding", path, "the file is no text in UTF-8 or in an encoding that it declares"),)
    text = _text(requests, document)
    if isinstance(text, tuple):
        return text
    refusal = _check(path, document.text, text)
    return (refusal,) if refusal else _encoded(path, content, document, text)


def _encoded(path: str, content: bytes, document: Document, text: str) -> FileEdit | tuple[Refusal, ...]:
    try:
        return FileEdit(path, digest(content), document.encode(text))
    except UnicodeEncodeError as error:
        sign = text[error.start]
        return (Refusal("encoding", path, f"the file is in {document.encoding}, which has no {sign!r}; write it as an escape"),)


def _total(request: Request) -> bool:
    return isinstance(request, Whole) or (isinstance(request, Replace) and not request.old)


def _created(requests: Sequence[Request]) -> FileEdit | tuple[Refusal, ...]:
    request = requests[0]
    if isinstance(request, Symbol) or (isinstance(request, Replace) and request.old):
        return (Refusal("missing", request.path, "there is no such file; to create it, leave `old` empty"),)
    text = request.content if isinstance(request, Whole) else request.new
    refusal = _check(request.path, "", text)
    return (refusal,) if refusal else FileEdit(request.path, None, text.encode("utf-8"))


def _text(requests: Sequence[Request], document: Document) -> str | tuple[Refusal, ...]:
    """The new text of an existing file. Each request is located in the text as it was, so none hits what another one wrote."""
    if isinstance(whole := requests[0], Whole):
        refusal = _losses(whole, document)
        return (refusal,) if refusal else document.styled(whole.content)
    located = [_splices(request, document) for request in requests]
    refusals = tuple(answer for answer in located if isinstance(answer, Refusal))
    if refusals:
        return refusals
    splices = [each for answer in located if not isinstance(answer, Refusal) for each in answer]
    if clash := _clash(requests[0].path, splices, document):
        return (clash,)
    return splice(document.text, splices)


def _splices(request: Request, document: Document) -> list[Splice] | Refusal:
    match request:
        case Replace(path=path, old=""):
            return Refusal("exists", path, "an empty `old` creates a file, but this one exists; quote what is to be replaced")
        case Replace():
            return locate(document, request)
        case Symbol():
            answer = replace_symbol(document, request)
            return answer if isinstance(answer, Refusal) else [answer]
        case Whole(path=path):
            return Refusal("conflict", path, "a whole file cannot be combined with other edits of it")


def _clash(path: str, splices: Iterable[Splice], document: Document) -> Refusal | None:
    ordered = sorted(splices, key=lambda each: (each.start, each.end))
    for one, other in pairwise(ordered):
        if other.start < one.end:
            line = 1 + document.text.count("\n", 0, other.start)
            return Refusal("conflict", path, f"two edits of this reply overlap at line {line}; join them into one")
    return None


def _losses(whole: Whole, document: Document) -> Refusal | None:
    """What a whole file would drop without having said so."""
    before, after = parsed(document.text), parsed(whole.content)
    if not isinstance(before, SyntaxError) and not isinstance(after, SyntaxError):
        gone = sorted(definitions(before) - definitions(after) - set(whole.removes))
        if gone and whole.path.endswith(".py"):
            return Refusal("vanished", whole.path, f"these went missing: {', '.join(gone)}; keep them or announce them")
    old, new = (sum(1 for line in text.split("\n") if line.strip()) for text in (document.text, whole.content))
    if old >= _SMALL and new < _SHRINK * old and not whole.shrinks:
        return Refusal("shrunk", whole.path, f"the file went from {old} to {new} lines; send all of it, or announce it")
    return None


def _check(path: str, before: str, after: str) -> Refusal | None:
    """What no edit may do, however it was asked for."""
    if before == after:
        return Refusal("unchanged", path, "this changes nothing")
    if _SURROGATE.search(after):
        return Refusal("encoding", path, "half a character (a lone surrogate) cannot be written")
    if len(after) > LARGEST:
        return Refusal("size", path, f"the file would grow beyond {LARGEST} characters")
    if line := elided(before, after):
        return Refusal("elision", path, f"line {line} is a placeholder, not code; write out what belongs there")
    return _broken(path, before, after) if path.endswith(".py") else None


def _broken(path: str, before: str, after: str) -> Refusal | None:
    error = parsed(after)
    if not isinstance(error, SyntaxError) or isinstance(parsed(before), SyntaxError):
        return None
    line = error.lineno or 1
    shown = numbered(after, max(1, line - 3), line + 2)
    return Refusal("syntax", path, f"the result would not parse: {error.msg} (line {line})\n{shown}\nNothing was changed")
