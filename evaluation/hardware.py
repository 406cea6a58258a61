"""What machine measured, and whether it is the one the project asked for. What the kernel hides stays unknown."""

import json
import os
import platform
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass

from evaluation import project
from evaluation.scorecard import Hardware

_LSCPU_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """A host as far as it shows itself; None is unknown."""

    arch: str | None = None
    cpu: str | None = None
    flags: frozenset[str] | None = None
    cores: int | None = None
    l2: str | None = None
    l3: str | None = None
    hypervisor: str | None = None
    kernel: str | None = None

    def line(self, python: str = "") -> str:
        """The machine in one line."""
        cores = f"{self.cores} cores" if self.cores else "cores unknown"
        caches = ", ".join(f"{name} {size}" for name, size in (("L2", self.l2), ("L3", self.l3)) if size)
        parts = [self.cpu or "CPU unknown", self.arch or "", cores, caches, f"under {self.hypervisor}" if self.hypervisor else ""]
        parts += [f"Linux {self.kernel}" if self.kernel else "", f"Python {python}" if python else ""]
        return " · ".join(part for part in parts if part)


def fingerprint() -> Fingerprint:
    """Ask this host. `lscpu` reads what Python does not know; without it, little is known."""
    try:
        answer = subprocess.run(["lscpu", "-J"], capture_output=True, timeout=_LSCPU_SECONDS, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        answer = b""
    return read(answer, usable=len(os.sched_getaffinity(0)), kernel=platform.release(), arch=platform.machine())


def read(lscpu: bytes, *, usable: int | None, kernel: str | None, arch: str | None) -> Fingerprint:
    """The fingerprint in `lscpu -J`'s words; nonsense is as good as nothing."""
    fields = _fields(lscpu)
    flags = fields.get("Flags") or fields.get("Features")
    return Fingerprint(
        arch=fields.get("Architecture") or arch,
        cpu=_known(fields.get("Model name")),
        flags=frozenset(flags.split()) if flags else None,
        cores=usable,
        l2=_cache(fields.get("L2 cache") or fields.get("L2")),
        l3=_cache(fields.get("L3 cache") or fields.get("L3")),
        hypervisor=_known(fields.get("Hypervisor vendor")),
        kernel=kernel,
    )


def satisfies(found: Fingerprint, wanted: project.Hardware) -> Hardware:
    """match, partial (something asked for is unknown) or mismatch, with a sentence for each thing that is not as asked."""
    missing: list[str] = []
    unknown: list[str] = []
    if wanted.arch is not None and found.arch != wanted.arch:
        (missing if found.arch else unknown).append(
            f"measured on {found.arch or 'an unknown architecture'}, wanted {wanted.arch}"
        )
    absent = [flag for flag in wanted.isa.require if found.flags is not None and flag not in found.flags]
    if absent:
        missing.append(f"the CPU has no {', '.join(absent)}")
    if wanted.isa.require and found.flags is None:
        unknown.append(f"whether the CPU has {', '.join(wanted.isa.require)} is unknown")
    if wanted.cores.min is not None and (found.cores or 0) < wanted.cores.min:
        (missing if found.cores else unknown).append(f"{found.cores or 'unknown'} cores usable, wanted {wanted.cores.min}")
    verdict = "mismatch" if missing else "partial" if unknown else "match"
    return Hardware(verdict, (*missing, *unknown))


def _fields(lscpu: bytes) -> Mapping[str, str]:
    """All fields, nested ones too: newer versions of lscpu group them."""
    try:
        pending = list(json.loads(lscpu)["lscpu"])
    except (ValueError, KeyError, TypeError):
        return {}
    fields: dict[str, str] = {}
    while pending:
        entry = pending.pop(0)
        if isinstance(entry, dict):
            fields.setdefault(str(entry.get("field", "")).rstrip(":"), str(entry.get("data") or ""))
            pending.extend(entry.get("children") or ())
    return fields


def _known(text: str | None) -> str | None:
    return text if text and text.strip("-") else None


def _cache(text: str | None) -> str | None:
    return re.sub(r"\s*\(.*\)", "", text) if text else None
