"""What a proposer must know of where its code will run: cores, threads, vector instructions. What is unknown is not said."""

from evaluation.machine.hardware import Fingerprint

_VECTORS = (
    "sse4_2",
    "avx",
    "avx2",
    "fma",
    "f16c",
    "avx512f",
    "avx512bw",
    "avx512vl",
    "avx512_vnni",
    "amx_tile",
    "asimd",
    "sve",
    "sve2",
)


def in_words(machine: Fingerprint, threads: int) -> str:
    """One sentence on the machine and what a candidate may use of it."""
    parts = [machine.line()]
    if vectors := [name for name in _VECTORS if machine.flags and name in machine.flags]:
        parts.append(f"vector instructions: {', '.join(vectors)}")
    one = threads == 1
    parts.append(f"measured with {threads} thread{'' if one else 's'}" + (", so more threads gain nothing" if one else ""))
    return "; ".join(parts)
