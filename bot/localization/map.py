"""The map of a project: what each name in a file leads to, and who uses a definition, by imports and syntax trees.

A file is parsed when a question leads to it, and once per content in this process, however many trees it lies in.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from threading import Lock

from bot.localization.module import Definition, Imported, Module, summarize
from bot.localization.source import Unreadable, content, files, parsed

MOST_FILES = 20_000
MOST_USERS = 400  # files that hold a name and are parsed to see whether they mean it
_DEEP = 10  # re-exports followed, one after the other
_KEPT = 64 << 20  # bytes of source whose summaries are kept


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A definition by its file and its dotted name there."""

    path: str
    name: str

    def __str__(self) -> str:
        return f"{self.path}::{self.name}"


class _Summaries:
    """Summaries by content, the least used going first; safe between threads."""

    def __init__(self) -> None:
        self._known: OrderedDict[bytes, tuple[int, Module | None]] = OrderedDict()
        self._bytes, self._lock = 0, Lock()

    def of(self, source: bytes) -> Module | None:
        """What the source defines; None for what is no Python."""
        digest = hashlib.sha256(source).digest()
        with self._lock:
            if digest in self._known:
                self._known.move_to_end(digest)
                return self._known[digest][1]
        module = _summarized(source)
        with self._lock:
            if digest not in self._known:
                self._known[digest] = (len(source), module)
                self._bytes += len(source)
            while self._bytes > _KEPT:
                self._bytes -= self._known.popitem(last=False)[1][0]
        return module


_SUMMARIES = _Summaries()


def _summarized(source: bytes) -> Module | None:
    try:
        return summarize(parsed(source))
    except (Unreadable, RecursionError):
        return None


@dataclass(slots=True)
class Map:
    """One tree's files and what their names mean. Nothing is imported or run, no link out of the tree is followed."""

    tree: Path
    files: frozenset[str] = frozenset()
    known: dict[str, Module | None] = field(default_factory=dict)  # the files looked into so far
    _resolved: dict[tuple[str, str], Place | None] = field(default_factory=dict)

    @classmethod
    def of(cls, tree: Path) -> "Map":
        """The map of a tree; beyond 20,000 files it is blind."""
        return cls(tree, frozenset(islice(files(tree), MOST_FILES)))

    def module(self, path: str) -> Module | None:
        """What a file defines and imports; None for what is no readable Python."""
        if path not in self.known:
            self.known[path] = self._looked_into(path)
        return self.known[path]

    def definition(self, place: Place) -> Definition | None:
        """What stands at a place."""
        module = self.module(place.path)
        return module.definitions.get(place.name) if module else None

    def leads_to(self, place: Place) -> list[Place]:
        """The project's definitions that a definition uses, in the order it names them."""
        found = self.definition(place)
        reached = (self.resolve(place.path, name) for name in found.uses) if found else ()
        return list(dict.fromkeys(each for each in reached if each and each != place))

    def users(self, place: Place) -> list[Place]:
        """Who uses a definition, by file and line; classes that merely contain the user aside."""
        name = place.name.rpartition(".")[2]
        found = [each for path in islice(self._holding(name), MOST_USERS) for each in self._using(path, name, place)]
        return sorted(found, key=lambda each: (each.path != place.path, each))

    def resolve(self, path: str, dotted: str, deep: int = _DEEP) -> Place | None:
        """What a dotted name in a file means, within the project; None for builtins, libraries and what cannot be told."""
        if deep < 0:
            return None
        if (path, dotted) not in self._resolved:
            self._resolved[path, dotted] = None  # met again on the way, in a cycle, it means nothing
            self._resolved[path, dotted] = self._meant(path, dotted, deep)
        return self._resolved[path, dotted]

    def _meant(self, path: str, dotted: str, deep: int) -> Place | None:
        module = self.module(path)
        if module is None:
            return None
        first, _, rest = dotted.partition(".")
        if first in module.definitions:
            return self._member(path, first, rest, deep)
        if first in module.imports:
            return self._imported(path, module.imports[first], rest, deep)
        starred = (self._imported(path, Imported(star.module, first, star.level), rest, deep - 1) for star in module.stars)
        return next((found for found in starred if found), None)

    def _member(self, path: str, name: str, rest: str, deep: int) -> Place | None:
        """`rest` within a definition: a method, one inherited, or one of what an attribute holds; else the definition itself."""
        module = self.module(path)
        found = module.definitions[name] if module else None
        if found is None or not rest or deep < 0:
            return Place(path, name)
        member, _, further = rest.partition(".")
        if module and f"{name}.{member}" in module.definitions:
            return self._member(path, f"{name}.{member}", further, deep - 1)
        if member in found.fields:
            below = f"{found.fields[member]}.{further}" if further else found.fields[member]
            return self.resolve(path, below, deep - 1) or Place(path, name)
        for base in found.bases:
            inherited = self.resolve(path, f"{base}.{rest}", deep - 1)
            if inherited and "." in inherited.name:
                return inherited
        return Place(path, name)

    def _imported(self, path: str, imported: Imported, rest: str, deep: int) -> Place | None:
        """The definition behind an import: `rest` may go through packages, modules and names that are only passed on."""
        names = [*imported.module.split(".")] if imported.module else []
        wanted = [*names, *([imported.name] if imported.name else []), *(rest.split(".") if rest else [])]
        for folder in self._roots(path, imported.level):
            for taken in range(len(wanted), -1, -1):
                file = self._file(folder, wanted[:taken])
                if file is None or (file == path and taken < len(names)):
                    continue
                remaining = ".".join(wanted[taken:])
                return self.resolve(file, remaining, deep - 1) if remaining else None
        return None

    def _roots(self, path: str, level: int) -> list[str]:
        """Where absolute (level 0) or relative imports of a file are looked for, as path prefixes."""
        parts = path.split("/")[:-1]
        if level:
            return [_prefix(parts[: len(parts) - level + 1])] if level - 1 <= len(parts) else []
        top = list(parts)
        while top and _prefix(top) + "__init__.py" in self.files:
            top.pop()
        return list(dict.fromkeys([_prefix(top), "", "src/"]))

    def _file(self, folder: str, names: list[str]) -> str | None:
        stem = folder + "/".join(names)
        candidates = (f"{stem}.py", f"{stem}/__init__.py") if names else (f"{folder}__init__.py",)
        return next((each for each in candidates if each in self.files), None)

    def _holding(self, name: str) -> Iterator[str]:
        """Files whose bytes hold the name: reading thousands is quick, parsing them is not."""
        sought = name.encode("utf-8", "replace")
        for path in sorted(self.files):
            try:
                if sought in content(self.tree, path):
                    yield path
            except Unreadable:
                continue

    def _using(self, path: str, name: str, place: Place) -> Iterator[Place]:
        module = self.module(path)
        for each, definition in module.definitions.items() if module else ():
            meant = (used for used in definition.uses if _may_mean(used, name, module))
            if Place(path, each) != place and any(self.resolve(path, used) == place for used in meant):
                yield Place(path, each)

    def _looked_into(self, path: str) -> Module | None:
        try:
            source = content(self.tree, path)
        except Unreadable:
            return None
        return _SUMMARIES.of(source)


def _may_mean(used: str, name: str, module: Module | None) -> bool:
    """Whether a dotted name could end at something called `name`: it says so, or it was imported under another name."""
    last, first = used.rpartition(".")[2], used.partition(".")[0]
    imported = module.imports.get(first) if module else None
    return last == name or (imported is not None and imported.name == name)


def _prefix(parts: list[str]) -> str:
    return "".join(f"{part}/" for part in parts)
