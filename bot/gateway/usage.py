"""What a model call used: tokens by kind."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

CHARACTERS_PER_TOKEN = 3  # errs towards too many tokens: what is reserved must cover what is billed


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the API counts them: the prompt is split into fresh, written to the cache, read from the cache."""

    input: int = 0
    cache_write: int = 0
    cache_read: int = 0
    output: int = 0

    @property
    def prompt(self) -> int:
        """All tokens that went in."""
        return self.input + self.cache_write + self.cache_read

    @property
    def total(self) -> int:
        """All tokens, in and out: what a token budget is about."""
        return self.prompt + self.output

    @classmethod
    def of(cls, counted: Mapping[str, Any]) -> "Usage":
        """Read the API's own figures; missing or odd ones count as zero."""
        return cls(
            _count(counted.get("input_tokens")),
            _count(counted.get("cache_creation_input_tokens")),
            _count(counted.get("cache_read_input_tokens")),
            _count(counted.get("output_tokens")),
        )


NOTHING = Usage()


def _count(value: object) -> int:
    return max(0, value) if isinstance(value, int) else 0


def estimate(characters: int) -> int:
    """Tokens of so many characters, rounded up generously."""
    return characters // CHARACTERS_PER_TOKEN + 1
