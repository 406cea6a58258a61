"""docs/hasten-yml.md says what evaluation/project.py reads: every key, every default, examples that are accepted."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel

from evaluation.policy import Relaxation
from evaluation.project import Project, TargetSettings

PAGE = (Path(__file__).parents[2] / "docs" / "hasten-yml.md").read_text(encoding="utf-8")


def rows() -> dict[str, str]:
    """What the page's tables say: dotted key -> default."""
    found, section = {}, ""
    for heading, key, default in re.findall(r"^## `(\w+)`|^\| `([\w.]+)` \| (.*?) \|", PAGE, re.MULTILINE):
        section = heading or section
        if key:
            found[key if key == section else f"{section}.{key}"] = default
    return found


def keys(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every key that can be written, with its default."""
    for name, field in model.model_fields.items():
        inner = TargetSettings if name == "targets" else field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from keys(inner, f"{prefix}{name}.")
        else:
            yield prefix + name, field.get_default()


def test_the_page_has_exactly_the_keys_that_are_read():
    assert sorted(rows()) == sorted(key for key, _ in keys(Project))


@pytest.mark.parametrize(("key", "default"), [entry for entry in keys(Project) if isinstance(entry[1], str | int | float)])
def test_the_page_gives_the_default(key, default):
    assert rows()[key] == f"`{str(default).lower() if isinstance(default, bool) else default}`"


@pytest.mark.parametrize("key", ["editable", "fenced"])
def test_the_page_gives_the_default_paths(key):
    assert yaml.safe_load(rows()[f"paths.{key}"].strip("`")) == list(getattr(Project.default().paths, key))


@pytest.mark.parametrize("example", re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL))
def test_the_examples_are_accepted(example):
    assert Project.parse(example).targets


def test_the_long_example_shows_every_key():
    *_, longest = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)

    assert [key for key, _ in keys(Project) if key.rpartition(".")[2] not in longest] == ["environment.dockerfile"]


def test_every_relaxation_is_named():
    assert [str(each) for each in Relaxation if f"`{each}`" not in PAGE] == []
