"""Whether code may store something where a key of an item is read from."""

import libcst as cst

from bot.agents.recipes.syntax import Function, assignment, code, find, name_of, subscript, walk

_STORING = ("update", "pop", "clear", "popitem", "setdefault", "__setitem__", "__delitem__", "__setattr__")
_BY_TEXT = ("setattr", "delattr", "vars", "exec", "eval")
_FRESH = (cst.Dict, cst.List, cst.Call, cst.DictComp, cst.ListComp, cst.BinaryOperation)


def rekeys(node: cst.CSTNode, function: Function, key: cst.BaseExpression) -> bool:
    """Whether this part of the function may change what `item["name"]` or `item.name` gives, for items it did not make itself."""
    return any(_rekeys(each, function, key) for each in walk(node))


def _rekeys(node: cst.CSTNode, function: Function, key: cst.BaseExpression) -> bool:
    match node:
        case (
            cst.AssignTarget(target=target) | cst.AugAssign(target=target) | cst.AnnAssign(target=target) | cst.Del(target=target)
        ):
            return any(_reaches(each, function, key) for each in walk(target))
        case cst.Call(func=cst.Attribute(value=receiver, attr=cst.Name(value=method))) if method in _STORING:
            return not is_fresh(receiver, function)
        case cst.Call(func=cst.Name(value=name)):
            return name in _BY_TEXT
    return False


def _reaches(target: cst.CSTNode, function: Function, key: cst.BaseExpression) -> bool:
    """Whether storing here may be storing a key."""
    match target:
        case cst.Attribute(attr=cst.Name(value=name)):
            return name in {each.attr.value for each in find(key, cst.Attribute)}
        case cst.Subscript(value=base):
            place = subscript(target)
            if place is not None and isinstance(place[1], cst.SimpleString | cst.Integer):
                return code(place[1]) in _labels(key) and not is_fresh(base, function)
            return bool(_labels(key)) and not is_fresh(base, function)
    return False


def _labels(key: cst.BaseExpression) -> set[str]:
    return {code(place[1]) for each in find(key, cst.Subscript) if (place := subscript(each)) is not None}


def is_fresh(node: cst.BaseExpression, function: Function) -> bool:
    """A variable that only ever holds what the function itself makes: `{}`, `[]`, `defaultdict(int)`."""
    name = name_of(node)
    values = [pair[1] for each in find(function, cst.SimpleStatementLine) if (pair := assignment(each)) and pair[0] == name]
    return bool(values) and all(isinstance(each, _FRESH) for each in values)
