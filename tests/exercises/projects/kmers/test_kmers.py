from kmers import shared_kmers


def test_finds_what_both_have_once():
    assert shared_kmers("ACGTACG", "TTACGTT", 3) == ["ACG", "CGT", "TAC"]


def test_unknown_bases_match_nothing():
    assert shared_kmers("ANG", "ANG", 3) == []


def test_a_read_shorter_than_k_shares_nothing():
    assert shared_kmers("AC", "ACGT", 3) == []
