"""Final demand as known on a day: part of it never passes for the whole."""

from __future__ import annotations

import polars as pl

from supplyrisk.runs.network_inputs import known_demand

SCHEMA = ["product_id", "iso3", "year", "use", "value", "is_known"]


def test_a_product_with_a_hidden_row_of_a_country_has_no_demand() -> None:
    rows = [
        ("cars", "EU27", 2024, "model", 14.0, True),
        ("cars", "EU27", 2024, "model", 18.0, False),
        ("cars", "CHN", 2024, "model", 381.0, True),
        ("whole", "EU27", 2024, "model", 20.0, True),
        ("whole", "ROW", 2024, "model", 213.0, False),
        ("later", "EU27", 2024, "model", 5.0, False),
        ("whole", "EU27", 2023, "model", 7.0, False),
        ("whole", "EU27", 2024, "context", 9.0, False),
    ]
    known, partly = known_demand(pl.DataFrame(rows, schema=SCHEMA, orient="row"), 2024)
    # The rest of the world takes what is left over anyway; of a product without any known row nothing is partly known.
    assert known.select("product_id", "iso3", "value").rows() == [("whole", "EU27", 20.0)]
    assert partly == {"cars"}
    assert "is_known" not in known.columns
