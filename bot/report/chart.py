"""One picture of a scorecard as a Vega-Lite specification: time per call over size before and after, and the speed-up beside it.

The same specification is the picture in the merge request and the one on a page. It holds its data and loads nothing.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from bot.report import tables, units
from bot.report.quote import inline, visible
from evaluation.scorecard import Cell

Json = Mapping[str, Any]
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
DECADE = 10.0  # a range as wide as this is drawn on a logarithmic axis
MOST_SERIES = 5  # more than these nobody tells apart
MOST_TICKS = 7
_WIDTH, _HEIGHT = 300, 170
_BEFORE, _AFTER = "#8a8f98", "#1f75cb"
_LEGEND = {"orient": "top", "offset": 4, "symbolFillColor": _AFTER, "symbolStrokeColor": _AFTER}
_UNITS = ((1.0, 1.0, "s"), (1e-3, 1e3, "ms"), (1e-6, 1e6, "µs"), (0.0, 1e9, "ns"))


def spec(cells: Sequence[Cell]) -> Json | None:
    """The chart of these sizes; None where they are fewer than two, so that a picture says nothing."""
    along = _along(cells)
    placed = [cell for cell in cells if along in cell.size and _drawable(cell)]
    every = list(dict.fromkeys(_series(cell, along) for cell in placed))
    series = _some(every)
    shown = [cell for cell in placed if _series(cell, along) in series]
    if len({cell.size[along] for cell in shown}) < 2:
        return None
    x = _sizes([cell.size[along] for cell in shown], visible(along)[:40])
    note = f"{len(series)} of {len(every)} shown" if len(series) < len(every) else None
    return {
        "$schema": SCHEMA,
        "background": "white",
        "config": {"font": "sans-serif", "view": {"stroke": None}, "axis": {"grid": True, "titleFontWeight": "normal"}},
        "spacing": 36,
        "resolve": {"scale": {"shape": "independent"}},
        "hconcat": [_times(shown, along, x, series), _gains(shown, along, x, series, note)],
    }


def alt(name: str, cells: Sequence[Cell]) -> str:
    """What the chart shows, for who cannot see it: the ends of the grid in words. `name` is foreign."""
    ordered = sorted(cells, key=lambda cell: cell.baseline_s)
    ends = (ordered[0], ordered[-1])
    told = "; ".join(
        f"at {tables.size(cell)} from {units.seconds(cell.baseline_s)} to {units.seconds(cell.candidate_s)}" for cell in ends
    )
    gains = sorted(cell.speedup.ratio for cell in cells)
    slower = sum(cell.loses for cell in cells)
    losses = f"slower at {slower} of {len(cells)} sizes" if slower else "slower at no size"
    return f"Time per call of {inline(name, 80)}: {told}. Speed-up {units.ratio(gains[0])} to {units.ratio(gains[-1])}, {losses}."


def _along(cells: Sequence[Cell]) -> str:
    """The size that the horizontal axis shows: the one that was varied most."""
    values: dict[str, list[int]] = {}
    for cell in cells:
        for name, number in cell.size.items():
            values.setdefault(name, []).append(number)
    return max(values, key=lambda name: max(values[name]) / max(1, min(values[name])), default="")


def _some(series: Sequence[str]) -> list[str]:
    """All of few; of many the first, the last and some between."""
    if len(series) <= MOST_SERIES:
        return list(series)
    return [series[round(step * (len(series) - 1) / (MOST_SERIES - 1))] for step in range(MOST_SERIES)]


def _drawable(cell: Cell) -> bool:
    """Whether all of it is a number with a place on an axis."""
    gain = cell.speedup
    return all(1e-12 < each < 1e12 for each in (cell.baseline_s, cell.candidate_s, gain.ratio, gain.low, gain.high))


def _series(cell: Cell, along: str) -> str:
    """What sets a cell apart from those at the same place of the axis."""
    return ", ".join(f"{visible(name)[:40]} {units.count(number)}" for name, number in cell.size.items() if name != along)


def _unit(seconds: Sequence[float]) -> tuple[float, str]:
    """The unit in which the times read well, and how many of it a second has."""
    middle = sorted(seconds)[len(seconds) // 2]
    return next((factor, unit) for least, factor, unit in _UNITS if middle >= least)


def _times(cells: Sequence[Cell], along: str, x: Json, series: Sequence[str]) -> Json:
    """Left: a line each before and after; the same mark is the same series."""
    factor, unit = _unit([cell.baseline_s for cell in cells])
    values: list[dict[str, Any]] = [
        {"size": cell.size[along], "series": _series(cell, along), "side": side, "time": seconds * factor}
        for cell in cells
        for side, seconds in (("before", cell.baseline_s), ("after", cell.candidate_s))
    ]
    colour = {
        "field": "side",
        "type": "nominal",
        "title": None,
        "scale": {"domain": ["before", "after"], "range": [_BEFORE, _AFTER]},
        "legend": {"orient": "top", "offset": 4},
    }
    y = _axis("time", [each["time"] for each in values], f"time per call, {unit}")
    return _panel(values, {"x": x, "y": y, "color": colour}, [{"mark": "line"}, _points(series, None)])


def _gains(cells: Sequence[Cell], along: str, x: Json, series: Sequence[str], note: str | None) -> Json:
    """Right: how much faster, with the interval of each size, over the line at which nothing has changed."""
    values: list[dict[str, Any]] = [
        {"size": cell.size[along], "series": _series(cell, along), "gain": gain.ratio, "low": gain.low, "high": gain.high}
        for cell in cells
        for gain in (cell.speedup,)
    ]
    title = f"speed-up, {units.percent(cells[0].speedup.level)} intervals"
    y = _axis("gain", [1.0, *(each[end] for each in values for end in ("low", "high"))], title, sign="×")
    even = {"mark": {"type": "rule", "strokeDash": [4, 4], "color": _BEFORE}, "encoding": {"y": {"datum": 1}}}
    span = {"mark": {"type": "rule", "strokeWidth": 2}, "encoding": {"y": {**y, "field": "low"}, "y2": {"field": "high"}}}
    layers: list[Json] = [{"mark": {"type": "line", "opacity": 0.4}}, span, _points(series, {"title": note, **_LEGEND})]
    panel = _panel(values, {"x": x, "y": y, "color": {"value": _AFTER}}, layers)
    return {**panel, "layer": [even, *panel["layer"]]}


def _points(series: Sequence[str], legend: Json | None) -> Json:
    """A mark of its own for each series, where there are several."""
    mark = {"type": "point", "filled": True, "size": 45, "opacity": 1}
    if len(series) < 2:
        return {"mark": mark}
    return {"mark": mark, "encoding": {"shape": {"field": "series", "type": "nominal", "sort": list(series), "legend": legend}}}


def _panel(values: Sequence[Json], encoding: Json, layers: Sequence[Json]) -> Json:
    """Layers over the same data, each series by itself."""
    common = {**encoding, "detail": {"field": "series", "type": "nominal"}}
    return {
        "width": _WIDTH,
        "height": _HEIGHT,
        "data": {"values": list(values)},
        "layer": [{**layer, "encoding": {**common, **layer.get("encoding", {})}} for layer in layers],
    }


def _sizes(values: Sequence[int], title: str) -> Json:
    """The horizontal axis, with a tick at each size that was measured."""
    axis = {"format": "~s", "values": sorted(set(values)), "grid": False, "labelOverlap": "greedy"}
    return {"field": "size", "type": "quantitative", "title": title, "scale": _scale(values), "axis": axis}


def _axis(field: str, values: Sequence[float], title: str, sign: str = "") -> Json:
    """A vertical axis; `sign` stands behind each of its numbers."""
    axis: dict[str, Any] = {"format": "~g", "tickCount": 5, "labelExpr": f"datum.label + '{sign}'"}
    if _wide(values):
        axis |= {"values": _round(min(values), max(values)), "labelOverlap": False}
    return {"field": field, "type": "quantitative", "title": title, "scale": _scale(values), "axis": axis}


def _scale(values: Sequence[float]) -> Json:
    return {"type": "log" if _wide(values) else "linear", "zero": False, "nice": False, "padding": 10}


def _wide(values: Sequence[float]) -> bool:
    return min(values) > 0 and max(values) / min(values) >= DECADE


def _round(low: float, high: float) -> list[float]:
    """Numbers to write on a logarithmic axis: the powers of ten, with 2 and 5 between them where there is room."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    fine, coarse = (
        [each for power in powers for step in steps if low * 0.8 <= (each := float(f"{step}e{power}")) <= high * 1.25]
        for steps in ((1, 2, 5), (1,))
    )
    return fine if len(fine) <= MOST_TICKS else coarse
