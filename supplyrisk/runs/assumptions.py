"""Assumptions of the model (models/assumptions), read into strict models."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

from supplyrisk.foundation.model_reader import read_model
from supplyrisk.foundation.problems import ProblemCollector
from supplyrisk.scores.trend import TrendRules


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


Model = TypeVar("Model", bound=BaseModel)


class QualityWidth(_Strict):
    """Width of one quality grade."""

    log_standard_deviation: float = Field(gt=0.0, le=2.0)
    basis: Literal["observed", "derived", "assumed"]
    meaning: str


class QualityWidthFile(_Strict):
    """models/assumptions/quality_width.yaml."""

    quality_width: dict[Literal["A", "B", "C", "D"], QualityWidth]


class Threshold(_Strict):
    """One line that sentences and charts refer to."""

    value: float
    unit: Literal["index_10000", "fraction", "years"]
    source: str


class Thresholds(_Strict):
    """The lines the report needs, each once."""

    hhi_high: Threshold
    single_country_share: Threshold
    negligible_share: Threshold
    short_cover_years: Threshold


class ThresholdFile(_Strict):
    """models/assumptions/thresholds.yaml."""

    thresholds: Thresholds


class TrendLimits(_Strict):
    """Limits of a trend; see scores.trend."""

    fewest_years: int = Field(ge=4)
    fewest_degrees_of_freedom: int = Field(ge=1)
    flat_margin: float = Field(ge=0.0)


class TrendFile(_Strict):
    """models/assumptions/trend.yaml."""

    trend: TrendLimits


class AgeLimit(_Strict):
    """From which age on there is a note, and from which a warning."""

    note: int = Field(ge=0)
    warning: int = Field(ge=0)
    reason: str

    @model_validator(mode="after")
    def _rising(self) -> AgeLimit:
        if self.note >= self.warning:
            raise ValueError(f"note {self.note} must lie below warning {self.warning}")
        return self


class SpaceLimit(_Strict):
    """Below which free space there is a warning, and below which a fault."""

    warning: int = Field(ge=0)
    fault: int = Field(ge=0)
    reason: str

    @model_validator(mode="after")
    def _falling(self) -> SpaceLimit:
        if self.fault >= self.warning:
            raise ValueError(f"fault {self.fault} must lie below warning {self.warning}")
        return self


class DoctorLimits(_Strict):
    """When `supplyrisk doctor` speaks up."""

    figures_months: AgeLimit
    news_days: AgeLimit
    free_megabytes: SpaceLimit


class DoctorFile(_Strict):
    """models/assumptions/doctor.yaml."""

    doctor: DoctorLimits


def _read(path: Path, model: type[Model]) -> Model:
    return read_model(path, model, "The assumptions cannot be used")


def read_quality_widths(path: Path) -> dict[str, float]:
    """Log standard deviation of a figure by quality grade. Raises ``InputError`` with all problems."""
    widths = _read(path, QualityWidthFile).quality_width
    collector = ProblemCollector()
    for grade in "ABCD":
        if grade not in widths:
            collector.add(
                file=path.name, where="quality_width", message=f"the grade {grade} is missing", mend="Add it."
            )
    collector.raise_if_any("The assumptions cannot be used")
    return {str(grade): width.log_standard_deviation for grade, width in widths.items()}


def read_thresholds(path: Path) -> dict[str, float]:
    """Thresholds by name. Raises ``InputError`` with all problems."""
    lines = _read(path, ThresholdFile).thresholds
    return {name: getattr(lines, name).value for name in Thresholds.model_fields}


def read_trend_rules(path: Path) -> TrendRules:
    """When a trend is estimated and called flat. Raises ``InputError`` with all problems."""
    limits = _read(path, TrendFile).trend
    return TrendRules(limits.fewest_years, limits.fewest_degrees_of_freedom, limits.flat_margin)


def read_doctor_limits(path: Path) -> DoctorLimits:
    """When `supplyrisk doctor` speaks up. Raises ``InputError`` with all problems."""
    return _read(path, DoctorFile).doctor
