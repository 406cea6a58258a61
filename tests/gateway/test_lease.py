"""A lease never lets through more than its budget, whoever draws from it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.gateway.lease import Budget, BudgetExhausted, Lease
from bot.gateway.prices import PRICES, Price, price_of
from bot.gateway.usage import Usage

PRICE = Price(4, 20, 0.2)


def test_a_reservation_counts_until_it_is_settled():
    lease = Lease(Budget(tokens=10_000))

    held = lease.reserve(2000, 4000, PRICE)

    assert lease.left().tokens == 4000
    lease.settle(held, Usage(input=1500, output=100))
    assert lease.left().tokens == 8400


def test_parts_draw_from_the_whole():
    whole = Lease(Budget(tokens=10_000, calls=3))
    one, other = Lease(Budget(tokens=8000), part_of=whole), Lease(Budget(tokens=8000), part_of=whole)

    one.settle(one.reserve(1000, 5000, None), Usage(input=1000, output=5000))

    assert other.left() == Budget(4000, None, 2) and whole.spent.tokens == 6000
    with pytest.raises(BudgetExhausted):
        other.reserve(3500, 5000, None)


def test_calls_are_bounded_too():
    lease = Lease(Budget(calls=1))
    lease.settle(lease.reserve(1, 1, None), Usage())

    with pytest.raises(BudgetExhausted, match="calls"):
        lease.reserve(1, 1, None)


def test_money_shortens_the_answer_before_it_forbids_the_call():
    lease = Lease(Budget(usd=0.05))

    assert lease.reserve(1000, 32_000, PRICE).output == 2249
    with pytest.raises(BudgetExhausted, match="money"):
        lease.reserve(1000, 32_000, PRICE)


def test_threads_abreast_cannot_overspend():
    lease = Lease(Budget(tokens=50_000))

    def draw(_):
        try:
            lease.settle(lease.reserve(500, 1500, None), Usage(input=500, output=1500))
        except BudgetExhausted:
            return 0
        return 1

    with ThreadPoolExecutor(8) as pool:
        done = sum(pool.map(draw, range(100)))

    assert done == 25 and lease.spent.tokens == 50_000


calls = st.lists(st.tuples(st.integers(0, 3000), st.integers(1, 5000), st.floats(0, 1)), max_size=20)


@given(calls=calls, tokens=st.integers(0, 20_000), usd=st.floats(0, 0.2))
@settings(max_examples=50, deadline=None)
def test_whatever_is_granted_fits_the_budget(calls, tokens, usd):
    lease = Lease(Budget(tokens=tokens, usd=usd))

    for prompt, output, share in calls:
        try:
            held = lease.reserve(prompt, output, PRICE)
        except BudgetExhausted:
            continue
        lease.settle(held, Usage(cache_write=prompt, output=int(held.output * share)))

    assert lease.spent.tokens <= tokens
    assert (lease.spent.usd or 0.0) <= usd + 1e-9


def test_a_call_of_unknown_price_does_not_hide_what_others_cost():
    lease = Lease(Budget(usd=0.05))

    lease.settle(lease.reserve(1000, 1500, PRICE), Usage(input=1000, output=1500))
    lease.settle(lease.reserve(1000, 1500, None), Usage(input=1000, output=1500))

    assert lease.spent.usd is None and lease.left().usd == pytest.approx(0.05 - 0.034)


def test_long_prompts_may_cost_more():
    price = PRICES["claude-haiku-5-5"]

    assert price.usd(Usage(input=100_000)) == pytest.approx(0.01)
    assert price.usd(Usage(input=100_001)) == pytest.approx(0.05, rel=1e-3)


def test_dated_names_have_the_price_of_their_model():
    assert price_of("claude-haiku-4-5-20251001") == PRICES["claude-haiku-4-5"]
    assert price_of("claude-haiku-9") is None and price_of("") is None
