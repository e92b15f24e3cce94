"""The network beside published figures it was not made from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from supplyrisk.report.content import Table
from supplyrisk.report.wording import Wording


def self_sufficiency_table(checks: pl.DataFrame, wording: Wording) -> Table | None:
    """Published self-sufficiency beside the network (``checks``: network.checks), with the reason; None if empty."""
    if checks.is_empty():
        return None
    page = wording.page
    reasons = wording.catalogue["check_reasons"]
    lines = tuple(
        (
            wording.names.products[row["product_id"]],
            wording.names.countries[row["region"]],
            wording.format_percent(row["published"]),
            "" if row["model"] is None else wording.format_percent(row["model"]),
            str(reasons[_reason(row, reasons)]),
            wording.format_sources(row["source_ids"]),
        )
        for row in checks.iter_rows(named=True)
    )
    header = (
        page("product"),
        page("network_check_region"),
        page("network_check_published"),
        page("network_check_model"),
        page("reason"),
        page("sources"),
    )
    return Table(page("network_check"), header, lines, frozenset({2, 3}))


def _reason(row: Mapping[str, Any], reasons: Mapping[str, object]) -> str:
    if row["model"] is None:
        return "not_testable" if row["use"] is None else "not_named"
    return row["product_id"] if row["product_id"] in reasons else "other"
