"""What an edit may not break or lose: Python that parsed must still parse, definitions stay, placeholders are no code."""

import ast
import re
import warnings

_MARK = re.compile(r"^\s*(?:#|//|--|/\*|<!--)\s*(?P<words>.+?)\s*(?:\*/|-->)?\s*$")
_WORDS = re.compile(r"\b(?:existing|rest|remaining|remainder|unchanged|same|previous|omitted|other|original)\b", re.IGNORECASE)
_WHOLE = re.compile(
    r"(?:the )?(?:rest of (?:the )?\w+|existing code|code unchanged|unchanged|same as before)(?: here)?[.:]?", re.IGNORECASE
)


def parsed(text: str) -> ast.Module | SyntaxError:
    """The syntax tree, or why there is none; text too deep or too odd for the parser counts as an error in it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the project's questionable escapes are not our topic
        try:
            return ast.parse(text.replace("\r\n", "\n"))
        except SyntaxError as error:
            return error
        except (ValueError, RecursionError, MemoryError) as error:
            return SyntaxError(f"cannot be parsed ({type(error).__name__})")


def elided(before: str, after: str) -> int | None:
    """The line of a placeholder ("... existing code ...") in `after` that was not in `before` already."""
    known = {line.strip() for line in before.split("\n")}
    for number, line in enumerate(after.split("\n"), 1):
        if line.strip() not in known and _placeholder(line):
            return number
    return None


def _placeholder(line: str) -> bool:
    mark = _MARK.match(line)
    if mark is None:
        return False
    words = mark["words"]
    return bool((("..." in words or "…" in words) and _WORDS.search(words)) or _WHOLE.fullmatch(words))


def definitions(tree: ast.Module) -> set[str]:
    """Names a module defines at its top level, and the methods of its classes as `Class.method`."""
    names: set[str] = set()
    for node in tree.body:
        names |= _names(node)
        if isinstance(node, ast.ClassDef):
            names |= {f"{node.name}.{name}" for child in node.body for name in _names(child)}
    return names


def _names(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {node.name}
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return {target.id for target in targets if isinstance(target, ast.Name)}
