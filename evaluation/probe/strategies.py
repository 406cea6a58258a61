"""Calls drawn by hypothesis from annotations, where it is installed.

It covers rare values; our own draws make values repeat and collide.
For annotations that our makers know nothing about they are all there is. Numbers and moments stay where arrays can hold them.
"""

import datetime
import decimal
import importlib
import os
import sys
from typing import Any

from . import annotations

MOST = 60
LARGEST_COUNT = 1000  # of an integer that is an argument of its own, by which people count loops


class Unknown(Exception):
    """hypothesis is not there, or knows no values for the annotations either."""


def calls(function, seed, count):
    """Up to `count` calls, the same ones for the same seed. Raises Unknown."""
    try:
        annotations.parameters(function, lambda hint: hint)
    except annotations.NotAnnotated as error:
        raise Unknown(str(error)) from error
    hypothesis = _hypothesis()
    try:
        strategies = importlib.import_module("hypothesis.strategies")
        _bounded(strategies)
        positional, keywords = annotations.parameters(function, _strategy_for(strategies))
        found = _drawn(
            hypothesis, strategies.tuples(strategies.tuples(*positional), strategies.fixed_dictionaries(keywords)), seed, count
        )
    except Exception as error:  # types of the project's, and what hypothesis thinks of them
        raise Unknown(str(error).partition("\n")[0][:300]) from error
    kept = [call for call in found if _countable([*call[0], *call[1].values()])]
    if not kept:
        raise Unknown("nothing could be drawn")
    return kept


def _bounded(strategies: Any):
    """No wider than what a faster implementation may well hold its numbers in, and no values that refuse being compared."""
    for kind, strategy in (
        (int, strategies.integers(-(2**53), 2**53)),
        (float, strategies.floats(-1e6, 1e6)),  # larger ones, NaN and infinities are among our own, one at a time
        (decimal.Decimal, strategies.decimals(min_value=-(10**12), max_value=10**12, places=4)),
        (datetime.datetime, strategies.datetimes(datetime.datetime(1900, 1, 1), datetime.datetime(2200, 1, 1))),
        (datetime.date, strategies.dates(datetime.date(1900, 1, 1), datetime.date(2200, 1, 1))),
    ):
        strategies.register_type_strategy(kind, strategy)


def _strategy_for(strategies: Any):
    """An integer that is an argument of its own is one by which people count."""
    return lambda hint: strategies.integers(-LARGEST_COUNT, LARGEST_COUNT) if hint is int else strategies.from_type(hint)


def _hypothesis():
    tools = os.environ.get("HASTEN_TOOLS")
    if tools and tools not in sys.path:
        sys.path.append(tools)
    try:
        return importlib.import_module("hypothesis")
    except Exception as error:  # not installed, or broken
        raise Unknown(str(error)) from error


def _drawn(hypothesis: Any, strategy, seed, count):
    found: list[Any] = []

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=min(count, MOST),
        database=None,
        deadline=None,
        phases=(hypothesis.Phase.generate,),
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(strategy)
    def collect(call):
        found.append(call)

    collect()
    return found


def _countable(values):
    return all(type(value) is not int or abs(value) <= LARGEST_COUNT for value in values)
