"""Put a rewritten function, its imports and its companions back into the module, touching nothing else."""

import sys
from collections.abc import Iterable, Sequence

import libcst as cst

from bot.agents.recipes.scene import Fit, Import, Misfit, Scene
from bot.agents.recipes.syntax import Function, Statement, code

Definition = cst.FunctionDef | cst.ClassDef


def functions_of(module: cst.Module) -> dict[str, Function]:
    """The functions at the top and the methods of classes at the top, by dotted name; the last definition wins."""
    found: dict[str, Function] = {}
    for statement in module.body:
        if isinstance(statement, cst.FunctionDef):
            found[statement.name.value] = statement
        elif isinstance(statement, cst.ClassDef):
            methods = [each for each in statement.body.body if isinstance(each, cst.FunctionDef)]
            found |= {f"{statement.name.value}.{each.name.value}": each for each in methods}
    return found


def imports_of(module: cst.Module) -> dict[str, str]:
    """Local name -> full name for the absolute imports at the top level."""
    found: dict[str, str] = {}
    for each in _import_lines(module):
        for one in each.body:
            found |= _imported(one)
    return found


def _imported(line: cst.BaseSmallStatement) -> dict[str, str]:
    match line:
        case cst.Import(names=names):
            return dict(_alias(alias, "") for alias in names)
        case cst.ImportFrom(module=cst.BaseExpression() as source, names=[*names], relative=[]):
            return dict(_alias(alias, code(source) + ".") for alias in names if isinstance(alias, cst.ImportAlias))
    return {}


def _alias(alias: cst.ImportAlias, prefix: str) -> tuple[str, str]:
    full = prefix + code(alias.name)
    if alias.asname is not None:
        return code(alias.asname.name), full
    return (alias.name.value if isinstance(alias.name, cst.Name) else full), full


def _import_lines(module: cst.Module) -> list[cst.SimpleStatementLine]:
    return [each for each in module.body if isinstance(each, cst.SimpleStatementLine) and _is_import(each)]


def _is_import(statement: cst.CSTNode) -> bool:
    return isinstance(statement, cst.SimpleStatementLine) and isinstance(statement.body[0], cst.Import | cst.ImportFrom)


def put_back(scene: Scene, fit: Fit) -> cst.Module:
    """The module with the function replaced and what it needs added."""
    module = scene.module.with_deep_changes(scene.function, **_fields(fit.function))
    module = _with_companions(module, scene.name.partition(".")[0], fit.companions)
    return _with_imports(module, scene, fit.imports)


def _fields(function: Function) -> dict[str, object]:
    return {name: getattr(function, name) for name in ("body", "params", "decorators", "leading_lines")}


def _with_companions(module: cst.Module, before: str, sources: Sequence[str]) -> cst.Module:
    existing = {each.name.value: each for each in module.body if isinstance(each, Definition)}
    for source in sources:
        added = [each for each in cst.parse_module(source).body if isinstance(each, Statement)]
        clashes = [(each, existing.get(each.name.value)) for each in added if isinstance(each, Definition)]
        if not any(present for _, present in clashes):
            module = _inserted(module, before, added)
        elif any(present is None or code(present).strip() != code(each).strip() for each, present in clashes):
            raise Misfit(f"`{before}` needs a companion whose name this file uses for something else")
    return module


def _inserted(module: cst.Module, before: str, added: Sequence[Statement]) -> cst.Module:
    """The definitions right above the function that needs them, with the usual blank lines."""
    position = next(i for i, each in enumerate(module.body) if _defines(each, before))
    anchor = module.body[position]
    gap = [cst.EmptyLine(indent=False), cst.EmptyLine(indent=False)]
    placed = [each.with_changes(leading_lines=gap) for each in added]
    if position == 0:
        placed[0] = placed[0].with_changes(leading_lines=[])
    if not _has_comment(getattr(anchor, "leading_lines", ())):
        anchor = anchor.with_changes(leading_lines=gap)
    return module.with_changes(body=[*module.body[:position], *placed, anchor, *module.body[position + 1 :]])


def _has_comment(lines: Iterable[cst.EmptyLine]) -> bool:
    return any(line.comment is not None for line in lines)


def _defines(statement: cst.CSTNode, name: str) -> bool:
    return isinstance(statement, cst.FunctionDef | cst.ClassDef) and statement.name.value == name


def _with_imports(module: cst.Module, scene: Scene, wanted: Sequence[Import]) -> cst.Module:
    present = set(scene.imports.values())
    for each in dict.fromkeys(wanted):
        if each.full not in present:
            module = _with_import(module, each)
    return module


def _with_import(module: cst.Module, wanted: Import) -> cst.Module:
    body = list(module.body)
    line = cst.parse_module(wanted.line).body[0]
    start = _after_preamble(body)
    imports = [i for i, each in enumerate(body) if i >= start and _is_import(each)]
    if not imports:
        return module.with_changes(body=[*body[:start], *_lonely(line, body[start:], start)])
    if wanted.module.partition(".")[0] not in sys.stdlib_module_names:
        last = _end_of_run(imports)
        return module.with_changes(body=[*body[: last + 1], line, *body[last + 1 :]])
    first = body[imports[0]]
    lead = first.leading_lines
    follower = first.with_changes(leading_lines=[] if _is_stdlib(first) else [cst.EmptyLine(indent=False)])
    placed = line.with_changes(leading_lines=lead)
    return module.with_changes(body=[*body[: imports[0]], placed, follower, *body[imports[0] + 1 :]])


def _end_of_run(imports: Sequence[int]) -> int:
    last = imports[0]
    while last + 1 in imports:
        last += 1
    return last


def _is_stdlib(statement: cst.CSTNode) -> bool:
    full = [each.partition(".")[0] for one in getattr(statement, "body", ()) for each in _imported(one).values()]
    return bool(full) and all(each in sys.stdlib_module_names for each in full)


def _lonely(line: cst.CSTNode, rest: Sequence[cst.CSTNode], start: int) -> list[cst.CSTNode]:
    """The only import of a file: a blank line above when a docstring stands there, one below at least."""
    above = [cst.EmptyLine(indent=False)] if start else []
    placed: list[cst.CSTNode] = [line.with_changes(leading_lines=above)]
    if rest and not getattr(rest[0], "leading_lines", ()):
        gap = [cst.EmptyLine(indent=False)] * (2 if isinstance(rest[0], cst.FunctionDef | cst.ClassDef) else 1)
        rest = [rest[0].with_changes(leading_lines=gap), *rest[1:]]
    return [*placed, *rest]


def _after_preamble(body: Sequence[cst.CSTNode]) -> int:
    """The first position behind the docstring and `from __future__` lines."""
    position = 0
    for index, statement in enumerate(body):
        match statement:
            case cst.SimpleStatementLine(body=[cst.Expr(value=cst.BaseString())]) if index == 0:
                position = index + 1
            case cst.SimpleStatementLine(body=[cst.ImportFrom(module=cst.Name(value="__future__")), *_]):
                position = index + 1
    return position
