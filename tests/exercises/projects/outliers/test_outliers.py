from outliers import outliers


def test_a_jump_is_flagged():
    assert outliers([1.0, 2.0, 1.0, 2.0, 9.0, 2.0], width=4) == [4]


def test_a_calm_series_has_none():
    assert outliers([1.0, 2.0] * 10, width=4) == []


def test_too_short():
    assert outliers([5.0, 6.0]) == []
