"""Exporting the network: GraphML, Parquet and JSON."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from supplyrisk.foundation.errors import InputError
from supplyrisk.network.graph_view import edges, nodes, to_networkx
from supplyrisk.network.model import Network

ENDINGS = (".graphml", ".parquet", ".json")


def write_graph(network: Network, stages: Mapping[str, str], file: Path) -> None:
    """The network as ``file``, whose ending decides: .graphml, .parquet (the edges) or .json (nodes and links).

    The file is complete or not there. Raises ``InputError`` for another ending and where nothing can be written.
    """
    check_ending(file)
    write_whole(file, lambda draft: _write(network, stages, file.suffix, draft))


def check_ending(file: Path) -> None:
    """Raises ``InputError`` for a file whose name does not say one of the formats."""
    if file.suffix not in ENDINGS:
        raise InputError(f"--export: '{file.name}' ends in none of {', '.join(ENDINGS)}. Name it after its format.")


def write_whole(file: Path, write: Callable[[Path], object]) -> None:
    """Has ``write`` fill a draft beside ``file`` that takes its place when done. Raises ``InputError`` if it cannot."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{file.stem}-", suffix=file.suffix, dir=file.parent)
        os.close(handle)
    except OSError as error:
        raise InputError(
            f"Nothing can be written to {file.parent} ({error.strerror}). Give another folder or mend its rights."
        ) from error
    draft = Path(name)
    try:
        write(draft)
        draft.chmod(0o644)
        os.replace(draft, file)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _write(network: Network, stages: Mapping[str, str], ending: str, draft: Path) -> None:
    if ending == ".graphml":
        import networkx as nx

        nx.write_graphml_xml(to_networkx(network, stages), draft)
    elif ending == ".parquet":
        edges(network).write_parquet(draft)
    else:
        body = {
            "year": network.year,
            "home_preference": network.home_preference,
            "nodes": nodes(network, stages).to_dicts(),
            "links": edges(network).to_dicts(),
        }
        draft.write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
