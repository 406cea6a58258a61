"""Scores over a grid of sizes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.speed import growth
from evaluation.speed.scores import area_weights, weighted


@given(value=st.floats(-1, 1), sizes=st.lists(st.integers(1, 10**6), min_size=1, max_size=8, unique=True))
@settings(max_examples=50)
def test_the_same_gain_everywhere_is_the_score(value, sizes):
    shares = area_weights([{"rows": size} for size in sizes])

    assert weighted([value] * len(sizes), shares) == pytest.approx(value, abs=1e-12)


def test_the_area_is_the_trapezoid_over_the_logarithm():
    shares = area_weights([{"rows": 10}, {"rows": 100}, {"rows": 10000}])

    assert [share / sum(shares) for share in shares] == pytest.approx([1 / 6, 1 / 2, 1 / 3])


def test_a_full_grid_weighs_by_the_product_of_its_axes():
    sizes = [{"rows": rows, "features": features} for rows in (10, 100, 1000) for features in (4, 16)]

    shares = area_weights(sizes)

    assert shares[2] == pytest.approx(2 * shares[0])
    assert shares[0] == pytest.approx(shares[1])


def test_cells_that_form_no_grid_count_the_same():
    assert set(area_weights([{"rows": 10}, {"rows": 100, "features": 3}])) == {1.0}


@pytest.mark.parametrize(
    ("law", "name"), [(lambda n: 1e-6 * n + 1e-5, "n"), (lambda n: 1e-9 * n * n + 1e-5, "n^2"), (lambda _: 1e-3, "1")]
)
def test_the_class_of_exact_times_is_found_in_spite_of_a_fixed_cost(law, name):
    sizes = [100, 316, 1000, 3162, 10000, 31623]

    found = growth.classes(sizes, [law(n) for n in sizes])

    assert found[0] == name


def test_classes_that_noise_cannot_tell_apart_are_all_named():
    sizes = [100, 178, 316, 562, 1000]
    noise = [1.04, 0.97, 1.03, 0.96, 1.02]

    found = growth.classes(sizes, [1e-6 * n * factor for n, factor in zip(sizes, noise, strict=True)])

    assert {"n", "n log n"} <= set(found)
    assert "n^3" not in found


def test_too_few_sizes_have_no_class():
    assert growth.classes([10, 100, 1000], [1.0, 2.0, 3.0]) == ()


def test_growth_is_looked_for_along_the_longest_line_of_the_grid():
    sizes = [{"rows": 10**power, "features": 4} for power in range(1, 7)] + [{"rows": 10, "features": 8}]

    assert growth.lines(sizes) == [("rows", (0, 1, 2, 3, 4, 5))]


def test_each_parameter_has_a_line_of_its_own_where_the_others_are_largest():
    sizes = [{"rows": rows, "features": features} for rows in (10, 100, 1000, 10000) for features in (2, 4, 8)]

    assert growth.lines(sizes, 3) == [("rows", (2, 5, 8, 11)), ("features", (9, 10, 11))]
    assert growth.lines(sizes, 4) == [("rows", (2, 5, 8, 11))]
    assert growth.lines(sizes) == []
