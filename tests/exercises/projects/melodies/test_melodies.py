from melodies import similarity


def test_the_same_tune_in_another_key():
    assert similarity([60, 62, 64, 60], [65, 67, 69, 65]) == 1.0


def test_one_note_more():
    assert similarity([60, 62, 64], [60, 62, 64, 65]) == 2 / 3


def test_a_single_note_is_no_melody():
    assert similarity([60], [60, 62]) == 0.0
