"""What stands for a target while its calls are recorded looks like the target to the project's tests."""

import asyncio
import functools
import inspect
import pickle

import pytest

from evaluation.probe.transparency import transparent


def plain(number, step=1):
    """Adds."""
    return number + step


async def awaited(number):
    return number + 1


def numbers(number):
    yield from range(number)


@functools.lru_cache
def cached(number):
    """Remembers."""
    return number + 1


@functools.singledispatch
def dispatched(value):
    return "any"


class Crate:
    def __init__(self, size):
        self.size = size

    @functools.lru_cache  # noqa: B019
    def total(self, factor):
        return self.size * factor

    doubled = functools.partialmethod(total, 2)


@pytest.fixture
def calls():
    return []


def standing(original, calls):
    return transparent(original, lambda args, kwargs: calls.append((args, kwargs)))


def test_every_call_is_told_before_it_is_made(calls):
    assert standing(plain, calls)(1, step=2) == 3
    assert standing(cached, calls)(4) == 5
    assert calls == [((1,), {"step": 2}), ((4,), {})]


def test_a_cache_can_be_asked_and_emptied(calls):
    remembers = standing(cached, calls)

    remembers.cache_clear()
    remembers(1), remembers(1)

    assert remembers.cache_info().hits == 1
    assert (len(calls), remembers.__wrapped__(1)) == (2, 2)


@pytest.mark.parametrize("original", [plain, cached, dispatched, Crate])
def test_names_documentation_signature_and_kind_are_the_originals(original, calls):
    stands = standing(original, calls)

    for name in ("__name__", "__qualname__", "__module__", "__doc__"):
        assert getattr(stands, name) == getattr(original, name)
    assert inspect.signature(stands) == inspect.signature(original)
    assert isinstance(stands, type(original))


def test_what_is_set_on_it_is_set_on_the_original(calls):
    stands = standing(cached, calls)

    stands.seen = 3
    assert cached.seen == 3
    del stands.seen
    assert not hasattr(cached, "seen")


def test_coroutines_and_generators_are_seen_to_be_such(calls):
    assert inspect.iscoroutinefunction(standing(awaited, calls))
    assert asyncio.run(standing(awaited, calls)(1)) == 2
    assert inspect.isgeneratorfunction(standing(numbers, calls))
    assert list(standing(numbers, calls)(2)) == [0, 1]


def test_an_overload_can_be_registered(calls):
    stands = standing(dispatched, calls)

    stands.register(int)(lambda value: "int")

    assert (stands(1), stands("")) == ("int", "any")


def test_a_method_is_told_of_the_object_it_is_called_on(calls):
    class Box(Crate):
        total = standing(Crate.total, calls)
        doubled = standing(inspect.getattr_static(Crate, "doubled"), calls)

    box = Box(3)

    assert (box.total(2), box.doubled(), Box.total(box, 5)) == (6, 6, 15)
    assert calls == [((box, 2), {}), ((box,), {}), ((box, 5), {})]
    assert Box.total.cache_info().currsize


def test_a_class_is_still_one(calls):
    stands = standing(Crate, calls)

    assert isinstance(stands(1), stands)
    assert issubclass(type("Box", (Crate,), {}), stands)
    assert calls == [((1,), {})]


@functools.partial(transparent, note=lambda args, kwargs: None)
@functools.lru_cache
def kept(number):
    return number + 1


def test_it_can_be_pickled_by_its_name():
    assert pickle.loads(pickle.dumps(kept)) is kept
