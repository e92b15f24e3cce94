"""Exporting the network: GraphML, Parquet and JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from supplyrisk.foundation.errors import InputError
from supplyrisk.network.graph_view import Tier, edges, nodes, to_networkx
from supplyrisk.network.model import Network
from supplyrisk.store.atomic import replace_file

ENDINGS = (".graphml", ".parquet", ".json")


def write_graph(network: Network, tiers: Mapping[str, Tier], file: Path) -> None:
    """The network as ``file``, whose ending decides: .graphml, .parquet (the edges) or .json (nodes and links).

    The file is complete or not there. Raises ``InputError`` for another ending and where nothing can be written.
    """
    check_ending(file)
    with replace_file(file) as draft:
        _write(network, tiers, file.suffix, draft)


def check_ending(file: Path) -> None:
    """Raises ``InputError`` for a file whose name does not say one of the formats."""
    if file.suffix not in ENDINGS:
        raise InputError(f"--export: '{file.name}' ends in none of {', '.join(ENDINGS)}. Name it after its format.")


def _write(network: Network, tiers: Mapping[str, Tier], ending: str, draft: Path) -> None:
    if ending == ".graphml":
        import networkx as nx

        nx.write_graphml_xml(to_networkx(network, tiers), draft)
    elif ending == ".parquet":
        edges(network).write_parquet(draft)
    else:
        body = {
            "year": network.year,
            "home_preference": network.home_preference,
            "nodes": nodes(network, tiers).to_dicts(),
            "links": edges(network).to_dicts(),
        }
        draft.write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
