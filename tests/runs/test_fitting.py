"""Files of kept fits that are none; whether fits are those of the data: tests/scores/test_trend_of_concentration.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from supplyrisk.foundation.errors import CheckFailed
from supplyrisk.runs import fitting
from supplyrisk.runs.fitting import check_stored_fits, render_trends, stored_fits


@pytest.fixture(autouse=True)
def _trends_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "_FITS", {"trends": render_trends})


@pytest.mark.parametrize("text", ["a: [", "trends: 3\n", "trendz: {as_of: 2026-03-31}\n", "trends: {as_of: soon}\n"])
def test_a_file_that_is_no_fit_is_told(copied_project: Path, text: str) -> None:
    (copied_project / "models" / "fitted" / "trends.yaml").write_text(text, encoding="utf-8")
    (fit,) = stored_fits(copied_project)
    assert (fit.as_of, fit.problem) == (None, "trends.yaml is not a file that `supplyrisk fit` wrote.")


def test_a_fit_that_is_not_there_is_told(copied_project: Path) -> None:
    (copied_project / "models" / "fitted" / "trends.yaml").unlink()
    with pytest.raises(CheckFailed, match=r"^trends\.yaml is not there\. Run `supplyrisk fit`\.$"):
        check_stored_fits(copied_project)
