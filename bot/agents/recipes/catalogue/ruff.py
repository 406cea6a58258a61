"""What ruff's performance and comprehension rules fix by themselves, limited to the function."""

import json
import subprocess
from typing import Any

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider
from ruff import find_ruff_bin  # type: ignore[import-untyped]

from bot.agents.recipes.scene import Fit, Misfit, Recipe, Scene
from bot.agents.recipes.surgery import functions_of
from bot.agents.recipes.syntax import Function

_SELECT = "PERF,C4,FURB"
#: Ruff calls these fixes unsafe only because a comment inside of them could get lost.
_MAY_DROP_COMMENTS = {
    "C400",
    "C401",
    "C402",
    "C403",
    "C404",
    "C405",
    "C408",
    "C409",
    "C410",
    "C411",
    "C414",
    "C416",
    "C418",
    "PERF102",
}
_SECONDS = 20.0
_Place = tuple[int, int]


def rewrite(scene: Scene) -> Fit:
    source = scene.module.code
    inside = _span(scene)
    edits: list[tuple[_Place, _Place, str]] = []
    codes: list[str] = []
    for finding in _findings(source):
        fix = [(_place(each["location"]), _place(each["end_location"]), each["content"]) for each in finding["fix"]["edits"]]
        if all(inside[0] <= start and end <= inside[1] for start, end, _ in fix) and not _overlap(fix, edits):
            edits += fix
            codes.append(finding["code"])
    if not edits:
        raise Misfit("ruff has no fix to offer in this function")
    return Fit(_function(_edited(source, edits), scene), note=f"ruff's {', '.join(dict.fromkeys(codes))}")


def _findings(source: str) -> list[dict[str, Any]]:
    """Findings that come with a fix that keeps the meaning. Nothing of the project's own configuration is read."""
    command = [find_ruff_bin(), "check", "--isolated", "--no-cache", "--preview", "--select", _SELECT, "--target-version", "py39"]
    command += ["--output-format", "json", "--stdin-filename", "module.py", "-"]
    done = subprocess.run(command, input=source.encode(), capture_output=True, timeout=_SECONDS, check=False)
    if done.returncode not in (0, 1):
        raise Misfit("ruff can't read this file")
    return [each for each in json.loads(done.stdout) if each.get("fix") and _is_trusted(each)]


def _is_trusted(finding: dict[str, Any]) -> bool:
    return finding["fix"]["applicability"] == "safe" or finding["code"] in _MAY_DROP_COMMENTS


def _span(scene: Scene) -> tuple[_Place, _Place]:
    """Where the function's body stands: its head stays."""
    wrapper = MetadataWrapper(scene.module, unsafe_skip_copy=True)
    place = wrapper.resolve(PositionProvider)[scene.function.body]
    return (place.start.line, place.start.column + 1), (place.end.line + 1, 1)


def _place(location: dict[str, int]) -> _Place:
    return location["row"], location["column"]


def _overlap(one: list[tuple[_Place, _Place, str]], others: list[tuple[_Place, _Place, str]]) -> bool:
    return any(start < there and here < end for start, end, _ in one for here, there, _ in others)


def _edited(source: str, edits: list[tuple[_Place, _Place, str]]) -> str:
    lines = source.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    for start, end, content in sorted(edits, reverse=True):
        source = source[: starts[start[0] - 1] + start[1] - 1] + content + source[starts[end[0] - 1] + end[1] - 1 :]
    return source


def _function(source: str, scene: Scene) -> Function:
    """The same function in the edited source."""
    try:
        return functions_of(cst.parse_module(source, scene.module.config_for_parsing))[scene.name]
    except (cst.ParserSyntaxError, KeyError) as error:
        raise Misfit("ruff's fixes don't go together") from error


RECIPE = Recipe(
    name="ruff",
    title="Apply ruff's performance fixes",
    mechanism="Ruff's PERF, C4 and FURB rules replace detours (needless copies, calls and lambdas) by what the"
    " interpreter does directly.",
    precondition="Ruff offers fixes that keep the meaning, entirely within the function's body.",
    rewrite=rewrite,
    aliases=("perf", "lint"),
)
