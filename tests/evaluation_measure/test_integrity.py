"""What the probe sees of things that all sides share: replaced, rewritten, switched; and what it leaves alone."""

import atexit
import sys
import types

import pytest

from evaluation.probe.integrity import Witness


def priced():
    return 1


@pytest.fixture
def shop():
    """A loaded module with a function and a class of its own."""
    module = types.ModuleType("shop")
    module.price = types.FunctionType(priced.__code__, {}, "price")
    module.Basket = type("Basket", (), {"__module__": "shop", "total": lambda self: 0})
    module.counter = 0
    sys.modules["shop"] = module
    yield module
    sys.modules.pop("shop", None)


def test_nothing_is_changed_at_first(shop):
    assert Witness().changed() == []


def test_what_a_side_imports_for_itself_is_its_own_affair(shop):
    shop.__file__ = "/sides/ab12/shop.py"
    witness = Witness()

    del shop.price

    assert witness.changed() == []


def test_a_replaced_function_a_rewritten_one_and_a_replaced_method_are_named(shop):
    witness = Witness()

    shop.Basket.total = lambda self: 1
    shop.price.__code__ = (lambda: 2).__code__
    assert witness.changed() == ["shop.Basket.total", "shop.Basket.total.__code__", "shop.price.__code__"]

    shop.price = priced
    assert "shop.price" in witness.changed()


def test_state_of_a_module_and_new_names_are_its_own_affair(shop):
    witness = Witness()

    shop.counter = 5
    shop.new = priced

    assert witness.changed() == []


def test_hooks_and_a_module_that_is_gone_are_named(shop):
    witness = Witness()
    threshold = sys.getrecursionlimit()

    del sys.modules["shop"]
    sys.setrecursionlimit(threshold + 1)
    atexit.register(priced)
    try:
        assert witness.changed() == ["atexit.register", "sys.modules shop", "sys.setrecursionlimit"]
    finally:
        sys.setrecursionlimit(threshold)
        atexit.unregister(priced)


def test_the_file_of_a_new_module_is_told(shop):
    witness = Witness()
    module = types.ModuleType("stall")
    module.__file__ = "/sides/candidate/stall.py"
    sys.modules["stall"] = module
    try:
        assert witness.origins() == {"stall": "/sides/candidate/stall.py"}
    finally:
        del sys.modules["stall"]
