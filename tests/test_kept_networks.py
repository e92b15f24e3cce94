"""Tests share a network only where all that it rests on is the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl

from supplyrisk.runs.config import Config
from supplyrisk.runs.opening import chain_of, open_project_data
from supplyrisk.runs.project import Project
from supplyrisk.runs.project_scores import NETWORK_TABLES
from tests.kept_networks import network_key


def test_a_changed_row_another_day_or_number_is_another_network(project: Project, config: Config) -> None:
    package = open_project_data(project, config, date(2026, 3, 31), NETWORK_TABLES)
    chain = chain_of(project, package)
    same = replace(package, frames={name: frame.clone() for name, frame in package.frames.items()})
    production = package.frames["production"]
    first = pl.int_range(pl.len()) == 0
    rows = production.with_columns(pl.when(first).then(pl.col("value") + 1.0).otherwise("value").alias("value"))
    changed = replace(package, frames={**package.frames, "production": rows})
    later = replace(package, as_of=package.as_of.replace(year=package.as_of.year + 1))
    whole = network_key(project, package, chain, 1, 100, True)
    assert network_key(project, same, chain, 1, 100, True) == whole
    others = [
        network_key(project, changed, chain, 1, 100, True),
        network_key(project, later, chain, 1, 100, True),
        network_key(project, package, chain, 2, 100, True),
        network_key(project, package, chain, 1, 100, False),
        network_key(project, package, replace(chain, final_products=chain.final_products[:-1]), 1, 100, True),
    ]
    assert whole not in others
