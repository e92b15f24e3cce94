"""How output of a later year is found, product by product (models/outlook/*.yaml)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from supplyrisk.chain.specification import RangedAssumption, RangedShare
from supplyrisk.foundation.model_reader import read_model
from supplyrisk.foundation.words import PRODUCT, Product

Case = Literal["central", "low", "high"]
"""Which end of every range is taken; low is low for output in Europe."""

CASES: tuple[Case, ...] = ("central", "low", "high")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Announced(_Strict):
    """Announced capacity that is used in part."""

    scenario: str
    utilisation: RangedShare


class Added(_Strict):
    """Output that the case does not know of, realised in part."""

    scenario: str
    realised: RangedShare


class CaseGrowth(_Strict):
    """Base-year output times the growth of a published case."""

    method: Literal["case_growth"]
    case: str
    added: Added | None = None


class Alternatives(_Strict):
    """Other published cases for single areas (area → scenario) at the two ends."""

    low: dict[str, str]
    high: dict[str, str]


class CaseOutput(_Strict):
    """Output of a published case by area, in part."""

    method: Literal["case_output"]
    output: str
    case: str
    part: dict[str, RangedShare] = Field(default_factory=dict)
    rest_in: str | None = None
    instead: Alternatives | None = None
    complement_of: str | None = None


class DemandRatio(_Strict):
    """Output in the regions of demand in its base-year ratio to demand."""

    method: Literal["demand_ratio"]
    follows: str


class Need(_Strict):
    """World output as needed, base-year shares, announced capacity on top."""

    method: Literal["need"]
    announced: Announced | None = None


class BaseOutput(_Strict):
    """Output of the base year."""

    method: Literal["base_output"]


class Gap(_Strict):
    """Not modelled."""

    method: Literal["gap"]
    reason: Literal["no_demand_by_place", "no_outlook"]


Method = Annotated[CaseGrowth | CaseOutput | DemandRatio | Need | BaseOutput | Gap, Field(discriminator="method")]


class CaseOfDemand(_Strict):
    """Case of the demand table, by case of the outlook."""

    central: str
    low: str
    high: str


class Application(_Strict):
    """Demand of one application: case and the part that is LFP."""

    case: CaseOfDemand
    lfp_share: RangedShare


class PackProducts(_Strict):
    """The two pack products."""

    lfp: str
    nmc: str


class OutlookDemand(_Strict):
    """Where final demand of the later year comes from."""

    products: PackProducts
    output: str
    regions: Annotated[tuple[str, ...], Field(strict=False, min_length=1)]
    applications: dict[str, Application]


class OutlookPlan(_Strict):
    """One outlook."""

    year: int
    case_base_year: int
    demand: OutlookDemand
    products: dict[Product, Method]
    others: Gap

    def method_of(self, product: str) -> CaseGrowth | CaseOutput | DemandRatio | Need | BaseOutput | Gap:
        """Method of a product; of one that is not listed, that of ``others``."""
        return self.products.get(product, self.others)


class _File(_Strict):
    outlook: OutlookPlan


def read_outlook_plan(path: Path, products: tuple[str, ...]) -> OutlookPlan:
    """The plan. Raises ``InputError`` with all problems, unknown products with the nearest word."""
    found = read_model(path, _File, "The outlook cannot be used", {PRODUCT: products})
    return found.outlook


def end_of(assumption: RangedAssumption, case: Case) -> float:
    """The value of a range in a case."""
    return {"central": assumption.value, "low": assumption.low, "high": assumption.high}[case]
