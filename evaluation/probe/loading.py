"""Several versions of one project in one process: each side has an import graph of its own, of which one is active at a time.

A module belongs to a side when its file lies under that side's folder. Installed packages are shared between the sides.
"""

import functools
import importlib
import inspect
import os
import sys

from .serving import Failed

SIDES = "/sides"


class Side:
    """One version of the project: its folder, its roots for imports, its modules while another side is active."""

    def __init__(self, name, target, folder=None):
        self.name = name
        self.folder = folder or (target.get("folders") or {}).get(name) or os.path.join(SIDES, name)
        self.path, self.dotted = target["path"], target["name"]
        self.places = places(self.folder, self.path)
        self.module_name = self.places[0][1]
        candidates = [self.folder, os.path.join(self.folder, "src"), *(root for root, _ in self.places)]
        self.roots = [entry for entry in dict.fromkeys(candidates) if os.path.isdir(entry)]
        self.modules = {}
        self.function = None
        self.owner = None  # the class whose instances a method is called on

    def owns(self, module):
        """Whether the module was loaded from this side's folder."""
        names = getattr(module, "__dict__", {})
        file = names.get("__file__")
        if isinstance(file, str):
            return file.startswith(self.folder + os.sep)
        places = names.get("__path__") or ()
        return any(str(place).startswith(self.folder + os.sep) for place in places)


class Sides:
    """All sides of a worker; keeps `sys.modules` and `sys.path` those of the active one."""

    def __init__(self, names, target, folders=None):
        self._base = list(sys.path)
        self._shared = set()  # names known to belong to no side
        self._active = None
        self._sides = {name: Side(name, target, (folders or {}).get(name)) for name in names}

    def load(self):
        """Import the target's module on every side, in the given order; {side: None or its failure}."""
        return {name: self._load(side) for name, side in self._sides.items()}

    def owner(self, name):
        """A side's class, where the target is a method that wants an instance."""
        return self._sides[name].owner

    def load_one(self, name):
        """Import the target's module on one side: None or its failure."""
        return self._load(self._sides[name])

    def activate(self, name):
        """Make `name` the active side and give its function. Raises Failed for a side without one."""
        side = self._sides.get(name)
        if side is None or side.function is None:
            raise Failed("missing", "there is no function on the side %r" % (name,))
        self._enter(side)
        return side.function

    @property
    def module(self):
        """The name of the target's module on the active side: where a project has no say in it, the same on every side."""
        return (self._active or next(iter(self._sides.values()))).module_name

    def _enter(self, side):
        if side is not self._active:
            self._stash()
            sys.path[:] = side.roots + self._base
            sys.modules.update(side.modules)
            self._active = side

    def _load(self, side):
        self._enter(side)
        try:
            side.function = resolve(side)
        except Failed as failure:
            return {"code": failure.code, "text": str(failure)[:2000]}
        return None

    def _stash(self):
        if self._active is None:
            return
        kept = {}
        for name, module in list(sys.modules.items()):
            if name in self._shared:
                continue
            if self._active.owns(module):
                kept[name] = sys.modules.pop(name)
            else:
                self._shared.add(name)
        self._active.modules = kept


def import_installed(name):
    """Import a module that another process had; one that cannot be imported here was not needed."""
    try:
        importlib.import_module(name)
    except (Exception, SystemExit):  # foreign code, run as it is imported
        return


def locate(folder, path):
    """The likeliest import root and dotted module name of a file."""
    return places(folder, path)[0]


def places(folder, path):
    """Where a file may be imported from, and as what, the likeliest first: [(root, dotted name)].

    Below `src`, and else below the parent of its outermost package. Folders without `__init__.py` may be packages, too: a file in
    one of these is named from the project's folder first, as tests that are run from there name it.
    """
    parts = os.path.splitext(path)[0].split("/")
    if parts[-1] == "__init__" and len(parts) > 1:
        parts = parts[:-1]
    within = path.split("/")[:-1]
    first = len(within)
    while first > 0 and os.path.isfile(os.path.join(folder, *within[:first], "__init__.py")):
        first -= 1
    found = [within.index("src") + 1] if "src" in within[:first] else []
    found += [first, 0] if first < len(within) else [0, first]
    named = [(os.path.join(folder, *parts[:at]), parts[at:]) for at in dict.fromkeys(found)]
    return [(root, ".".join(names)) for root, names in named if _usable(names)] or [(folder, ".".join(parts))]


def _usable(names):
    """Whether these make the name of a module, and one that no module of the standard library takes from it."""
    plain = len(names) == 1 or names[0] not in getattr(sys, "stdlib_module_names", ())
    return plain and all(name.isidentifier() for name in names)


def resolve(side):
    """Import the side's module and look its function up; each way this can go wrong is a Failed."""
    file = os.path.join(side.folder, *side.path.split("/"))
    if not os.path.isfile(file):
        raise Failed("missing", "%s does not exist" % (side.path,))
    found = _module(side, file)
    for part in side.dotted.split("."):
        place = found
        try:
            found = getattr(place, part)
        except AttributeError:
            raise Failed("missing", "%s has no %s" % (side.path, side.dotted)) from None
    if isinstance(found, (property, functools.cached_property)):
        said = "%s in %s is a property; move what it computes into a method or a function, and name that"
        raise Failed("missing", said % (side.dotted, side.path))
    if not callable(found):
        raise Failed("missing", "%s in %s is no function" % (side.dotted, side.path))
    if isinstance(place, type) and wants_instance(place, part):
        side.owner = place
    return found


def _module(side, file):
    """The module made of a file, under the first of its names by which it can be imported."""
    failures = []
    for _, name in side.places:
        side.module_name = name
        try:
            return _imported(side, file)
        except Failed as failure:
            failures.append(failure)
            if failure.code == "import" and not isinstance(failure.__cause__, ImportError):
                break  # the code itself is at fault, whatever its name
    names = [name for _, name in side.places]
    raise min(failures, key=lambda failure: _misnamed(failure.__cause__, names))


def _misnamed(error, names):
    """Whether an import only says that the module is not to be imported so: what it says under another name says more."""
    return getattr(error, "name", None) in names or "attempted relative import" in str(error)


def _imported(side, file):
    name = side.module_name
    try:
        found = importlib.import_module(name)
    except BaseException as error:  # foreign code: an import may raise anything, SystemExit included
        raise Failed("import", "importing %s raised %s: %s" % (name, type(error).__name__, error)) from error
    if not side.owns(found):
        raise Failed("import-origin", "%s was imported from elsewhere" % (name,))
    if _stem(getattr(found, "__file__", None) or file) != _stem(file):
        said = "another file of the project is imported as %s, too; give %s a name of its own"
        raise Failed("import-origin", said % (name, side.path))
    return found


def _stem(file):
    """A file without its suffixes: compiled or not, it is the same module."""
    folder, name = os.path.split(os.path.abspath(file))
    return folder, name.partition(".")[0]


def wants_instance(cls, name):
    """Whether what a class holds under this name is called with an instance first."""
    static = inspect.getattr_static(cls, name)
    return not isinstance(static, (staticmethod, classmethod, type))
