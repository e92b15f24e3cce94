"""The files of a report: complete, self-contained, accessible, and the same bytes for the same inputs."""

from __future__ import annotations

import json
import re
from collections import Counter
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import docx
import frictionless
import polars as pl
import pytest
from pypdf import PdfReader

from supplyrisk.report.chosen_outputs import chosen_outputs
from supplyrisk.report.content import Figure
from supplyrisk.report.network_out import network_tables
from supplyrisk.report.output_tables import output_tables
from supplyrisk.runs.project import Project
from supplyrisk.runs.quarterly import Run
from supplyrisk.runs.report_files import network_given, write_report
from supplyrisk.runs.scoring import stages_of
from tests.cli.test_commands import call
from tests.conftest import no_picture
from tests.html_page import Page


@dataclass(frozen=True)
class Printed:
    """Where a command wrote a report, and what it said."""

    folder: Path
    out: str
    err: str


@pytest.fixture
def without_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Charts are not drawn: a report is written in two thirds of the time."""
    monkeypatch.setattr("plotnine.ggplot.save", no_picture)


@pytest.fixture(scope="module")
def printed(light_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Printed:
    """The report of the default quarter, made by the command itself."""
    reports = tmp_path_factory.mktemp("reports")
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.MonkeyPatch.context() as patched:
        patched.setattr("plotnine.ggplot.save", no_picture)
        assert call("--project", str(light_home), "report", "--reports", str(reports), "--quarter", "2026Q1") == 0
    return Printed(reports / "2026Q1", out.getvalue(), err.getvalue())


@pytest.fixture(scope="module")
def folder(printed: Printed) -> Path:
    """The folder of that report."""
    return printed.folder


@pytest.fixture(scope="module")
def page(folder: Path) -> Page:
    """The HTML of that report."""
    return Page((folder / "report.html").read_text(encoding="utf-8"))


def test_progress_goes_to_stderr_and_the_run_is_kept(printed: Printed, capsys: pytest.CaptureFixture[str]) -> None:
    names = [f"report.{form}" for form in ("html", "pdf", "docx")]
    assert printed.out.split() == [str(printed.folder / name) for name in names]
    assert "drawing charts" in printed.err
    assert call("history", "--reports", str(printed.folder.parent), "--quiet", "--format", "json") == 0
    told = capsys.readouterr()
    assert told.err == ""
    assert [run["quarter"] for run in json.loads(told.out)] == ["2026Q1"]


def test_all_files_are_there(folder: Path, light_home: Path) -> None:
    expected = {"report.html", "report.pdf", "report.docx"}
    expected |= {"scores.parquet", "scores.json", "manifest.json", "figures", "network_links.parquet"}
    expected |= {"alerts.json", "tables.xlsx", "datapackage.json"}
    expected |= {table.path for table in output_tables().tables.values() if table.member is None}
    expected |= {f"choke_points_{region}.csv" for region in ("EU27", "NLD")}
    ready = (light_home / "models" / "scenarios").glob("*.yaml")
    expected |= {f"whatif_{path.stem}.csv" for path in ready}
    assert {path.name for path in folder.iterdir()} == expected


def test_score_files_hold_the_same_scores(folder: Path) -> None:
    parquet = pl.read_parquet(folder / "scores.parquet")
    rows = json.loads((folder / "scores.json").read_text(encoding="utf-8"))
    table = pl.read_csv(folder / "scores.csv", infer_schema_length=None)
    assert parquet.height == len(rows) == table.height
    assert parquet["value"].to_list() == [row["value"] for row in rows]
    assert table["value"].to_list() == parquet["value"].to_list()


def test_the_page_loads_nothing_from_outside(page: Page) -> None:
    assert page.all("link") == page.all("iframe") == []
    assert page.all("script") == [{}]
    assert all(str(image["src"]).startswith("data:image/svg+xml;base64,") for image in page.all("img"))


def test_every_picture_has_words(page: Page) -> None:
    assert len(page.all("img")) > 30
    assert all(len(str(image["alt"])) > 20 for image in page.all("img"))


def test_a_figure_without_words_is_refused() -> None:
    with pytest.raises(ValueError, match="has no alt text"):
        Figure("x", "<svg/>", "caption", " ")


def test_headings_never_skip_a_level(page: Page) -> None:
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_ids_are_unique_and_every_inner_link_arrives(page: Page) -> None:
    ids = Counter(str(attributes["id"]) for _, attributes in page.tags if "id" in attributes)
    assert [name for name, count in ids.items() if count > 1] == []
    targets = {str(link["href"])[1:] for link in page.all("a") if str(link["href"]).startswith("#")}
    assert targets <= set(ids)


def test_tables_have_captions_and_column_heads(page: Page) -> None:
    assert len(page.all("table")) == len(page.all("caption"))
    assert all(head["scope"] == "col" for head in page.all("th"))


def test_every_product_of_the_baseline_is_in_the_ranking(folder: Path, run_2026q1: Run) -> None:
    text = (folder / "report.html").read_text(encoding="utf-8")
    ranking = text[text.index('<section id="ranking">') : text.index('<section id="heat">')]
    names = run_2026q1.package.table("products")["name_en"]
    assert [name for name in names if f">{name}</td>" not in ranking] == []


def test_every_cited_source_is_listed(folder: Path, run_2026q1: Run) -> None:
    text = (folder / "report.html").read_text(encoding="utf-8")
    cited = run_2026q1.scores.production["source_ids"].str.split(";").explode().unique()
    assert [source for source in cited if f'id="source-{source}"' not in text] == []


def test_every_figure_is_there_as_svg_png_and_data(folder: Path) -> None:
    stems = [{path.stem for path in (folder / "figures").glob(f"*.{kind}")} for kind in ("svg", "png", "csv")]
    assert len(stems[0]) > 30
    assert all(some == stems[0] for some in stems)


def test_documents_for_print_and_for_writing_open(folder: Path) -> None:
    reader = PdfReader(folder / "report.pdf")
    assert reader.metadata is not None
    assert "critical raw materials" in str(reader.metadata.title)
    assert len(reader.pages) > 50
    opened = docx.Document(str(folder / "report.docx"))
    assert "critical raw materials" in opened.core_properties.title
    assert len(opened.tables) > 30


def test_the_data_package_describes_every_csv_file_of_the_folder_truly(folder: Path) -> None:
    told = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    assert {item["path"] for item in told} == {path.relative_to(folder).as_posix() for path in folder.rglob("*.csv")}
    for item in told:
        names = pl.read_csv(folder / item["path"], n_rows=0).columns
        assert names == [field["name"] for field in item["schema"]["fields"]], item["path"]
    assert len({item["name"] for item in told}) == len(told)


def test_the_data_of_figures_are_valid_for_frictionless(folder: Path) -> None:
    descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    descriptor["resources"] = [item for item in descriptor["resources"] if item["path"].startswith("figures/")]
    report = frictionless.Package(descriptor, basepath=str(folder)).validate()
    assert report.flatten(["name", "type", "note"]) == []


def test_figures_are_sound_xml_without_date(folder: Path) -> None:
    for path in folder.glob("figures/*.svg"):
        text = path.read_text(encoding="utf-8")
        assert ElementTree.fromstring(text).tag.endswith("svg")
        assert "<dc:date>" not in text


def test_another_process_gives_the_same_scores_and_tables(run_2026q1: Run, folder: Path, tmp_path: Path) -> None:
    # The folder was computed and written by the command, this run is computed by another test; draws: tests/risk.
    again = pl.read_parquet(folder / "scores.parquet")
    assert run_2026q1.scores.table.drop("is_focus").equals(again)
    outputs = [*network_tables(network_given(run_2026q1), stages_of(run_2026q1.package), run_2026q1.focus)]
    assert len(outputs) > 2
    for output in outputs:
        output.frame.write_csv(tmp_path / output.path)
        assert (tmp_path / output.path).read_bytes() == (folder / output.path).read_bytes(), output.path


def test_the_manifest_names_inputs_without_clock_or_machine(folder: Path) -> None:
    text = (folder / "manifest.json").read_text(encoding="utf-8")
    manifest = json.loads(text)
    assert manifest["as_of"] == "2026-03-31"
    assert {"data/production.csv", "models/assumptions/quality_width.yaml"} <= manifest["inputs"].keys()
    assert str(Path.home()) not in text
    assert "/tmp" not in text


@pytest.fixture(scope="module")
def sides(run_2025q4: Run, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The pages of an earlier quarter in both languages, side by side in one folder."""
    chosen = chosen_outputs("both", ["html"], "government", None)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("plotnine.ggplot.save", no_picture)
        paths = write_report(
            run_2025q4.project, run_2025q4, tmp_path_factory.mktemp("sides"), chosen, lambda text: None
        )
    return dict(zip(("en", "nl"), paths, strict=True))


def test_languages_side_by_side_have_names_of_their_own(sides: dict[str, Path]) -> None:
    folder = sides["en"].parent
    assert [path.name for path in sides.values()] == ["report_en.html", "report_nl.html"]
    for language, path in sides.items():
        assert f'<html lang="{language}">' in path.read_text(encoding="utf-8")
    english, dutch = ({one.name for one in (folder / f"figures_{lang}").iterdir()} for lang in ("en", "nl"))
    assert english == dutch
    assert len(english) > 90
    texts = json.loads((folder / "alerts.json").read_text(encoding="utf-8"))["alerts"][0]["text"]
    assert set(texts) == {"en", "nl"}
    told = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    assert len({item["name"] for item in told}) == len(told)


def test_the_dutch_page_speaks_dutch_and_says_what_was_not_known(sides: dict[str, Path]) -> None:
    text = sides["nl"].read_text(encoding="utf-8")
    assert "Stand van kennis op 31 december 2025" in text
    assert "Kobalt, winning" in text
    assert "highly concentrated" not in text
    # The chain of packs was not known in full then, and that is said.
    assert "value-path-eu27" not in text
    left_out = "Niet vergeleken, omdat waar zij over gaan op die dag niet bekend was: "
    assert re.search(rf"{left_out}[^.]*Voorraad van 90 dagen", text)


@pytest.mark.usefixtures("without_pictures")
def test_a_page_written_again_alone_is_the_same(
    sides: dict[str, Path], project: Project, run_2025q4: Run, tmp_path: Path
) -> None:
    chosen = chosen_outputs("nl", ["html"], "government", None)
    (page,) = write_report(project, run_2025q4, tmp_path, chosen, lambda text: None)
    assert page == tmp_path / "2025Q4" / "report.html"
    # Languages side by side are written in processes of their own, which draw their charts all the same.
    assert _without_charts(page) == _without_charts(sides["nl"])


def _without_charts(page: Path) -> str:
    return re.sub(r"data:image/svg\+xml;base64,[\w+/=]*", "", page.read_text(encoding="utf-8"))
