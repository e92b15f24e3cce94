"""A finding: a statement without language, with its numbers, the scores they come from, and how sure it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from supplyrisk.scores.metrics import BY_STAGE_METRICS, MATERIAL_METRICS

Confidence = Literal["high", "medium", "low"]


@dataclass(frozen=True)
class Finding:
    """``message_id`` of the catalogue, the ``numbers`` its sentence needs, the ``score_keys`` they come from.

    ``topic`` is 'headline' or a product id. Codes of countries and products are numbers too: the renderer names them.
    """

    topic: str
    message_id: str
    numbers: Mapping[str, Any]
    score_keys: tuple[str, ...]
    confidence: Confidence


def score_key(score: Mapping[str, Any]) -> str:
    """Short readable key of a score: metric/scope/end product/product/country/year, what does not apply left out.

    Scores of a material have the material in the place of the product; those of a stage have the stage after it.
    """
    subject = "material_id" if score["metric"] in MATERIAL_METRICS else "product_id"
    parts = [score["metric"], None if score.get("scope", "world") == "world" else score["scope"]]
    parts += [score.get(name) for name in ("end_product", subject)]
    parts += [score.get("stage") if score["metric"] in BY_STAGE_METRICS else None]
    parts += [score.get(name) for name in ("country", "year")]
    return "/".join(str(part) for part in parts if part is not None)


def confidence_of(qualities: Sequence[str | None]) -> Confidence:
    """The grade that at least four fifths of the scores reach: A and B high, C medium, D or none low."""
    grades = sorted(quality or "D" for quality in qualities)
    reached = grades[-(-4 * len(grades) // 5) - 1] if grades else "D"
    return "high" if reached <= "B" else "medium" if reached == "C" else "low"
