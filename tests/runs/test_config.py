"""The config of a run: strict, with the line of every problem."""

from __future__ import annotations

from pathlib import Path

import pytest

from supplyrisk.foundation.errors import InputError
from supplyrisk.runs.config import Config, read_config

WHOLE = """\
quarter: 2026Q1
as_of: null
language: en
focus: [EU27, NLD]
seed: 1
draws: 1000
exclude_sources: []
overlay: null
report:
  ranked_products: 25
  trend_products: [cobalt_mine]
"""


@pytest.fixture
def config_file(tmp_path: Path) -> Path:
    """A sound config of its own."""
    path = tmp_path / "config.yaml"
    path.write_text(WHOLE, encoding="utf-8")
    return path


def changed(path: Path, *changes: tuple[str, str]) -> Path:
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    return path


def test_sound_config_is_read(config_file: Path) -> None:
    config = read_config(config_file)
    assert (config.quarter, config.focus, config.seed, config.as_of) == ("2026Q1", ("EU27", "NLD"), 1, None)
    assert (config.report.ranked_products, config.report.trend_products) == (25, ("cobalt_mine",))


def test_only_quarter_focus_and_seed_must_be_given(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("quarter: 2026Q1\nfocus: [NLD]\nseed: 0\n", encoding="utf-8")
    config = read_config(path)
    assert (config.language, config.draws, config.exclude_sources, config.reports) == ("en", 1000, (), "reports")


def test_shipped_config_is_sound(config: Config) -> None:
    assert config.focus == ("EU27", "NLD")


def test_unknown_key_is_shown_with_line_and_nearest_word(config_file: Path) -> None:
    changed(config_file, ("language: en", "langauge: en"))
    with pytest.raises(
        InputError, match=r"config\.yaml, line 3, langauge: 'langauge' is not a key here\. Did you mean 'language'\?"
    ):
        read_config(config_file)


def test_unknown_key_inside_report_is_shown_with_its_path(config_file: Path) -> None:
    changed(config_file, ("ranked_products", "ranked_product"))
    with pytest.raises(InputError, match=r"line 10, report\.ranked_product: .*Did you mean 'ranked_products'\?"):
        read_config(config_file)


@pytest.mark.parametrize(
    ("draws", "message"),
    [("99", "99 is below the minimum of 100"), ("20001", "20001 is above the maximum of 20000")],
)
def test_draws_out_of_range_are_shown_with_line_and_bound(config_file: Path, draws: str, message: str) -> None:
    changed(config_file, ("draws: 1000", f"draws: {draws}"))
    with pytest.raises(InputError, match=rf"config\.yaml, line 6, draws: {message}"):
        read_config(config_file)


@pytest.mark.parametrize("draws", ["100", "20000"])
def test_draws_at_a_bound_are_allowed(config_file: Path, draws: str) -> None:
    assert read_config(changed(config_file, ("draws: 1000", f"draws: {draws}"))).draws == int(draws)


def test_unknown_language_is_shown_with_line_and_nearest_word(config_file: Path) -> None:
    changed(config_file, ("language: en", "language: nn"))
    with pytest.raises(InputError, match=r"line 3, language: 'nn' is not allowed\. (Did you mean|Known: both, en, nl)"):
        read_config(config_file)


def test_quarter_and_day_are_told_with_all_other_problems(config_file: Path) -> None:
    changed(config_file, ("quarter: 2026Q1", "quarter: 2026Q7"), ("as_of: null", "as_of: soon"), ("seed: 1", "sed: 1"))
    with pytest.raises(InputError) as raised:
        read_config(config_file)
    told = str(raised.value)
    assert "line 1, quarter: '2026Q7' is not a quarter. Write the year and Q1, Q2, Q3 or Q4" in told
    assert "line 2, as_of: 'soon' is not a day. Write it as 2026-03-31." in told
    assert "'sed' is not a key here. Did you mean 'seed'?" in told


def test_missing_key_is_named(config_file: Path) -> None:
    changed(config_file, ("seed: 1\n", ""))
    with pytest.raises(InputError, match=r"the key 'seed' is missing\. Add it\."):
        read_config(config_file)


def test_number_written_as_text_is_refused(config_file: Path) -> None:
    changed(config_file, ("seed: 1", "seed: 'one'"))
    with pytest.raises(InputError, match=r"line 5, seed: .*found 'one'"):
        read_config(config_file)


def test_focus_without_a_region_is_refused(config_file: Path) -> None:
    changed(config_file, ("focus: [EU27, NLD]", "focus: []"))
    with pytest.raises(InputError, match=r"line 4, focus: .*at least 1"):
        read_config(config_file)


def test_all_problems_are_shown_at_once(config_file: Path) -> None:
    changed(config_file, ("draws: 1000", "draws: 5"), ("language: en", "language: fr"), ("overlay:", "overlays:"))
    with pytest.raises(InputError, match="The config cannot be used: 3 problems") as caught:
        read_config(config_file)
    text = str(caught.value)
    assert "line 6, draws" in text
    assert "line 3, language" in text
    assert "line 8, overlays" in text


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"config\.yaml: the file does not exist"):
        read_config(tmp_path / "config.yaml")


def test_empty_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="the file must be a list of keys and values"):
        read_config(path)


def test_alerts_left_out_have_the_lines_of_the_shipped_config(config_file: Path, config: Config) -> None:
    assert read_config(config_file).alerts == config.alerts


def test_threshold_of_alerts_may_be_null(config_file: Path) -> None:
    changed(config_file, ("overlay: null", "alerts: {shortfall_days: null, price_change_year: 1.0}"))
    alerts = read_config(config_file).alerts
    assert (alerts.shortfall_days, alerts.price_change_year, alerts.supply_risk_rise) == (None, 1.0, 0.7)


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("{shortfal_days: 3.0}", r"line 8, alerts\.shortfal_days: .*Did you mean 'shortfall_days'\?"),
        ("{shown: 0}", r"line 8, alerts\.shown: 0 is below the minimum of 1"),
        ("{supply_risk_rise: 0.0}", r"line 8, alerts\.supply_risk_rise: 0\.0 is not above 0"),
        ("{single_country_margin: 0.6}", r"line 8, alerts\.single_country_margin: 0\.6 is above the maximum of 0\.5"),
        ("{regions: []}", r"line 8, alerts\.regions: .*at least 1"),
    ],
)
def test_wrong_alerts_are_shown_with_line_and_path(config_file: Path, written: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_config(changed(config_file, ("overlay: null", f"alerts: {written}")))
