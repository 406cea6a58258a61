"""What a grid of sizes tells as a whole, a line each: how the gain changes, where it turns, what fits into the old time."""

from collections.abc import Mapping, Sequence

from bot.report import quote, units
from evaluation.scaling import Capacity, Crossover, Scaling, Trend


def lines(scaling: Sequence[Scaling]) -> tuple[tuple[str, str], ...]:
    """(what, in words) along each parameter, for what there is; always over the sizes measured, never as a law."""
    return (
        ("Gain over size", "; ".join(_trend(each, each.trend) for each in scaling if each.trend)),
        ("Crossover", "; ".join(_crossover(each, each.crossover) for each in scaling if each.crossover)),
        ("Capacity", "; ".join(_capacity(each, each.capacity) for each in scaling if each.capacity)),
    )


def growth(classes: Mapping[str, Sequence[str]]) -> str:
    """The classes of growth before and after; nothing where they are not known."""
    before, after = (" or ".join(classes.get(side, ())) for side in ("baseline", "candidate"))
    if not before or not after:
        return ""
    return f"{quote.inline(before)}, as before" if before == after else f"{quote.inline(before)} → {quote.inline(after)}"


def _trend(scaling: Scaling, trend: Trend) -> str:
    words = {1: "grows", -1: "shrinks", 0: "neither grows nor shrinks for certain"}
    factors = ", ".join(f"{10**end:.2f}" for end in (trend.low, trend.high))
    span = f"{units.count(scaling.smallest)} to {units.count(scaling.largest)} {_name(scaling)}{_rest(scaling)}"
    return f"{words[trend.direction]} from {span}: {10**trend.exponent:.2f}× [{factors}] for every tenfold"


def _crossover(scaling: Scaling, crossover: Crossover) -> str:
    first, then = ("slower", "faster") if crossover.faster_above else ("faster", "slower")
    below, above = units.count(crossover.below), units.count(crossover.above)
    where = f"{first} at {below}, {then} at {above}"
    return f"{then} from about {_about(crossover.size)} {_name(scaling)} on ({where}){_rest(scaling)}"


def _capacity(scaling: Scaling, capacity: Capacity) -> str:
    name = _name(scaling)
    more = "more than " if capacity.at_least else "about "
    where = ", beyond what was measured" if capacity.extrapolated else ""
    before, after = _about(capacity.baseline), _about(capacity.candidate)
    return f"in {units.seconds(capacity.seconds)} {before} {name} before, {more}{after} after{where}{_rest(scaling)}"


def _name(scaling: Scaling) -> str:
    return quote.inline(scaling.name, 40)


def _rest(scaling: Scaling) -> str:
    told = ", ".join(f"{quote.inline(name, 40)} {units.count(number)}" for name, number in scaling.rest.items())
    return f" (at {told})" if told else ""


def _about(size: float) -> str:
    """A size with two digits: more was not measured."""
    return units.count(round(float(f"{size:.1e}")))
