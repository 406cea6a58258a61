"""What a recipe is and what it gets to see: one function in its module, and the evidence around it."""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import libcst as cst

from bot.agents.recipes.syntax import Function, code, plain


class Misfit(Exception):
    """The recipe does not fit here; `str(error)` completes "does not fit: ..."."""


@dataclass(frozen=True, slots=True)
class Import:
    """A name that the module must be able to say: `numpy` as `np`, or `deque` from `collections`."""

    module: str
    member: str | None = None
    name: str = ""

    @property
    def full(self) -> str:
        return f"{self.module}.{self.member}" if self.member else self.module

    @property
    def local(self) -> str:
        return self.name or self.member or self.module

    @property
    def line(self) -> str:
        alias = f" as {self.name}" if self.name else ""
        return f"from {self.module} import {self.member}{alias}" if self.member else f"import {self.module}{alias}"


NUMPY = Import("numpy", name="np")
PANDAS = Import("pandas", name="pd")


@dataclass(frozen=True, slots=True)
class Scene:
    """One function of a module, as a recipe sees it."""

    module: cst.Module
    name: str  # dotted name of the function in the module
    function: Function
    functions: Mapping[str, Function]  # all functions and methods of the module by dotted name
    imports: Mapping[str, str]  # local name -> full name of what was imported at the top
    packages: Mapping[str, str] = field(default_factory=dict)  # importable in the project, with versions

    def spelled(self, wanted: Import) -> str:
        """How this module says `wanted`, be it already imported or about to be. Raises Misfit where the name is taken."""
        for local, full in self.imports.items():
            if full == wanted.full:
                return local
        if wanted.local in self.taken():
            raise Misfit(f"the name `{wanted.local}` already means something else in this file")
        return wanted.local

    def means(self, node: cst.CSTNode | None, *full: str) -> bool:
        """Whether this dotted name stands for one of these full names, by the imports at the top."""
        match node:
            case cst.Name(value=value):
                return self.imports.get(value, value) in full
            case cst.Attribute(value=value, attr=cst.Name(value=attr)):
                heads = [name.rpartition(".")[0] for name in full if name.endswith(f".{attr}")]
                return bool(heads) and self.means(value, *heads)
        return False

    def taken(self) -> set[str]:
        """Every name that occurs anywhere in the module."""
        return identifiers(self.module)

    def fresh(self, stem: str, *also: str) -> str:
        """A variable name that the module does not use yet."""
        taken = self.taken() | set(also)
        name, count = stem, 2
        while name in taken:
            name, count = f"{stem}_{count}", count + 1
        return name


def identifiers(node: cst.CSTNode) -> set[str]:
    found: set[str] = set()
    for each in ast.walk(plain(node)):
        match each:
            case ast.Name(id=name) | ast.arg(arg=name) | ast.Attribute(attr=name) | ast.alias(asname=str(name)):
                found.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
            case ast.alias(name=name):
                found.add(name.partition(".")[0])
    return found


@dataclass(frozen=True, slots=True)
class Fit:
    """The function rewritten, with what the rewritten one needs: imports and new functions of its own."""

    function: Function
    imports: tuple[Import, ...] = ()
    companions: tuple[str, ...] = ()  # source of new top-level functions or classes
    note: str = ""  # what was found here, for the reasoning trace

    def changes(self, scene: Scene) -> bool:
        return code(self.function) != code(scene.function)


@dataclass(frozen=True, slots=True)
class Recipe:
    """One rewrite of the catalogue."""

    name: str
    title: str  # of a merge request that has only this in it
    mechanism: str  # one sentence: why the result is faster
    rewrite: Callable[[Scene], Fit]  # raises Misfit
    aliases: tuple[str, ...] = ()
    precondition: str = ""  # one sentence, for the catalogue's page
    packages: tuple[str, ...] = ()  # which the project must have
