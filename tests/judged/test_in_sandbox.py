"""Inputs, tests and equivalence on a small project, in real sandboxes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from evaluation import capture
from evaluation.compare.plain import Value
from evaluation.correctness.equivalence import Finding, check
from evaluation.correctness.observer import Unloadable
from evaluation.correctness.suite import SuiteResult, run
from evaluation.inputs import InputsFailed, Source
from evaluation.probe import codec
from evaluation.probe.layout import dumps
from evaluation.project import Project
from evaluation.speed.referee import Launcher
from evaluation.target import Target
from sandbox.environment import Environment
from sandbox.spec import Limits, Mount
from sandbox.tier import Sandbox
from tests.sandboxed import readable

pytestmark = pytest.mark.slow

WORDS = """
import random

SEEN = 0

class Tally(dict):
    pass

def count(words: list[str]) -> dict[str, int]:
    tally = {}
    for word in words:
        tally[word] = tally.get(word, 0) + 1
    return tally

def mean(numbers: list[float]) -> float:
    total = 0.0
    for number in numbers:
        total += number
    return total / len(numbers)

def shuffled(words: list[str]) -> list[str]:
    return list(set(words))

def first(words):
    return Tally(first=words[0])

def order(words, key):
    return sorted(words, key=len)
"""
INPUTS = """
import random

def texts(seed, words, letters=3):
    dice = random.Random(seed)
    return ([''.join(dice.choices('abc', k=letters)) for _ in range(words)],), {}

def numbers(seed, n):
    if n < 2:
        raise ValueError('at least two, please')
    dice = random.Random(seed)
    return ([dice.random() for _ in range(n)],), {}

def wrong(seed, n):
    return [1, 2, 3]

def broken(seed, n):
    return [1 / 0], {}

def always_the_same(seed, n):
    return ([1.0] * n,), {}

def unlucky(seed, n):
    if seed % 3 == 0:
        raise OSError('unlucky')
    return ([float(seed)],), {}

def leaving(seed, n):
    raise SystemExit(3)

def ending(seed, n):
    import os
    os._exit(3)

def endless(seed, n):
    while True:
        pass

def greedy(seed, n):
    kept = []
    while True:
        kept.append(bytearray(1 << 24))

def unportable(seed, n):
    return ((number for number in range(n)),), {}

class Word(str):
    pass

class Sulking:
    def __setstate__(self, state):
        raise TypeError('not again')

def own_words(seed, n):
    return ([Word(letter) for letter in str(seed)[:n]],), {}

def sulking(seed, n):
    made = Sulking()
    made.seed = seed
    return [made], {}

def slow_when_large(seed, n):
    while n > 100:
        pass
    return ([float(seed)] * n,), {}

def accept(args, kwargs, result):
    return sorted(set(args[0])) == sorted(result)

def accept_long(args, kwargs, result):
    return 1 / (len(args[0]) // 3) > 0 and accept(args, kwargs, result)

def accept_maybe(args, kwargs, result):
    return 'yes'

def accept_short(args, kwargs, result):
    while len(result) > len(args[0]):
        pass
    return accept(args, kwargs, result)
"""
TESTS = """
from words import count, first, mean

def test_count():
    assert count(['a', 'b', 'a']) == {'a': 2, 'b': 1}

def test_mean():
    assert mean([1.0, 2.0]) == 1.5

def test_first():
    assert first(['a', 'b']) == {'first': 'a'}
    assert first(['c' * 3, 'b']) == {'first': 'ccc'}
"""
BENCHMARK = """
import sys

sys.path.insert(0, 'src')

from words import order

def bench_order(benchmark):
    benchmark(order, ['zz', 'y'], None)
"""
BASE = {
    "src/words.py": WORDS,
    "bench/inputs.py": INPUTS,
    "tests/test_words.py": TESTS,
    "tests/conftest.py": "import sys\nsys.path.insert(0, 'src')\n",
}


@dataclass(frozen=True)
class Place:
    """The project's base commit, and how to run things on it."""

    sandbox: Sandbox
    root: Path
    environment: Environment

    def tree(self, name: str, files: Mapping[str, str]) -> Path:
        for path, text in files.items():
            file = self.root / name / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        return self.root / name

    @property
    def base(self) -> Path:
        return self.tree("base", BASE)

    def candidate(self, before: str, after: str, path: str = "src/words.py") -> Path:
        assert before in BASE[path]
        return self.tree("candidate", {**BASE, path: BASE[path].replace(before, after)})

    def source(self, name: str, settings: str = "", base: Path | None = None, captured: capture.Recorded | None = None) -> Source:
        project = Project.parse(f"targets: [{{function: src/words.py::{name}{', ' + settings if settings else ''}}}]")
        target = Target("src/words.py", name)
        return Source(
            self.sandbox, self.environment, base or self.base, target, project, self.scratch, "test", Limits(seconds=120),
            captured=captured,
        )  # fmt: skip

    @property
    def scratch(self) -> Path:
        (self.root / "scratch").mkdir(exist_ok=True)
        return self.root / "scratch"

    def compare(
        self, name: str, candidate: Path, settings: str = "", count: int = 40, base: Path | None = None,
        captured: capture.Recorded | None = None,
    ) -> Finding:  # fmt: skip
        base = base or self.base
        with self.source(name, settings, base, captured) as source:
            launcher = Launcher(self.sandbox, self.environment, source.target, self.scratch, "test", Limits(seconds=120))
            policy = source.project.target_settings(source.target).equivalence
            return check(
                launcher, base=base, candidate=candidate, reference=launcher, inputs=source, policy=policy, seed=1, count=count,
                remarks=True,
            )  # fmt: skip

    def tests(
        self, tree: Path, base: Path | None = None, config: str = "", target: Target | None = None, tools: Mount | None = None
    ) -> SuiteResult:
        project = Project.parse(config)
        return run(
            self.sandbox, environment=self.environment, tree=tree, project=project, scratch=self.scratch, owner="test", base=base,
            target=target, tools=tools,
        )  # fmt: skip


@pytest.fixture
def place(bubblewrap: Sandbox, tmp_path: Path) -> Place:
    found = bubblewrap.interpreter()
    return Place(bubblewrap, readable(tmp_path), Environment("test", found.path, found.mounts))


GENERATED = "inputs: bench/inputs.py::{}, sizes: {{{}: [50, 200]}}"


def test_a_generator_is_called_as_its_signature_wants_and_never_repeats(place: Place) -> None:
    with place.source("count", GENERATED.format("texts", "words")) as source:
        made = source.make(7, {"words": 50}, 12)

        assert (source.available.kind, source.available.sizes) == ("generator", {"words": (50, 200)})
        assert len(set(made)) == 12
        assert made == source.make(7, {"words": 50}, 12)
        assert set(made).isdisjoint(source.make(8, {"words": 50}, 12))


def test_varied_inputs_have_edges_and_descriptions(place: Place) -> None:
    with place.source("mean", GENERATED.format("numbers", "n")) as source:
        samples = source.varied(3, 120)

    assert {sample.origin for sample in samples} == {"generator", "edge"}
    assert any(sample.description == "nothing in argument 1: []" for sample in samples)
    assert any("nan" in sample.description for sample in samples)
    assert all(sample.pickle and len(sample.description) < 800 for sample in samples)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("broken", "bench/inputs.py:\\d+: bench/inputs.py::broken.seed=.*, n=50. raised ZeroDivisionError: division by zero"),
        ("wrong", "must return .args, kwargs., a tuple and a dict; it returned list"),
        ("always_the_same", "gives the same input for different seeds"),
        ("nowhere", "`inputs`: bench/inputs.py has no nowhere"),
        ("unlucky", "bench/inputs.py:\\d+: bench/inputs.py::unlucky.seed=.*. raised OSError: unlucky"),
        ("leaving", "bench/inputs.py::leaving.seed=.*. raised SystemExit: 3"),
        ("ending", "bench/inputs.py::ending, asked for n=50, ended its process: it ended with exit code 3"),
        ("endless", "bench/inputs.py::endless, asked for n=50, gave no answer within 2 s"),
        ("greedy", "bench/inputs.py::greedy, asked for n=50, needs more memory than the 300 MiB of its sandbox"),
        ("unportable", "bench/inputs.py::unportable makes arguments that can't be passed to another process: TypeError"),
    ],
)
def test_a_generator_that_fails_is_named_with_its_line(place: Place, name: str, said: str) -> None:
    source = place.source("mean", GENERATED.format(name, "n"))
    if name in ("endless", "greedy"):
        source = replace(source, seconds=2 if name == "endless" else 60, limits=Limits(seconds=120, memory_mib=300))

    with pytest.raises(InputsFailed, match=said), source:
        source.make(1, {"n": 50}, 5)


def test_sizes_beyond_reach_are_named_when_they_are_asked_for(place: Place) -> None:
    settings = GENERATED.format("slow_when_large", "n").replace("50, 200", "50, 100000000000")
    with replace(place.source("mean", settings), seconds=2) as source:
        assert source.varied(1, 10)
        with pytest.raises(InputsFailed, match=r"slow_when_large, asked for n=100000000000, gave no answer within 2 s"):
            source.make(1, {"n": 100000000000}, 3)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("accept_maybe", "must return True or False, it returned str"),
        ("accept_long", "accept_long raised ZeroDivisionError"),
    ],
)
def test_what_a_check_has_against_the_functions_own_results_is_named(place: Place, name: str, said: str) -> None:
    settings = GENERATED.format("texts", "words") + f", equivalence: {{check: bench/inputs.py::{name}}}"

    assert said in place.compare("shuffled", place.base, settings).equivalence.mismatches[0].text


def test_a_check_that_is_nowhere_is_named(place: Place) -> None:
    settings = GENERATED.format("texts", "words") + ", equivalence: {check: bench/inputs.py::accept_nowhere}"

    with pytest.raises(InputsFailed, match="has no accept_nowhere"):
        place.compare("shuffled", place.base, settings)


def test_a_check_that_hangs_over_a_result_does_not_accept_it_and_can_be_asked_on(place: Place) -> None:
    check = "bench/inputs.py::accept_short"
    with replace(place.source("shuffled", GENERATED.format("texts", "words")), seconds=2) as source:
        given = dumps(((["a", "b"],), {}))
        said = [source.accepts(check, given, returned(result)) for result in (["b", "a"], ["a", "b", "c"], ["b", "a"], ["b"])]

    hung = f"{check} gave no answer within 2 s on the result"
    assert said == [None, hung, None, f"{check} does not accept the result"]


def returned(result: object) -> Value:
    tree, buffers = codec.encode(result)
    call = ["observation", "", {"outcome": "returned"}, {"result": tree["root"]}]
    return Value.read({**tree, "nodes": [*tree["nodes"], call], "root": ["@", len(tree["nodes"])]}, buffers)


def test_calls_are_captured_from_the_tests_and_made_larger(place: Place) -> None:
    with place.source("first") as source:
        assert source.available.kind == "scaled"
        assert max(source.available.sizes["n"]) == 10000
        assert len(set(source.make(1, {"n": 1000}, 10))) == 10
        samples = source.varied(1, 30)

    assert [sample.description for sample in samples if sample.origin == "captured"] == ["['a', 'b']", "['ccc', 'b']"]


def test_calls_of_the_tests_are_compared_beside_a_generators_and_one_that_cannot_be_repeated_is_skipped(place: Place) -> None:
    timed = "\n\nimport time\n\ndef aged(words):\n    return time.time_ns() if words == ['now'] else len(words[:3])\n"
    test = "from words import aged\n\ndef test():\n    assert aged(['now']) and aged(['a'] * 300) == 3\n"
    base = place.tree("base", {**BASE, "src/words.py": WORDS + timed, "tests/test_words.py": test})
    late = timed.replace("len(words[:3])", "len(words[:3]) - (len(words) > 250)")
    wrong = place.tree("wrong", {**BASE, "src/words.py": WORDS + late})
    calls = capture.recorded(
        place.sandbox, place.environment, base, Target("src/words.py", "aged"), Project.default(), place.scratch, "test"
    )

    same = place.compare("aged", base, GENERATED.format("texts", "words"), base=base, captured=calls)
    differs = place.compare("aged", wrong, GENERATED.format("texts", "words"), base=base, captured=calls)

    assert (same.unclear, same.equivalence.mismatches) == (None, ())
    assert same.equivalence.skipped >= 1, "the call that tells the time, and what was made of it"
    assert same.equivalence.compared + same.equivalence.skipped == same.equivalence.inputs
    assert {each.code for each in differs.equivalence.mismatches} == {"equivalence.value"}
    assert list(place.scratch.glob("calls-*")) == []


def test_calls_of_a_cached_function_are_captured_from_tests_that_empty_its_cache(place: Place) -> None:
    kept = "import functools\n\n@functools.lru_cache\ndef kept(words):\n    return words[0]\n"
    test = "from kept import kept\n\ndef test():\n    kept.cache_clear()\n    assert kept(('a', 'b')) == 'a'\n"
    place.tree("base", {"src/kept.py": kept, "tests/test_kept.py": test})

    with replace(place.source("first"), target=Target("src/kept.py", "kept")) as source:
        samples = source.varied(1, 5)

    assert [sample.description for sample in samples if sample.origin == "captured"] == ["('a', 'b')"]


def test_what_a_function_raises_on_larger_arguments_is_told(place: Place) -> None:
    few = "def few(words, key):\n    if len(words) > 2:\n        raise ValueError(f'too many for {key}')\n    return words[0]\n"
    test = "from few import few\n\ndef test():\n    assert few(['a', 'b'], 'ticker') == 'a'\n"
    place.tree("base", {"src/few.py": few, "tests/test_few.py": test})

    with replace(place.source("first"), target=Target("src/few.py", "few")) as source:
        available = source.available

    assert (available.kind, available.sizes) == ("captured", {})
    assert "it raised ValueError: too many for ticker: name `inputs` and `sizes`" in available.text


def test_calls_are_captured_from_benchmarks_too(place: Place) -> None:
    place.tree("base", {"benchmarks/bench_words.py": BENCHMARK})

    with place.source("order") as source:
        samples = source.varied(1, 30)

    assert [sample.description for sample in samples if sample.origin == "captured"] == ["['zz', 'y'], None"]


def test_arguments_are_made_from_annotations_where_no_test_calls_the_function(place: Place) -> None:
    with place.source("shuffled") as source:
        assert {sample.origin for sample in source.varied(1, 30)} == {"annotations", "edge"}


def test_a_function_nobody_says_anything_about_has_no_inputs(place: Place) -> None:
    with place.source("order") as source:
        assert (source.available.kind, source.available.text) == ("none", "`words` has no annotation")


def test_why_calls_of_the_tests_are_left_out_is_told(place: Place) -> None:
    test = "from words import order\n\nclass Word(str): pass\n\ndef test():\n    order([Word()], None)\n"
    test += "    order(['x' * (5 << 20)], None)\n    order([('a', (letter for letter in 'ab'))], None)\n"
    place.tree("base", {"tests/test_order.py": test})

    with place.source("order") as source:
        said = source.available.text

    assert "1 with arguments of more than 4 MiB" in said and "1 with arguments that can't be pickled" in said
    assert "cannot pickle 'generator' object" in said and "1 recorded call can't be made again outside of the tests" in said


def test_an_honest_rewrite_is_equivalent(place: Place) -> None:
    rewrite = place.candidate(
        "    total = 0.0\n    for number in numbers:\n        total += number\n    return total", "    return sum(numbers)"
    )

    finding = place.compare("mean", rewrite, GENERATED.format("numbers", "n"), count=80)

    assert finding.equivalence.mismatches == ()
    assert finding.unclear is None
    assert 70 < finding.equivalence.compared == finding.equivalence.inputs, "but for lists with a gap, which the function refuses"


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("tally.get(word, 0) + 1", "1", "equivalence.value"),
        ("    return tally\n", "    words.clear()\n    return tally\n", "equivalence.mutation"),
        ("    return tally\n", "    return Tally(tally)\n", "equivalence.type"),
        ("    return tally\n", "    return dict(sorted(tally.items()))\n", "equivalence.order"),
        ("    return tally\n", "    print(len(tally))\n    return tally\n", "equivalence.output"),
        ("    return tally\n", "    global SEEN\n    SEEN += 1\n    return tally\n", "equivalence.state"),
        ("    return tally\n", "    random.random()\n    return tally\n", "equivalence.state"),
        ("    tally = {}\n", "    tally = {words[0]: 0}\n", "equivalence.exception"),
        ("    tally = {}\n", "    import os\n    tally = {}\n    if len(words) > 3: os._exit(0)\n", "sandbox.crash"),
        ("    tally = {}\n", "    tally = {}\n    while len(words) > 3: pass\n", "sandbox.timeout"),
    ],
)
def test_what_a_candidate_does_differently_is_named(place: Place, before: str, after: str, code: str) -> None:
    finding = place.compare("count", place.candidate(before, after), GENERATED.format("texts", "words"))

    assert code in {mismatch.code for mismatch in finding.equivalence.mismatches}
    assert len(min((mismatch.input for mismatch in finding.equivalence.mismatches), key=len)) < 80, "small enough to read"


def test_the_input_is_made_small_and_told_as_code_that_makes_it_again(place: Place) -> None:
    wrong = place.candidate("tally.get(word, 0) + 1", "1")

    finding = place.compare("count", wrong, GENERATED.format("texts", "words"))

    shown = finding.equivalence.mismatches[0]
    assert shown.runnable
    calls: list[list[str]] = []
    head, _, call = shown.input.partition("\n\n")
    assert head == "from words import count"
    eval(call, {"count": calls.append})
    assert len(calls[0]) == 2 and calls[0][0] == calls[0][1]


def test_nobody_is_blamed_where_the_reference_disagrees_with_itself(place: Place) -> None:
    same = place.candidate("list(set(words))", "[word for word in set(words)]")

    finding = place.compare("shuffled", same, GENERATED.format("texts", "words"))

    assert finding.equivalence.set_aside == ("equivalence.order",)
    assert all(mismatch.code not in finding.equivalence.set_aside for mismatch in finding.equivalence.mismatches)


def test_inputs_may_be_of_the_generators_own_classes_and_why_they_cannot_be_rebuilt_is_told(place: Place) -> None:
    same = place.candidate("tally = {}", "tally = dict()")

    own = place.compare("count", same, GENERATED.format("own_words", "n"), count=10)
    sulking = place.compare("first", same, GENERATED.format("sulking", "n"), count=10)

    assert own.equivalence.compared > 3 and own.unclear is None
    assert sulking.unclear is not None and "gave no answer on any input: " in sulking.unclear and "not again" in sulking.unclear


def test_a_projects_own_check_decides(place: Place) -> None:
    def settings(check: str) -> str:
        return GENERATED.format("texts", "words") + f", equivalence: {{check: bench/inputs.py::{check}}}"

    better = place.candidate("list(set(words))", "sorted(set(words))")
    assert place.compare("shuffled", better, settings("accept")).equivalence.mismatches == ()
    nobodys = place.compare("shuffled", better, settings("accept_long")).equivalence
    assert nobodys.mismatches == () and 0 < nobodys.skipped < nobodys.compared, "the function's own results don't bear it either"
    worse = place.candidate("list(set(words))", "sorted(words)")
    found = place.compare("shuffled", worse, settings("accept")).equivalence.mismatches
    assert found[0].text == "bench/inputs.py::accept does not accept the result"
    empty = place.candidate("list(set(words))", "None")
    found = place.compare("shuffled", empty, settings("accept")).equivalence.mismatches
    assert found[0].code == "equivalence.value" and "::accept raised TypeError: 'NoneType'" in found[0].text


def test_a_candidate_that_cannot_be_imported_says_why(place: Place) -> None:
    with pytest.raises(Unloadable, match="importing words raised ZeroDivisionError"):
        place.compare("count", place.candidate("SEEN = 0", "SEEN = 1 / 0"))


def test_the_projects_tests_are_run_and_named(place: Place) -> None:
    result = place.tests(place.base)

    assert result.passed == {"tests.test_words::test_count", "tests.test_words::test_mean", "tests.test_words::test_first"}
    assert (result.exit, result.problem, result.collected) == (0, None, 3)


def test_a_candidate_is_held_against_the_base_commits_tests(place: Place) -> None:
    cheat = place.candidate("tally.get(word, 0) + 1", "1")
    (cheat / "tests" / "test_words.py").write_text("def test_count(): pass")

    result = place.tests(cheat, place.base)

    assert set(result.failed) == {"tests.test_words::test_count"}


def test_the_projects_own_files_are_tested_and_not_an_installed_copy_of_the_base(place: Place) -> None:
    named = TESTS + "\ndef test_named():\n    import os\n    assert os.environ['FIRM'] == 'a b'\n"
    files = {"src/words.py": WORDS, "tests/test_words.py": named}
    base, installed = place.tree("packaged", files), Mount(place.tree("installed", {"words.py": WORDS}), "/installed")
    wrong = place.tree("wrong", {**files, "src/words.py": WORDS.replace("tally.get(word, 0) + 1", "1")})
    config, target = "tests: {command: \"FIRM='a b' pytest -q --ff\"}", Target("src/words.py", "count")
    first = {**place.environment.variables, "PYTHONPATH": "/installed"}

    before = place.tests(base, config=config, target=target, tools=installed)
    after = place.tests(wrong, base, config, target, installed)
    copied = replace(place, environment=replace(place.environment, variables=first)).tests(base, None, config, target, installed)

    assert (before.problem, len(before.passed), set(before.broken)) == (None, 4, set())
    assert set(after.failed) == {"tests.test_words::test_count"}
    assert "from `/installed/words.py`, an installed copy" in str(copied.problem)


@pytest.mark.parametrize(
    ("config", "tree", "problem"),
    [
        (
            "tests: {command: pytest --nowhere}",
            {"tests/test_x.py": ""},
            "error: unrecognized arguments: --nowhere`; install the pytest plugin",
        ),
        ("", {"tests/test_x.py": "import os\nos._exit(0)"}, "the tests left no report"),
        ("", {"tests/test_x.py": "def test(): import sys, os; os.kill(os.getpid(), 9)"}, "the tests left no report"),
    ],
)
def test_an_exit_code_alone_means_nothing(place: Place, config: str, tree: dict[str, str], problem: str) -> None:
    result = place.tests(place.tree("odd", tree), config=config)

    assert result.passed == frozenset()
    assert problem in str(result.problem)


def test_a_command_that_is_not_pytests_is_one_test(place: Place) -> None:
    assert place.tests(place.base, config="tests: {command: python -c 0}").passed == {"the test command"}
    assert set(place.tests(place.base, config="tests: {command: python -c 1/0}").failed) == {"the test command"}


def test_a_source_that_was_left_ends_its_process(place: Place) -> None:
    with place.source("count") as source:
        pass

    with pytest.raises(InputsFailed):
        replace(source, _line=None).make(1, {"n": 5}, 1)
