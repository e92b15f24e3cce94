"""Networks that tests share: one of the same tables, assumptions, day and draws is built once."""

from __future__ import annotations

from collections import OrderedDict
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest

from supplyrisk.chain import Chain
from supplyrisk.runs import network_run
from supplyrisk.runs.network_run import NetworkRun
from supplyrisk.runs.project import Project
from supplyrisk.tables.package import DataPackage

_MOST = 3
_NO_PART = frozenset({"measures.yaml", "risk.yaml", "disruption.yaml"})
"""Assumptions that no network rests on."""


def share_networks(patched: pytest.MonkeyPatch) -> None:
    """Let ``run_network`` give what it gave before where its inputs are the same."""
    build, kept = network_run.run_network, OrderedDict[object, NetworkRun]()

    def run_network(
        project: Project, package: DataPackage, chain: Chain, seed: int, draws: int, whole: bool = True
    ) -> NetworkRun:
        key = network_key(project, package, chain, seed, draws, whole)
        if key not in kept:
            kept[key] = build(project, package, chain, seed, draws, whole)
            if len(kept) > _MOST:
                kept.popitem(last=False)
        kept.move_to_end(key)
        return kept[key]

    patched.setattr(network_run, "run_network", run_network)


def network_key(
    project: Project, package: DataPackage, chain: Chain, seed: int, draws: int, whole: bool
) -> tuple[object, ...]:
    """A word for all that a network rests on: rows of every table as they are in memory, chain, assumptions, draws."""
    frames = tuple((name, frame.shape, _rows(frame)) for name, frame in sorted(package.frames.items()))
    known = (package.as_of, tuple(sorted(package.exclude_sources)))
    return (known, frames, repr(chain), _models(project.models), seed, draws, whole)


def _rows(frame: pl.DataFrame) -> str:
    return sha256(frame.hash_rows().to_numpy().tobytes()).hexdigest()


def _models(folder: Path) -> str:
    parts = [folder / name for name in ("assumptions", "chains", "outlook")]
    files = [file for part in parts for file in sorted(part.rglob("*.yaml")) if file.name not in _NO_PART]
    return sha256(b"".join(sha256(file.read_bytes()).digest() for file in files)).hexdigest()
