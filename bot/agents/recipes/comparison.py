"""A comparator or key function, as something that compares two rows in a given world."""

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import libcst as cst

from bot.agents.recipes.interpreter import Interpreter
from bot.agents.recipes.scene import Scene
from bot.agents.recipes.sorts import Items
from bot.agents.recipes.syntax import plain
from bot.agents.recipes.worlds import UNKNOWN, Outer, Row, RowOf, Undecided, World


@dataclass(frozen=True, slots=True)
class Comparison:
    """A comparator or key function as something that compares two rows in a given world."""

    function: ast.FunctionDef
    items: Items
    around: Mapping[str, Any]
    functions: Mapping[str, ast.FunctionDef]
    scene: Scene
    two_rows: bool
    backwards: cst.BaseExpression | None

    def loop(self) -> ast.For | None:
        """The loop over the keys, when the function is one with nothing but preparations before and a plain end after."""
        body = self._body()
        loops = [each for each in body if isinstance(each, ast.For)]
        if loops and not self._is_known_outside(loops[0].iter):
            return None
        if loops:
            return loops[0] if len(loops) == 1 and not loops[0].orelse else None
        return _generator(body[-1]) if body and not self.two_rows else None

    def _is_known_outside(self, node: ast.expr) -> bool:
        """Whether what the loop goes through can be said where the sort is, in the same words."""
        words = [each for one in self.function.body for each in ast.walk(one) if isinstance(each, ast.Name)]
        local = {each.id for each in words if isinstance(each.ctx, ast.Store)}
        used = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
        return not used & (local | {arg.arg for arg in self.function.args.args})

    def _body(self) -> Sequence[ast.stmt]:
        return [each for each in self.function.body if not (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))]

    def _interpreter(self, world: World, loop: ast.For | None = None) -> Interpreter:
        targets = [each.id for each in ast.walk(loop.target) if isinstance(each, ast.Name)] if loop else []
        around = {**self.around, **{name: Outer(name) for name in targets}}
        return Interpreter(world, self.functions, dict(self.scene.imports), around)

    def _rows(self, side: str) -> Any:
        return RowOf(self.items.frame, side) if self.items.records else Row(side)

    def whole(self) -> Callable[[World], int]:
        """Compare by running the whole function: once on both rows, or on each of them."""

        def compare(world: World) -> int:
            run = self._interpreter(world)
            names = [arg.arg for arg in self.function.args.args]
            if self.two_rows:
                return self._turned(
                    run, _number(run.iteration(self._body(), {names[0]: self._rows("L"), names[1]: self._rows("R")}))
                )
            left, right = (run.iteration(self._body(), {names[0]: self._rows(side)}) for side in "LR")
            return self._turned(run, run.lexicographic(left, right))

        return compare

    def _turned(self, run: Interpreter, way: int) -> int:
        """The other way round where the sort has `reverse=True`; items that tie stay in place all the same."""
        if self.backwards is None:
            return way
        wanted = plain(self.backwards).body[0]
        assert isinstance(wanted, ast.Expr)
        return -way if run.truth(wanted.value, {}) else way

    def one_turn(self, loop: ast.For) -> Callable[[World], int]:
        """Compare by one turn of the loop over the keys: what it returns, or what it adds to the key."""
        before, after = self._split(loop)

        def compare(world: World) -> int:
            run = self._interpreter(world, loop)
            if self.two_rows:
                return self._turned(run, self._turn_of_comparator(run, loop, before, after))
            left, right = (self._added(run, loop, before, side) for side in "LR")
            return self._turned(run, run.lexicographic(left, right))

        return compare

    def _split(self, loop: ast.For) -> tuple[Sequence[ast.stmt], Sequence[ast.stmt]]:
        body = self._body()
        place = body.index(loop) if loop in body else len(body) - 1
        return body[:place], body[place + 1 :]

    def _turn_of_comparator(self, run: Interpreter, loop: ast.For, before: Sequence[ast.stmt], after: Sequence[ast.stmt]) -> int:
        names = [arg.arg for arg in self.function.args.args]
        env = {names[0]: self._rows("L"), names[1]: self._rows("R")}
        run.run(before, env)
        if _number(run.iteration(after, dict(env))) != 0:
            raise Undecided("it does not end with 0 for equal rows")
        result = run.iteration(loop.body, env)
        if result is UNKNOWN:
            return 0
        if _number(result) == 0:
            raise Undecided("it stops at a key that does not tell the rows apart")
        return _number(result)

    def _added(self, run: Interpreter, loop: ast.For, before: Sequence[ast.stmt], side: str) -> Any:
        env: dict[str, Any] = {self.function.args.args[0].arg: self._rows(side)}
        run.run(before, env)
        started = {name: value for name, value in env.items() if value == ()}
        if len(started) != 1 and loop in self._body():
            raise Undecided("the key is not one list that grows")
        if run.iteration(loop.body, env) is not UNKNOWN:
            raise Undecided("the key ends early")
        name = next(iter(started), "__key__")
        return env.get(name, UNKNOWN)


def _generator(statement: ast.stmt) -> ast.For | None:
    """`return tuple(part for key in keys)`, as the loop that appends the parts."""
    match statement:
        case ast.Return(value=ast.Call(func=ast.Name(id="tuple" | "list"), args=[ast.GeneratorExp() | ast.ListComp() as made])):
            pass
        case ast.Return(value=ast.ListComp() as made):
            pass
        case _:
            return None
    if len(made.generators) != 1 or made.generators[0].ifs:
        return None
    grow = ast.parse("__key__ = (None,)").body[0]
    assert isinstance(grow, ast.Assign)
    grow.value = ast.Tuple([made.elt], ast.Load())
    one = made.generators[0]
    return ast.For(one.target, one.iter, [grow], [], lineno=1, col_offset=0)


def _number(value: Any) -> int:
    if isinstance(value, bool | int):
        return int(value)
    raise Undecided("what it returns is no plain number")
