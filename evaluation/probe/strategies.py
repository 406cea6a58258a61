"""Calls drawn by hypothesis, where it is installed, for annotations that our own makers know nothing about.

Ours come first: they draw values that meet, hypothesis mostly ones that are far apart.
"""

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
        positional, keywords = annotations.parameters(function, strategies.from_type)
        found = _drawn(
            hypothesis, strategies.tuples(strategies.tuples(*positional), strategies.fixed_dictionaries(keywords)), seed, count
        )
    except Exception as error:  # types of the project's, and what hypothesis thinks of them
        raise Unknown(str(error).partition("\n")[0][:300]) from error
    kept = [call for call in found if _countable([*call[0], *call[1].values()])]
    if not kept:
        raise Unknown("nothing could be drawn")
    return kept


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
