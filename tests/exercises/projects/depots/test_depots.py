import pytest
from depots import leg_costs

DEPOTS = [{"code": "HAM", "x": 0.0, "y": 0.0, "fee": 2.5}, {"code": "KIE", "x": 30.0, "y": 40.0, "fee": 1.0}]


def test_a_leg_costs_its_way_and_both_fees():
    assert leg_costs([("HAM", "KIE")], DEPOTS) == [("HAM", "KIE", 50.0, 24.5)]


def test_staying_costs_the_fees():
    assert leg_costs([("KIE", "KIE")], DEPOTS) == [("KIE", "KIE", 0.0, 2.0)]


def test_an_unknown_depot_is_an_error():
    with pytest.raises(KeyError, match="XXX"):
        leg_costs([("HAM", "XXX")], DEPOTS)
