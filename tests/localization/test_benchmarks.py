"""Which of a project's files hold benchmarks, and how they are run."""

from bot.localization import benchmarks
from bot.localization.profiler import module_run
from tests.localization.projects import plant

THERE = {"pytest": "9.0", "pytest-benchmark": "5.2"}
FILES = {
    "benchmarks/test_sort.py": "def test_sort(benchmark):\n    benchmark(sorted, [2, 1])\n",
    "tests/test speed.py": "class TestSpeed:\n    def test_it(self, *, benchmark): ...\n",
    "tests/test_sort.py": "def test_sort():\n    assert 'benchmark'\n",
    "src/sort.py": "def benchmark(benchmark): ...\n",
    "tests/test_broken.py": "def test_x(benchmark:\n",
}


def test_files_whose_tests_ask_for_a_benchmark_are_found_and_run(tmp_path):
    found = benchmarks.found(plant(tmp_path, FILES), THERE)

    assert found == ["benchmarks/test_sort.py", "tests/test speed.py"]
    assert module_run(benchmarks.command(found)).arguments[-2:] == tuple(found)


def test_without_the_plugin_there_are_none(tmp_path):
    assert benchmarks.found(plant(tmp_path, FILES), {"pytest": "9.0"}) == []
