"""The reasoning trace: what an agent thought and did, short enough to read, quoted because it is a model's words."""

from collections.abc import Sequence

from bot.agents.contract import Event
from bot.report import evidence, quote

MOST_EVENTS = 40
_SIGNS = {
    "started": "starts",
    "reasoning": "thinks",
    "message": "says",
    "tool_call": "does",
    "tool_result": "sees",
    "file_changed": "changes",
    "retry": "tries again",
    "judged": "hears",
    "ended": "ends",
}


def lines(events: Sequence[Event]) -> str:
    """One bullet an event; bookkeeping (steps, usage) is left out, and recipes that do not fit share one."""
    unfit = [str(event.data.get("recipe")) for event in events if _unfit(event)]
    told = [event for event in events if event.kind in _SIGNS and event.text.strip() and not _unfit(event)]
    aside = (
        [f"- *sets aside:* {evidence.names(list(dict.fromkeys(unfit)), most=MOST_EVENTS)}: they do not fit here."]
        if unfit
        else []
    )
    shown = [f"- *{_SIGNS[event.kind]}:* {quote.inline(event.text, 400)}" for event in told[:MOST_EVENTS]]
    if len(told) > MOST_EVENTS:
        shown.append(f"- … and {len(told) - MOST_EVENTS} more.")
    return "\n".join([*shown[:1], *aside, *shown[1:]])


def _unfit(event: Event) -> bool:
    return event.kind == "reasoning" and event.data.get("fits") is False
