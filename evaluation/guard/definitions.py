"""What a change does to definitions that were there before: the target's, which must be called as it was, and others."""

import ast
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from evaluation.correctness.signature import EITHER, ONLY_NAME, ONLY_POSITION, OPTIONS, REST, Parameter, Signature, narrowed
from evaluation.guard import marks
from evaluation.guard.guards import SIZE, Change, Guarded
from evaluation.scorecard import Reason
from evaluation.target import Target

NAMED = 6  # definitions that a note names
_Defined = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.expr  # the last: what a constant stands for


def compared(changed: Sequence[Change], target: Target) -> Guarded:
    """A reason where the target takes less than before, as its source says; a note that names what else is defined anew."""
    lost = [text for change in changed if change.path == target.path and (text := _narrowed(change, target.name))]
    names = [name for change in changed if change.path.endswith((".py", ".pyx")) for name in _others(change, target)]
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    told = [Reason("patch.beside", f"also changes {', '.join(names[:NAMED])}{more}")] if names else []
    return Guarded(tuple(Reason("equivalence.signature", text) for text in lost), tuple(told))


def _narrowed(change: Change, name: str) -> str | None:
    """A parameter that is gone, where both sides plainly define the function and nothing new is wrapped around it."""
    before, after = (defined(content).get(name) for content in (change.before, change.after))
    if not isinstance(before, ast.FunctionDef | ast.AsyncFunctionDef) or not isinstance(after, type(before)):
        return None
    if not {*map(_form, after.decorator_list)} <= {*map(_form, before.decorator_list)}:
        return None
    return narrowed(_signature(before.args), _signature(after.args))


def _others(change: Change, target: Target) -> Iterator[str]:
    """What else was defined in a file and is something else now, or gone."""
    before, after = defined(change.before), defined(change.after)
    for name, node in before.items():
        own = change.path == target.path and f"{name}.".startswith(f"{target.name}.")
        if not own and _form(node) != (_form(after[name]) if name in after else None):
            yield f"`{name}` in {change.path}"


def defined(content: bytes | None) -> Mapping[str, _Defined]:
    """What a file defines once and unconditionally, by its dotted name: functions, classes, their methods, constants."""
    if content is None or len(content) > SIZE:
        return {}
    try:
        found = [*_definitions(marks.parse(content).body)]
    except marks.Unparsable:
        return {}
    times = Counter(name for name, _ in found)
    return {name: node for name, node in found if times[name] == 1}


def _definitions(body: Sequence[ast.stmt], above: str = "") -> Iterator[tuple[str, _Defined]]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield above + node.name, node
        elif isinstance(node, ast.ClassDef):
            yield above + node.name, node
            yield from _definitions(node.body, f"{above}{node.name}.")
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from ((above + each.id, node.value) for each in targets if isinstance(each, ast.Name))


def _form(node: _Defined) -> str:
    """A text that is the same for the same definition: comments and docstrings don't count, nor does a class's inside."""
    if isinstance(node, ast.ClassDef):
        parts: Sequence[ast.AST] = (*node.decorator_list, *node.bases, *node.keywords)
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        shown = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
        parts = (*node.decorator_list, node.args, *shown)
    else:
        parts = (node,)
    try:
        return "\n".join(map(ast.dump, parts))
    except RecursionError:  # nested so deeply that nobody wrote it
        return f"{node.lineno}:{node.end_lineno}"


def _signature(arguments: ast.arguments) -> Signature:
    """The parameters as they are written; of a default only that there is one."""
    placed = [*((each, ONLY_POSITION) for each in arguments.posonlyargs), *((each, EITHER) for each in arguments.args)]
    without = len(placed) - len(arguments.defaults)
    given = [Parameter(each.arg, kind, "" if at >= without else None) for at, (each, kind) in enumerate(placed)]
    named = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    rest = [Parameter(arguments.vararg.arg, REST)] if arguments.vararg else []
    options = [Parameter(arguments.kwarg.arg, OPTIONS)] if arguments.kwarg else []
    return [*given, *rest, *(Parameter(each.arg, ONLY_NAME, None if value is None else "") for each, value in named), *options]
