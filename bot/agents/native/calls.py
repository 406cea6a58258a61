"""The tools as the model sees them: a name, a sentence, a schema. What it sends is checked against the same models."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from sandbox.environment import WORK


def _relative(path: str) -> str:
    """The path from the project's root, also where it was written as commands print it."""
    return path.strip().removeprefix(f"{WORK}/").removeprefix("./").rstrip("/") or "."


def _without_nul(command: str) -> str:
    if "\0" in command:
        raise ValueError("a command cannot hold NUL characters")
    return command


Place = Annotated[str, AfterValidator(_relative)]


class Call(BaseModel):
    """A tool's arguments; the docstring of each kind is what the model reads."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class View(Call):
    """Show a file's lines with their numbers, or list a folder."""

    path: Place = Field(description="Relative to the project's root; `.` lists the root.")
    start: int = Field(1, ge=1, description="First line to show.")
    lines: int = Field(200, ge=1, le=400, description="How many lines to show.")


class Edit(Call):
    """Replace a passage, quoted exactly, that stands in the file once; otherwise nothing changes and you are told why."""

    path: Place = Field(description="Relative to the project's root.")
    old: str = Field(
        description="The passage to replace, with its indentation, without line numbers; empty only to create a new file."
    )
    new: str = Field(description="What stands there afterwards. Write all of it; placeholders are refused.")
    expected_count: int = Field(
        1, ge=1, le=100, description="In how many places `old` stands, if you mean to change all of them."
    )


class Search(Call):
    """Find a text in the project's files, as it is written (no patterns): the lines that hold it, with their numbers."""

    text: str = Field(min_length=2, max_length=200, description="Upper and lower case count; one line.")
    path: Place = Field(".", description="A folder or file to look in.")


class ReplaceSymbol(Call):
    """Give a function, class or method a new definition; its name says where, so nothing needs to be quoted."""

    path: Place = Field(description="Relative to the project's root.")
    name: str = Field(min_length=1, max_length=300, description="`function`, `Class` or `Class.method`.")
    source: str = Field(description="The whole definition, and nothing else. Without decorators, those that are there stay.")


class Write(Call):
    """Give a small file its whole new text, or create one. All of it: placeholders and losses are refused."""

    path: Place = Field(description="Relative to the project's root.")
    content: str = Field(description="Everything that stands in the file afterwards.")
    removes: tuple[str, ...] = Field((), description="Definitions that are meant to go.")
    shrinks: bool = Field(False, description="Whether much of the file is meant to go.")


class Run(Call):
    """Run a shell command in a fresh sandbox without network, on a copy of the tree; what it writes is thrown away."""

    command: Annotated[str, AfterValidator(_without_nul)] = Field(
        min_length=1, max_length=20_000, description="For /bin/sh, in the project's root."
    )
    seconds: int = Field(60, ge=1, le=300, description="Time limit.")


class Profile(Call):
    """Watch the target run on inputs like those it is measured on, with your changes: shares, lines, growth with size."""


class Evaluate(Call):
    """Ask the judge for a quick opinion on the tree as it is now: tests, equivalence, first timing. It costs time."""


class Submit(Call):
    """Hand in the tree as it is now and end. The judge measures it afterwards; nothing you say here counts as evidence."""

    title: str = Field(min_length=5, max_length=200, description="One line: what changed.")
    rationale: str = Field(
        min_length=40,
        max_length=4000,
        description="What changed, why it does the same, and the mechanism of the gain: which work is saved, or done by what.",
    )
    where: str = Field(
        "", max_length=300, description="The function of the profile, by its name, whose time goes away; it is looked up there."
    )


TOOLS: Mapping[str, type[Call]] = {
    "view": View,
    "search": Search,
    "edit": Edit,
    "replace_symbol": ReplaceSymbol,
    "write": Write,
    "run": Run,
    "profile": Profile,
    "evaluate": Evaluate,
    "submit": Submit,
}


def specifications(names: list[str]) -> list[dict[str, Any]]:
    """The tools of those names, for a request."""
    return [_specification(name, TOOLS[name]) for name in names]


def _specification(name: str, call: type[Call]) -> dict[str, Any]:
    schema = call.model_json_schema()
    fields = {key: {part: value for part, value in each.items() if part != "title"} for key, each in schema["properties"].items()}
    shape = {"type": "object", "properties": fields, "required": schema.get("required", []), "additionalProperties": False}
    return {"name": name, "description": call.__doc__ or "", "input_schema": shape}


def read(name: str, arguments: object, offered: list[str]) -> Call | str:
    """The call that the model meant, or what is wrong with it, for the model to read."""
    if name not in offered:
        return f"there is no tool `{name}`; there are {', '.join(offered)}"
    try:
        return TOOLS[name].model_validate(arguments)
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, each['loc'])) or 'input'}: {each['msg']}" for each in error.errors())
        return f"the arguments of `{name}` do not fit its schema: {wrong}"
