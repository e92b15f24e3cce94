"""The config of a run (config.yaml), strict: unknown keys and values out of range are errors."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from supplyrisk.findings.alert_limits import AlertLimits
from supplyrisk.foundation.errors import InputError
from supplyrisk.foundation.model_reader import read_model
from supplyrisk.foundation.quarters import parse_date, parse_quarter


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def _quarter(text: str) -> str:
    return _read_by(parse_quarter, text)


def _day(text: str) -> str:
    return _read_by(parse_date, text)


def _read_by(parse: Callable[[str], object], text: str) -> str:
    """The text as it stands; what ``parse`` says against it is told with all other problems of the file."""
    try:
        parse(text)
    except InputError as error:
        raise ValueError(str(error)) from error
    return text


class ReportOptions(_Strict):
    """What the report shows."""

    ranked_products: int = Field(25, ge=5, le=80, description="Lines in the ranked chart.")
    trend_products: tuple[str, ...] = Field((), strict=False, max_length=12, description="Products of the trend chart.")
    formats: Annotated[
        tuple[Literal["html", "pdf", "docx", "xlsx"], ...],
        Field(strict=False, min_length=1, description="Formats of the report; tables are always written as CSV."),
    ] = ("html", "pdf", "docx", "xlsx")
    theme: Literal["neutral", "government"] = Field("neutral", description="Colours of documents.")
    template: str | None = Field(None, description="Word file (.docx, .dotx) whose styles and page the DOCX takes.")


class Config(_Strict):
    """The default run."""

    quarter: Annotated[str, AfterValidator(_quarter)] = Field(
        description="Quarter the report is named after, as 2026Q1."
    )
    as_of: Annotated[str, AfterValidator(_day)] | None = Field(
        None, description="Day to look from, as 2026-02-15; null = last day of the quarter."
    )
    language: Literal["en", "nl", "both"] = Field("en", description="Language of the report.")
    focus: Annotated[tuple[str, ...], Field(strict=False, min_length=1, description="Regions reported on.")]
    seed: int = Field(ge=0, description="Random numbers are keyed by seed and name.")
    draws: int = Field(1000, ge=100, le=20_000, description="Draws behind intervals and ranks.")
    risk_draws: int = Field(4000, ge=100, le=1_000_000, description="Draws of the simulation of risk in the report.")
    driver_draws: int = Field(
        64, ge=16, le=10_000, description="Draws for each step of the screening of uncertain numbers there."
    )
    measure_draws: int = Field(1000, ge=20, le=100_000, description="Draws for each set of measures in the report.")
    leader_draws: int = Field(2000, ge=80, le=100_000, description="Fresh draws for the measures that lead per euro.")
    exclude_sources: tuple[str, ...] = Field((), strict=False, description="Source ids to leave out.")
    overlay: str | None = Field(None, description="Folder with rows of one's own.")
    reports: str = Field("reports", description="Folder for reports and the history of runs.")
    report: ReportOptions = ReportOptions()
    alerts: AlertLimits = AlertLimits()


def read_config(path: Path) -> Config:
    """The config file. Raises ``InputError`` with all problems, file and line."""
    return read_model(path, Config, "The config cannot be used")
