"""What measures of recycling win back on top of what is expected, whatever goods come back."""

from __future__ import annotations

from supplyrisk.mitigation.specification import Recycling
from supplyrisk.mitigation.worked_out import MoreWonBack
from supplyrisk.network.model import Network
from supplyrisk.runs.base_metal_scrap_run import TABLES as BASE_METALS
from supplyrisk.runs.base_metal_scrap_run import more_melted_again, scrap_model
from supplyrisk.runs.magnet_recycling_run import TABLES as MAGNETS
from supplyrisk.runs.magnet_recycling_run import magnet_model, more_magnets_won_back
from supplyrisk.runs.network_run import NetworkRun
from supplyrisk.runs.project import Project
from supplyrisk.runs.recycling_run import TABLES as BATTERIES
from supplyrisk.runs.recycling_run import more_won_back, recycling_model
from supplyrisk.tables.package import DataPackage

TABLES = tuple(dict.fromkeys((*BATTERIES, *MAGNETS, *BASE_METALS)))


def more_won_back_of(project: Project, run: NetworkRun, package: DataPackage) -> MoreWonBack:
    """Part of purchases won back on top, by product, for any measure of recycling (package opened with ``TABLES``).

    Of batteries and magnets the part of the metal that those sold or used in the year of the measure take, given to
    purchases of the base year; of base metals tonnes over purchases of the base year.
    """

    def of_change(change: Recycling) -> dict[str, float]:
        if change.goods == "magnets":
            return more_magnets_won_back(magnet_model(project, run, package), change)
        if change.goods == "batteries":
            return more_won_back(recycling_model(project, run, package), change)
        return more_melted_again(scrap_model(project, package), change, _bought(run.network))

    return of_change


def _bought(network: Network) -> dict[str, float]:
    """Units a year that the EU buys, of products whose place of use is known."""
    in_eu = network.places.in_eu
    return {name: float(flows.demand[in_eu].sum()) for name, flows in network.products.items() if flows.use_place_known}
