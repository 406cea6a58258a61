"""Whether a wrong version really differs: one call of each version, told in full. Runs where the example's packages are.

Reads {"source", "mutants": [[source, arguments as an expression], ...]} from standard input, answers with a list of booleans.
"""

import itertools
import json
import sys
from collections.abc import Iterator
from typing import Any


def told(source: str, name: str, arguments: str) -> tuple[str, str, list[bool]]:
    """What one call gives, what it does to its arguments, and which of them it gives back."""
    names: dict[str, Any] = {}
    exec(compile(source, "<example>", "exec"), names)
    args = eval(arguments, {"np": sys.modules.get("numpy"), **names})
    try:
        result = names[name](*args)
        result = list(itertools.islice(result, 1000)) if hasattr(result, "__next__") else result
    except Exception as error:  # noqa: BLE001  (what an example raises is its answer)
        result = (type(error).__name__, error.args)
    return shown(result), shown(args), same(result, args)


def shown(value: Any) -> str:
    """A text that shows every digit, type and label."""
    if hasattr(value, "to_dict"):
        return repr((value.to_dict("list"), list(map(repr, value.index)), list(map(str, value.dtypes))))
    if hasattr(value, "dtype"):
        return repr((value.tolist(), str(value.dtype), value.shape))
    if type(value) in (list, tuple):
        return repr([type(value).__name__, *map(shown, value)])
    return repr((type(value).__name__, value))


def same(result: Any, args: Any) -> list[bool]:
    """Which of the argument's objects are part of the result."""
    given = {id(each) for each in inside(args)}
    return [id(each) in given for each in inside(result)]


def inside(value: Any) -> Iterator[Any]:
    """All containers and objects within a value."""
    if isinstance(value, (list, tuple, set, dict)) or hasattr(value, "__dataclass_fields__"):
        yield value
        yield from itertools.chain.from_iterable(map(inside, value.values() if isinstance(value, dict) else listed(value)))


def listed(value: Any) -> list[Any]:
    """The items of a container, the fields of an object."""
    return list(vars(value).values()) if hasattr(value, "__dataclass_fields__") else list(value)


def main() -> None:
    """Answer one question."""
    asked = json.load(sys.stdin)
    name = asked["function"]
    different = [told(asked["source"], name, arguments) != told(wrong, name, arguments) for wrong, arguments in asked["mutants"]]
    print(json.dumps(different))


if __name__ == "__main__":
    main()
