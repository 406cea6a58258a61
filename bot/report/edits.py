"""What came of a model's edits, a line for each form: how many applied, what repairing took, why the others were refused."""

from collections.abc import Iterator, Mapping

from bot.editor.forms import Form, Record
from bot.report import quote

_FORMS: Mapping[Form, str] = {"search-replace": "search and replace", "symbol": "whole functions", "whole-file": "whole files"}
REFUSED = {
    "path": "a path outside the project",
    "fenced": "a fenced file",
    "missing": "a file that does not exist",
    "exists": "a file that existed already",
    "stale": "a file that had changed meanwhile",
    "encoding": "text that the file's encoding cannot hold",
    "size": "a file too large to edit",
    "no-match": "text that was not there",
    "many-matches": "text that was there more than once",
    "unchanged": "no change",
    "conflict": "two edits of the same place",
    "symbol": "no such function",
    "elision": "a placeholder instead of code",
    "vanished": "a definition lost on the way",
    "shrunk": "much of a file lost on the way",
    "syntax": "code that does not parse",
    "blocks": "unreadable edits",
}


def lines(records: Mapping[tuple[str, Form], Record]) -> str:
    """One bullet for each model and form."""
    told = (f"- *Edits by* {quote.code(model, 60)}, {words}" for model, words in _told(records))
    return "\n".join(told)


def plain(records: Mapping[tuple[str, Form], Record]) -> Iterator[str]:
    """The same for a terminal; the model's name is foreign."""
    for model, words in _told(records):
        yield f"edits by {model}, {words}"


def _told(records: Mapping[tuple[str, Form], Record]) -> Iterator[tuple[str, str]]:
    for (model, form), record in records.items():
        yield model, f"{_FORMS[form]}: {_record(record)}"


def _record(record: Record) -> str:
    parts = [f"{record.applied} of {record.tried} applied"]
    if record.repairs:
        turns = "one more turn" if record.turns == 1 else f"{record.turns} more turns"
        parts.append(f"{record.repairs} of them after {turns}")
    said = f"{', '.join(parts)}."
    refused = ", ".join(f"{REFUSED.get(code, 'another reason')} ({count}×)" for code, count in sorted(record.refusals.items()))
    return f"{said} Refused: {refused}." if refused else said
