"""Run a function, or a test run, under two profilers and say where the time went: request on stdin, one JSON object on stdout.

cProfile counts every call; a timer's signal samples the stack, which costs the code nothing and knows lines.
The first line of stdin is the request; the raw pickles of the inputs, whose sizes it lists, follow.
What the watched code prints goes nowhere.
"""

from __future__ import annotations

import cProfile
import importlib
import itertools
import json
import os
import pickle
import runpy
import signal
import sys
import time
import types
from types import FrameType
from typing import Any, BinaryIO

MOST_FUNCTIONS = 150
MOST_LINES = 60
MOST_STACKS = 400
PATIENCE = 4.0  # times as long by the wall clock: on a busy host, or where the code waits
MOST_ITEMS = 100_000  # taken from one iterator
LAZY = (types.GeneratorType, map, filter, zip, enumerate, itertools.chain)
DEEPEST = 48  # frames of a stack, counted from the innermost
EVERY_S = 0.002  # of CPU time between two samples; kernels round it up to their tick
Place = tuple[str, int, str]
Costs = dict[Place, Any]  # cProfile's own: (primitive calls, calls, own, cumulative, callers)
Frame = tuple[str, int, str, int]  # file, first line of the function, its name, the line it is at


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


class Sampler:
    """Looks every few milliseconds of CPU time where the main thread is, and gives that place the time since the last look."""

    def __init__(self) -> None:
        self.stacks: dict[tuple[Frame, ...], float] = {}
        self.samples = 0
        self._last = 0.0
        self._looking = False

    def start(self) -> None:
        """From now on."""
        signal.signal(signal.SIGPROF, self.look)
        signal.siginterrupt(signal.SIGPROF, False)  # the code's system calls go on as if nothing had happened
        self._last = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, EVERY_S, EVERY_S)

    def stop(self) -> None:
        """Until now."""
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, signal.SIG_IGN)  # one may still be on its way, and would end the process

    def look(self, _: int, frame: FrameType | None) -> None:
        """What a signal does: note where `frame` is."""
        if self._looking:  # on a slow host the next signal comes while the last one is still looked after
            return
        self._looking = True
        now = time.process_time()
        stack: list[Frame] = []
        while frame is not None and len(stack) < DEEPEST and frame.f_code.co_filename != __file__:
            code = frame.f_code
            stack.append((code.co_filename, code.co_firstlineno, code.co_name, frame.f_lineno or code.co_firstlineno))
            frame = frame.f_back
        if stack:  # not while inputs are made ready
            place = tuple(stack)
            self.stacks[place] = self.stacks.get(place, 0.0) + now - self._last
            self.samples += 1
        self._last = now
        self._looking = False


def target(request: dict[str, Any], inputs: list[bytes]) -> dict[str, Any]:
    """Call the function on its inputs, again and again: half of the seconds sampled, half of them counted.

    The last `timed` inputs are only timed.
    """
    function = resolve(request["module"], request["name"])
    timed = request.get("timed", 0)
    inputs, others = inputs[: len(inputs) - timed], inputs[len(inputs) - timed :]
    call(function, inputs[0])  # the first call imports and fills caches: not what is asked
    best = [min(call(function, blob)[0] for _ in range(3)) for blob in others]
    sampler, profiler = Sampler(), cProfile.Profile()
    sampler.start()
    sampled = repeat(function, inputs, request["seconds"] / 2, None)
    sampler.stop()
    counted = repeat(function, inputs, request["seconds"] / 2, profiler)
    found = report(profiler, sampler, request["tree"], counted["s"], counted["calls"])
    return {**found, "times": [*sampled["best"], *best]}


def repeat(function: Any, inputs: list[bytes], seconds: float, profiler: cProfile.Profile | None) -> dict[str, Any]:
    """Calls until the seconds (of CPU time, but not for ever) are used up: how many, how long, each input's best time."""
    calls, raised, spent = 0, 0, 0.0
    best: dict[int, float] = {}
    begin = time.process_time()

    def enough() -> bool:
        return time.process_time() - begin >= seconds or spent >= PATIENCE * seconds

    while not calls or not enough():
        for number, blob in enumerate(inputs):
            took, failed = call(function, blob, profiler)
            calls, raised, spent = calls + 1, raised + failed, spent + took
            best[number] = min(took, best.get(number, took))
            if enough():
                break
    if raised == calls:
        raise Unwatchable("the function raised an exception for every input")
    return {"calls": calls, "s": spent, "best": [best.get(number) for number in range(len(inputs))]}


def call(function: Any, blob: bytes, profiler: cProfile.Profile | None = None) -> tuple[float, bool]:
    """One call on fresh arguments; its seconds (at least one tick, so that time goes on) and whether it raised."""
    args, kwargs = pickle.loads(blob)
    failed = False
    begin = time.perf_counter()
    if profiler is not None:
        profiler.enable()
    try:
        finish(function(*args, **kwargs))
    except Exception:  # noqa: BLE001 - an input that is refused is an answer too
        failed = True
    finally:
        if profiler is not None:
            profiler.disable()
    return max(time.perf_counter() - begin, 1e-6), failed


def finish(result: Any) -> None:
    """Do what a caller would wait for: coroutines are run, iterators drawn."""
    if isinstance(result, types.CoroutineType):
        importlib.import_module("asyncio").run(result)
    elif isinstance(result, types.AsyncGeneratorType):
        importlib.import_module("asyncio").run(drain(result))
    elif isinstance(result, LAZY):
        for _ in itertools.islice(result, MOST_ITEMS):
            pass


async def drain(items: Any) -> None:
    """Take what an asynchronous generator gives."""
    left = MOST_ITEMS
    async for _ in items:
        left -= 1
        if not left:
            return


def resolve(module: str, name: str) -> Any:
    """The function by its module and dotted name."""
    found = importlib.import_module(module)
    for part in name.split("."):
        found = getattr(found, part)
    return found


def tests(request: dict[str, Any]) -> dict[str, Any]:
    """Run a module as `python -m` does, under both profilers at once: a test run is too long to be run twice."""
    sys.argv = [request["module"], *request["arguments"]]
    sampler, profiler = Sampler(), cProfile.Profile()
    sampler.start()
    begin = time.perf_counter()
    profiler.enable()
    try:
        runpy.run_module(request["module"], run_name="__main__", alter_sys=True)
    except SystemExit:
        pass  # how every test runner ends
    finally:
        profiler.disable()
        sampler.stop()
    return report(profiler, sampler, request["tree"], time.perf_counter() - begin, 1)


def report(profiler: cProfile.Profile, sampler: Sampler, tree: str, total: float, calls: int) -> dict[str, Any]:
    """The functions that matter: the tree's own, and the most expensive of all others; and what the samples say."""
    profiler.create_stats()
    costs: Costs = {place: cost for place, cost in profiler.stats.items() if place[0] != __file__}
    ours = {place for place in costs if place[0].startswith(tree + os.sep)}
    savings = addressable(costs, {place for place in ours if not place[2].startswith("<")})
    own = sorted(ours, key=lambda place: savings.get(place, costs[place][2]), reverse=True)
    others = sorted(costs.keys() - ours, key=lambda place: costs[place][2], reverse=True)
    shown = own[:MOST_FUNCTIONS] + others[:MOST_FUNCTIONS]
    sampled, lines = innermost(sampler.stacks, tree)
    functions = [{**describe(place, costs, savings.get(place), tree), "sampled_s": sampled.get(place, 0.0)} for place in shown]
    return {"total_s": total, "calls": calls, "functions": functions, **samples(sampler, lines, tree)}


def innermost(stacks: dict[tuple[Frame, ...], float], tree: str) -> tuple[dict[Place, float], dict[tuple[str, int], float]]:
    """Sampled seconds by the tree's innermost function on the stack, and by its innermost line: what is below is a library's."""
    functions: dict[Place, float] = {}
    lines: dict[tuple[str, int], float] = {}
    for stack, seconds in stacks.items():
        ours = [frame for frame in stack if frame[0].startswith(tree + os.sep)]
        if ours:
            line = (ours[0][0], ours[0][3])
            lines[line] = lines.get(line, 0.0) + seconds
        named = next((frame[:3] for frame in ours if not frame[2].startswith("<")), None)
        if named:
            functions[named] = functions.get(named, 0.0) + seconds
    return functions, lines


def samples(sampler: Sampler, lines: dict[tuple[str, int], float], tree: str) -> dict[str, Any]:
    """What was sampled as plain data: the hottest lines of the tree, and stacks from the outermost function to the innermost."""
    stacks: dict[tuple[str, ...], float] = {}
    for stack, seconds in sampler.stacks.items():
        names = tuple(labelled(frame, tree) for frame in reversed(stack))
        stacks[names] = stacks.get(names, 0.0) + seconds
    hottest = sorted(stacks, key=lambda names: stacks[names], reverse=True)[:MOST_STACKS]
    listed = sorted(lines, key=lambda line: lines[line], reverse=True)[:MOST_LINES]
    return {
        "samples": sampler.samples,
        "sampled_s": sum(sampler.stacks.values()),
        "lines": [{"path": path[len(tree) + 1 :], "line": line, "seconds": lines[path, line]} for path, line in listed],
        "stacks": [{"frames": [name[:200] for name in names], "seconds": stacks[names]} for names in hottest],
    }


def labelled(frame: Frame, tree: str) -> str:
    """A function's name with its file, as a flame graph shows it; the project's own begin with a dot and a slash."""
    path, first, name, _ = frame
    if path.startswith(tree + os.sep):
        return f"./{path[len(tree) + 1 :]}:{first} {name}"
    return f"{shortened(path)} {name}".strip()


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
