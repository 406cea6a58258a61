"""Comparing reads by the k-mers they share."""


def kmers(sequence: str, k: int) -> list[str]:
    return [sequence[i : i + k] for i in range(len(sequence) - k + 1)]


def shared_kmers(read: str, reference: str, k: int) -> list[str]:
    """The distinct k-mers of the read that also occur in the reference, in the read's order."""
    candidates = kmers(reference, k)
    shared: list[str] = []
    for kmer in kmers(read, k):
        if "N" in kmer:
            continue
        if kmer in candidates and kmer not in shared:
            shared.append(kmer)
    return shared
