"""Chains composed from files and recipes: order, reach, and every problem told with line and remedy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from supplyrisk.chain import Chain
from supplyrisk.foundation.errors import InputError
from supplyrisk.runs.opening import chain_of
from supplyrisk.runs.project import find_project
from supplyrisk.runs.quarterly import Run


@pytest.fixture(scope="module")
def chain(run_2026q1: Run) -> Chain:
    """The shipped chain."""
    return chain_of(find_project(), run_2026q1.package)


def test_every_user_stands_before_its_inputs(chain: Chain) -> None:
    place = {product: position for position, product in enumerate(chain.products)}
    assert len(place) == 76
    assert all(place[user] < place[i] for user in chain.products for i in chain.inputs[user])


def test_cobalt_reaches_the_pack(chain: Chain) -> None:
    assert {"cobalt_refined", "pcam", "cathode_nmc", "battery_cell_nmc", "battery_pack_nmc"} == chain.below(
        "cobalt_mine"
    )
    assert "cobalt_mine" in chain.roots_of("battery_pack_nmc")
    assert chain.hosts["gallium"] == ("alumina",)


def test_a_country_with_its_own_recipe_uses_it(chain: Chain) -> None:
    # Brine countries make chemicals from their own lithium without conversion loss.
    assert chain.recipe("lithium_mine", "lithium_chemicals", "CHL").coefficient == 1.0
    assert chain.recipe("lithium_mine", "lithium_chemicals", "CHN").coefficient == pytest.approx(1.0772, abs=1e-4)


def test_all_problems_of_the_chains_are_told_at_once(
    copied_project: Path, edit: Callable[[str, str, str], None], run_2026q1: Run
) -> None:
    edit("models/chains/battery.yaml", "inputs: [cobalt_mine]", "inputs: [cobalt_mien]")
    edit("models/chains/magnet.yaml", "  rare_earths_mine:", "  rare_earth_mine:")
    with pytest.raises(InputError) as caught:
        chain_of(find_project(copied_project), run_2026q1.package)
    told = str(caught.value)
    assert "battery.yaml, line" in told
    assert "'cobalt_mien' is not a product of any chain. Did you mean 'cobalt_mine'?" in told
    assert "'rare_earth_mine' is not a product of data/products.csv. Did you mean 'rare_earths_mine'?" in told
    assert "has a recipe cobalt_mine → cobalt_refined" in told


def test_one_chain_is_bundled(
    chain: Chain, copied_project: Path, edit: Callable[[str, str, str], None], run_2026q1: Run
) -> None:
    assert (chain.bundled, chain.bundle) == ("battery", ("battery_pack_nmc", "battery_pack_lfp"))
    edit("models/chains/magnet.yaml", "final_products: [ndfeb_magnet]", "final_products: [ndfeb_magnet]\nbundled: true")
    with pytest.raises(InputError, match=r"magnet\.yaml, line \d+, bundled: 'magnet' is bundled, and so is 'battery'"):
        chain_of(find_project(copied_project), run_2026q1.package)
    edit("models/chains/magnet.yaml", "bundled: true", "bundled: false")
    edit("models/chains/battery.yaml", "\nbundled: true", "")
    with pytest.raises(InputError, match="no chain is bundled, so nothing has value added and an outlook"):
        chain_of(find_project(copied_project), run_2026q1.package)


def test_a_cycle_is_refused(copied_project: Path, edit: Callable[[str, str, str], None], run_2026q1: Run) -> None:
    edit("models/chains/battery.yaml", "  cobalt_mine:\n    surplus", "  cobalt_mine:\n    inputs: [pcam]\n    surplus")
    with pytest.raises(
        InputError, match=r"the products cobalt_mine, cobalt_refined, pcam go into each other in a cycle"
    ):
        chain_of(find_project(copied_project), run_2026q1.package)
