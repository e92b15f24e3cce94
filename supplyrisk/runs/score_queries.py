"""What the commands that look at scores ask for: scores filtered, one score explained with its rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from supplyrisk.foundation.errors import InputError
from supplyrisk.foundation.nearest import did_you_mean
from supplyrisk.runs.asked_scores import HEADLINE_INDEX, NETWORK, asked_scores, with_parts
from supplyrisk.runs.asked_words import check_words
from supplyrisk.runs.assumptions import read_thresholds
from supplyrisk.runs.headline import index_parts, read_weights
from supplyrisk.runs.opening import chain_of, open_package
from supplyrisk.runs.project_scores import network_of, score_project, tables_of
from supplyrisk.runs.without_rows import asked_of_materials, without_rows
from supplyrisk.scores.by_product import hosts_of
from supplyrisk.scores.explain import recompute
from supplyrisk.scores.metrics import LIVE_METRICS, MATERIAL_METRICS, METRICS, OF_MATERIAL_AND_STAGE, STAGE_METRICS
from supplyrisk.tables.package import DataPackage

_INPUT_TABLES = (
    "production",
    "world_output",
    "reserves",
    "governance",
    "demand",
    "value_added",
    "eu_assessment",
    "eu_imports",
    "eu_sourcing",
    "export_restrictions",
    "trade",
    "by_products",
    "by_products_materials",
)


@dataclass(frozen=True)
class FoundScores:
    """Scores of a project as known on a day, with the package they come from.

    ``index_parts``: scores that have a weight in the headline index.
    """

    table: pl.DataFrame
    package: DataPackage
    single_country_limit: float
    index_parts: tuple[str, ...]

    def filter(
        self,
        metrics: Sequence[str],
        products: Sequence[str],
        stages: Sequence[str],
        countries: Sequence[str],
        materials: Sequence[str] = (),
    ) -> pl.DataFrame:
        """Scores that match, with the headline index its parts; an empty list lets all through.

        Raises ``InputError`` for a word that no score has.
        """
        asked = self._asked(metrics, products, stages, countries, materials)
        known = self.table["stage"].drop_nulls().unique().to_list()
        for stage in stages:
            if stage not in known:
                raise InputError(f"'{stage}' is not a stage. {did_you_mean(stage, known)}")
        wanted = asked | {"metric": with_parts(metrics, self.index_parts)}
        rows = self.table
        for column, values in wanted.items():
            if values:
                rows = rows.filter(pl.col(column).is_in(list(values)))
        return rows

    def without_rows(
        self,
        metrics: Sequence[str],
        products: Sequence[str],
        stages: Sequence[str],
        countries: Sequence[str],
        materials: Sequence[str] = (),
    ) -> list[str]:
        """For each of ``metrics`` that ``filter`` leaves no row of: why, and the nearest question that has some."""
        asked = self._asked(metrics, products, stages, countries, materials)
        return without_rows(self.table, self.package.table("products"), asked)

    def _asked(
        self,
        metrics: Sequence[str],
        products: Sequence[str],
        stages: Sequence[str],
        countries: Sequence[str],
        materials: Sequence[str],
    ) -> dict[str, Sequence[str]]:
        """Words asked for by column of the score table, countries as codes."""
        codes = check_words(self.package, metrics, products, countries, materials)
        return {
            "metric": metrics,
            "product_id": products,
            "material_id": materials,
            "stage": stages,
            "country": codes,
        }


@dataclass(frozen=True)
class ExplainedScore:
    """A score, its formula, the rows it rests on by table, and its value recomputed from them."""

    score: pl.DataFrame
    formula: str
    source: str
    rows: Mapping[str, pl.DataFrame]
    recomputed: float | None

    def lines(self) -> list[str]:
        """The explanation in words."""
        row = self.score.row(0, named=True)
        place = f", {row['country']}" if row["country"] else ""
        scope = "" if row["scope"] == "world" else f" in {row['scope']}"
        behind = f" behind {row['end_product']}" if row["end_product"] else ""
        subject = row["material_id"] or row["product_id"] or row["stage"] or "all stages"
        stage = f" at {row['stage']}" if row["metric"] in OF_MATERIAL_AND_STAGE else ""
        edition = f"edition {row['edition']}" if row["edition"] else None
        figures = ", ".join(str(part) for part in (row["year"], edition) if part is not None)
        head = f"{row['metric']} of {subject}{stage}{place}{behind}{scope}" + (f" ({figures})" if figures else "")
        if row["value"] is None and row["low"] is None:
            return [f"{head}: missing ({row['missing_reason']})", self._why(str(row["missing_reason"]))]
        if row["value"] is None:
            ends = f"between {row['low']:.6g} and {row['high']:.6g} {row['unit']}"
            told = [f"{head}: no value ({row['missing_reason']}), {ends}", self._why(str(row["missing_reason"]))]
            return [*told, f"formula: {self.formula}", f"method: {self.source}", self._how(str(row["metric"]))]
        low = "no lower end" if row["low"] is None else f"low {row['low']:.6g}"
        ends = f"{low}, " + (f"high {row['high']:.6g}" if row["high"] is not None else "no upper end")
        return [
            f"{head}: {row['value']:.6g} {row['unit']} ({ends}; {row['interval_kind']}; grade {row['quality']})",
            *self._covered(row),
            f"formula: {self.formula}",
            f"method: {self.source}",
            *([f"won with: {', '.join(hosts_of(self.rows['by_products']))}"] if "by_products" in self.rows else []),
            self._how(str(row["metric"])),
        ]

    @staticmethod
    def _why(reason: str) -> str:
        """The reason in the words of the reports."""
        from supplyrisk.report.wording import read_catalogue

        return f"why: {read_catalogue('en')['reasons'][reason]}"

    @staticmethod
    def _covered(row: Mapping[str, Any]) -> list[str]:
        if row["materials_concerned"] is None:
            return []
        return [f"materials with a figure: {row['materials_covered']} of {row['materials_concerned']}"]

    def _how(self, metric: str) -> str:
        if self.recomputed is not None:
            return f"recomputed from the rows below: {self.recomputed:.6g}"
        if metric in LIVE_METRICS:
            return "put together from the rows below with models/assumptions/live_supply_risk.yaml"
        return "it rests on the network as a whole: `supplyrisk graph` shows the lanes"


def scores_of(
    folder: Path | None,
    quarter: str | None,
    as_of: str | None,
    metrics: Sequence[str] = (),
    products: Sequence[str] = (),
    countries: Sequence[str] = (),
    materials: Sequence[str] = (),
    weights: Sequence[str] = (),
) -> FoundScores:
    """Scores of a project; only groups of scores that hold one of ``metrics`` (none: all) are worked out.

    ``weights``: of the parts of the headline index, written part=number. Words that the scores will be asked for are
    checked before anything is worked out.
    """
    read = tables_of(asked_scores(metrics, products, materials, ()))
    project, config, package = open_package(folder, quarter, as_of, read)
    check_words(package, metrics, products, countries, materials)
    wrong = asked_of_materials(metrics, materials, package.table("products"))
    if wrong:
        raise InputError("\n".join(wrong))
    own = read_weights(weights, [part.metric for part in index_parts(project)]) if weights else None
    parts = tuple(part.metric for part in index_parts(project, own) if part.weight > 0.0)
    asked = asked_scores(metrics, products, materials, parts)
    network = None
    if asked.includes(NETWORK | HEADLINE_INDEX):
        chain = chain_of(project, package)
        network = network_of(project, config, package, asked.needs_outlook(chain))
    limit = read_thresholds(project.models / "assumptions" / "thresholds.yaml")["single_country_share"]
    return FoundScores(score_project(project, config, package, network, asked, own).table, package, limit, parts)


def explain_score(
    found: FoundScores,
    metric: str,
    product: str,
    country: str | None,
    year: int | None,
    scope: str | None = None,
    end_product: str | None = None,
    stage: str | None = None,
) -> ExplainedScore:
    """One score with its rows. Raises ``InputError`` when none or several match, naming the choices.

    ``product``: a material where the score is one of materials, a stage where it is one of a stage as a whole;
    ``scope``: the region a score holds for, as EU27; ``end_product``: what it is behind, as battery; ``stage``: of
    scores that a material has at several stages.
    """
    kind = "material" if metric in MATERIAL_METRICS else "stage" if metric in STAGE_METRICS else "product"
    if kind == "stage" and stage not in (None, product):
        raise InputError(
            f"{metric} is of a stage as a whole: {product} and --stage {stage} are two. Leave out --stage."
        )
    named = {one: [product] if one == kind else [] for one in ("product", "material")}
    stages = [product] if kind == "stage" else [stage] if stage else []
    rows = found.filter([metric], named["product"], stages, [country] if country else [], named["material"])
    if year is not None:
        rows = rows.filter(pl.col("year") == year)
    if scope is not None:
        rows = rows.filter(pl.col("scope") == found.package.country_names().resolve(scope))
    if end_product is not None:
        rows = rows.filter(pl.col("end_product") == end_product)
    if rows.is_empty():
        raise InputError(
            f"There is no {metric} of {product} for what was asked. "
            f"`supplyrisk score --{kind} {product}` lists its scores."
        )
    if rows.height > 1:
        differ = [name for name in ("stage", "country", "year", "scope", "end_product") if rows[name].n_unique() > 1]
        found_values = rows.select(differ).unique(maintain_order=True).head(12).iter_rows()
        choices = "; ".join(", ".join("none" if value is None else str(value) for value in row) for row in found_values)
        options = " or ".join(f"--{name.replace('_', '-')}" for name in differ)
        raise InputError(
            f"{metric} of {product} has {rows.height} values; give {options}. {', '.join(differ)}: {choices}."
        )
    row = rows.row(0, named=True)
    inputs = rows_by_id(found.package, row["input_row_ids"])
    value = None if row["value"] is None else recompute(row, inputs, found.package.frames["countries"])
    return ExplainedScore(rows, METRICS[metric].formula, METRICS[metric].source, inputs, value)


def rows_by_id(package: DataPackage, row_ids: Sequence[str]) -> dict[str, pl.DataFrame]:
    """Rows of the package by table, in the order of ``row_ids``."""
    wanted = pl.DataFrame({"row_id": list(row_ids)}, schema={"row_id": pl.String})

    def look_in(names: Collection[str]) -> dict[str, pl.DataFrame]:
        found = {
            name: wanted.join(package.frames[name], on="row_id", maintain_order="left")
            for name in _INPUT_TABLES
            if name in names and name in package.frames
        }
        return {name: rows for name, rows in found.items() if rows.height}

    # Ids begin with the name of their table; an overlay may name its rows as it likes.
    found = look_in({row_id.partition(".")[0] for row_id in row_ids})
    return found if sum(rows.height for rows in found.values()) >= len(row_ids) else look_in(_INPUT_TABLES)
