"""What code means, apart from how it is written: its syntax tree without layout, comments, docstrings and type hints."""

import ast
import copy

from bot.editor.naming import renamed
from bot.editor.syntax import parsed

_Scope = ast.FunctionDef | ast.AsyncFunctionDef


def shape(text: str, *, names: bool = True, hints: bool = False, docs: bool = False) -> str | None:
    """Equal for texts that say the same; without `names`, also where local variables are called differently. None: no Python."""
    tree = parsed(text)
    if isinstance(tree, SyntaxError):
        return None
    try:
        plain = _Plain(hints=hints, docs=docs).visit(copy.deepcopy(tree))
        return ast.unparse(ast.fix_missing_locations(plain if names else renamed(plain)))
    except RecursionError:
        return None


class _Plain(ast.NodeTransformer):
    """Takes out what running code does not notice; hints of class attributes stay, since dataclasses read them."""

    def __init__(self, *, hints: bool, docs: bool) -> None:
        self._hints, self._docs, self._deep = hints, docs, 0

    def visit(self, node: ast.AST) -> ast.AST:
        """One node and all below it."""
        inside = isinstance(node, _Scope)
        self._deep += inside
        if not self._hints:
            self._unhinted(node)
        if not self._docs and isinstance(node, ast.Module | ast.ClassDef | _Scope) and _documented(node):
            node.body = node.body[1:] or [ast.Pass()]
        found = self.generic_visit(node)
        self._deep -= inside
        return self._assigned(found) if isinstance(found, ast.AnnAssign) and self._deep and not self._hints else found

    def _unhinted(self, node: ast.AST) -> None:
        if isinstance(node, _Scope):
            node.returns = None
        if isinstance(node, ast.arg):
            node.annotation = None

    def _assigned(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is None:
            return ast.Pass()
        return ast.Assign([node.target], node.value)


def _documented(node: ast.Module | ast.ClassDef | _Scope) -> bool:
    first = node.body[0] if node.body else None
    return isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
