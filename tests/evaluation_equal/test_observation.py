"""What can be seen of a call beside its result: arguments, shared memory, state, randomness, output."""

import decimal
import enum
import io
import logging
import os
import random
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest

from evaluation.policy import Level, Policy, Relaxation
from evaluation.probe import logs as heard
from tests.evaluation_equal.forms import call, codes, relaxed

TALLY: list[int] = []
AUDIT = logging.getLogger("audit of the shop")


def plain(items: list[int]) -> list[int]:
    return sorted(items)


def sorts_in_place(items: list[int]) -> list[int]:
    items.sort()
    return list(items)


def gives_the_argument_back(items: list[int]) -> list[int]:
    items.sort()
    return items


def lazily(items: list[int]) -> Iterator[int]:
    return iter(sorted(items))


def prints(items: list[int]) -> list[int]:
    print("sorting", len(items))
    return sorted(items)


def writes_to_stderr(items: list[int]) -> list[int]:
    sys.stderr.write("!")
    return sorted(items)


def logs(items: list[int]) -> list[int]:
    logging.getLogger("some").warning("sorting %d", len(items))
    return sorted(items)


def audits(items: list[int]) -> list[int]:
    for item in items:
        AUDIT.info("seen %d", item)
    return sorted(items)


def audits_nothing(items: list[int]) -> list[int]:
    AUDIT.info("")
    return sorted(items)


def listens_to_more(items: list[int]) -> list[int]:
    logging.getLogger().setLevel(logging.INFO)
    return sorted(items)


def warns(items: list[int]) -> list[int]:
    warnings.warn("unsorted", UserWarning, stacklevel=1)
    return sorted(items)


def each_doubled(values: Any) -> Any:
    return np.array([value * 2 for value in values])


def doubled(values: Any) -> Any:
    return values * 2


def doubled_silently(values: Any) -> Any:
    with np.errstate(all="ignore"):
        return values * 2


def is_deprecated(items: list[int]) -> list[int]:
    warnings.warn("old", DeprecationWarning, stacklevel=1)
    return sorted(items)


def counts(items: list[int]) -> list[int]:
    TALLY.append(len(items))
    return sorted(items)


def rolls_dice(items: list[int]) -> list[int]:
    random.random()
    return sorted(items)


def rolls_numpys_dice(items: list[int]) -> list[int]:
    np.random.rand()
    return sorted(items)


class Counter:
    calls: ClassVar[list[int]] = []

    def __init__(self) -> None:
        self.own = 0

    def counts_in_itself(self, items: list[int]) -> list[int]:
        self.own += 1
        return sorted(items)

    def counts_nothing(self, items: list[int]) -> list[int]:
        return sorted(items)


def counts_in_a_class(items: list[int]) -> list[int]:
    Counter.calls.append(len(items))
    return sorted(items)


def counts_in_a_function(items: list[int]) -> list[int]:
    plain.__dict__["calls"] = plain.__dict__.get("calls", 0) + 1
    return sorted(items)


def needs_precision(items: list[int]) -> list[int]:
    decimal.getcontext().prec += 1
    return sorted(items)


def silences_numpy(items: list[int]) -> list[int]:
    np.seterr(divide="raise" if np.geterr()["divide"] == "ignore" else "ignore")
    return sorted(items)


def sets_the_environment(items: list[int]) -> list[int]:
    os.environ["SORTED"] = str(int(os.environ.get("SORTED", "0")) + 1)
    return sorted(items)


def moves(items: list[int]) -> list[int]:
    os.chdir("/" if Path.cwd() == Path("/usr") else "/usr")
    return sorted(items)


@pytest.fixture
def _as_before() -> Iterator[None]:
    """What some functions here leave changed is put back."""
    folder, context, errors, level = Path.cwd(), decimal.getcontext().copy(), np.geterr(), logging.getLogger().level
    yield
    os.chdir(folder)
    decimal.setcontext(context)
    np.seterr(**errors)
    os.environ.pop("SORTED", None)
    logging.getLogger().setLevel(level)
    plain.__dict__.clear()
    Counter.calls.clear()


def raises(items: list[int]) -> list[int]:
    raise ValueError(len(items))


def exits(_items: list[int]) -> list[int]:
    raise SystemExit(0)


@pytest.mark.parametrize(
    ("other", "wanted"),
    [
        (sorts_in_place, "mutation"),
        (gives_the_argument_back, "alias"),
        (lazily, "lazy"),
        (prints, "output"),
        (writes_to_stderr, "output"),
        (logs, "output"),
        (audits, "output"),
        (listens_to_more, "state"),
        (warns, "output"),
        (counts, "state"),
        (rolls_dice, "state"),
        (rolls_numpys_dice, "state"),
        (counts_in_a_class, "state"),
        (counts_in_a_function, "state"),
        (needs_precision, "state"),
        (silences_numpy, "state"),
        (sets_the_environment, "state"),
        (moves, "state"),
        (raises, "exception"),
        (exits, "exception"),
    ],
)
@pytest.mark.usefixtures("_as_before")
def test_what_a_call_does_besides_is_noticed_in_both_directions(other: Callable[..., Any], wanted: str) -> None:
    with_it, without = call(other, [3, 1, 2]), call(plain, [3, 1, 2])

    assert wanted in codes(without, with_it)
    assert wanted in codes(with_it, without)
    assert codes(with_it, call(other, [3, 1, 2])) <= {"state"}  # what TALLY holds differs from one time to the next


def test_records_that_nobody_hears_by_default_count_with_their_texts() -> None:
    full, empty = call(audits, [3, 1, 2]), call(audits_nothing, [3, 1, 2])

    assert full.nodes[0].meta["logs"] == [["INFO", "seen 3"], ["INFO", "seen 1"], ["INFO", "seen 2"]]
    assert codes(full, empty) == {"output"}


def test_what_a_package_says_of_itself_counts_where_it_would_be_heard_anyway() -> None:
    def packages(items: list[int]) -> list[int]:
        logging.getLogger("numpy.core").debug("compiled")
        logging.getLogger("numpy.core").warning("slow")
        return sorted(items)

    assert call(packages, [1]).nodes[0].meta["logs"] == [["WARNING", "slow"]]


def test_what_nobody_would_have_heard_reaches_no_other_handler() -> None:
    own, elsewhere = logging.getLogger("audit of the shop.own"), logging.StreamHandler(io.StringIO())
    own.addHandler(elsewhere)

    def says(items: list[int]) -> list[int]:
        own.info("quiet")
        own.warning("loud")
        logging.info("quiet at the root")
        return sorted(items)

    heard_at_root = call(says, [1]).nodes[0].meta["logs"]
    own.removeHandler(elsewhere)

    assert heard_at_root == [["INFO", "quiet"], ["WARNING", "loud"], ["INFO", "quiet at the root"]]
    assert elsewhere.stream.getvalue() == "loud\n"
    assert logging.getLogRecordFactory() is logging.LogRecord
    assert logging.makeLogRecord({"msg": "made"}).getMessage() == "made"


def test_a_flood_of_records_is_heard_up_to_a_bound_and_the_level_is_what_it_was() -> None:
    level, levels = logging.getLogger().level, []

    def floods(count: int) -> None:
        for number in range(count):
            AUDIT.debug("number %d", number)
        levels.append(logging.getLogger().level)

    told = [call(floods, count).nodes[0].meta["logs"] for count in (heard.LINES + 5, heard.MOST + 5)]

    assert [len(each) for each in told] == [heard.LINES + 1] * 2
    assert [each[-1][1] for each in told] == [f"{heard.LINES + 5} records in all", f"{heard.MOST} records in all"]
    assert levels == [heard.EVERYTHING, level]
    assert logging.getLogger().level == level


def test_that_a_logger_was_asked_for_a_level_is_no_state_of_the_module() -> None:
    def asks(items: list[int]) -> list[int]:
        return sorted(items) if AUDIT.isEnabledFor(logging.ERROR) else items

    assert codes(call(asks, [1, 2]), call(plain, [1, 2])) == set()


class Rights(enum.Flag):
    READ = 1
    WRITE = 2


def unites(items: list[int]) -> list[int]:
    return sorted(items, key=lambda item: (Rights.READ | Rights.WRITE).value)


def test_what_python_remembers_of_flags_is_no_state() -> None:
    assert codes(call(plain, [1, 2, 3]), call(unites, [1, 2, 3])) == set()


def test_the_instance_of_a_method_is_one_of_its_arguments() -> None:
    counting, other = call(Counter.counts_in_itself, Counter(), [1]), call(Counter.counts_nothing, Counter(), [1])

    assert codes(counting, other) == codes(other, counting) == {"mutation"}
    assert codes(counting, call(Counter.counts_in_itself, Counter(), [1])) == set()


@pytest.mark.parametrize("make", [lambda: random.Random(1), lambda: np.random.default_rng(1), lambda: np.random.RandomState(1)])
def test_a_random_stream_that_was_given_is_left_in_the_same_state(make: Callable[[], Any]) -> None:
    def once(stream: Any) -> bool:
        return bool(stream.random() < 2)

    def twice(stream: Any) -> bool:
        return bool(stream.random() < 2 and stream.random() < 2)

    assert codes(call(once, make()), call(once, make())) == set()
    assert codes(call(once, make()), call(twice, make())) == {"mutation"}


def test_an_iterator_that_was_given_is_drawn_from_as_far() -> None:
    def first(items: Iterator[int]) -> int:
        return next(items)

    def all_of_them(items: Iterator[int]) -> int:
        return max(items)

    assert codes(call(first, iter([2, 1])), call(first, iter([2, 1]))) == set()
    assert codes(call(first, iter([2, 1])), call(all_of_them, iter([2, 1]))) == {"mutation"}


def test_a_warning_about_the_code_may_be_lost_but_not_gained() -> None:
    assert codes(call(is_deprecated, [1]), call(plain, [1])) == set()
    assert codes(call(plain, [1]), call(is_deprecated, [1])) == {"output"}


def test_numpy_may_find_other_words_for_the_same_event_or_lose_them_but_not_gain_an_event() -> None:
    large = np.array([1e308, 1e308])

    assert codes(call(each_doubled, large), call(doubled, large)) == set()
    assert codes(call(doubled, large), call(doubled_silently, large)) == set()
    assert codes(call(doubled_silently, large), call(doubled, large)) == {"output"}
    assert codes(call(each_doubled, large), call(doubled, large), Policy(Level.STRICT)) == {"output"}


def test_on_an_input_that_nobody_asked_for_numpy_may_warn_about_its_numbers_and_nobody_else() -> None:
    large, policy = np.array([1e308, 1e308]), Policy(made_up=True)

    assert codes(call(doubled_silently, large), call(doubled, large), policy) == set()
    assert codes(call(doubled_silently, large), call(doubled, large), Policy(Level.STRICT, made_up=True)) == {"output"}
    assert codes(call(plain, [1]), call(warns, [1]), policy) == {"output"}


def test_output_and_warnings_can_be_declared_not_to_matter() -> None:
    assert codes(call(plain, [1]), call(prints, [1]), relaxed(Relaxation.OUTPUT)) == set()
    assert codes(call(plain, [1]), call(warns, [1]), relaxed(Relaxation.WARNINGS)) == set()


def test_the_same_seed_gives_the_same_draws_on_both_sides() -> None:
    assert codes(call(lambda: random.random()), call(lambda: random.random())) == set()
    assert codes(call(lambda: np.random.rand(3)), call(lambda: np.random.rand(3))) == set()


def test_memory_shared_with_an_argument_is_noticed_in_both_directions() -> None:
    def view(array: Any) -> Any:
        return array[1:]

    def copy(array: Any) -> Any:
        return array[1:].copy()

    assert codes(call(copy, np.arange(4)), call(view, np.arange(4))) == {"alias"}
    assert codes(call(view, np.arange(4)), call(copy, np.arange(4))) == {"alias"}
    assert codes(call(view, np.arange(4)), call(view, np.arange(4))) == set()
    assert codes(call(view, np.arange(4)), call(copy, np.arange(4)), relaxed(Relaxation.ALIAS)) == set()


def test_what_an_exception_says_counts_and_where_it_comes_from_does_not() -> None:
    def again(items: list[int]) -> list[int]:
        try:
            raise KeyError
        except KeyError as error:
            raise ValueError(len(items)) from error

    assert codes(call(raises, [1]), call(again, [1])) == set()
    assert codes(call(raises, [1]), call(raises, [1, 2])) == {"exception", "mutation"}


def test_a_flood_of_output_is_bounded_and_still_told_apart() -> None:
    def flood(size: int) -> None:
        print("x" * size)

    one, other = call(flood, 10**6), call(flood, 10**6 + 1)

    assert len(str(one.nodes[0].meta["stdout"])) < 100_000
    assert "output" in codes(one, other)


def test_our_streams_and_filters_are_back_in_place_afterwards() -> None:
    before = sys.stdout, sys.stderr, list(warnings.filters), list(logging.getLogger().handlers)

    call(raises, [1])

    assert (sys.stdout, sys.stderr, list(warnings.filters), list(logging.getLogger().handlers)) == before
