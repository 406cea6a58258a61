"""What became of a candidate, why a search ended, and what it cost, each in a sentence or two."""

from collections.abc import Mapping
from typing import Any

from bot.report import units

_STOPS = {
    "rounds": "all rounds were used",
    "time": "the time for proposals was used up",
    "ideas": "nobody had another idea",
    "settled": "the last rounds brought nothing faster",
    "stalled": "the last rounds brought nothing faster, also where I looked elsewhere than at the best",
    "tokens": "the tokens left did not cover another call to the model",
    "money": "the money left did not cover another call to the model",
    "calls": "the model's calls were used up",
    "evaluations": "the evaluations were used up",
}


def fate(kind: str, data: Mapping[str, Any], numbers: Mapping[str, int], parent: str | None = None) -> str:
    """Why this candidate, or why not. `numbers`: the number of each candidate, by its id."""
    told = [_KINDS[kind](data, numbers)] if kind in _KINDS else []
    if parent and parent in numbers:
        told.append(f"It goes on from candidate {numbers[parent]}.")
    if data.get("asked") == "escape":
        told.append("I had asked for something away from the best so far, because nothing got faster any more.")
    return " ".join(told)


def search_ended(stop: str, spent: Mapping[str, Any]) -> str:
    """What a search took, and why it ended."""
    looks, took = int(spent.get("evaluations") or 0), units.elapsed(float(spent.get("seconds") or 0.0))
    measured = f" and {'one first look' if looks == 1 else f'{looks} first looks'} at changed code" if looks else ""
    because = f"; it ended because {_STOPS[stop]}" if stop in _STOPS else ""
    return f"The search took {took}{measured}{because}. {_model(spent)}"


def _model(spent: Mapping[str, Any]) -> str:
    calls, tokens, usd = int(spent.get("calls") or 0), int(spent.get("tokens") or 0), spent.get("usd")
    if not calls:
        return "No model was asked."
    known = float(spent.get("known_usd") or 0.0)
    least = f"for ${known:.2f} and what the calls cost whose price I don't know" if known else "at a price I don't know"
    times = "once" if calls == 1 else f"{calls} times"
    return f"The model was asked {times} ({units.count(tokens)} tokens) {least if usd is None else f'for ${float(usd):.2f}'}."


def _won(_data: Mapping[str, Any], _numbers: Mapping[str, int]) -> str:
    return "It won: measured again on fresh processes and inputs, the gain held."


def _rejected(_data: Mapping[str, Any], _numbers: Mapping[str, int]) -> str:
    return "With that it was out, however fast it is."


def _unmeasured(_data: Mapping[str, Any], _numbers: Mapping[str, int]) -> str:
    return "A first look could not tell how fast it is, so I did not measure it again."


def _slow(data: Mapping[str, Any], _numbers: Mapping[str, int]) -> str:
    return f"A first look saw {units.ratio(float(data['ratio']))}, too little to be worth a second measurement."


def _behind(data: Mapping[str, Any], _numbers: Mapping[str, int]) -> str:
    return f"{_place(data)} Only the first {data.get('finalists', 3)} are measured again."


def _spared(data: Mapping[str, Any], numbers: Mapping[str, int]) -> str:
    ahead = numbers.get(str(data.get("ahead")))
    who = f"Candidate {ahead}" if ahead else "Another one"
    return f"{_place(data)} {who} was measured again before it and held."


def _unconfirmed(data: Mapping[str, Any], _numbers: Mapping[str, int]) -> str:
    return f"{_place(data)} Measured again on fresh processes and inputs, the gain did not hold."


def _place(data: Mapping[str, Any]) -> str:
    seen = units.ratio(float(data["ratio"]))
    return f"A first look saw {seen}, which made it number {data['rank']} of {data['of']} that looked faster."


_KINDS = {
    "won": _won,
    "rejected": _rejected,
    "unmeasured": _unmeasured,
    "slow": _slow,
    "behind": _behind,
    "spared": _spared,
    "unconfirmed": _unconfirmed,
}
