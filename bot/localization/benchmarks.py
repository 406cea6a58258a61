"""The project's own benchmarks, where it has any that pytest can run: they show where the time goes better than tests do."""

import ast
import shlex
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path

from bot.localization.source import Unreadable, content, files, parsed

PLUGIN = "pytest-benchmark"  # gives functions that ask for a `benchmark` something to measure with
MOST_FILES = 40


def found(tree: Path, versions: Mapping[str, str]) -> list[str]:
    """The files with benchmarks, where the environment has what they need."""
    if PLUGIN not in versions:
        return []
    return list(islice((path for path in files(tree) if _measures(tree, path)), MOST_FILES))


def command(paths: Sequence[str]) -> str:
    """Runs the benchmarks of these files."""
    return f"python -m pytest -q {shlex.join(paths)}"


def _measures(tree: Path, path: str) -> bool:
    """Whether a file has a function that asks pytest for a `benchmark`."""
    try:
        source = content(tree, path)
        return b"benchmark" in source and any(_asks(node) for node in ast.walk(parsed(source)))
    except Unreadable:
        return False


def _asks(node: ast.AST) -> bool:
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or not node.name.startswith("test"):
        return False
    return any(each.arg == "benchmark" for each in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs))
