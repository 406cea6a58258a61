"""What a grid of sizes tells as a whole, a line each: how the gain changes, where it turns, what fits into the old time."""

from bot.report import quote, units
from evaluation.scaling import Capacity, Crossover, Scaling, Trend


def lines(scaling: Scaling) -> tuple[tuple[str, str], ...]:
    """(what, in words), for what there is; always over the sizes measured, never as a law."""
    name = quote.inline(scaling.name, 40)
    return (
        ("Gain over size", _trend(scaling, scaling.trend, name) if scaling.trend else ""),
        ("Crossover", _crossover(scaling.crossover, name) if scaling.crossover else ""),
        ("Capacity", _capacity(scaling, scaling.capacity, name) if scaling.capacity else ""),
    )


def _trend(scaling: Scaling, trend: Trend, name: str) -> str:
    words = {1: "grows", -1: "shrinks", 0: "neither grows nor shrinks for certain"}
    factors = ", ".join(f"{10**end:.2f}" for end in (trend.low, trend.high))
    span = f"{units.count(scaling.smallest)} to {units.count(scaling.largest)} {name}{_rest(scaling)}"
    return f"{words[trend.direction]} from {span}: {10**trend.exponent:.2f}× [{factors}] for every tenfold"


def _crossover(crossover: Crossover, name: str) -> str:
    first, then = ("slower", "faster") if crossover.faster_above else ("faster", "slower")
    below, above = units.count(crossover.below), units.count(crossover.above)
    return f"{then} from about {_about(crossover.size)} {name} on ({first} at {below}, {then} at {above})"


def _capacity(scaling: Scaling, capacity: Capacity, name: str) -> str:
    more = "more than " if capacity.at_least else "about "
    where = ", beyond what was measured" if capacity.extrapolated else ""
    before, after = _about(capacity.baseline), _about(capacity.candidate)
    return f"in {units.seconds(capacity.seconds)} {before} {name} before, {more}{after} after{where}{_rest(scaling)}"


def _rest(scaling: Scaling) -> str:
    told = ", ".join(f"{quote.inline(name, 40)} {units.count(number)}" for name, number in scaling.rest.items())
    return f" (at {told})" if told else ""


def _about(size: float) -> str:
    """A size with two digits: more was not measured."""
    return units.count(round(float(f"{size:.1e}")))
