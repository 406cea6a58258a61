"""What the model is told at the start: Markdown files, filled strictly, with everything foreign fenced."""

from functools import lru_cache
from pathlib import Path

import jinja2

from bot.agents.contract import Attempt, Task
from bot.agents.foreign import fenced, shortened
from bot.editor.nearest import numbered
from bot.editor.tree import Tree
from bot.localization import outline
from bot.localization.context import Context, Piece, pack, text_of
from bot.localization.map import Map

_PROMPTS = Path(__file__).parent / "prompts"
_UNKNOWN = "(not found; look at the file)"
_ROLES = {
    "target": "The target",
    "imports": "Imports of its file",
    "uses": "It uses",
    "data": "A type or value it works with",
    "inputs": "What makes its inputs",
    "test": "A test of it",
    "caller": "Who calls it",
}


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
    project = Map.of(tree.root)
    context = pack(project, task.target, inputs=task.inputs)
    return render(
        "task",
        target=task.target,
        signature=_word(outline.signature(task.target, tree.root) or _UNKNOWN, 500),
        policy=task.policy,
        editable=task.editable,
        fenced=task.fenced,
        sizes=task.sizes,
        environment={_word(name): _word(version) for name, version in task.environment.items()},
        machine=_word(task.machine, 500),
        code=[_shown(project, piece) for piece in context.pieces] or [fenced(_UNKNOWN, "repository")],
        left_out=_left_out(context),
        profile=fenced(shortened(task.profile), "profiler") if task.profile else "",
        tried=[_tried(attempt) for attempt in task.tried],
        avoid=[_word(each) for each in task.lessons.avoid],
        prefer=[_word(each) for each in task.lessons.prefer],
        remarks=[fenced(shortened(remark, 4000), "reviewer") for remark in task.lessons.remarks],
        hint=render(f"hint-{task.hint}") if task.hint else "",
        mate=fenced(shortened(task.mate), "candidate") if task.mate else "",
        limits=limits,
    )


def _shown(project: Map, piece: Piece) -> str:
    """Lines of the project under a heading; their place is the project's word, too, so it stands inside the fence."""
    text = numbered(text_of(project, piece.path), piece.first, piece.last)
    return f"{_ROLES[piece.role]}:\n\n" + fenced(f"{piece}, lines {piece.first} to {piece.last}\n{text}", "repository")


def _left_out(context: Context) -> str:
    """What there was no room for, so that the model knows to look."""
    if not context.left_out:
        return ""
    named = [f"{piece}, lines {piece.first} to {piece.last} ({_ROLES[piece.role].lower()})" for piece in context.left_out]
    more = [f"and {context.more} more"] if context.more else []
    return fenced("\n".join([*named, *more]), "repository")


def _tried(attempt: Attempt) -> str:
    ratio = "" if attempt.ratio is None else f" at {attempt.ratio:.2f}x"
    reasons = fenced(shortened("; ".join(attempt.reasons), 1500), "judge") if attempt.reasons else "no reasons given"
    return f"{_word(attempt.title)}: {attempt.outcome}{ratio}. Reasons: {reasons}"


def _word(text: str, most: int = 200) -> str:
    """A short name from elsewhere, flattened so that it stays within its line."""
    return " ".join(text.split()).replace("`", "'")[:most]
