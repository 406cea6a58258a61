"""Recognise tests for missing values, however they are spelled."""

import ast

import libcst as cst

from bot.agents.recipes.interpreter import Interpreter
from bot.agents.recipes.scene import Scene
from bot.agents.recipes.syntax import plain
from bot.agents.recipes.worlds import Cell, Undecided, World


def is_present_test(test: cst.BaseExpression, name: str, scene: Scene) -> bool:
    """Whether the test says "`name` is not missing" and nothing else."""
    body = plain(test).body[0]
    assert isinstance(body, ast.Expr)
    return _truth(body.value, name, "equal", scene) is True and _truth(body.value, name, "both missing", scene) is False


def _truth(test: ast.expr, name: str, relation: str, scene: Scene) -> bool | None:
    trees = {each: plain(function).body[0] for each, function in scene.functions.items()}
    functions = {each: tree for each, tree in trees.items() if isinstance(tree, ast.FunctionDef)}
    run = Interpreter(World({"''": relation}, {}), functions, dict(scene.imports), {})
    try:
        return run.truth(test, {name: Cell("", "''", "L")})
    except Undecided:
        return None
