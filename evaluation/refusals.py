"""How a `.hasten.yml` is refused: file, line, what is wrong there, and what to write instead."""

import difflib
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError

from evaluation import document

NAME = ".hasten.yml"


class BadProject(ValueError):
    """`.hasten.yml` says something we don't understand; `str(error)` names file, line and what to write instead."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(f"{NAME}, line {line}: {text}")


def refused(error: ValidationError, found: document.Document, model: type[BaseModel]) -> BadProject:
    """One line for the first thing that is wrong in a file that `model` reads."""
    first = min(error.errors(), key=lambda item: found.line(item["loc"]))
    path = (
        tuple(part for part in first["loc"] if (*first["loc"][: first["loc"].index(part)], part) in found.lines) or first["loc"]
    )
    return BadProject(found.line(first["loc"]), _wrong(first, path, model))


def _wrong(first: Any, path: tuple[Any, ...], model: type[BaseModel]) -> str:
    key = ".".join(str(part) for part in path)
    if first["type"] == "extra_forbidden":
        return f"unknown key `{key}`{advice(str(path[-1]), _keys(model, path[:-1]))}"
    if first["type"] == "literal_error":
        wanted = first["ctx"]["expected"].replace("'", "`")
        return f"`{key}` is `{first['input']}`; write {wanted}{_meant(str(first['input']), wanted)}"
    if first["type"] == "missing":
        return f"`{key}` needs `{first['loc'][-1]}`"
    return f"`{key}`: {_plain(first)}"


def _plain(error: Any) -> str:
    """What is wrong, in words for people who write YAML rather than Python."""
    if error["type"] == "string_pattern_mismatch":
        if "every" in error["msg"]:
            return f"`{error['input']}` is none of `agent`, `change`, `every:3`"
        return "write it as `>=3.11,<3.14`" if ">=" in error["msg"] else "write it as `3.12`"
    text = str(error["msg"]).removeprefix("Value error, ").replace("valid dictionary or instance of", "group of keys, as for")
    text = text.replace("valid tuple", "list").replace("valid integer", "whole number").replace("valid string", "text")
    return text[:1].lower() + text[1:] if text[:1] != "`" else text


def _meant(word: str, wanted: str) -> str:
    close = difflib.get_close_matches(word, wanted.replace("`", "").replace(" or ", ", ").split(", "), n=1)
    return f"; did you mean `{close[0]}`?" if close else ""


def advice(word: str, words: list[str]) -> str:
    """What may have been meant by a word that is none of these, to stand behind a sentence."""
    close = difflib.get_close_matches(word, words, n=1, cutoff=0.5)
    return (
        f"; did you mean `{close[0]}`?" if close else f"; known are {', '.join(f'`{item}`' for item in words)}" if words else ""
    )


def _keys(model: Any, path: tuple[Any, ...]) -> list[str]:
    """The keys that are known at a place in the file."""
    for part in path:
        if isinstance(part, str):
            model = model.model_fields[part].annotation
        model = get_args(model)[0] if get_origin(model) is tuple else model
    return list(getattr(model, "model_fields", {}))
