"""Shared fixtures: the project's own data, a small data package to break, and hypothesis profiles."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cached_property
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

from supplyrisk.runs.config import Config, read_config
from supplyrisk.runs.opening import load_config, open_project_data, resolve_day
from supplyrisk.runs.project import Project, find_project
from supplyrisk.runs.project_scores import SCORE_TABLES, score_project
from supplyrisk.runs.quarterly import Run, compute_run
from supplyrisk.runs.scoring import Scores
from supplyrisk.tables.package import DataPackage
from tests.kept_networks import share_networks

settings.register_profile("short", max_examples=40, deadline=None)
settings.register_profile("long", max_examples=1500, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "short"))

FEWER: Mapping[str, Mapping[str, int]] = {
    "config.yaml": {"risk_draws": 200, "driver_draws": 16, "measure_draws": 20, "leader_draws": 80},
    "models/assumptions/measures.yaml": {"sets": 2, "leader_sets": 5},
    "models/assumptions/risk.yaml": {"sets": 5},
}
"""Draws and sets of simulated risk in tests of reports, which do not look at its numbers."""
KEPT: Mapping[str, tuple[str, ...]] = {
    "measures": (
        "battery_regulation_recycling", "black_mass_export_ban", "eu_content_cells", "european_cells_and_cathodes",
        "joint_purchasing", "lfp_shift", "sodium_ion_packs", "stock_90_days", "stock_packs_30_days_netherlands",
        "strategic_projects", "truck_heavy_demand",
    ),
    "scenarios": ("china_graphite_controls", "china_rare_earth_controls", "drc_cobalt_stop", "suez_detour"),
}  # fmt: skip
"""Ready files that they work out; every one is read and run by tests of its own."""
RUNS = re.compile("run_2026q1|run_2025q4")
"""Fixtures that take half a minute."""
ROOT = Path(__file__).parent.parent
TODAY = date(2026, 11, 25)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadScopeScheduling:
    """Deal out tests by file, and all files that look at a whole run to the same worker, which computes it once."""
    return _ByRun(config, log)


class _ByRun(LoadScopeScheduling):  # type: ignore[misc]
    @cached_property
    def _whole(self) -> frozenset[str]:
        files = (ROOT / "tests").rglob("test_*.py")
        return frozenset(file.relative_to(ROOT).as_posix() for file in files if RUNS.search(file.read_text("utf-8")))

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        return "runs" if file in self._whole else file


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Nothing is kept in the user's own cache folder, nor taken from there."""
    os.environ["SUPPLYRISK_CACHE"] = str(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session", autouse=True)
def _shared_networks() -> Iterator[None]:
    """Commands and runs on the same inputs share one network."""
    with pytest.MonkeyPatch.context() as patched:
        share_networks(patched)
        yield


def no_picture(chart: object, buffer: BytesIO, **options: object) -> None:
    """Stands in for ``plotnine.ggplot.save`` where nobody looks at the chart."""
    buffer.write(b'<svg xmlns="http://www.w3.org/2000/svg" width="99pt" height="99pt"/>')


@pytest.fixture(scope="session")
def light_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the shipped config and models, but few draws, sets of uncertain numbers and ready files."""
    home = tmp_path_factory.mktemp("light")
    shutil.copytree(ROOT / "models", home / "models")
    shutil.copy(ROOT / "config.yaml", home / "config.yaml")
    for kind, names in KEPT.items():
        ready = {path.stem: path for path in (home / "models" / kind).glob("*.yaml")}
        for name in set(ready) - set(names):
            ready[name].unlink()
        assert set(names) <= set(ready)
    for file, numbers in FEWER.items():
        text = (home / file).read_text(encoding="utf-8")
        for name, value in numbers.items():
            text, found = re.subn(rf"(?m)^( *{name}): \d+", rf"\g<1>: {value}", text)
            assert found == 1, (file, name)
        (home / file).write_text(text, encoding="utf-8")
    return home


@pytest.fixture(scope="session")
def project() -> Project:
    """The project as shipped."""
    return find_project(ROOT)


@pytest.fixture(scope="session")
def config(project: Project) -> Config:
    """The config as shipped."""
    return read_config(project.config_file)


def run_of(home: Path, quarter: str) -> Run:
    """A computed run of a project, without any file written."""
    project = find_project(home)
    config, named = load_config(project, quarter)
    return compute_run(project, config, named, resolve_day(config, named, None, TODAY), lambda text: None)


@pytest.fixture(scope="session")
def run_2026q1(light_home: Path) -> Run:
    """The default quarter."""
    return run_of(light_home, "2026Q1")


@pytest.fixture(scope="session")
def run_2025q4(light_home: Path) -> Run:
    """The quarter before the USGS 2026 edition was out."""
    return run_of(light_home, "2025Q4")


@pytest.fixture(scope="session")
def package(project: Project, config: Config) -> DataPackage:
    """The data package as known on the last day of 2026Q1."""
    return open_project_data(project, config, date(2026, 3, 31), SCORE_TABLES)


@pytest.fixture(scope="session")
def scores(project: Project, config: Config, package: DataPackage) -> Scores:
    """World scores of the default quarter."""
    return score_project(project, config, package)


@pytest.fixture
def copied_project(tmp_path: Path) -> Path:
    """A copy of config, data and models that a test may break."""
    for name in ("data", "models"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "config.yaml", tmp_path / "config.yaml")
    return tmp_path


@pytest.fixture
def edit(copied_project: Path) -> Callable[[str, str, str], None]:
    """Replace text in a file of the copied project: edit('data/production.csv', old, new); old must be there."""

    def replace(file: str, old: str, new: str) -> None:
        path = copied_project / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{file} does not hold {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return replace


_MINI_FILES = {
    "tables.csv": """\
table,file,key,kind,period,title,description
colours,colours.csv,colour_id,reference,,Colours,A reference list.
sources,sources.csv,source_id,reference,,Sources,Sources of the facts.
facts,facts.csv,colour_id;year;place,fact,year,Facts,A fact table.
""",
    "columns.csv": """\
table,column,type,unit,required,minimum,maximum,allowed,pattern,references,description
colours,colour_id,string,,true,,,,[a-z]+,,Colour.
colours,name,string,,false,,,,,,Name.
sources,source_id,string,,true,,,,,,Source.
sources,release_rule,string,,true,,,published|series_lag,,,How it appears.
sources,published,date,,false,,,,,,Day it appeared.
sources,release_lag_days,integer,,false,0,,,,,Days after the period.
sources,last_period,string,,false,,,,,,Last period of the edition.
facts,row_id,string,,true,,,,facts\\.[a-z0-9.]+,,Row.
facts,colour_id,string,,true,,,,,colours.colour_id,Colour.
facts,year,year,,true,2000,2030,,,,Year.
facts,place,string,,false,,,,,,Place; empty = everywhere else.
facts,share,number,fraction,false,0,1,,,,Share.
facts,amount,number,t,false,0,,,,,Amount.
facts,count,integer,,false,,100,,,,Count.
facts,flag,boolean,,false,,,,,,Flag.
facts,day,date,,false,,,,,,Day.
facts,grade,string,,true,,,good|fair|poor,,,Grade.
facts,source_ids,string,,true,,,,,sources.source_id;,Sources.
facts,known_from,date,,true,,,,,,First public day.
""",
    "colours.csv": "colour_id,name\nred,Red\ngreen,Green\nblue,\n",
    "sources.csv": """\
source_id,release_rule,published,release_lag_days,last_period
atlas,published,2025-02-01,,
survey,series_lag,2025-12-31,540,
""",
    "facts.csv": """\
row_id,colour_id,year,place,share,amount,count,flag,day,grade,source_ids,known_from
facts.red.2020,red,2020,,0.25,10,3,true,2020-05-01,good,atlas,2025-02-01
facts.green.2020,green,2020,NA,0.5,20.5,,false,,fair,atlas;survey,2025-02-01
facts.blue.2020,blue,2020,,,,,,,poor,survey,2022-06-24
""",
}


@pytest.fixture
def mini_data(tmp_path: Path) -> Path:
    """A data folder of three small tables that holds every kind of column and every contract."""
    folder = tmp_path / "mini"
    folder.mkdir()
    for name, text in _MINI_FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder
