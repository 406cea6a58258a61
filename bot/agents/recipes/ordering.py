"""Find out what order a comparator or key function describes, by running it on every way two rows can relate.

Two cells of a column are both missing, one of them missing, or less, equal, greater; a direction is on or off. That is a
small number of worlds, and in each of them the code is interpreted. What can't be decided in a world is no order for us.
"""

import ast
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

RELATIONS = ("both missing", "left missing", "right missing", "less", "equal", "greater")
_MISSING = {"both missing": "LR", "left missing": "L", "right missing": "R"}
_TESTS = {"pandas.isna", "pandas.isnull", "numpy.isnan", "math.isnan"}
_STEPS = 4000


class Undecided(Exception):
    """The code does something that the few facts about two rows don't determine."""


@dataclass(frozen=True, slots=True)
class Row:
    """One of the two rows that are compared (`side` is L or R), or its position."""

    side: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A row's value in a column (the column as text); `sign` is -1 for a negated one."""

    frame: str
    column: str
    side: str
    sign: int = 1


@dataclass(frozen=True, slots=True)
class RowOf:
    """One of the two rows itself: a record, or a row of the frame."""

    frame: str
    side: str


@dataclass(frozen=True, slots=True)
class Column:
    """A whole column, as a series, array or list."""

    frame: str
    column: str


@dataclass(frozen=True, slots=True)
class Rows:
    """All rows by position: `frame.iloc`, or a list of records."""

    frame: str


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns by name: a frame, or a dict of arrays made from one."""

    frame: str


@dataclass(frozen=True, slots=True)
class Outer:
    """Something from around the comparison, the same for every pair of rows; as Python text."""

    text: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that the worlds don't fix; deciding by it is an Undecided."""


UNKNOWN = Unknown()


@dataclass(slots=True)
class World:
    """One combination of relations by column and of truth values by atom; what is not in it yet is asked for."""

    relations: Mapping[str, str]
    atoms: Mapping[str, bool]
    columns: dict[str, str] = field(default_factory=dict)  # column -> frame, in the order of first use
    asked: dict[str, None] = field(default_factory=dict)

    def relation(self, cell: Cell) -> str:
        self.columns.setdefault(cell.column, cell.frame)
        return self.relations.get(cell.column, "equal")

    def atom(self, text: str) -> bool:
        self.asked.setdefault(text)
        return self.atoms.get(text, True)


class _Jump(Exception):
    def __init__(self, kind: str, value: Any = None) -> None:
        super().__init__(kind)
        self.kind = kind
        self.value = value


@dataclass(slots=True)
class Interpreter:
    """Runs the small language of comparators and key functions in one world."""

    world: World
    functions: Mapping[str, ast.FunctionDef]
    imports: Mapping[str, str]
    around: Mapping[str, Any]  # what names of the surrounding code stand for
    steps: int = 0

    def run(self, statements: Sequence[ast.stmt], env: dict[str, Any]) -> None:
        for statement in statements:
            self.steps += 1
            if self.steps > _STEPS:
                raise Undecided("it takes too long to follow")
            self._statement(statement, env)

    def _statement(self, statement: ast.stmt, env: dict[str, Any]) -> None:
        match statement:
            case ast.Expr(value=ast.Constant()) | ast.Pass():
                return
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="append"), args=[item])) if name in env:
                env[name] = (*env[name], self.value(item, env))
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="extend"), args=[items])) if (
                name in env
            ):
                env[name] = (*env[name], *self.value(items, env))
            case ast.Assign(targets=[target], value=value):
                self._bind(target, self.value(value, env), env)
            case ast.AnnAssign(target=ast.Name() as target, value=ast.expr() as value):
                self._bind(target, self.value(value, env), env)
            case ast.If(test=test, body=body, orelse=orelse):
                self.run(body if self.truth(test, env) else orelse, env)
            case ast.Return(value=value):
                raise _Jump("return", None if value is None else self.value(value, env))
            case ast.Continue():
                raise _Jump("continue")
            case _:
                raise Undecided(f"`{ast.unparse(statement).splitlines()[0]}` is not something we can follow")

    def _bind(self, target: ast.expr, value: Any, env: dict[str, Any]) -> None:
        match target:
            case ast.Name(id=name):
                env[name] = value
            case ast.Tuple(elts=parts) if isinstance(value, tuple) and len(parts) == len(value):
                for part, one in zip(parts, value, strict=True):
                    self._bind(part, one, env)
            case _:
                raise Undecided(f"`{ast.unparse(target)}` is assigned")

    def truth(self, node: ast.expr, env: dict[str, Any]) -> bool:
        value = self._decided(node, env)
        if isinstance(value, bool | int):
            return bool(value)
        raise Undecided(f"`{ast.unparse(node)}` decides")

    def value(self, node: ast.expr, env: dict[str, Any]) -> Any:
        match node:
            case ast.Constant(value=value):
                return value
            case ast.Name(id=name):
                return env[name] if name in env else self.around.get(name, UNKNOWN)
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                return tuple(self.value(part, env) for part in parts)
            case ast.Attribute(value=owner, attr=attr):
                return _attribute(self.value(owner, env), attr)
            case ast.Subscript(value=base, slice=index):
                return _item(self.value(base, env), self.value(index, env))
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return self.value(body if self.truth(test, env) else orelse, env)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return self._not(operand, env)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return _negative(self.value(operand, env))
            case ast.BoolOp(op=op, values=values):
                return self._either(isinstance(op, ast.Or), values, env)
            case ast.BinOp():
                return self._arithmetic(node, env)
            case ast.Compare():
                return self._compare(node, env)
            case ast.Call():
                return self._call(node, env)
        return UNKNOWN

    def _decided(self, node: ast.expr, env: dict[str, Any]) -> Any:
        """The value; for something from around, the truth it has in this world."""
        value = self.value(node, env)
        return self.world.atom(value.text) if isinstance(value, Outer) else value

    def _not(self, operand: ast.expr, env: dict[str, Any]) -> Any:
        value = self._decided(operand, env)
        return UNKNOWN if value is UNKNOWN or isinstance(value, Cell) else not value

    def _either(self, settles: bool, values: Sequence[ast.expr], env: dict[str, Any]) -> Any:
        """`or` (settled by a true value) and `and` (by a false one), where some operands may be unknown."""
        unknown = False
        for each in values:
            value = self._decided(each, env)
            if isinstance(value, Cell):
                raise Undecided(f"the truth of `{ast.unparse(each)}` decides")
            unknown = unknown or value is UNKNOWN
            if value is not UNKNOWN and bool(value) is settles:
                return settles
        return UNKNOWN if unknown else not settles

    def _arithmetic(self, node: ast.BinOp, env: dict[str, Any]) -> Any:
        left, right = self.value(node.left, env), self.value(node.right, env)
        if isinstance(node.op, ast.Mult):
            return self._product(left, right)
        if isinstance(left, bool | int) and isinstance(right, bool | int) and isinstance(node.op, ast.Sub):
            return left - right
        if isinstance(node.op, ast.Add) and isinstance(left, tuple) and isinstance(right, tuple):
            return left + right
        return UNKNOWN

    def _product(self, left: Any, right: Any) -> Any:
        """With a factor of +1 or -1, also one that only the caller knows."""
        for factor, value in ((left, right), (right, left)):
            if isinstance(factor, Outer):
                factor = 1 if self.world.atom(f"{_bracketed(factor.text)} > 0") else -1
            if isinstance(factor, int) and factor in (1, -1) and value is not UNKNOWN:
                return value if factor == 1 else _negative(value)
        return UNKNOWN

    def _compare(self, node: ast.Compare, env: dict[str, Any]) -> Any:
        if len(node.ops) != 1:
            return UNKNOWN
        left, right, op = self.value(node.left, env), self.value(node.comparators[0], env), node.ops[0]
        if isinstance(left, Cell) and isinstance(right, Cell):
            return self._compare_cells(left, right, op)
        if isinstance(left, Cell) or isinstance(right, Cell):
            return self._compare_missing(left, right, op)
        if isinstance(left, bool | int) and isinstance(right, bool | int):
            return _ordered((left > right) - (left < right), op)
        return _compared_around(left, right, op)

    def _compare_cells(self, left: Cell, right: Cell, op: ast.cmpop) -> Any:
        if left == right:  # `value != value` is how a NaN is recognised
            missing = self._missing(left)
            return missing if isinstance(op, ast.NotEq) else (not missing if isinstance(op, ast.Eq) else UNKNOWN)
        if (
            (left.frame, left.column, left.sign) != (right.frame, right.column, right.sign)
            or self._missing(left)
            or self._missing(right)
        ):
            return UNKNOWN
        return _ordered(left.sign * self._order(left, right), op)

    def _order(self, left: Cell, right: Cell) -> int:
        sign = {"less": -1, "equal": 0, "greater": 1}[self.world.relation(left)]
        return sign if left.side == "L" else -sign if left.side != right.side else 0

    def _compare_missing(self, left: Any, right: Any, op: ast.cmpop) -> Any:
        """`value is None`: a value that is there is not; which of its forms a missing one has, we don't know."""
        cell, other = (left, right) if isinstance(left, Cell) else (right, left)
        if other is None and isinstance(op, ast.Is | ast.IsNot | ast.Eq | ast.NotEq) and not self._missing(cell):
            return isinstance(op, ast.IsNot | ast.NotEq)
        return UNKNOWN

    def _missing(self, cell: Cell) -> bool:
        return cell.side in _MISSING.get(self.world.relation(cell), "")

    def _call(self, node: ast.Call, env: dict[str, Any]) -> Any:
        name = _full(node.func, self.imports)
        if isinstance(node.func, ast.Attribute) and node.func.attr in ("to_numpy", "tolist", "to_list"):
            owner = self.value(node.func.value, env)
            return owner if isinstance(owner, Column) else UNKNOWN
        if node.keywords or any(isinstance(arg, ast.Starred) for arg in node.args):
            return UNKNOWN
        if isinstance(node.func, ast.Name) and node.func.id in self.functions:
            return self._inside(self.functions[node.func.id], [self.value(arg, env) for arg in node.args])
        if name in ("tuple", "list") and len(node.args) <= 1:
            value = self.value(node.args[0], env) if node.args else ()
            return value if isinstance(value, tuple) else UNKNOWN
        match [self.value(arg, env) for arg in node.args]:
            case [Cell() as cell] if name in _TESTS:
                return self._missing(cell)
            case [Cell() as cell, *_] if name == "isinstance" and _is_float(node.args[1]) and self._missing(cell):
                return True
            case [value] if name in ("bool", "int") and isinstance(value, bool):
                return bool(value) if name == "bool" else int(value)
        return UNKNOWN

    def _inside(self, function: ast.FunctionDef, values: Sequence[Any]) -> Any:
        names = [arg.arg for arg in (*function.args.posonlyargs, *function.args.args)]
        if len(names) != len(values) or function.args.vararg or function.args.kwarg or function.args.kwonlyargs:
            return UNKNOWN
        try:
            self.run(function.body, dict(zip(names, values, strict=True)))
        except _Jump as jump:
            return jump.value
        return None

    def iteration(self, statements: Sequence[ast.stmt], env: dict[str, Any]) -> Any:
        """What one turn of the loop over the keys returns; UNKNOWN stands for "went on to the next key"."""
        try:
            self.run(statements, env)
        except _Jump as jump:
            return UNKNOWN if jump.kind == "continue" else jump.value
        return UNKNOWN

    def lexicographic(self, left: Any, right: Any) -> int:
        """How two keys compare as Python compares tuples."""
        if isinstance(left, tuple) and isinstance(right, tuple) and len(left) == len(right):
            ways = (self.lexicographic(one, other) for one, other in zip(left, right, strict=True))
            return next((way for way in ways if way), 0)
        if isinstance(left, bool | int) and isinstance(right, bool | int):
            return (left > right) - (left < right)
        if isinstance(left, Cell) and isinstance(right, Cell):
            return self._lexicographic_cells(left, right)
        if left == right and isinstance(left, str):
            return 0
        raise Undecided("the parts of two keys can't be compared without knowing the values")

    def _lexicographic_cells(self, left: Cell, right: Cell) -> int:
        agree = (left.frame, left.column, left.sign) == (right.frame, right.column, right.sign)
        if not agree or self._missing(left) or self._missing(right):
            raise Undecided("a missing value takes part in comparisons")
        return left.sign * self._order(left, right)


def _attribute(owner: Any, attr: str) -> Any:
    match owner:
        case Columns(frame=frame) if attr in ("iloc", "iat"):
            return Rows(frame)
        case Column() if attr in ("iloc", "iat", "values", "array"):
            return owner
        case RowOf(frame=frame, side=side):
            return Cell(frame, repr(attr), side)
        case Outer(text=text):
            return Outer(f"{text}.{attr}")
    return UNKNOWN


def _item(base: Any, index: Any) -> Any:
    """`base[index]`, as far as it is a way from a frame to a cell, or between things from around."""
    label = index.text if isinstance(index, Outer) else repr(index) if isinstance(index, str) else None
    match base, index:
        case Columns(frame=frame), _ if label is not None:
            return Column(frame, label)
        case Column(frame=frame, column=column), Row(side=side):
            return Cell(frame, column, side)
        case Rows(frame=frame), Row(side=side):
            return RowOf(frame, side)
        case RowOf(frame=frame, side=side), _ if label is not None:
            return Cell(frame, label, side)
        case Outer(text=text), str() | int():
            return Outer(f"{text}[{index!r}]")
        case tuple(), int() if -len(base) <= index < len(base):
            return base[index]
    return UNKNOWN


def _compared_around(left: Any, right: Any, op: ast.cmpop) -> Any:
    """`direction == "desc"`: a new thing from around."""
    if not isinstance(left, Outer) or not isinstance(right, Outer | str | int | type(None)):
        return UNKNOWN
    sign = {ast.Eq: "==", ast.NotEq: "!=", ast.Is: "is", ast.IsNot: "is not", ast.Gt: ">", ast.Lt: "<"}.get(type(op))
    other = right.text if isinstance(right, Outer) else repr(right)
    return Outer(f"{left.text} {sign} {other}") if sign else UNKNOWN


def _negative(value: Any) -> Any:
    match value:
        case Cell(frame=frame, column=column, side=side, sign=sign):
            return Cell(frame, column, side, -sign)
        case bool() | int():
            return -value
        case Outer(text=text):
            return Outer(f"-{_bracketed(text)}")
    return UNKNOWN


def _ordered(way: int, op: ast.cmpop) -> Any:
    match op:
        case ast.Lt():
            return way < 0
        case ast.Gt():
            return way > 0
        case ast.LtE():
            return way <= 0
        case ast.GtE():
            return way >= 0
        case ast.Eq():
            return way == 0
        case ast.NotEq():
            return way != 0
    return UNKNOWN


def _full(node: ast.expr, imports: Mapping[str, str]) -> str:
    text = ast.unparse(node)
    head, dot, rest = text.partition(".")
    return f"{imports.get(head, head)}{dot}{rest}"


def _is_float(node: ast.expr) -> bool:
    return any(isinstance(each, ast.Name) and each.id == "float" for each in ast.walk(node))


@dataclass(frozen=True, slots=True)
class Key:
    """One column of an order: where it comes from, and as Python text when it ascends and when missing values come last.

    `None` for the latter: the code has no place for missing values, so what it does holds only where there are none.
    """

    frame: str
    column: str
    ascending: str
    missing_last: str


Compare = Callable[[World], int]
_Entry = tuple[bool, bool | None]  # (ascending, missing last)
_Table = dict[tuple[bool, ...], _Entry]  # by truth of the atoms


def keys_of(compare: Compare, limit: int = 3) -> tuple[Key, ...]:
    """The lexicographic order that `compare` (negative, 0, positive) stands for. Raises Undecided when it is none."""
    columns, atoms = _explored(compare)
    if not 1 <= len(columns) <= limit or len(atoms) > 3:
        raise Undecided("it reads no cell of a frame" if not columns else "it depends on too many things at once")
    tables = {column: _table(compare, column, atoms) for column in columns}
    _check_lexicographic(compare, tables, atoms)
    return tuple(Key(frame, column, *_texts(tables[column], atoms)) for column, frame in columns.items())


def _explored(compare: Compare) -> tuple[dict[str, str], tuple[str, ...]]:
    """Columns (with their frames, most significant first) and atoms, by running until nothing new is asked for."""
    columns: dict[str, str] = {}
    atoms: dict[str, None] = {}
    while True:
        before = len(columns), len(atoms)
        for relations in _assignments(list(columns), RELATIONS):
            for truths in _assignments(list(atoms), (True, False)):
                world = World(relations, truths)
                _way_or_none(compare, world)
                columns |= {column: frame for column, frame in world.columns.items() if column not in columns}
                atoms |= world.asked
        if (len(columns), len(atoms)) == before or len(columns) > 3 or len(atoms) > 3:
            return columns, tuple(atoms)


def _way_or_none(compare: Compare, world: World) -> int | None:
    try:
        return _sign(compare(world))
    except Undecided:
        return None


def _assignments(names: Sequence[str], values: Sequence[Any]) -> Iterator[dict[str, Any]]:
    return (dict(zip(names, combination, strict=True)) for combination in itertools.product(values, repeat=len(names)))


def _table(compare: Compare, column: str, atoms: Sequence[str]) -> _Table:
    return {tuple(truths.values()): _entry(compare, column, truths) for truths in _assignments(atoms, (True, False))}


def _entry(compare: Compare, column: str, truths: Mapping[str, bool]) -> _Entry:
    less, equal, greater = (_sign(compare(World({column: each}, truths))) for each in ("less", "equal", "greater"))
    if equal != 0 or less != -greater or less == 0:
        raise Undecided("it does not tell less from greater")
    missing = [_way_or_none(compare, World({column: each}, truths)) for each in ("both missing", "left missing", "right missing")]
    if None in missing:
        return less < 0, None
    both, left, right = missing
    if both != 0 or left == 0 or (left or 0) != -(right or 0):
        raise Undecided("it has no fixed place for missing values")
    return less < 0, (left or 0) > 0


def _sign(value: int) -> int:
    return (value > 0) - (value < 0)


def _check_lexicographic(compare: Compare, tables: Mapping[str, _Table], atoms: Sequence[str]) -> None:
    for relations in _assignments(list(tables), RELATIONS):
        for truths in _assignments(atoms, (True, False)):
            ways = [_way(tables[column][tuple(truths.values())], relation) for column, relation in relations.items()]
            if None not in ways and _sign(compare(World(relations, truths))) != next((way for way in ways if way), 0):
                raise Undecided("a later column counts before an earlier one")


def _way(entry: _Entry, relation: str) -> int | None:
    ascending, last = entry
    if relation in _MISSING:
        return None if last is None else 0 if relation == "both missing" else 1 if (relation == "left missing") == last else -1
    return 0 if relation == "equal" else -1 if (relation == "less") == ascending else 1


def _texts(table: _Table, atoms: Sequence[str]) -> tuple[str, str]:
    ascending = _formula({truths: entry[0] for truths, entry in table.items()}, atoms)
    last = {truths: entry[1] for truths, entry in table.items()}
    known = {truths: value for truths, value in last.items() if value is not None}
    return ascending, _formula(known, atoms) if len(known) == len(last) else "None"


def _formula(truth: Mapping[tuple[bool, ...], bool], atoms: Sequence[str]) -> str:
    """A Python expression over the atoms with this truth table, in its plainest form."""
    if len(set(truth.values())) == 1:
        return str(next(iter(truth.values())))
    for position, atom in enumerate(atoms):
        if all(truths[position] == value for truths, value in truth.items()):
            return atom
        if all(truths[position] != value for truths, value in truth.items()):
            return f"not {_bracketed(atom)}"
    rows = (truths for truths, value in truth.items() if value)
    terms = (" and ".join(_literal(atom, on) for atom, on in zip(atoms, truths, strict=True)) for truths in rows)
    return " or ".join(f"({term})" for term in terms)


def _literal(atom: str, on: bool) -> str:
    return _bracketed(atom) if on else f"not {_bracketed(atom)}"


def _bracketed(text: str) -> str:
    return text if text.replace(".", "").replace("_", "").isalnum() else f"({text})"
