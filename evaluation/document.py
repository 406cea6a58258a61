"""YAML written by strangers, as plain data with the line of every key and value. Small, without aliases, without duplicates."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

SIZE = 64 << 10
DEPTH = 12

Path = tuple[str | int, ...]


class BadDocument(ValueError):
    """The text is no such YAML; `line` is where."""

    def __init__(self, text: str, line: int) -> None:
        super().__init__(text)
        self.line = line


@dataclass(frozen=True, slots=True)
class Document:
    """The data, and where in the text each part of it stands."""

    data: Any
    lines: Mapping[Path, int]

    def line(self, path: Path) -> int:
        """The line of a part, or of the nearest part around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read(text: str | bytes) -> Document:
    """Parse one document. Raises BadDocument for anything that is no plain, small YAML."""
    if len(text) > SIZE:
        raise BadDocument(f"the file is larger than {SIZE // 1024} KiB", 1)
    lines: dict[Path, int] = {}
    try:
        _refuse_aliases(text)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        data = _data(node, (), lines) if node is not None else {}
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise _not_yaml(error) from error
    return Document(data, lines)


def _refuse_aliases(text: str | bytes) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise BadDocument("anchors and aliases are not supported; write the value out", line)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEPTH:
            raise BadDocument("too deeply nested", line)


def _data(node: yaml.Node, path: Path, lines: dict[Path, int]) -> Any:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, lines)
    if isinstance(node, yaml.SequenceNode):
        return [_data(item, (*path, at), lines) for at, item in enumerate(node.value)]
    try:
        return yaml.SafeLoader("").construct_object(node)
    except ValueError as error:  # e.g. a date that is none
        raise BadDocument(f"`{node.value}` is no value; put it in quotes", node.start_mark.line + 1) from error


def _mapping(node: yaml.MappingNode, path: Path, lines: dict[Path, int]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        key = key_node.value
        if not isinstance(key, str):
            raise BadDocument("a key must be a word", line)
        if key in data:
            raise BadDocument(f"`{key}` is there twice", line)
        lines[(*path, key)] = line
        data[key] = _data(value_node, (*path, key), lines)
    return data


def _not_yaml(error: Exception) -> BadDocument:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "not readable"
    return BadDocument(f"this is no YAML: {problem}", mark.line + 1 if mark is not None else 1)
