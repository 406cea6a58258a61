"""What is said of the machine."""

from bot.localization.surroundings import in_words
from evaluation.machine.hardware import Fingerprint


def test_cores_vectors_and_threads_are_said():
    said = in_words(Fingerprint(arch="x86_64", cpu="Some CPU", cores=8, flags=frozenset({"avx2", "fma", "fpu"})), threads=1)

    assert "8 cores" in said and "x86_64" in said
    assert "vector instructions: avx2, fma;" in said and "fpu" not in said
    assert said.endswith("measured with 1 thread, so more threads gain nothing")


def test_what_is_unknown_is_not_said():
    said = in_words(Fingerprint(), threads=4)

    assert "vector" not in said and said.endswith("measured with 4 threads")
