"""A run as lines for a terminal: who did what, in order."""

from collections.abc import Iterator

from bot.agents import record
from bot.editor.forms import records
from bot.report import edits, replies
from bot.report.facts import Account
from bot.traces.record import Recorded, Stretch

WIDTH = 160


def lines(recorded: Recorded) -> Iterator[str]:
    """Everything that was recorded, shortened to a line each."""
    yield f"{recorded.run.id}: {recorded.run.target or 'no target'}, {recorded.run.state}"
    for each in recorded.passes:
        yield f"iteration {each.row.number}{f': {each.row.remark}' if each.row.remark else ''}"
        for stretch in each.stretches:
            yield from _of(stretch)
        for fate in each.fates.values():
            yield _short(f"  {fate.candidate or 'the search'}: {fate.fate}")
    yield from map(_short, _account(recorded))


def _of(stretch: Stretch) -> Iterator[str]:
    yield f"  {stretch.step}"
    for event in stretch.events:
        if event.text.strip():
            yield _short(f"    {event.kind}: {event.text}")
    paid = [talk.exchange for talk in stretch.talks]
    if paid:
        tokens = sum(each.usage.total for each in paid)
        yield f"    {len(paid)} calls of {stretch.model}, {tokens} tokens, {sum(bool(each.error) for each in paid)} failed"


def _account(recorded: Recorded) -> Iterator[str]:
    """What came of the edits, and what the searches took."""
    said = (event for stretch in recorded.stretches for event in stretch.events)
    yield from edits.plain(records(record.tried(said)))
    ends = [each.fates[""] for each in recorded.passes if "" in each.fates]
    if account := Account.of([(end.fate, end.data) for end in ends]):
        yield replies.search_ended(account.stop, account.spent)


def _short(text: str) -> str:
    line = " ".join(part for part in text.split(" ") if part or text.startswith(" "))
    flat = line.replace("\r", " ").replace("\n", " ⏎ ")
    printable = "".join(letter if letter.isprintable() else "�" for letter in flat)
    return printable if len(printable) <= WIDTH else printable[: WIDTH - 1] + "…"
