"""Which functions of a module take part when the target runs: slow code is often in a helper."""

from collections.abc import Mapping

import libcst as cst

from bot.agents.recipes.syntax import Function, find


def reached(functions: Mapping[str, Function], target: str) -> list[str]:
    """The target first, then the functions of the same module that it calls or hands on, nearest first."""
    order = [target]
    for name in order:
        order += [each for each in _mentioned(functions, name) if each not in order]
    return order


def _mentioned(functions: Mapping[str, Function], name: str) -> list[str]:
    """Functions that the body of `name` mentions, in the order of their definition."""
    body = functions[name].body
    words = {each.value for each in find(body, cst.Name)}
    owner = name.rpartition(".")[0]
    methods = {f"{owner}.{each.attr.value}" for each in find(body, cst.Attribute) if _is_own(each)} if owner else set()
    return [each for each in functions if each in words or each in methods]


def _is_own(node: cst.Attribute) -> bool:
    return isinstance(node.value, cst.Name) and node.value.value in ("self", "cls")
