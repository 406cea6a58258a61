import unittest

import reference
from benchmarks.inputs import texts
from words import frequent_words


class FrequentWords(unittest.TestCase):
    def test_the_most_frequent_word_stands_first(self):
        self.assertEqual(frequent_words("b a b c b a", 2, []), [("b", 3), ("a", 2)])

    def test_words_of_equal_frequency_stand_in_order_of_appearance(self):
        self.assertEqual(frequent_words("z y x y z w", 4, []), [("z", 2), ("y", 2), ("x", 1), ("w", 1)])

    def test_capitals_do_not_matter(self):
        self.assertEqual(frequent_words("Tree tree TREE", 5, []), [("tree", 3)])

    def test_everything_but_letters_separates_words(self):
        self.assertEqual(frequent_words("don't re-use 2nd_hand", 9, [])[:3], [("don", 1), ("t", 1), ("re", 1)])

    def test_letters_of_every_alphabet_count(self):
        self.assertEqual(frequent_words("Straße, été; Λόγος", 9, []), [("straße", 1), ("été", 1), ("λόγος", 1)])

    def test_stop_words_are_left_out_however_they_are_written(self):
        self.assertEqual(frequent_words("The cat and the hat", 9, ["the", "and"]), [("cat", 1), ("hat", 1)])

    def test_a_text_without_words_has_none(self):
        for text in ("", " \n", "12 + 30 = 42"):
            self.assertEqual(frequent_words(text, 3, []), [])

    def test_no_more_words_than_wanted(self):
        self.assertEqual(frequent_words("a b c", 0, []), [])
        self.assertEqual(len(frequent_words("a b c", 99, [])), 3)

    def test_a_negative_number_of_words_is_refused(self):
        with self.assertRaises(ValueError):
            frequent_words("a", -1, [])

    def test_the_stop_words_stay_as_they_were(self):
        stop_words = ["b", "a"]
        frequent_words("a b c", 1, stop_words)
        self.assertEqual(stop_words, ["b", "a"])

    def test_agrees_with_the_reference(self):
        for seed in range(30):
            args, kwargs = texts(seed, seed)
            with self.subTest(seed=seed):
                self.assertEqual(frequent_words(*args, **kwargs), reference.frequent_words(*args, **kwargs))
