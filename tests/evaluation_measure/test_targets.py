"""Every kind of thing that can be named as a target, called as the worker calls it."""

import importlib
import pickle
import random
import sys
from random import Random

import pytest

from evaluation.compare.comparison import compare
from evaluation.compare.plain import Value
from evaluation.policy import Policy, Relaxation
from evaluation.probe import annotations, codec, finishing, loading, observe, worker
from evaluation.probe.serving import Failed
from evaluation.speed import outcomes

TEXT = """
import asyncio, dataclasses, functools

class Box:
    def __init__(self, items: list[int], step: int = 1):
        if step < 0:
            raise ValueError('backwards')
        self.items, self.seen = items, 0

    def total(self, factor: int) -> int:
        self.seen += 1
        return factor * sum(self.items)

    @classmethod
    def empty(cls, size):
        return cls([0] * size).total(1)

    @staticmethod
    def twice(number):
        return 2 * number

    @property
    def size(self):
        return len(self.items)

    @functools.cached_property
    def first(self):
        return self.items[0]

    class Lid:
        def weight(self, number):
            return number + 1

class Crate(Box):
    pass

@dataclasses.dataclass
class Point:
    x: float
    y: float

@dataclasses.dataclass
class Node:
    left: 'Node'

def norm(point: Point) -> float:
    return point.x ** 2 + point.y ** 2

def deep(node: Node) -> int:
    return 1

async def awaited(number):
    await asyncio.sleep(0)
    return number + 1

async def fails(number):
    raise ValueError(number)

async def careless(number):
    asyncio.ensure_future(asyncio.sleep(3600))
    return number + 1

async def stream(number):
    for at in range(number):
        yield at

def numbers(number):
    yield from range(number)

def breaks(number):
    yield number
    raise ValueError(number)

def mapped(number):
    return map(str, range(number))

@functools.lru_cache
def remembered(number):
    return number + 1

@functools.wraps(numbers)
def wrapped(number):
    return number + 1

atleast = functools.partial(max, 3)

class Adder:
    def __call__(self, number):
        return number + 1

adder = Adder()
builtin = abs

import random
THROWN = []

def thrown(count):
    THROWN.append(random.random())
    return THROWN[-1]
"""
NAME = "kinds_of_targets"
LOOP = finishing.Loop()


@pytest.fixture(scope="module", autouse=True)
def loop():
    yield
    LOOP.close()


@pytest.fixture
def folder(tmp_path):
    (tmp_path / f"{NAME}.py").write_text(TEXT)
    yield tmp_path
    sys.modules.pop(NAME, None)


def loaded(folder, name):
    """A worker that holds one side, and what its loading said."""
    target = {"path": f"{NAME}.py", "name": name}
    one = worker.Worker(target)
    one._sides = loading.Sides(["one"], target, {"one": str(folder)})
    failure = one._sides.load()["one"]
    one._lazy, one._loops = finishing.LAZY, {"one": LOOP}
    return one, failure


@pytest.fixture
def luck():
    before = random.getstate()
    yield
    random.setstate(before)


def test_each_call_draws_from_the_state_that_belongs_to_its_input(folder, luck):
    one, _ = loaded(folder, "thrown")

    def drawn(**seeds):
        one.prepare({"side": "one", **seeds}, [pickle.dumps(((1,), {}))] * 3)
        one.go({}, ())
        return [value for (value,) in one._outcomes]

    first, second, third = drawn(seeds=[7, 8, 7])

    assert first == third != second
    assert drawn(seeds=[8, 7, 8]) == [second, first, second]
    assert len(set(drawn())) == 3


def test_what_calls_leave_changed_beside_their_arguments_is_told(folder, luck):
    one, _ = loaded(folder, "thrown")

    one.note({"side": "one"}, ())
    quiet = one.effects({}, ())[0]
    one.prepare({"side": "one"}, [pickle.dumps(((1,), {}))])
    one.go({}, ())
    told = one.effects({}, ())[0]

    assert quiet == {"state": {}, "dice": {}, "settings": {}}
    assert (list(told["state"]), list(told["dice"])) == (["THROWN"], ["random"])


@pytest.mark.parametrize(("asked", "parts"), [({}, [2, 2]), ({"arguments": [1]}, [2, 4])])
def test_only_the_calls_asked_for_show_their_arguments(folder, luck, asked, parts):
    one, _ = loaded(folder, "thrown")
    one.prepare({"side": "one"}, [pickle.dumps(((1,), {}))] * 2)
    one.go({}, ())

    answer, _ = one.encode(asked, ())

    assert [len(tree["nodes"][0][3]["items"][1]) for tree, _ in answer["outcomes"]] == parts


def gives(folder, name, *args):
    """What a timed call tells."""
    one, failure = loaded(folder, name)
    assert failure is None
    one.prepare({"side": "one"}, [pickle.dumps((args, {}))])
    one.go({}, ())
    (outcome,) = one._outcomes
    return worker._told(None, outcome, False)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Box.empty", 0),
        ("Box.twice", 6),
        ("Crate.twice", 6),
        ("remembered", 4),
        ("wrapped", 4),
        ("atleast", 3),
        ("adder", 4),
        ("builtin", 3),
        ("awaited", ("coroutine", 4, 0)),
        ("careless", ("coroutine", 4, 1)),
        ("stream", ("async_generator", [0, 1, 2], "end", None, 0)),
        ("numbers", ("generator", [0, 1, 2], "end", None, 0)),
        ("mapped", ("map", ["0", "1", "2"], "end", None, 0)),
    ],
)
def test_each_kind_is_called_and_finished_while_the_clock_runs(folder, name, expected):
    how = "finished" if isinstance(expected, tuple) else "returned"

    assert gives(folder, name, 3) == (how, expected)


@pytest.mark.parametrize("name", ["Box.twice", "awaited", "careless", "stream", "numbers", "mapped"])
def test_a_timed_call_reads_like_the_same_call_observed(folder, name):
    one, _ = loaded(folder, name)

    timed = outcomes.observed(codec.encode(gives(folder, name, 3)))
    seen = Value.read(*observe.observe(one._sides.activate("one"), (3,), {}, LOOP, one._sides.module))

    found = compare(seen, timed, Policy().relax(Relaxation.OUTPUT))
    assert {each.code for each in found} <= {"equivalence.mutation"}, "arguments are shown where they are asked for"


def test_an_iterator_that_breaks_keeps_what_came_before(folder):
    kind, (name, items, end, error, _) = gives(folder, "breaks", 3)

    assert (kind, name, items, end, type(error)) == ("finished", "generator", [3], "raised", ValueError)


def test_what_a_coroutine_raises_is_its_outcome(folder):
    kind, error = gives(folder, "fails", 3)

    assert (kind, str(error)) == ("raised", "3")


def test_an_endless_iterator_is_left_after_a_while():
    with_end = LOOP.finish(iter(range(finishing.MOST - 1)))
    endless = LOOP.finish(iter(int, 1))

    assert (with_end.end, endless.end, len(endless.items)) == ("end", "more", finishing.MOST)


@pytest.mark.parametrize(
    ("told", "whole"),
    [
        (("returned", ["more", "generator", "more"]), True),
        (("finished", ("generator", [1], "end", None, 0)), True),
        (("finished", ("generator", [1], "more", None, 0)), False),
        (("finished", ("async_generator", [1], "more", None, 0)), False),
        (("finished", ("coroutine", "more", 0)), True),
        (("returned", [iter(range(codec.DRAWS - 1))]), True),
        (("returned", [iter(range(codec.DRAWS + 1))]), False),
    ],
)
def test_an_outcome_that_had_more_to_give_than_is_drawn_is_not_whole(told, whole):
    assert outcomes.whole(codec.encode(told)) == whole


@pytest.mark.parametrize("name", ["Box.size", "Box.first"])
def test_a_property_is_refused_with_what_to_write_instead(folder, name):
    _, failure = loaded(folder, name)

    assert "is a property; move what it computes into a method" in failure["text"]


@pytest.mark.parametrize(
    ("name", "owner"),
    [("Box.total", "Box"), ("Crate.total", "Crate"), ("Box.Lid.weight", "Lid"), ("Box.empty", None), ("Box.twice", None)],
)
def test_methods_know_whose_instances_they_want(folder, name, owner):
    one, _ = loaded(folder, name)

    assert getattr(one._sides.owner("one"), "__name__", None) == owner


def test_an_instance_is_of_the_sides_own_class(tmp_path):
    target = {"path": "thing.py", "name": "Thing.weigh"}
    folders = {name: tmp_path / name for name in ("baseline", "candidate")}
    for factor, folder in enumerate(folders.values(), 1):
        folder.mkdir()
        (folder / "thing.py").write_text(
            f"class Thing:\n    def own(self): return {factor}\n    def weigh(self): return self.own() * self.mass\n"
        )
    one = worker.Worker(target)
    one._sides = loading.Sides(list(folders), target, {name: str(folder) for name, folder in folders.items()})
    one._sides.load()
    one._loops = dict.fromkeys(folders, LOOP)
    one._sides.activate("baseline")
    thing = sys.modules["thing"].Thing()
    thing.mass = 10
    data = pickle.dumps(((thing,), {}))

    answers = {}
    for name in (*folders, *folders):
        one.prepare({"side": name}, [data])
        one.go({}, ())
        answers.setdefault(name, []).append(one._outcomes[0][0])
    sys.modules.pop("thing", None)

    assert answers == {"baseline": [10, 10], "candidate": [20, 20]}


def observed(folder, name, *args):
    """One call, seen from all sides, as the judge reads it."""
    one, failure = loaded(folder, name)
    assert failure is None
    function = one._sides.activate("one")
    tree, buffers = observe.observe(function, args, {}, LOOP, NAME)
    return Value.read(tree, buffers)


@pytest.mark.parametrize(
    ("expected", "actual", "code"),
    [
        ("awaited", "awaited", None),
        ("awaited", "wrapped", "equivalence.lazy"),
        ("wrapped", "awaited", "equivalence.lazy"),
        ("awaited", "careless", "equivalence.lazy"),
        ("careless", "awaited", None),
        ("numbers", "mapped", "equivalence.lazy"),
        ("remembered", "wrapped", "equivalence.state"),
        ("wrapped", "remembered", None),
    ],
)
def test_who_awaits_iterates_or_relies_on_a_cache_can_go_on_doing_so(folder, expected, actual, code):
    before, after = observed(folder, expected, 3), observed(folder, actual, 3)

    found = {mismatch.code for mismatch in compare(before, after)}

    assert code in found if code else not found


def test_an_instance_is_made_from_the_annotations_of_its_class(folder):
    one, _ = loaded(folder, "Crate.total")

    makers = annotations.parameters(one._sides.activate("one"), owner=one._sides.owner("one"))
    (crate, factor), _ = annotations.call(makers, Random(1), 50)

    assert (type(crate).__name__, len(crate.items), type(factor)) == ("Crate", 50, int)


def test_dataclasses_are_made_as_arguments_unless_they_can_hold_nothing_but_themselves(folder):
    point, _ = loaded(folder, "norm")
    node, _ = loaded(folder, "deep")

    (made,), _ = annotations.call(annotations.parameters(point._sides.activate("one")), Random(1))

    assert type(made).__name__ == "Point"
    with pytest.raises(annotations.NotAnnotated, match="nothing drawn is accepted"):
        annotations.call(annotations.parameters(node._sides.activate("one")), Random(1))


def test_a_class_that_says_nothing_about_its_constructor_wants_a_recipe():
    class Plain:
        def __init__(self, items):
            self.items = items

        def total(self) -> int:
            return sum(self.items)

    with pytest.raises(annotations.NotAnnotated, match="nothing says how to make a Plain; name a recipe under `instance`"):
        annotations.parameters(Plain.total, owner=Plain)


def test_a_recipe_makes_the_instance_and_the_generator_the_rest():
    instances, generator = (importlib.import_module(f"evaluation.probe.{name}") for name in ("instances", "generator"))
    recipe = generator.Generator(lambda seed, n: [seed] * n, "b.py::box", "/nowhere")
    inputs = generator.Generator(lambda seed, n: ((n,), {}), "b.py::rest", "/nowhere")

    def method(self, k: int) -> int: ...
    def bare(self, k) -> int: ...

    assert instances.Instances(recipe, method, inputs).call(7, {"n": 2}) == (([7, 7], 2), {})
    assert instances.Instances(recipe, method).call(7, {"n": 2})[0][0] == [7, 7]
    with pytest.raises(Failed, match="`k` has no annotation: name `inputs`, too"):
        instances.Instances(recipe, bare)
