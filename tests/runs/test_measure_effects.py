"""Headline scores and targets of the project's own network with ready measures in place, and the command."""

from __future__ import annotations

import polars as pl
import pytest

from supplyrisk.foundation.errors import InputError
from supplyrisk.mitigation.in_place import InPlace
from supplyrisk.mitigation.read import read_measures
from supplyrisk.mitigation.score_changes import ONLY_STOCKS, UNMOVED
from supplyrisk.mitigation.score_values import HEADLINE_SCORES, WORLD_SCORES
from supplyrisk.mitigation.worked_out import worked_out
from supplyrisk.network.places import EU_REGION, WORLD
from supplyrisk.runs.known_measures import workings_of
from supplyrisk.runs.measure_effects import MeasureEffects, measure_effects
from supplyrisk.runs.mitigate_command import find_measures, run_mitigation
from supplyrisk.runs.quarterly import Run
from supplyrisk.runs.won_back_run import more_won_back_of

STOCK, RECYCLED, CELLS, BLACK_MASS = (
    "stock_90_days", "battery_regulation_recycling", "eu_content_cells", "black_mass_export_ban",
)  # fmt: skip
COUNTRY_SCORES = ("sourcing_share", "look_through_share", "hidden_dependency", "pass_through")


@pytest.fixture(scope="module")
def effects(run_2026q1: Run) -> MeasureEffects:
    run = run_2026q1
    written = read_measures(find_measures(run.project, [STOCK, RECYCLED, CELLS, BLACK_MASS]), run.model.words)
    workings = workings_of(run.model, more_won_back_of(run.project, run.network, run.package))
    place = InPlace(run.model.base, worked_out(written, workings))
    words = (run.project, run.package, [EU_REGION], run.config.seed)
    return measure_effects(run.network, place, written, *words, lambda part: None)


def test_scores_before_are_those_of_the_score_table(effects: MeasureEffects, run_2026q1: Run) -> None:
    own = effects.scores.filter(pl.col("before").is_not_null() & ~pl.col("score").is_in(list(COUNTRY_SCORES)))
    scope = pl.when(pl.col("region") == WORLD).then(pl.lit("world")).otherwise(pl.col("region")).alias("scope")
    table = run_2026q1.scores.table.filter((pl.col("scenario") == "base") & pl.col("product_id").is_not_null())
    whole = run_2026q1.scores.table.filter(
        (pl.col("metric") == "value_added_share") & (pl.col("scenario") == "base") & pl.col("stage").is_null()
    )
    table = pl.concat([table, whole]).select("metric", "scope", "product_id", "end_product", "value")
    found = own.with_columns(scope).join(
        table, left_on=["score", "scope", "product_id", "end_product"],
        right_on=["metric", "scope", "product_id", "end_product"], how="inner", nulls_equal=True,
    )  # fmt: skip
    assert found.height == own.height > 50
    assert set(own["score"]) > {"value_added_share", "headline_index", "look_through_hhi", *WORLD_SCORES}
    assert (found["before"] - found["value"]).abs().max() == pytest.approx(0.0, abs=1e-9)


def test_changes_add_up_and_lie_in_their_ranges(effects: MeasureEffects) -> None:
    known = effects.scores.filter(pl.col("change").is_not_null())
    assert (known["before"] + known["change"] - known["after"]).abs().max() == pytest.approx(0.0, abs=1e-9)
    ranged = known.filter(pl.col("low").is_not_null())
    assert ranged.filter((pl.col("low") > pl.col("change")) | (pl.col("change") > pl.col("high"))).is_empty()
    assert set(known.filter(pl.col("low").is_null())["score"]) <= {"self_sufficiency", "n_minus_one_net"}
    assert set(effects.scores["score"]) == set(HEADLINE_SCORES)
    # A tenth and more of lithium from scrap makes that much less of it imported.
    row = known.filter(
        (pl.col("measure") == RECYCLED)
        & (pl.col("score") == "import_dependence")
        & (pl.col("product_id") == "lithium_chemicals")
    ).row(0, named=True)
    assert row["change"] == pytest.approx(-0.12 * row["before"], abs=1e-6)


def test_a_stock_moves_no_score_and_every_score_is_accounted_for(effects: MeasureEffects) -> None:
    stock = effects.scores.filter(pl.col("measure") == STOCK)
    assert stock["change"].null_count() == stock.height
    assert not set(stock["reason"]) & (set(UNMOVED) - {ONLY_STOCKS})
    counts = effects.scores.group_by("measure", "region", "score").agg(pl.col("scores").sum())
    for (region, score), own in counts.group_by("region", "score"):
        assert own["scores"].n_unique() == 1 or score in COUNTRY_SCORES, (region, score)


def test_targets_before_are_those_of_the_targets_and_recycling_brings_content_nearer(effects: MeasureEffects) -> None:
    found = {(row["measure"], row["target_id"]): row for row in effects.compliance.iter_rows(named=True)}
    value = found[CELLS, "auto_action_plan_value_added_2030"]
    assert value["after"] > value["before"]
    assert (value["verdict_before"], value["verdict_after"]) == ("not_met", "not_met")
    for metal in ("cobalt", "nickel", "lithium"):
        row = found[BLACK_MASS, f"battreg_recycled_content_{metal}_2031"]
        assert row["after"] > row["before"] > 0.0
        assert row["low_after"] <= row["after"] <= row["high_after"]
    stated = found[RECYCLED, "battreg_recycled_content_lithium_2036"]
    assert (stated["after"], stated["verdict_after"]) == (pytest.approx(12.0), "met")
    rate = found[RECYCLED, "crma_recycling_2030"]
    assert rate["after"] > rate["before"]
    stock = effects.compliance.filter(pl.col("measure") == STOCK)
    assert (stock["before"].drop_nulls() == stock["after"].drop_nulls()).all()
    assert stock["verdict_before"].to_list() == stock["verdict_after"].to_list()


def test_the_command_refuses_words_that_are_no_score_or_view() -> None:
    def ask(view: str, scores: list[str], names: list[str] | None = None) -> None:
        words = (names or [], view, [EU_REGION], 20, None, None, "2026Q1", None, lambda text: None)
        run_mitigation(None, *words, scores)

    with pytest.raises(InputError) as caught:
        ask("headline-scores", ["import_dependance", "hhi", "sorcing_hhi"])
    assert "'import_dependance' is not a headline score. Did you mean 'import_dependence'?" in str(caught.value)
    assert "'sorcing_hhi' is not a headline score. Did you mean 'sourcing_hhi'?" in str(caught.value)
    with pytest.raises(InputError, match="--score picks rows of --view headline-scores; --view pairs has no scores"):
        ask("pairs", ["hhi"])
    with pytest.raises(
        InputError, match=r"'headline-score' is not a view of measures\. Did you mean 'headline-scores'"
    ):
        ask("headline-score", [])
    with pytest.raises(InputError, match=r"'stock_90_day' is neither a file nor one of models/measures\. Did you mean"):
        ask("compliance", [], ["stock_90_day"])
