from regions import region_sizes


def test_neighbours_of_one_colour_are_one_region():
    assert region_sizes([[1, 1, 2], [2, 1, 2], [2, 2, 2]]) == [6, 3]


def test_corners_do_not_connect():
    assert region_sizes([[1, 2], [2, 1]]) == [1, 1, 1, 1]


def test_one_pixel():
    assert region_sizes([[5]]) == [1]
