"""Tables and figures in a report's folder, and the data package that describes them."""

from __future__ import annotations

import json
import pickle
from datetime import date
from hashlib import sha256
from pathlib import Path

import frictionless
import polars as pl
import pytest

from supplyrisk.network.look_through import used_in
from supplyrisk.report.chain_columns import material_columns
from supplyrisk.report.chain_figures import chain_data
from supplyrisk.report.content import Figure, SourceLine
from supplyrisk.report.figure_files import write_figures
from supplyrisk.report.folder_tables import write_tables
from supplyrisk.report.issue import Issue
from supplyrisk.report.look import LOOKS
from supplyrisk.report.output_tables import Output
from tests.network_builders import ORE, PACK, STAGES, small_network

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="72" height="36"><rect width="72" height="36" fill="#0072b2"/></svg>'
)
ISSUE = Issue("2026Q1", date(2026, 3, 31), "0123456789ab", "0.1.0")
SOURCES = (
    SourceLine("one", "Title", "Publisher", "2025", "https://example.org/a", "CC BY 4.0", "open", 3),
    SourceLine("two", "Book", "Other", "", "", "publisher terms", "cite_only", 1),
)
SUPPLY = pl.DataFrame({"product_id": ["=1+1", "gallium"], "lost_share_per_year": [0.5, None]})
FIGURE = Figure("risk_causes_eu27", SVG, "Causes", "What it shows", data="product,country,part\nCobalt,Congo,0.75\n")
OUTPUTS = (Output("risk_supply", SUPPLY), Output("network_links", small_network().links))


def write_folder(folder: Path) -> None:
    """Two tables and a figure."""
    data = write_figures([FIGURE], folder / "figures")
    write_tables(OUTPUTS, [f"figures/{path.name}" for path in data], SOURCES, ISSUE, folder, LOOKS["neutral"])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two tables and a figure."""
    found = tmp_path_factory.mktemp("folder")
    write_folder(found)
    return found


def test_everything_is_written(folder: Path) -> None:
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    figures = {f"figures/risk_causes_eu27.{kind}" for kind in ("svg", "png", "csv")}
    assert names == figures | {"risk_supply.csv", "network_links.csv", "tables.xlsx", "datapackage.json"}


def test_csv_holds_values_as_they_are(folder: Path) -> None:
    text = (folder / "risk_supply.csv").read_text(encoding="utf-8")
    assert text == "product_id,lost_share_per_year\n=1+1,0.5\ngallium,\n"


def test_a_figure_comes_with_its_data_and_at_200_dots_an_inch(folder: Path) -> None:
    assert (folder / "figures" / "risk_causes_eu27.csv").read_text(encoding="utf-8") == FIGURE.data
    png = (folder / "figures" / "risk_causes_eu27.png").read_bytes()
    # Width and height stand in the head of the file: 72 and 36 pixels of 1/96 inch.
    assert [int.from_bytes(png[start : start + 4], "big") for start in (16, 20)] == [150, 75]


def test_a_figure_without_data_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="the figure bare has no data"):
        write_figures([Figure("bare", SVG, "caption", "What it shows")], tmp_path / "figures")


def test_a_figure_can_be_kept_and_taken_up_again() -> None:
    assert pickle.loads(pickle.dumps(FIGURE)) == FIGURE


def test_the_data_package_is_valid_for_frictionless(folder: Path) -> None:
    descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert list(frictionless.Package.metadata_validate(descriptor)) == []
    package = frictionless.Package(descriptor, basepath=str(folder))
    assert package.resource_names == ["risk_supply", "network_links", "figures-risk_causes_eu27"]
    assert package.validate().flatten(["name", "type", "note"]) == []


def test_frictionless_finds_what_was_changed_afterwards(folder: Path, tmp_path: Path) -> None:
    write_folder(tmp_path)
    (tmp_path / "risk_supply.csv").write_text("product_id,lost_share_per_year\ngallium,much\n", encoding="utf-8")
    descriptor = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    report = frictionless.Package(descriptor, basepath=str(tmp_path)).get_resource("risk_supply").validate()
    assert {"hash-count", "byte-count", "type-error"} == {kind for (kind,) in report.flatten(["type"])}


def test_the_data_package_says_what_it_is_from_when_and_from_whom(folder: Path) -> None:
    told = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert (told["quarter"], told["as_of"], told["run_id"]) == ("2026Q1", "2026-03-31", "0123456789ab")
    assert told["title"].endswith("2026Q1")
    assert [source.get("path") for source in told["sources"]] == ["https://example.org/a", None]
    assert [source["license"] for source in told["sources"]] == ["CC BY 4.0", "publisher terms"]
    supply = told["resources"][0]
    content = (folder / "risk_supply.csv").read_bytes()
    assert (supply["bytes"], supply["hash"]) == (len(content), f"sha256:{sha256(content).hexdigest()}")
    assert supply["schema"]["fields"][1]["unit"] == "fraction"


def test_same_tables_give_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    write_folder(tmp_path)
    for path in folder.rglob("*.*"):
        assert path.read_bytes() == (tmp_path / path.relative_to(folder)).read_bytes(), path.name


def test_a_table_that_is_not_described_leaves_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"risk_supply.csv has the columns \['product_id'\]"):
        write_tables([Output("risk_supply", SUPPLY.select("product_id"))], [], SOURCES, ISSUE, tmp_path, None)


def test_the_data_of_a_chain_picture_are_its_headings_bars_and_bands() -> None:
    columns = material_columns(small_network(), used_in(small_network(), (PACK,), "EU27"), ORE, STAGES, "EU27")
    own = [(0.0, 0.0, 0.0), (0.0, 0.0, 0.0), (0.2, 4.0 / 14.0, 0.3)]
    names = {"EU27": "EU", "CHL": "Chile", "CHN": "China", "residual": "not named"}
    data = chain_data(columns, own, ["Mine", "Refining", "Cells", "Use"], names)
    tiers = data.filter(pl.col("shown_as") == "tier")
    assert tiers.row(2)[1:7] == ("Cells", "EU", None, pytest.approx(4.0 / 14.0), 0.2, 0.3)
    bars = data.filter((pl.col("shown_as") == "bar") & (pl.col("tier") == "Mine"))
    # Worked by hand in the head of network_builders: 34.5 of 42 of the ore are Chilean.
    assert bars.select("country", "share").rows() == [
        ("Chile", pytest.approx(34.5 / 42.0)),
        ("not named", pytest.approx(7.5 / 42.0)),
    ]
    bands = data.filter((pl.col("shown_as") == "band") & (pl.col("country") == "Chile") & (pl.col("tier") == "Mine"))
    assert bands.filter(pl.col("to_country") == "China")["amount"].to_list() == [pytest.approx(15.0)]
