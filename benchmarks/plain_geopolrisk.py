"""GeoPolRisk on synthetic trade, as the package computes it: in plain loops beside the columnar way."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import polars as pl

from supplyrisk.tables.raw.geopolrisk_files import GeoPolRiskFiles

UNITS = 28
YEARS = (2022, 2023, 2024)


def synthetic_files(materials: int = 53, countries: int = 200, flows: int = 100_000) -> GeoPolRiskFiles:
    """Files of the size of the real ones: every material with a table and a heading, flows drawn at random."""
    random = np.random.default_rng(1)
    codes = [str(code) for code in range(countries)]
    names = [f"material_{number}" for number in range(materials)]
    headings = [f"{number:06d}" for number in range(materials)]
    return GeoPolRiskFiles(
        materials=pl.DataFrame({"raw_material": names, "production_table": names, "hs": headings}),
        production=pl.DataFrame(
            {
                "production_table": np.repeat(names, 20 * len(YEARS)),
                "country_code": np.tile(np.repeat(codes[:20], len(YEARS)), materials),
                "iso3": np.tile(np.repeat(codes[:20], len(YEARS)), materials),
                "year": np.tile(YEARS, 20 * materials),
                "quantity": random.lognormal(8.0, 2.0, 20 * materials * len(YEARS)),
                "unit": ["metr. t"] * (20 * materials * len(YEARS)),
            }
        ),
        empty_cells=pl.DataFrame(),
        trade=pl.DataFrame(
            {
                "year": random.choice(YEARS, flows),
                "exporter": random.choice(codes, flows),
                "importer": random.choice(codes, flows),
                "hs": random.choice(headings, flows),
                "value_kusd": random.lognormal(3.0, 2.0, flows),
                "tonnes": random.lognormal(3.0, 2.0, flows),
            }
        ),
        stability=pl.DataFrame(
            {
                "year": np.tile(YEARS, countries),
                "country_code": np.repeat(codes, len(YEARS)),
                "instability": random.uniform(0.0, 1.0, countries * len(YEARS)),
            }
        ),
        estimates=pl.DataFrame(schema={"iso3": pl.String, "year": pl.Int64, "estimate": pl.Float64}),
        countries=pl.DataFrame({"country_code": codes, "iso3": codes}),
    )


def units() -> dict[str, list[str]]:
    """A region of 27 and each member alone."""
    members = [str(code) for code in range(UNITS - 1)]
    return {"region": members, **{member: [member] for member in members}}


def plain_scores(files: GeoPolRiskFiles) -> dict[tuple[str, str, int], float]:
    """Score by material, unit and year: a loop over flows for each unit."""
    risk = {(year, code): value for year, code, value in files.stability.iter_rows()}
    name_of = dict(files.materials.select("hs", "raw_material").iter_rows())
    output: dict[tuple[str, int], list[tuple[str, float]]] = defaultdict(list)
    for table, code, _, year, quantity, _ in files.production.iter_rows():
        output[table, year].append((code, quantity))
    found = {}
    for unit, members in units().items():
        inside = set(members)
        weighted: dict[tuple[str, int], float] = defaultdict(float)
        imports: dict[tuple[str, int], float] = defaultdict(float)
        for year, exporter, importer, hs, _, tonnes in files.trade.iter_rows():
            if importer in inside:
                key = (name_of[hs], year)
                imports[key] += tonnes
                weighted[key] += 0.0 if exporter in inside else tonnes * risk[year, exporter]
        for (name, year), rows in output.items():
            cut = [int(quantity) for _, quantity in rows]
            own = sum(quantity for code, quantity in rows if code in inside)
            supply = imports[name, year] + own
            hhi = sum(cell * cell for cell in cut) / sum(cut) ** 2
            found[name, unit, year] = hhi * (weighted[name, year] / supply if supply > 0.0 else 0.0)
    return found
