"""What the model is told at the start: Markdown files, filled strictly, with everything foreign fenced."""

import ast
from functools import lru_cache
from pathlib import Path

import jinja2

from bot.agents.contract import Attempt, Task
from bot.agents.native.foreign import fenced, shortened
from bot.editor.nearest import numbered
from bot.editor.syntax import parsed
from bot.editor.tree import Tree

_PROMPTS = Path(__file__).parent / "prompts"
_UNKNOWN = "(not found; look at the file)"


@lru_cache(maxsize=1)
def _templates() -> jinja2.Environment:
    loader = jinja2.FileSystemLoader(_PROMPTS)
    return jinja2.Environment(
        loader=loader, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False
    )


def render(name: str, **values: object) -> str:
    """A prompt by name; a value that it needs and does not get is an error."""
    return _templates().get_template(f"{name}.md").render(**values).strip()


def task_prompt(task: Task, tree: Tree, limits: str) -> str:
    """The assignment: contract, code, profile, history, wishes."""
    signature, source = _function(task, tree)
    return render(
        "task",
        target=task.target,
        signature=signature,
        policy=task.policy,
        editable=task.editable,
        fenced=task.fenced,
        sizes=task.sizes,
        environment={_word(name): _word(version) for name, version in task.environment.items()},
        source=fenced(source, "repository"),
        profile=fenced(shortened(task.profile), "profiler") if task.profile else "",
        tried=[_tried(attempt) for attempt in task.tried],
        avoid=[_word(each) for each in task.lessons.avoid],
        prefer=[_word(each) for each in task.lessons.prefer],
        remarks=[fenced(shortened(remark, 4000), "reviewer") for remark in task.lessons.remarks],
        limits=limits,
    )


def _function(task: Task, tree: Tree) -> tuple[str, str]:
    """The target's signature and numbered lines, as far as they can be found."""
    text = (tree.read(task.target.path) or b"").decode("utf-8", "replace")
    module = parsed(text)
    node = None if isinstance(module, SyntaxError) else _find(module, task.target.name.split("."))
    if node is None:
        return _UNKNOWN, _UNKNOWN
    first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
    source = f"{task.target.path}\n{numbered(text, first, node.end_lineno or node.lineno)}"
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    return _word(f"def {node.name}({ast.unparse(node.args)}){returns}", 500), shortened(source)


def _find(tree: ast.AST, names: list[str]) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and len(names) > 1 and node.name == names[0]:
            return _find(node, names[1:])
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and names == [node.name]:
            return node
    return None


def _tried(attempt: Attempt) -> str:
    ratio = "" if attempt.ratio is None else f" at {attempt.ratio:.2f}x"
    reasons = fenced(shortened("; ".join(attempt.reasons), 1500), "judge") if attempt.reasons else "no reasons given"
    return f"{_word(attempt.title)}: {attempt.outcome}{ratio}. Reasons: {reasons}"


def _word(text: str, most: int = 200) -> str:
    """A short name from elsewhere, flattened so that it stays within its line."""
    return " ".join(text.split()).replace("`", "'")[:most]
