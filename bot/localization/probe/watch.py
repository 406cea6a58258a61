"""Run a function, or a test run, under cProfile and say where the time went: request on stdin, one JSON object on stdout.

The first line of stdin is the request; the raw pickles of the inputs, whose sizes it lists, follow.
What the watched code prints goes nowhere.
"""

from __future__ import annotations

import cProfile
import importlib
import json
import os
import pickle
import runpy
import sys
import time
from typing import Any, BinaryIO

MOST_FUNCTIONS = 150
Place = tuple[str, int, str]
Costs = dict[Place, Any]  # cProfile's own: (primitive calls, calls, own, cumulative, callers)


class Unwatchable(Exception):
    """There is nothing to watch; the text says why."""


def main() -> None:
    """Answer one request."""
    request, inputs = read(sys.stdin.buffer)
    answer = os.dup(1)
    silence()
    sys.path[0:1] = request["roots"]  # instead of this script's own folder
    try:
        found = tests(request) if request["mode"] == "tests" else target(request, inputs)
    except BaseException as error:  # noqa: BLE001 - foreign code raises what it likes, SystemExit included
        found = {"error": f"{type(error).__name__}: {str(error)[:500]}"}
    with os.fdopen(answer, "w") as out:
        json.dump(found, out)
    os._exit(0)  # foreign threads and exit handlers have no say any more


def read(stream: BinaryIO) -> tuple[dict[str, Any], list[bytes]]:
    """The request and its inputs."""
    request = json.loads(stream.readline())
    return request, [stream.read(size) for size in request["sizes"]]


def silence() -> None:
    """Give the watched code an empty stdin and nowhere to print to."""
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)


def target(request: dict[str, Any], inputs: list[bytes]) -> dict[str, Any]:
    """Call the function on its inputs, again and again until the seconds are used up."""
    function = resolve(request["module"], request["name"])
    profiler = cProfile.Profile()
    calls, raised, spent = 0, 0, 0.0
    call(function, inputs[0], None)  # the first call imports and fills caches: not what is asked
    while spent < request["seconds"]:
        for blob in inputs:
            seconds, failed = call(function, blob, profiler)
            calls, raised, spent = calls + 1, raised + failed, spent + seconds
            if spent >= request["seconds"]:
                break
    if raised == calls:
        raise Unwatchable("the function raised an exception for every input")
    return report(profiler, request["tree"], spent, calls)


def call(function: Any, blob: bytes, profiler: cProfile.Profile | None) -> tuple[float, bool]:
    """One call on fresh arguments; its seconds (at least one tick, so that time goes on) and whether it raised."""
    args, kwargs = pickle.loads(blob)
    failed = False
    begin = time.perf_counter()
    if profiler is not None:
        profiler.enable()
    try:
        function(*args, **kwargs)
    except Exception:  # noqa: BLE001 - an input that is refused is an answer too
        failed = True
    finally:
        if profiler is not None:
            profiler.disable()
    return max(time.perf_counter() - begin, 1e-6), failed


def resolve(module: str, name: str) -> Any:
    """The function by its module and dotted name."""
    found = importlib.import_module(module)
    for part in name.split("."):
        found = getattr(found, part)
    return found


def tests(request: dict[str, Any]) -> dict[str, Any]:
    """Run a module as `python -m` does."""
    sys.argv = [request["module"], *request["arguments"]]
    profiler = cProfile.Profile()
    begin = time.perf_counter()
    profiler.enable()
    try:
        runpy.run_module(request["module"], run_name="__main__", alter_sys=True)
    except SystemExit:
        pass  # how every test runner ends
    finally:
        profiler.disable()
    return report(profiler, request["tree"], time.perf_counter() - begin, 1)


def report(profiler: cProfile.Profile, tree: str, total: float, calls: int) -> dict[str, Any]:
    """The functions that matter: the tree's own, and the most expensive of all others."""
    profiler.create_stats()
    costs: Costs = profiler.stats
    ours = {place for place in costs if place[0].startswith(tree + os.sep)}
    savings = addressable(costs, {place for place in ours if not place[2].startswith("<")})
    own = sorted(ours, key=lambda place: savings.get(place, costs[place][2]), reverse=True)
    others = sorted(costs.keys() - ours, key=lambda place: costs[place][2], reverse=True)
    shown = own[:MOST_FUNCTIONS] + others[:MOST_FUNCTIONS]
    functions = [describe(place, costs, savings.get(place), tree) for place in shown]
    return {"total_s": total, "calls": calls, "functions": functions}


def addressable(costs: Costs, ours: set[Place]) -> dict[Place, float]:
    """For each of our functions the time that a change to it alone could save: all but what our functions below it use."""
    left = {place: costs[place][3] for place in ours}
    known: dict[Place, dict[Place, float]] = {place: {place: 1.0} for place in ours}
    for place in ours:
        for caller, edge in costs[place][4].items():
            for owner, share in owners(caller, costs, known).items():
                if owner != place:
                    left[owner] -= share * edge[3]
    return {place: min(max(seconds, costs[place][2]), costs[place][3]) for place, seconds in left.items()}


def owners(place: Place, costs: Costs, known: dict[Place, dict[Place, float]]) -> dict[Place, float]:
    """On behalf of which of our functions a library's (or nameless) function runs: their shares of its time."""
    if place not in known:
        known[place] = {}  # found again on the way up, in a cycle, it adds nothing
        callers = costs[place][4] if place in costs else {}
        total = sum(edge[3] for edge in callers.values())
        shares: dict[Place, float] = {}
        for caller, edge in callers.items():
            for owner, share in owners(caller, costs, known).items():
                shares[owner] = shares.get(owner, 0.0) + share * edge[3] / (total or 1.0)
        known[place] = shares
    return known[place]


def describe(place: Place, costs: Costs, saving: float | None, tree: str) -> dict[str, Any]:
    """One function as plain data; `ours` where the tree defines it."""
    path, line, name = place
    _, calls, own, cumulative, _ = costs[place]
    ours = path.startswith(tree + os.sep)
    return {
        "path": path[len(tree) + 1 :] if ours else shortened(path),
        "line": line,
        "name": name,
        "ours": ours,
        "own_s": own,
        "cumulative_s": cumulative,
        "addressable_s": own if saving is None else saving,
        "calls": calls,
    }


def shortened(path: str) -> str:
    """A library's file below the folder that packages lie in; empty for what is built in."""
    for folder in ("/site-packages/", "/dist-packages/", f"/lib/python{sys.version_info[0]}.{sys.version_info[1]}/"):
        if folder in path:
            return path.rsplit(folder, 1)[1]
    return "" if path == "~" else os.path.basename(path)  # noqa: PTH119 - the probe knows paths as strings only


if __name__ == "__main__":
    main()
