"""What a measure file may say (models/measures/*.yaml)."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from supplyrisk.disruption.assumptions import ShareAssumption, SourcedAssumption, within
from supplyrisk.foundation.words import AnyNumber, Country, DemandPathName, Product, Words
from supplyrisk.mitigation.demand_paths import Application
from supplyrisk.network.places import EU_REGION
from supplyrisk.scenario.specification import Basis, Title

Eur = Annotated[SourcedAssumption, within(0.0, float("inf"))]
Share = Annotated[float, Field(gt=0.0, le=1.0)]
LEAST_CHANGE, MOST_CHANGE = -0.95, 5.0
MOST_SCRAP = 0.9
RecycledGoods = Literal["batteries", "magnets"]
ScrapMetal = Literal["steel", "aluminium", "copper", "zinc", "nickel"]
"""Base metals whose scrap can be worked out (models/assumptions/base_metal_scrap.yaml)."""
RecyclingNumber = Literal["collected_share", "exported_share", "kept_by_treatment", "scrap_share"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True)


class Cost(_Strict):
    """What a measure costs: to set up, over so many years of life, every year, and on what moves.

    ``premium_share``: what the new suppliers (or the new product) ask more, as a part of the worth of what moves; below
    zero they ask less. ``price_reduction_share``: what sellers ask less for all that is bought together. ``prices``:
    EUR per unit; they go before those of models/assumptions/measures.yaml and the worth that the chain gives.
    """

    capex_eur: Eur | None = None
    lifetime_years: Annotated[float, Field(gt=0.0, le=60.0)] | None = None
    opex_eur_per_year: Eur | None = None
    premium_share: Annotated[SourcedAssumption, within(-0.9, 5.0)] | None = None
    price_reduction_share: Annotated[SourcedAssumption, within(0.0, 0.9)] | None = None
    prices: dict[Product, Eur] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _life_of_capital(self) -> Cost:
        if (self.capex_eur is None) != (self.lifetime_years is None):
            raise ValueError("capex_eur and lifetime_years belong together: capital is spread over its life")
        return self


class _Change(_Strict):
    region: Annotated[Country, Field(description="Whose purchases or use it changes: EU27 or a country.")]


class Stockpile(_Change):
    """A public stock of a product, in the form the product has, given out when deliveries fall short."""

    kind: Literal["stockpile"]
    products: Words[Product]
    days: Annotated[float, Field(gt=0.0, le=1080.0, description="Days of the region's normal use.")]
    release_months: Annotated[
        float, Field(ge=0.5, le=36.0, description="Months over which it can be given out as a whole.")
    ]
    refill_months: Annotated[
        float | None,
        Field(
            ge=1.0,
            le=240.0,
            description="Months over which an empty stock is bought back in calm times; without it, it stays empty.",
        ),
    ] = None


class Diversification(_Change):
    """Purchases move from some countries to the other suppliers, or to those named (EU27 for European makers)."""

    kind: Literal["diversification"]
    products: Words[Product]
    away_from: Words[Country]
    share: Annotated[Share | None, Field(description="Part of purchases from these countries that moves.")] = None
    quantity_per_year: Annotated[
        float | None, Field(gt=0.0, description="Units a year of all products together that move, instead of a share.")
    ] = None
    to: Annotated[AnyNumber[Country], Field(description="Countries it moves to; empty for all others.")] = ()

    @model_validator(mode="after")
    def _somewhere_else(self) -> Diversification:
        if both := sorted(set(self.away_from) & set(self.to)):
            raise ValueError(f"it moves away from and to the same country: {', '.join(both)}")
        if (self.share is None) == (self.quantity_per_year is None):
            raise ValueError("say either share or quantity_per_year")
        return self


class JointPurchasing(_Change):
    """Buyers of the EU buy a part of what comes from outside it together: one mix of suppliers, shared by use.

    Whoever bought from one supplier alone gets the common mix, so that a break falls on all of them less and on none of
    them whole. ``most_from_one`` keeps the joint contract from hanging on one country.
    """

    kind: Literal["joint_purchasing"]
    products: Words[Product]
    share: Annotated[Share, Field(description="Part of purchases from outside the EU that is bought together.")]
    most_from_one: Annotated[
        Share | None, Field(description="Largest part of it that one country may supply; the others supply the rest.")
    ] = None

    @model_validator(mode="after")
    def _of_the_union(self) -> JointPurchasing:
        if self.region != EU_REGION:
            raise ValueError(f"region: buying together is modelled for {EU_REGION} alone")
        return self


class Retaliation(_Strict):
    """What a country whose makers lose sales may do: it restricts its exports to the region, once in a run."""

    by: Words[Country]
    products: Words[Product]
    probability: Annotated[ShareAssumption, Field(description="That it comes within a run of the simulation.")]
    share: Annotated[ShareAssumption, Field(description="Part of usual deliveries that does not pass.")]
    months: Annotated[int, Field(ge=1, le=36, description="Months that it lasts.")]


class EuContentRequirement(_Change):
    """A least share of European content in what a region buys: purchases move to European makers as far as they can.

    They can as far as idle capacity goes; nobody builds because of it (for makers that grow: ``diversification``).
    """

    kind: Literal["eu_content_requirement"]
    products: Words[Product]
    least_share: Annotated[Share, Field(description="Least part of the region's purchases made in the EU.")]
    idle_share: Annotated[
        SourcedAssumption,
        within(0.0, 5.0),
        Field(
            description="What European makers could make more, as a part of what they make; varies with spare_share."
        ),
    ]
    retaliation: Retaliation | None = None


class Substitution(_Change):
    """Final use moves from one product to another, in equal units."""

    kind: Literal["substitution"]
    from_product: Product
    to_product: Product
    share: Annotated[Share, Field(description="Part of the use of the first that moves.")]


class Demand(_Change):
    """Final use grows or shrinks."""

    kind: Literal["demand"]
    products: Words[Product]
    change_share: Annotated[float, Field(ge=LEAST_CHANGE, le=MOST_CHANGE, description="Of all final use.")]
    applications: Annotated[
        AnyNumber[Application],
        Field(description="Whose use it is; empty for all. Of one use, two measures must not go opposite ways."),
    ] = ()
    replaced_by: Annotated[
        Title | None,
        Field(
            description="Goods outside the network that take over the use that goes: what is avoided is then the most "
            "that it can be, and the measure stands alone."
        ),
    ] = None

    @model_validator(mode="after")
    def _something_goes(self) -> Demand:
        if self.replaced_by is not None and self.change_share >= 0.0:
            raise ValueError("replaced_by: nothing is replaced where use grows")
        return self


class DemandPath(_Change):
    """Final use of batteries as on a path of models/assumptions/demand_paths.yaml: over the central path − 1."""

    kind: Literal["demand_path"]
    path: Annotated[DemandPathName, Field(description="Name of the path.")]
    year: Annotated[int, Field(ge=2024, le=2050, description="Year of both paths.")]


class SecondarySupply(_Change):
    """Metal from scrap takes the place of purchases in the EU: it goes on when mines and refineries stop."""

    kind: Literal["secondary_supply"]
    shares: Annotated[
        dict[Product, Share], Field(min_length=1, description="Part of the region's purchases, by product.")
    ]

    @model_validator(mode="after")
    def _of_the_union(self) -> SecondarySupply:
        if self.region != EU_REGION:
            raise ValueError(f"region: makers from scrap are modelled for {EU_REGION} alone")
        return self


class IntegratedSupply(_Change):
    """New makers in a member state, with a mine of their own, take the place of the region's purchases.

    They need nothing from the chain: events elsewhere pass them by, those that hit the product in that country do not.
    """

    kind: Literal["integrated_supply"]
    place: Annotated[Country, Field(description="Member state of the EU that they stand in.")]
    quantities_per_year: Annotated[
        dict[Product, Annotated[float, Field(gt=0.0)]],
        Field(min_length=1, description="Units a year that they make for the region, by product."),
    ]

    @model_validator(mode="after")
    def _of_the_union(self) -> IntegratedSupply:
        if self.region != EU_REGION:
            raise ValueError(f"region: new makers are modelled for {EU_REGION} alone")
        return self


class Recycling(_Change):
    """More metal won back than is expected: what changes in the assumptions of batteries, magnets or a base metal.

    What comes on top of the expected share of that year counts as secondary supply; of a base metal the tonnes, as a
    part of what the EU buys in the base year.
    """

    kind: Literal["recycling"]
    goods: Annotated[RecycledGoods | ScrapMetal, Field(description="What comes back; a base metal: its scrap.")] = (
        "batteries"
    )
    year: Annotated[int, Field(ge=2027, le=2040)]
    numbers: Annotated[
        dict[RecyclingNumber, Annotated[float, Field(ge=0.0, le=1.0)]],
        Field(min_length=1, description="Numbers that the measure sets, by their name."),
    ]
    capacity: Annotated[
        Literal["as_expected", "enough"],
        Field(
            description="Of recyclers of batteries: as expected, or enough for all that stays, as part of the measure."
        ),
    ] = "as_expected"

    @model_validator(mode="after")
    def _of_the_union(self) -> Recycling:
        if self.region != EU_REGION:
            raise ValueError(f"region: recycling is worked out for {EU_REGION} alone")
        if self.goods != "batteries" and self.capacity != "as_expected":
            raise ValueError(f"capacity: recyclers of {self.goods} have no limit that could be lifted")
        if self.goods not in get_args(RecycledGoods) and "scrap_share" in self.numbers:
            raise ValueError(f"numbers: scrap_share is of batteries and magnets, not of {self.goods}")
        return self

    @field_validator("numbers")
    @classmethod
    def _something_is_made(cls, numbers: dict[RecyclingNumber, float]) -> dict[RecyclingNumber, float]:
        if numbers.get("scrap_share", 0.0) > MOST_SCRAP:
            raise ValueError(f"scrap_share: {numbers['scrap_share']:g} is more than {MOST_SCRAP:g} of what is started")
        return numbers

    @property
    def set_numbers(self) -> dict[str, SourcedAssumption]:
        """The numbers that it sets, each without a range."""
        return {
            name: SourcedAssumption(value=value, low=value, high=value, basis="assumed", reason="set by the measure")
            for name, value in self.numbers.items()
        }


ChangeSpecification = Annotated[
    Stockpile
    | Diversification
    | JointPurchasing
    | EuContentRequirement
    | Substitution
    | Demand
    | DemandPath
    | SecondarySupply
    | IntegratedSupply
    | Recycling,
    Field(discriminator="kind"),
]


def _moves(change: ChangeSpecification) -> bool:
    """Whether what a change moves can cost a premium."""
    if isinstance(change, JointPurchasing):
        return change.most_from_one is not None
    return isinstance(
        change,
        Diversification | EuContentRequirement | Substitution | SecondarySupply | IntegratedSupply | Recycling,
    )


class MeasureFile(_Strict):
    """One measure."""

    title: Title
    summary: Title
    lead_months: Annotated[int, Field(ge=0, le=240, description="Months from decision until it works in full.")]
    ramp_months: Annotated[int, Field(ge=0, le=240, description="Of these, months in which it grows.")] = 0
    start_month: Annotated[int, Field(ge=1, le=240, description="Month of a run in which it is decided [1].")] = 1
    rests_on: Basis
    cost: Annotated[
        Cost | None, Field(description="Without it the cost is not known; of stocks the carrying cost is worked out.")
    ] = None
    changes: Words[ChangeSpecification]

    @model_validator(mode="after")
    def _premium_of_what_moves(self) -> MeasureFile:
        cost = self.cost or Cost()
        if cost.premium_share is not None and not any(_moves(change) for change in self.changes):
            raise ValueError("cost.premium_share: nothing moves that could cost a premium")
        together = any(isinstance(change, JointPurchasing) for change in self.changes)
        if cost.price_reduction_share is not None and not together:
            raise ValueError("cost.price_reduction_share: nothing is bought together that could cost less")
        return self

    @field_validator("ramp_months")
    @classmethod
    def _ramp_within_lead(cls, months: int, info: ValidationInfo) -> int:
        lead = info.data.get("lead_months")
        if lead is not None and months > lead:
            raise ValueError(f"{months} is longer than lead_months {lead}: it would work before its start")
        return months
