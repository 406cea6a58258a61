from keywords import top_terms

STOP = ["the", "a", "of"]


def test_counts_without_stop_words_and_punctuation():
    assert top_terms(["The price of tea.", "Tea, a price; tea!"], STOP) == [("tea", 3), ("price", 2)]


def test_ties_keep_the_order_of_appearance():
    assert top_terms(["b a c"], [], limit=2) == [("b", 1), ("a", 1)]


def test_nothing_in_nothing_out():
    assert top_terms([], STOP) == []
