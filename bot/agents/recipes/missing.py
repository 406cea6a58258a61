"""Recognise tests for missing values, however they are spelled."""

import ast

import libcst as cst

from bot.agents.recipes.ordering import Cell, Interpreter, Undecided, World
from bot.agents.recipes.scene import Scene
from bot.agents.recipes.syntax import plain


def is_present_test(test: cst.BaseExpression, name: str, scene: Scene) -> bool:
    """Whether the test says "`name` is not missing" and nothing else: true for each value that is there, false for a missing one."""
    body = plain(test).body[0]
    assert isinstance(body, ast.Expr)
    return _truth(body.value, name, "equal", scene) is True and _truth(body.value, name, "both missing", scene) is False


def _truth(test: ast.expr, name: str, relation: str, scene: Scene) -> bool | None:
    functions = {
        each: tree for each, function in scene.functions.items() if isinstance(tree := plain(function).body[0], ast.FunctionDef)
    }
    run = Interpreter(World({"''": relation}, {}), functions, dict(scene.imports), {})
    try:
        return run.truth(test, {name: Cell("", "''", "L")})
    except Undecided:
        return None
