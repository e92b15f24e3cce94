"""The scores that the program knows: unit, rank, formula and source of each, and which rest on what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Metric:
    """A score the program knows: unit, whether rank 1 is the highest value (None: not ranked), and its formula."""

    name: str
    unit: str
    rank_one_is_highest: bool | None
    formula: str
    source: str


LIVE_METRICS = (
    "supply_risk_live",
    "supply_risk_change_shares",
    "supply_risk_change_governance",
    "supply_risk_change_restrictions",
    "supply_risk_source_difference",
    "top_ten_share_design",
    "top_ten_share_data",
    "rank_best_design",
    "rank_worst_design",
    "critical_share_design",
)
"""The live supply risk, what it changed by, and how firm its rank is."""

NETWORK_METRICS = (
    "import_dependence",
    "self_sufficiency",
    "sourcing_share",
    "dispatch_share",
    "sourcing_hhi",
    "n_minus_one",
    "n_minus_one_net",
    "look_through_share",
    "look_through_secondary",
    "look_through_hhi",
    "hidden_dependency",
    "pass_through",
    "value_added_share",
    "value_added_share_made",
    "stage_capacity_by_value",
    "stage_capacity_unweighted",
    "stage_capacity_of_material",
)
"""Scores of a region, which rest on the network."""

OFFICIAL_METRICS = ("supply_risk_published", "economic_importance_published")
"""Scores as printed by the Commission, by material and edition."""

STAGE_METRICS = ("stage_capacity_by_value", "stage_capacity_unweighted")
"""Scores of a stage as a whole, of no product and no material."""

OF_MATERIAL_AND_STAGE = ("stage_capacity_of_material",)
"""Scores of a material at a stage."""

BY_STAGE_METRICS = (*STAGE_METRICS, *OF_MATERIAL_AND_STAGE)
"""Scores whose stage is part of what they are of; of others it only describes the product or the material."""

MATERIAL_METRICS = (
    *OFFICIAL_METRICS,
    *LIVE_METRICS,
    *OF_MATERIAL_AND_STAGE,
)
"""Scores of a material (``material_id``) and not of a product."""

METRICS: Mapping[str, Metric] = MappingProxyType(
    {
        metric.name: metric
        for metric in (
            Metric(
                "hhi",
                "index_10000",
                True,
                "10 000·(Σ s² + Σ r·min(r, s_min))",
                "Herfindahl 1950; docs/method.md, residuals",
            ),
            Metric("effective_suppliers", "count", False, "10 000 / HHI", "Laakso and Taagepera 1979"),
            Metric("top1_share", "fraction", True, "largest s of a country", "-"),
            Metric("top3_share", "fraction", True, "sum of the three largest s of countries", "-"),
            Metric(
                "share_of_world_output", "fraction", None, "output of the country or region / output of the world", "-"
            ),
            Metric(
                "hhi_governance", "index_10", True, "Σ s²·g, g = (2.5 − WGI)/5·10", "European Commission 2017, 2023"
            ),
            Metric(
                "n_minus_one_output", "fraction", False, "(S − S₁)/D with D = S, the output of the world", "IEA, N-1"
            ),
            Metric("hhi_series", "index_10000", None, "HHI of each year of the trend editions", "as hhi"),
            Metric(
                "hhi_trend",
                "index_10000_per_year",
                None,
                "slope of hhi_series on the year, a level for each edition; Newey–West errors",
                "docs/method.md, trends",
            ),
            Metric("hhi_forecast", "index_10000", None, "last value of hhi_series", "docs/method.md, trends"),
            Metric("reserves_hhi", "index_10000", True, "HHI of the printed reserves", "as hhi"),
            Metric("reserves_top1_share", "fraction", True, "largest share of the printed reserves", "-"),
            Metric("reserves_years", "years", False, "reserves / mine output of the same file", "-"),
            Metric(
                "import_dependence",
                "fraction",
                True,
                "1 − T(region, region) / Σ T(·, region), by country of making",
                "docs/method.md, network",
            ),
            Metric("self_sufficiency", "ratio", None, "output of the region / its use", "EC action plans"),
            Metric(
                "sourcing_share", "fraction", None, "T(country, region) / Σ T(·, region)", "docs/method.md, network"
            ),
            Metric(
                "dispatch_share",
                "fraction",
                None,
                "as sourcing_share, goods as last dispatched (re-exports left in)",
                "docs/method.md, network",
            ),
            Metric(
                "sourcing_hhi",
                "index_10000",
                True,
                "10 000·Σ s² over countries of making, the region as one",
                "as hhi",
            ),
            Metric(
                "n_minus_one",
                "fraction",
                False,
                "(S − S₁)/D: supply to the region without its largest supplier from outside / its use",
                "IEA, N-1",
            ),
            Metric(
                "n_minus_one_net",
                "ratio",
                False,
                "(S − S₁)/(D − D₁): world supply and use without that supplier and its own use",
                "IEA, N-1",
            ),
            Metric(
                "look_through_share",
                "fraction",
                None,
                "u[p, country] / Σ_i u[p, i] behind the end product used in the region",
                "docs/method.md, look-through",
            ),
            Metric(
                "look_through_secondary",
                "fraction",
                None,
                "volume s that scrap or other input stands in for / (Σ_i u[p, i] + s), where a recipe knows of it",
                "docs/method.md, look-through",
            ),
            Metric("look_through_hhi", "index_10000", True, "10 000·Σ of squared look-through shares", "as hhi"),
            Metric(
                "hidden_dependency",
                "fraction_difference",
                None,
                "look_through_share / (1 − look_through_secondary) − sourcing_share",
                "docs/method.md, look-through",
            ),
            Metric(
                "pass_through",
                "fraction",
                None,
                "1 − volume left when the country makes nothing on any tier / volume",
                "docs/method.md, look-through",
            ),
            Metric(
                "value_added_share",
                "fraction",
                None,
                "Σ_p v_p·u[p, EU] / Σ_p v_p·Σ_i u[p, i], batteries used in the region",
                "docs/method.md, European value added",
            ),
            Metric(
                "stage_capacity_by_value",
                "ratio",
                None,
                "Σ min(output, use)·v / Σ use·v, strategic raw materials of the stage, v the worth of a unit in trade",
                "Regulation (EU) 2024/1252, Article 5(1)(a); docs/method.md, targets; not an official figure",
            ),
            Metric(
                "stage_capacity_unweighted",
                "fraction",
                None,
                "mean over strategic raw materials of stage_capacity_of_material; of one with a range within it",
                "Regulation (EU) 2024/1252, Article 5(1)(a); docs/method.md, targets; not an official figure",
            ),
            Metric(
                "stage_capacity_of_material",
                "fraction",
                None,
                "min(output/use, 1), mean over the material's products at the stage",
                "docs/method.md, targets",
            ),
            Metric(
                "headline_index",
                "fraction",
                None,
                "Σ w·part / Σ w over the parts and weights of models/assumptions/headline_index.yaml",
                "docs/method.md, headline index; a choice of weights, no finding",
            ),
            Metric(
                "supply_risk_published",
                "index_10",
                None,
                "as printed by the study of the edition",
                "European Commission, study of the edition; docs/method.md, criticality",
            ),
            Metric(
                "economic_importance_published",
                "index_10",
                None,
                "as printed by the study of the edition",
                "European Commission, study of the edition; docs/method.md, criticality",
            ),
            Metric(
                "supply_risk_live",
                "index_10",
                True,
                "published score · core(now)/core(study), core = HHI_world·IR/2 + HHI_EU·(1 − IR/2)",
                "docs/method.md, criticality; not a score of the Commission",
            ),
            *(
                Metric(
                    f"supply_risk_change_{cause}",
                    "index_10_difference",
                    None,
                    f"part of supply_risk_live − supply_risk_published that {cause} make (Shapley value)",
                    "docs/method.md, criticality",
                )
                for cause in ("shares", "governance", "restrictions")
            ),
            Metric(
                "supply_risk_source_difference",
                "index_10_difference",
                None,
                "published score · (core of our series in the study's years / core(study) − 1); in no other score",
                "docs/method.md, criticality",
            ),
            Metric(
                "top_ten_share_design",
                "fraction",
                None,
                "part of the designs (indicator × year of governance × import reliance × t × series) with a rank "
                "of supply_risk_live ≤ 10 among all published materials, those without one at their published score",
                "docs/method.md, criticality",
            ),
            Metric(
                "critical_share_design",
                "fraction",
                None,
                "part of the designs × thresholds with supply_risk_live and economic importance on the lines or above",
                "docs/method.md, criticality",
            ),
            Metric(
                "top_ten_share_data",
                "fraction",
                None,
                "part of the draws of shares with rank of supply_risk_live ≤ 10 among all published materials",
                "docs/method.md, criticality",
            ),
            *(
                Metric(
                    f"rank_{end}_design",
                    "count",
                    None,
                    f"{end} rank over the designs, among all published materials",
                    "docs/method.md, criticality",
                )
                for end in ("best", "worst")
            ),
            Metric(
                "value_added_share_made",
                "fraction",
                None,
                "the same for batteries made in the region",
                "docs/method.md, European value added",
            ),
            Metric(
                "import_hhi",
                "index_10000",
                None,
                "10 000·Σ s² over exporters of imports from outside the region, by value",
                "CEPII, GeoDep, criterion 1",
            ),
            Metric(
                "world_export_hhi",
                "index_10000",
                None,
                "10 000·Σ s² over exporters of world exports, by value, members of the EU apart",
                "CEPII, GeoDep, criterion 2",
            ),
            Metric(
                "imports_to_exports",
                "ratio",
                None,
                "imports from outside the region / exports to outside it, by value",
                "CEPII, GeoDep, criterion 3",
            ),
            Metric(
                "extra_eu_import_hhi",
                "index_10000",
                None,
                "10 000·Σ s² over exporters of imports from outside the EU, by value",
                "European Commission, SWD(2021) 352, indicator 1",
            ),
            Metric(
                "extra_eu_import_share",
                "fraction",
                None,
                "imports from outside the EU / all imports, those from members included, by value",
                "European Commission, SWD(2021) 352, indicator 2",
            ),
            Metric(
                "extra_eu_imports_to_exports",
                "ratio",
                None,
                "imports from outside the EU / all exports, those to members included, by value",
                "European Commission, SWD(2021) 352, indicator 3",
            ),
            Metric(
                "import_dependent_geodep",
                "flag",
                None,
                "1 when import_hhi > 4000, world_export_hhi > 4000 and imports_to_exports > 1 in two of three years",
                "CEPII, GeoDep, criterion 4",
            ),
            Metric(
                "import_dependent_core",
                "flag",
                None,
                "1 when extra_eu_import_hhi > 4000, extra_eu_import_share > 0.5 and extra_eu_imports_to_exports > 1",
                "European Commission, SWD(2021) 352",
            ),
            Metric(
                "by_product_share",
                "fraction",
                None,
                "part of world output won as a by-product: Σ of single hosts, or the share of all hosts together, once",
                "docs/method.md, by-products",
            ),
        )
    }
)
