"""What a scenario file may say (models/scenarios/*.yaml); the JSON Schema for editors is made from these models."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from supplyrisk.foundation.words import (
    AnyNumber,
    Country,
    DemandPathName,
    Hazard,
    ParameterName,
    Product,
    RowId,
    Words,
    WordsOrAll,
)

MOST_MONTHS = 120
MOST_GROWTH = 2.0

Share = Annotated[float, Field(ge=0.0, le=1.0)]
Month = Annotated[int, Field(ge=1, le=MOST_MONTHS)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True)


class Title(_Strict):
    """A text in the two languages of the reports."""

    en: str
    nl: str


class Basis(_Strict):
    """What a shock rests on: rows of the data package, a reason, or both."""

    rows: Annotated[AnyNumber[RowId], Field(description="Ids of rows of the data package.")] = ()
    reason: Annotated[str, Field(description="Why these numbers, where no row gives them.")] = ""

    @model_validator(mode="after")
    def _something(self) -> Basis:
        if not self.rows and not self.reason:
            raise ValueError("rests_on needs rows of the data package or a reason")
        return self


class _Shock(_Strict):
    start_month: Annotated[Month, Field(description="First month in force; 1 is the first month of the run.")]
    months: Annotated[Month, Field(description="Number of months in force.")]
    recovery_months: Annotated[
        int, Field(ge=0, le=MOST_MONTHS, description="Months over which it fades afterwards, in equal steps.")
    ] = 0
    rests_on: Basis
    replaces: Annotated[bool, Field(description="Takes the place of the shock of this name in a parent.")] = False


class OutputLoss(_Shock):
    """Makers lose part of their capacity: accident, strike, disaster, war, energy, bankruptcy."""

    kind: Literal["output_loss"]
    products: WordsOrAll[Product]
    countries: Annotated[WordsOrAll[Country], Field(description="Where they make it; EU27 for all member states.")]
    share: Annotated[Share, Field(description="Part of capacity lost.")]


class HazardLoss(_Shock):
    """A hazard of a class hits a country: makers of every product that such events have hit lose capacity."""

    kind: Literal["hazard"]
    hazard: Annotated[Hazard, Field(description="Class of hazard, as in data/events.csv.")]
    countries: WordsOrAll[Country]
    share: Annotated[Share, Field(description="Part of capacity lost.")]


class ExportRestriction(_Shock):
    """Less may leave: ban, quota, licence. Lanes to other countries stay open."""

    kind: Literal["export_restriction"]
    products: WordsOrAll[Product]
    from_: Annotated[WordsOrAll[Country], Field(alias="from", description="Exporting countries.")]
    to: Annotated[WordsOrAll[Country], Field(description="Countries it is aimed at; all for every other country.")]
    except_to: Annotated[AnyNumber[Country], Field(description="Countries spared.")] = ()
    share: Annotated[Share, Field(description="Part of usual deliveries that no longer passes.")]


class LaneClosure(_Shock):
    """A way is closed: deliveries between two groups of countries, in both directions."""

    kind: Literal["lane_closure"]
    products: WordsOrAll[Product]
    between: Words[Country]
    and_: Annotated[Words[Country], Field(alias="and")]
    share: Annotated[Share, Field(description="Part of usual deliveries that no longer passes.")]


class TechnologyControl(_Shock):
    """Makers can bring in idle capacity less quickly, because equipment or know-how is withheld."""

    kind: Literal["technology_control"]
    products: WordsOrAll[Product]
    countries: Annotated[WordsOrAll[Country], Field(description="Countries that are kept from ramping.")]
    except_countries: AnyNumber[Country] = ()
    slows_share: Annotated[Share, Field(description="Part of the usual speed of ramping that is lost; 1 stops it.")]


class Demand(_Shock):
    """Final demand (and uses outside the chain) grows or shrinks."""

    kind: Literal["demand"]
    products: WordsOrAll[Product]
    countries: WordsOrAll[Country]
    change_share: Annotated[
        float, Field(ge=-1.0, le=MOST_GROWTH, description="0.2 is a fifth more, -0.2 a fifth less.")
    ]


class DemandPath(_Shock):
    """Final demand for batteries as on a path of models/assumptions/demand_paths.yaml: over the central path − 1."""

    kind: Literal["demand_path"]
    region: Annotated[Country, Field(description="Whose use it is: EU27 or NLD.")]
    path: Annotated[DemandPathName, Field(description="Name of the path.")]
    year: Annotated[int, Field(ge=2024, le=2050, description="Year of both paths.")]


class Tariff(_Shock):
    """Buyers turn away from what a tariff makes dearer: weight × (1 + rate)^(−elasticity)."""

    kind: Literal["tariff"]
    products: WordsOrAll[Product]
    from_: Annotated[WordsOrAll[Country], Field(alias="from")]
    to: Words[Country]
    rate_share: Annotated[float, Field(gt=0.0, le=10.0, description="0.25 is a tariff of 25 %.")]
    elasticity: Annotated[float, Field(gt=0.0, le=20.0, description="How strongly buyers change supplier.")]


ShockSpecification = Annotated[
    OutputLoss | HazardLoss | ExportRestriction | LaneClosure | TechnologyControl | Demand | DemandPath | Tariff,
    Field(discriminator="kind"),
]


class ScenarioFile(_Strict):
    """One scenario file."""

    title: Title
    summary: Title
    extends: Annotated[
        AnyNumber[str],
        Field(description="Scenarios of the same folder that this one adds to, without .yaml."),
    ] = ()
    replay: Annotated[
        bool, Field(description="Repeats the past to check the model; briefs do not tell it as what may come [false].")
    ] = False
    base_year: Annotated[Literal[2024, 2030] | None, Field(description="Year of the network [2024].")] = None
    horizon_months: Annotated[int | None, Field(ge=6, le=MOST_MONTHS, description="Length of the run [36].")] = None
    allocation: Annotated[
        Literal["proportional", "home_first", "price"] | None, Field(description="Whom a short maker serves first.")
    ] = None
    bids: Annotated[
        dict[Country, Annotated[float, Field(gt=0.0, le=10.0)]],
        Field(description="With allocation: price, what buyers of a country offer; 1.2 is a fifth above the rest."),
    ] = Field(default_factory=dict)
    running_measures: Annotated[
        bool | None,
        Field(description="Also put in force the export restrictions that started after the base year [false]."),
    ] = None
    assumptions: Annotated[
        dict[ParameterName, float],
        Field(description="Parameters of models/assumptions/disruption.yaml set to one number."),
    ] = Field(default_factory=dict)
    drop: Annotated[AnyNumber[str], Field(description="Shocks of the parents that are left out.")] = ()
    shocks: dict[str, ShockSpecification] = Field(default_factory=dict)
