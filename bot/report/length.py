"""The last resort before GitLab's limit: a text that is too long ends early, at a place where Markdown is whole."""

import re

MOST = 1_000_000  # characters of a note; a description may have a few more
_CUT = "_The rest is left out: GitLab takes no longer text._"
_MARK = re.compile(r"\n\n<!-- hasten:[^\n]{1,1000} -->\s*\Z")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})", re.MULTILINE)


def fit(text: str, most: int = MOST) -> str:
    """The text itself where it is short enough; otherwise as many whole paragraphs as fit, and its hidden mark."""
    if len(text) <= most:
        return text
    mark = found.group().rstrip() if (found := _MARK.search(text)) else ""
    kept = text[: most - len(mark) - 200]
    kept = _whole(kept[: kept.rfind("\n\n") + 1] or kept)
    return f"{kept}\n\n{_CUT}{mark}"


def _whole(text: str) -> str:
    """With open code and open folds closed."""
    fence = ""
    for found in _FENCE.finditer(text):
        if not fence:
            fence = found[1]
        elif found[1].startswith(fence):
            fence = ""
    closed = f"{text.rstrip()}\n{fence}" if fence else text.rstrip()
    return closed + "\n\n</details>" * max(0, closed.count("<details") - closed.count("</details>"))
