from stops import nearest_stops

STOPS = [("Mill", 0.0, 0.0), ("Park", 100.0, 0.0)]


def test_the_nearer_one():
    assert nearest_stops([(30.0, 40.0), (90.0, 0.0)], STOPS) == [("Mill", 50.0), ("Park", 10.0)]


def test_the_first_of_equally_near_ones():
    assert nearest_stops([(50.0, 0.0)], STOPS) == [("Mill", 50.0)]


def test_no_stops():
    assert nearest_stops([(1.0, 1.0)], []) == [(None, float("inf"))]
