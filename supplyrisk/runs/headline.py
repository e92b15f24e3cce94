"""The headline index of a project: parts and weights of the assumptions, or weights of the user."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pydantic import BaseModel, ConfigDict, Field

from supplyrisk.foundation.errors import InputError
from supplyrisk.foundation.model_reader import load_model
from supplyrisk.foundation.nearest import did_you_mean
from supplyrisk.foundation.problems import ProblemCollector
from supplyrisk.runs.project import Project
from supplyrisk.scores.headline_index import IndexPart
from supplyrisk.scores.metrics import METRICS


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _Part(_Strict):
    weight: float = Field(ge=0.0)
    full: float = Field(gt=0.0)
    falling: bool
    reason: str


class _Index(_Strict):
    parts: dict[str, _Part] = Field(min_length=1)


class _File(_Strict):
    headline_index: _Index


def index_parts(project: Project, weights: Mapping[str, float] | None = None) -> tuple[IndexPart, ...]:
    """Parts of the index; ``weights`` take the place of those of the file, parts not named then weigh nothing.

    Weights are checked where they are read (``read_weights``). Raises ``InputError`` for a part of the file that is no
    score, and for weights that are all zero.
    """
    collector = ProblemCollector()
    path = project.models / "assumptions" / "headline_index.yaml"
    found = load_model(path, _File, collector)
    for name in found.headline_index.parts if found is not None else ():
        if name not in METRICS:
            where, mend = f"headline_index.parts.{name}", did_you_mean(name, list(METRICS))
            collector.add(file=path.name, where=where, message=f"'{name}' is not a score", mend=mend)
    collector.raise_if_any("The headline index cannot be worked out")
    assert found is not None
    parts = found.headline_index.parts
    own = tuple(IndexPart(name, part.weight, part.full, part.falling) for name, part in parts.items())
    if weights is not None:
        own = tuple(replace(part, weight=weights.get(part.metric, 0.0)) for part in own)
    if not any(part.weight > 0.0 for part in own):
        raise InputError("All weights of the headline index are 0. Give at least one part a weight above 0.")
    return own


def read_weights(texts: Sequence[str], parts: Sequence[str]) -> dict[str, float]:
    """Weights written as part=number. Raises ``InputError`` with every one that cannot be read or comes twice."""
    found, wrong = {}, []
    for text in texts:
        name, _, number = text.partition("=")
        if name in found:
            wrong.append(f"'{text}': {name} has a weight already. Give it one.")
            continue
        if name not in parts:
            wrong.append(f"'{name}' is not a part of the index. {did_you_mean(name, parts)}")
            continue
        try:
            found[name] = float(number)
        except ValueError:
            found[name] = -1.0
        if not 0.0 <= found[name] < float("inf"):
            wrong.append(f"'{text}': a weight is a number from 0 on. Write {name}=1.")
    if wrong:
        raise InputError("\n".join(wrong))
    return found
