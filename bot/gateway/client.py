"""The client of the Messages API: one answer under a lease, asked for again where that can help, every attempt recorded."""

import itertools
import json
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anthropic
from pydantic import SecretStr

from bot.gateway.exchange import (
    Keep,
    ModelError,
    ModelUnavailable,
    Recall,
    Record,
    Reply,
    RequestRefused,
    Retried,
    Stop,
    Stopped,
)
from bot.gateway.lease import Lease
from bot.gateway.masking import Mask
from bot.gateway.prices import PRICES, Price, price_of
from bot.gateway.retries import DEFAULT, Retries, pause
from bot.gateway.streaming import Arrived, TryAgain, stream
from bot.gateway.usage import Usage, estimate

_OVERHEAD = 1000  # tokens a request has beyond what is written in it


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where the model is and how to be let in. `ca` is a bundle of certificates for an endpoint of one's own."""

    key: SecretStr
    base_url: str | None = None
    ca: Path | None = None
    read_s: float = 120.0  # silence on a stream for longer than this is a cut stream
    retries: Retries = DEFAULT


def _forget(_: Record) -> None:
    """Keep no record."""


def _new(_: Mapping[str, Any]) -> None:
    """Nothing was asked before."""


def _never() -> None:
    """Don't stop."""


def _quietly(_attempt: int, _seconds: float, _why: str) -> None:
    """Tell nobody of a retry."""


class Client:
    """Asks the model. Holds the key; nothing that it gives out or records contains it."""

    def __init__(
        self,
        endpoint: Endpoint,
        keep: Keep = _forget,
        *,
        recall: Recall = _new,
        prices: Mapping[str, Price] = PRICES,
    ) -> None:
        self.mask = Mask([endpoint.key])
        self._endpoint = endpoint
        self._keep = keep
        self._recall = recall
        self._prices = prices
        self._sdk = _sdk(endpoint)

    def ask(
        self,
        request: Mapping[str, Any],
        lease: Lease,
        *,
        stop: Stop = _never,
        retried: Retried = _quietly,
        seconds: float | None = None,
    ) -> Reply:
        """The answer to `request`, whose `max_tokens` the lease may lower; silence longer than `seconds` is not waited for.

        An answer that was paid for before a restart is found again instead of asked for.

        Raises BudgetExhausted before anything is spent, RequestRefused or ModelUnavailable (both ModelError), Stopped.
        """
        if known := self._recall(request):
            lease.book(known.usage, price_of(str(request["model"]), self._prices))
            return known
        retries, waited = self._endpoint.retries, 0.0
        for attempt in itertools.count():
            try:
                return self._attempt(request, lease, stop, seconds)
            except RequestRefused as refused:
                raise RequestRefused(self.mask.text(str(refused))) from None
            except TryAgain as failed:
                why = self.mask.text(str(failed))
                if retries.give_up(attempt, busy=failed.busy, waited_s=waited):
                    raise ModelUnavailable(f"the model did not answer in {attempt + 1} attempts; the last one: {why}") from failed
                wait = retries.wait(attempt, failed.headers, time.time())
                waited += wait
                retried(attempt + 1, wait, why)
                pause(wait, stop)
        raise AssertionError("unreachable")

    def close(self) -> None:
        """Give the connections back."""
        self._sdk.close()

    def _attempt(self, request: Mapping[str, Any], lease: Lease, stop: Stop, seconds: float | None) -> Reply:
        price = price_of(str(request["model"]), self._prices)
        prompt = estimate(len(json.dumps({**request}, ensure_ascii=False).encode("utf-8", "surrogatepass"))) + _OVERHEAD
        reservation = lease.reserve(prompt, int(request["max_tokens"]), price)
        asked = {**request, "max_tokens": reservation.output}
        arrived, error, began = Arrived(), "", time.monotonic()
        usd: float | None = None
        try:
            stream(self._sdk, asked, arrived, read_s=min(self._endpoint.read_s, seconds or self._endpoint.read_s), stop=stop)
        except (TryAgain, ModelError, Stopped) as failed:
            error = str(failed)
            raise
        finally:
            usage = arrived.usage()
            usd = lease.settle(reservation, usage)
            self._keep(self._record(asked, arrived, usage, usd, time.monotonic() - began, error))
        return Reply(arrived.content, arrived.stop_reason, arrived.stop_details, usage, usd, arrived.model, arrived.request_id)

    def _record(
        self, asked: Mapping[str, Any], arrived: Arrived, usage: Usage, usd: float | None, seconds: float, error: str
    ) -> Record:
        answer = {
            "content": arrived.content,
            "stop_reason": arrived.stop_reason,
            "stop_details": arrived.stop_details,
            "model": arrived.model,
            "request_id": arrived.request_id,
        }
        return Record(self.mask.value(asked), self.mask.value(answer), usage, usd, seconds, self.mask.text(error))


def _sdk(endpoint: Endpoint) -> anthropic.Anthropic:
    return anthropic.Anthropic(
        api_key=endpoint.key.get_secret_value(),
        base_url=endpoint.base_url,
        max_retries=0,  # retried here: bounded waits, each attempt under the lease and on record
        http_client=anthropic.DefaultHttpxClient(verify=_trust(endpoint), follow_redirects=False),
    )


def _trust(endpoint: Endpoint) -> ssl.SSLContext | bool:
    """Whom to believe. Plain HTTP (a gateway on this host) has nothing to verify, and certificates are slow to load."""
    if endpoint.ca:
        return ssl.create_default_context(cafile=str(endpoint.ca))
    return not (endpoint.base_url or "").startswith("http://")
