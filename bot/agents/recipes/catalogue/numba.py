"""A function of plain loops over arrays, compiled by numba where the project has it."""

import ast

import libcst as cst

from bot.agents.recipes.flow import full_name, suspends
from bot.agents.recipes.scene import Fit, Import, Misfit, Recipe, Scene
from bot.agents.recipes.syntax import Function, code, plain

NUMBA = Import("numba")
_FUNCTIONS = {"range", "len", "abs", "min", "max", "int", "float"}
_NUMPY = {"zeros", "empty", "ones", "zeros_like", "empty_like", "sqrt", "exp", "log", "abs", "floor", "ceil", "isnan", "full"}
_MATH = {
    "sqrt",
    "exp",
    "log",
    "sin",
    "cos",
    "tan",
    "atan2",
    "floor",
    "ceil",
    "fabs",
    "hypot",
    "isnan",
    "pow",
    "pi",
    "e",
    "inf",
    "nan",
}
_MAKERS = {"zeros", "empty", "ones", "zeros_like", "empty_like", "full"}
_STATEMENTS = (
    ast.Assign,
    ast.AugAssign,
    ast.AnnAssign,
    ast.For,
    ast.While,
    ast.If,
    ast.Return,
    ast.Continue,
    ast.Break,
    ast.Pass,
    ast.Expr,
)
_VALUES = (ast.Constant, ast.Name, ast.Attribute, ast.Subscript, ast.Slice, ast.Tuple, ast.Call, ast.keyword)
_ARITHMETIC = (ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.operator, ast.unaryop, ast.boolop, ast.cmpop)
_PLAIN = (*_STATEMENTS, *_VALUES, *_ARITHMETIC, ast.expr_context)


def rewrite(scene: Scene) -> Fit:
    if "numba" not in scene.packages:
        raise Misfit("the project has no numba")
    tree = plain(scene.function).body[0]
    if not isinstance(tree, ast.FunctionDef) or tree.decorator_list or "." in scene.name or suspends(scene.function):
        raise Misfit("it is a method, decorated, or a generator")
    if (obstacle := _obstacle(tree, scene)) is not None:
        raise Misfit(obstacle)
    return Fit(_compiled(scene.function, scene.spelled(NUMBA)), (NUMBA,), note="plain loops over arrays")


def _obstacle(tree: ast.FunctionDef, scene: Scene) -> str | None:
    if not any(isinstance(each, ast.For | ast.While) for each in ast.walk(tree)):
        return "it has no loop"
    if not all(_is_numeric(each.annotation) for each in tree.args.args) or not any(
        _is_array(each.annotation) for each in tree.args.args
    ):
        return "its parameters are not all annotated as arrays and numbers"
    strange = [each for each in _inside(tree) if not isinstance(each, _PLAIN)]
    if strange:
        return f"a {type(strange[0]).__name__} is more than arithmetic on arrays"
    if any(not _is_known(each, dict(scene.imports)) for each in ast.walk(tree) if isinstance(each, ast.Call)):
        return "it calls more than arithmetic"
    if not _returns_new_arrays(tree, dict(scene.imports)):
        return "it returns something else than an array made in it, so the type of the result could change"
    return None


def _inside(tree: ast.FunctionDef) -> list[ast.AST]:
    return [each for statement in tree.body for each in ast.walk(statement)]


def _is_numeric(annotation: ast.expr | None) -> bool:
    return annotation is not None and (_is_array(annotation) or ast.unparse(annotation) in ("int", "float"))


def _is_array(annotation: ast.expr | None) -> bool:
    return annotation is not None and ast.unparse(annotation).startswith(
        ("np.ndarray", "numpy.ndarray", "ndarray", "NDArray", "npt.NDArray")
    )


def _is_known(call: ast.Call, imports: dict[str, str]) -> bool:
    full = full_name(call.func, imports) or ""
    module, _, name = full.rpartition(".")
    known = {"": _FUNCTIONS, "numpy": _NUMPY, "math": _MATH}.get(module, set())
    dtypes = all(each.arg == "dtype" for each in call.keywords)
    return name in known and dtypes


def _returns_new_arrays(tree: ast.FunctionDef, imports: dict[str, str]) -> bool:
    made = {
        target.id
        for each in ast.walk(tree)
        if isinstance(each, ast.Assign) and isinstance(each.value, ast.Call) and _makes(each.value, imports)
        for target in each.targets
        if isinstance(target, ast.Name)
    }
    returned = [each.value for each in ast.walk(tree) if isinstance(each, ast.Return)]
    return bool(returned) and all(isinstance(each, ast.Name) and each.id in made for each in returned)


def _makes(call: ast.Call, imports: dict[str, str]) -> bool:
    full = full_name(call.func, imports) or ""
    return full.startswith("numpy.") and full.rpartition(".")[2] in _MAKERS


def _compiled(function: Function, numba: str) -> Function:
    """Bounds are checked and division follows numpy, so that errors and infinities stay what they are."""
    options = f'{numba}.njit(boundscheck=True, error_model="numpy")'
    line = cst.parse_module(f"@{options}\ndef f(): pass\n").body[0]
    assert isinstance(line, cst.FunctionDef) and code(line)
    return function.with_changes(decorators=line.decorators)


RECIPE = Recipe(
    name="numba",
    title="Compile the numeric loop with numba",
    mechanism="Numba compiles the loop to machine code at the first call, so that each turn costs nanoseconds"
    " instead of bytecode.",
    precondition="The project has numba; all parameters are annotated as arrays and numbers; the body is loops and"
    " arithmetic, and it returns arrays made in it.",
    rewrite=rewrite,
    aliases=("njit", "jit", "compile"),
    packages=("numba",),
)
