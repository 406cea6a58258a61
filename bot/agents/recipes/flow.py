"""Which names a piece of code reads, binds, or may change; conservative: what is unclear counts as a change."""

import ast

import libcst as cst

from bot.agents.recipes.syntax import code, plain

#: Functions that give an answer and do nothing else.
PURE_FUNCTIONS = frozenset(
    [
        "abs",
        "all",
        "any",
        "bool",
        "chr",
        "divmod",
        "enumerate",
        "float",
        "format",
        "frozenset",
        "hash",
        "int",
        "isinstance",
        "issubclass",
        "len",
        "list",
        "max",
        "min",
        "ord",
        "pow",
        "range",
        "repr",
        "reversed",
        "round",
        "set",
        "sorted",
        "str",
        "sum",
        "tuple",
        "type",
        "zip",
        "dict",
        "map",
        "filter",
    ]
)
PURE_MODULES = ("math", "numpy", "pandas", "statistics", "operator", "itertools", "bisect.bisect", "re", "string", "collections")
_IMPURE = (
    "numpy.random",
    "numpy.copyto",
    "numpy.put",
    "numpy.place",
    "numpy.save",
    "numpy.fill_diagonal",
    "pandas.read",
    "pandas.to_",
)

#: Methods that leave their receiver as it is, on every type of the standard library, numpy and pandas that has them.
PURE_METHODS = frozenset(
    [
        "capitalize",
        "casefold",
        "center",
        "copy",
        "count",
        "decode",
        "encode",
        "endswith",
        "find",
        "format",
        "get",
        "index",
        "isalnum",
        "isalpha",
        "isdigit",
        "islower",
        "isnumeric",
        "isspace",
        "isupper",
        "items",
        "join",
        "keys",
        "ljust",
        "lower",
        "lstrip",
        "partition",
        "removeprefix",
        "removesuffix",
        "replace",
        "rfind",
        "rindex",
        "rjust",
        "rpartition",
        "rsplit",
        "rstrip",
        "split",
        "splitlines",
        "startswith",
        "strip",
        "swapcase",
        "title",
        "translate",
        "upper",
        "values",
        "zfill",
        "union",
        "intersection",
        "difference",
        "issubset",
        "issuperset",
        "isdisjoint",
        "symmetric_difference",
        "all",
        "any",
        "argmax",
        "argmin",
        "argsort",
        "astype",
        "clip",
        "cumsum",
        "cumprod",
        "dot",
        "max",
        "mean",
        "min",
        "nonzero",
        "prod",
        "ravel",
        "reshape",
        "round",
        "searchsorted",
        "std",
        "sum",
        "take",
        "tobytes",
        "tolist",
        "transpose",
        "var",
        "item",
        "isna",
        "isnull",
        "notna",
        "notnull",
        "to_numpy",
        "to_dict",
        "head",
        "tail",
        "iterrows",
        "itertuples",
        "nunique",
        "unique",
        "value_counts",
        "quantile",
        "median",
        "groupby",
        "drop",
        "dropna",
        "fillna",
        "rename",
        "reset_index",
        "set_index",
        "sort_values",
        "sort_index",
        "rolling",
        "iterrows",
        "astype",
        "get_loc",
        "nlargest",
        "nsmallest",
        "merge",
        "duplicated",
        "isin",
        "between",
        "abs",
        "diff",
        "shift",
        "rank",
        "to_list",
        "get_loc",
        "total_seconds",
        "date",
        "time",
        "weekday",
        "isoformat",
        "strftime",
        "timestamp",
        "bit_length",
        "group",
        "groups",
        "match",
        "search",
        "fullmatch",
        "findall",
        "finditer",
    ]
)


def loads(node: cst.CSTNode) -> set[str]:
    return {each.id for each in ast.walk(plain(node)) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)}


def stores(node: cst.CSTNode) -> set[str]:
    """Names that the code binds, in nested scopes too."""
    found: set[str] = set()
    for each in ast.walk(plain(node)):
        match each:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.ExceptHandler(name=str(name)) | ast.arg(arg=name):
                found.add(name)
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.MatchAs(name=str(name)):
                found.add(name)
            case ast.alias(name=name, asname=asname):
                found.add(asname or name.partition(".")[0])
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                found.update(names)
    return found


def names(node: cst.CSTNode) -> set[str]:
    return loads(node) | stores(node)


def has(node: cst.CSTNode, *kinds: type[ast.AST]) -> bool:
    return any(isinstance(each, kinds) for each in ast.walk(plain(node)))


def suspends(node: cst.CSTNode) -> bool:
    """Whether somebody else may run in the middle of this code, or name its variables by text."""
    tricks = {"locals", "globals", "eval", "exec", "vars", "super", "__class__"}
    return has(node, ast.Yield, ast.YieldFrom, ast.Await, ast.AsyncFor, ast.AsyncWith) or bool(tricks & loads(node))


def root(node: ast.AST) -> str | None:
    """The variable behind `a.b[c].d`."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Starred):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def full_name(node: ast.AST, imports: dict[str, str]) -> str | None:
    match node:
        case ast.Name(id=name):
            return imports.get(name, name)
        case ast.Attribute(value=value, attr=attr):
            head = full_name(value, imports)
            return f"{head}.{attr}" if head else None
    return None


def is_pure_call(call: ast.Call, imports: dict[str, str]) -> bool:
    """Whether calling this changes neither its arguments nor its receiver."""
    if any(keyword.arg in ("inplace", "out") for keyword in call.keywords):
        return False
    full = full_name(call.func, imports)
    if full is not None and (full in PURE_FUNCTIONS or _in_pure_module(full, call, imports)):
        return True
    return isinstance(call.func, ast.Attribute) and call.func.attr in PURE_METHODS


def _in_pure_module(full: str, call: ast.Call, imports: dict[str, str]) -> bool:
    head = root(call.func)
    if head is None or (head not in imports and isinstance(call.func, ast.Attribute)):
        return False
    pure = any(full == module or full.startswith(f"{module}.") for module in PURE_MODULES)
    return pure and not full.startswith(_IMPURE)


def touched(node: cst.CSTNode, imports: dict[str, str]) -> set[str]:
    """Variables that the code binds or whose object it may change: stores into it, impure methods, unknown functions."""
    found = stores(node)
    for each in ast.walk(plain(node)):
        match each:
            case ast.Attribute(ctx=ast.Store() | ast.Del()) | ast.Subscript(ctx=ast.Store() | ast.Del()):
                found.add(root(each) or "")
            case ast.AugAssign(target=target):
                found.add(root(target) or "")
            case ast.Call() if not is_pure_call(each, imports):
                found |= _reached(each)
    return found - {""}


def _reached(call: ast.Call) -> set[str]:
    """What an unknown call gets its hands on: its arguments, and the receiver of a method."""
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    if isinstance(call.func, ast.Attribute):
        given.append(call.func.value)
    return {name for each in given if (name := root(each)) is not None}


def is_pure(node: cst.CSTNode, imports: dict[str, str]) -> bool:
    """Whether evaluating this expression changes nothing that anybody could see."""
    tree = plain(node)
    if has(node, ast.Yield, ast.YieldFrom, ast.Await, ast.NamedExpr):
        return False
    return all(is_pure_call(each, imports) for each in ast.walk(tree) if isinstance(each, ast.Call))


def occurrences(node: cst.CSTNode, name: str) -> int:
    return sum(1 for each in ast.walk(plain(node)) if isinstance(each, ast.Name) and each.id == name)


def escapes(name: str, inside: cst.CSTNode, function: cst.CSTNode) -> bool:
    """Whether a variable bound in `inside` may be read elsewhere in the function: other loops that bind it anew don't count."""
    return _free(ast.parse(code(function).lstrip()), name) > _free(plain(inside), name)


def _free(node: ast.AST, name: str) -> int:
    """Reads and other mentions of the name that are not within a loop or comprehension binding it."""
    total = 0
    for child in ast.iter_child_nodes(node):
        if not _binds(child, name):
            total += isinstance(child, ast.Name) and child.id == name
            total += _free(child, name)
        elif isinstance(child, ast.For):
            total += _free(ast.Expr(child.iter), name)
    return total


def _binds(node: ast.AST, name: str) -> bool:
    match node:
        case ast.For(target=target, orelse=[]):
            targets = [target]
        case (
            ast.ListComp(generators=gens)
            | ast.SetComp(generators=gens)
            | ast.GeneratorExp(generators=gens)
            | ast.DictComp(generators=gens)
        ):
            targets = [gen.target for gen in gens]
        case ast.Lambda(args=args):
            return any(arg.arg == name for arg in args.args)
        case _:
            return False
    return any(isinstance(each, ast.Name) and each.id == name for target in targets for each in ast.walk(target))
