"""What models cost, by a dated table. The API tells no prices; a model that is not in here costs "unknown", never zero."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from bot.gateway.usage import Usage

AS_OF = datetime.date(2026, 11, 23)  # when the table was last compared with the vendor's price list
_MILLION = 1_000_000
_CACHE_WRITE = 1.25  # of the input price, for entries that live five minutes


@dataclass(frozen=True, slots=True)
class Price:
    """Dollars per million tokens; a prompt beyond `long_prompt` tokens costs `long_factor` times as much, output included."""

    input: float
    output: float
    cache_read: float
    long_prompt: int | None = None
    long_factor: float = 1.0

    def usd(self, usage: Usage) -> float:
        """What one call cost."""
        factor = self.long_factor if self.long_prompt is not None and usage.prompt > self.long_prompt else 1.0
        prompt = usage.input * self.input + usage.cache_write * self.input * _CACHE_WRITE + usage.cache_read * self.cache_read
        return factor * (prompt + usage.output * self.output) / _MILLION

    def most(self, prompt: int, output: int) -> float:
        """What a call can cost at most: every token of the prompt written to the cache."""
        return self.usd(Usage(cache_write=prompt, output=output))


_OPUS_5 = Price(5, 25, 0.5)
PRICES: Mapping[str, Price] = {
    "claude-fable-5-1": Price(10, 50, 0.25),
    "claude-fable-5": Price(10, 50, 1),
    "claude-opus-5-5": Price(4, 20, 0.2),
    "claude-opus-5": _OPUS_5,
    "claude-opus-4-8": _OPUS_5,
    "claude-opus-4-7": _OPUS_5,
    "claude-opus-4-6": _OPUS_5,
    "claude-opus-4-5": _OPUS_5,
    "claude-sonnet-5-5": Price(2, 10, 0.1),
    "claude-sonnet-5": Price(2, 10, 0.2),
    "claude-sonnet-4-6": Price(3, 15, 0.3),
    "claude-haiku-5-5": Price(0.1, 0.5, 0.01, long_prompt=100_000, long_factor=5),
    "claude-haiku-4-5": Price(1, 5, 0.1),
}


def price_of(model: str, table: Mapping[str, Price] = PRICES) -> Price | None:
    """The price of a model, also by its dated name (`claude-haiku-4-5-20251001`); None when it is not known."""
    name, _, date = model.rpartition("-")
    return table.get(model) or (table.get(name) if len(date) == 8 and date.isdigit() else None)
