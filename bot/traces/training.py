"""Conversations with their rewards, one JSON object a line, in the form of Anthropic's messages: for training, if you may.

The reward is what the judge measured, never what an agent said of itself. Whether a model may be trained on another's answers is
for its provider's terms to say, and whether a project's code may be used is for the project: so this is asked for explicitly,
carries the licence that its asker names, and says what was masked.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from bot.blobs import Blobs
from bot.traces.record import Recorded, Stretch, Talk
from evaluation.scorecard import Scorecard

SCHEMA = "hasten.messages/1"
MASKED = "[secret]"


def lines(recorded: Recorded, blobs: Blobs, licence: str) -> Iterator[str]:
    """One line for each conversation that was answered at least once."""
    for stretch in recorded.stretches:
        answered = [talk for talk in stretch.talks if not talk.exchange.error]
        if answered:
            yield json.dumps(_line(recorded, stretch, answered[-1], blobs, licence), ensure_ascii=False)


def _line(recorded: Recorded, stretch: Stretch, last: Talk, blobs: Blobs, licence: str) -> dict[str, Any]:
    """The last request holds the whole conversation; its answer is the end of it."""
    answer = {"role": "assistant", "content": last.response.get("content", [])}
    messages = [*last.request.get("messages", []), answer]
    masked = json.dumps([last.request, answer], ensure_ascii=False).count(MASKED)
    return {
        "schema": SCHEMA,
        "run": recorded.run.id,
        "step": stretch.step,
        "model": last.request.get("model"),
        "system": last.request.get("system", ""),
        "tools": last.request.get("tools", []),
        "messages": messages,
        "stop_reason": last.response.get("stop_reason"),
        "rewards": [_reward(row.id, row.outcome, row.scorecard, blobs) for row in stretch.candidates],
        "licence": licence,
        "redaction": {"secrets_masked": masked, "people": "not included"},
    }


def _reward(candidate: str, outcome: str | None, scorecard: str | None, blobs: Blobs) -> Mapping[str, Any]:
    card = Scorecard.from_json(blobs.get_json(scorecard)) if scorecard else None
    speed = card.speedup if card else None
    return {
        "candidate": candidate,
        "outcome": outcome or "unjudged",
        "tests_passed": card.tests.passed if card else None,
        "speedup": {"ratio": speed.ratio, "low": speed.low, "high": speed.high} if speed else None,
        "confirmed": bool(card and card.depth == "confirm"),
        "reasons": [reason.code for reason in card.reasons] if card else [],
    }
