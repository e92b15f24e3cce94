"""Composing the chain files and the recipe table into one chain, with all problems reported at once."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import polars as pl

from supplyrisk.chain.graph import Chain, InputGroup, Recipe, order_from_end_to_mine
from supplyrisk.chain.specification import ChainSpecification, ProductSpecification
from supplyrisk.foundation.model_reader import load_model
from supplyrisk.foundation.nearest import did_you_mean
from supplyrisk.foundation.problems import ProblemCollector
from supplyrisk.foundation.yaml_reader import YamlDocument, read_yaml

RECIPES_FILE = "data/recipes.csv"


def compose_chains(folder: Path, recipes: pl.DataFrame, products: pl.DataFrame, by_products: pl.DataFrame) -> Chain:
    """Chain of all ``*.yaml`` files of ``folder``.

    ``recipes``, ``products``, ``by_products``: the data tables of that name. Raises ``InputError`` with every problem
    of the stage (file, line, what is wrong, nearest valid word): unknown products, a product in two chains, not one
    bundled chain, inputs without a recipe, recipes no chain asks for, units that do not fit, cycles.
    """
    collector = ProblemCollector()
    read = _read_files(folder, collector)
    collector.raise_if_any("The chains cannot be read")
    units = dict(zip(products["product_id"], products["unit"], strict=True))
    specifications, chain_of = _merge(read, units, collector)
    _check_members(read, specifications, collector)
    bundled = _bundled(folder, read, collector)
    known = {name: tuple(i for i in spec.inputs if i in specifications) for name, spec in specifications.items()}
    order, cycle = order_from_end_to_mine(known)
    if cycle:
        file, line = _place(read, cycle[0])
        collector.add(
            file=file,
            where=line,
            message=f"the products {', '.join(cycle)} go into each other in a cycle",
            mend="Take one of the inputs out; scrap that returns is a secondary share, not an input.",
        )
    rows = _recipes(recipes, specifications, read, units, collector)
    collector.raise_if_any("The chains do not fit together")
    hosts = {
        product: tuple(sorted(set(group["host_product_id"]) - {None}))
        for (product,), group in by_products.group_by(["product_id"], maintain_order=True)
        if product in specifications
    }
    return Chain(
        products=order,
        recipes=rows,
        specifications=specifications,
        chain_of=chain_of,
        final_products=tuple(name for _, _, spec in read for name in spec.final_products),
        groups=_groups(spec for _, _, spec in read),
        bundled=bundled,
        hosts={product: names for product, names in hosts.items() if names},
    )


_Read = list[tuple[Path, YamlDocument, ChainSpecification]]


def _read_files(folder: Path, collector: ProblemCollector) -> _Read:
    files = sorted(folder.glob("*.yaml"))
    if not files:
        collector.add(
            file=str(folder), where="", message="holds no chain file", mend="Put the chain files (*.yaml) there."
        )
    read: _Read = []
    for path in files:
        document = read_yaml(path)
        specification = load_model(path, ChainSpecification, collector)
        if specification is not None:
            read.append((path, document, specification))
    return read


def _place(read: _Read, product: str) -> tuple[str, str]:
    for path, document, specification in read:
        if product in specification.products:
            return path.name, f"line {document.line_of(('products', product))}, products.{product}"
    return "models/chains", ""


def _merge(
    read: _Read, units: dict[str, str], collector: ProblemCollector
) -> tuple[dict[str, ProductSpecification], dict[str, str]]:
    specifications: dict[str, ProductSpecification] = {}
    chain_of: dict[str, str] = {}
    for path, document, chain in read:
        for name, specification in chain.products.items():
            where = f"line {document.line_of(('products', name))}, products.{name}"
            if name not in units:
                collector.add(
                    file=path.name,
                    where=where,
                    message=f"'{name}' is not a product of data/products.csv",
                    mend=did_you_mean(name, units),
                )
            if name in chain_of:
                collector.add(
                    file=path.name,
                    where=where,
                    message=f"'{name}' is already defined in the chain '{chain_of[name]}'",
                    mend="Define a product once; other chains may use it as an input.",
                )
                continue
            specifications[name], chain_of[name] = specification, chain.chain
    return specifications, chain_of


def _check_members(read: _Read, specifications: dict[str, ProductSpecification], collector: ProblemCollector) -> None:
    def check(
        path: Path, document: YamlDocument, keys: tuple[str | int, ...], name: str, allowed: Iterable[str]
    ) -> None:
        words = tuple(allowed)
        if name not in words:
            kind = "an input of the product" if words and keys[-2] == "members" else "a product of any chain"
            collector.add(
                file=path.name,
                where=f"line {document.line_of(keys)}, {'.'.join(str(key) for key in keys)}",
                message=f"'{name}' is not {kind}",
                mend=did_you_mean(name, words),
            )

    for path, document, chain in read:
        for position, name in enumerate(chain.final_products):
            check(path, document, ("final_products", position), name, specifications)
        for product, specification in chain.products.items():
            for position, name in enumerate(specification.inputs):
                check(path, document, ("products", product, "inputs", position), name, specifications)
            if specification.secondary is not None:
                check(
                    path,
                    document,
                    ("products", product, "secondary", "input"),
                    specification.secondary.input,
                    specification.inputs,
                )
        for group_id, group in chain.input_groups.items():
            check(path, document, ("input_groups", group_id, "product"), group.product, specifications)
            inputs = specifications[group.product].inputs if group.product in specifications else ()
            for position, name in enumerate(group.members):
                check(path, document, ("input_groups", group_id, "members", position), name, inputs)
        for group_id, substitutes in chain.substitute_products.items():
            for position, name in enumerate(substitutes.members):
                check(
                    path, document, ("substitute_products", group_id, "members", position), name, chain.final_products
                )


def _bundled(folder: Path, read: _Read, collector: ProblemCollector) -> str:
    """The chain that is bundled; a problem where none is, or more than one."""
    found = [(path, document, chain.chain) for path, document, chain in read if chain.bundled]
    if not found:
        collector.add(
            file=str(folder),
            where="",
            message="no chain is bundled, so nothing has value added and an outlook",
            mend="Write 'bundled: true' in the chain whose final products are one good in several kinds.",
        )
        return ""
    for path, document, name in found[1:]:
        collector.add(
            file=path.name,
            where=f"line {document.line_of(('bundled',))}, bundled",
            message=f"'{name}' is bundled, and so is '{found[0][2]}'",
            mend="Leave 'bundled: true' in one chain.",
        )
    return found[0][2]


def _recipes(
    table: pl.DataFrame,
    specifications: dict[str, ProductSpecification],
    read: _Read,
    units: dict[str, str],
    collector: ProblemCollector,
) -> tuple[Recipe, ...]:
    wanted = {(i, name) for name, spec in specifications.items() for i in spec.inputs if i in specifications}
    rows: list[Recipe] = []
    general: set[tuple[str, str]] = set()
    for row in table.iter_rows(named=True):
        pair = (row["input_product"], row["output_product"])
        if pair[1] not in specifications:
            continue
        if pair not in wanted:
            file, line = _place(read, pair[1])
            collector.add(
                file=file,
                where=line,
                message=f"{RECIPES_FILE} has a recipe {pair[0]} → {pair[1]} ({row['row_id']}) that no chain uses",
                mend=f"Add {pair[0]} to the inputs of {pair[1]}, or take the row out.",
            )
            continue
        expected = f"{units[pair[0]]}/{units[pair[1]]}"
        if _plain_unit(row["unit"]) != expected:
            collector.add(
                file=RECIPES_FILE,
                where=f"row_id {row['row_id']}, unit",
                message=f"the recipe {pair[0]} → {pair[1]} is in {row['unit']}, the products are in {expected}",
                mend=f"Convert the coefficient to {expected}.",
            )
        if row["country_iso3"] is None:
            general.add(pair)
        rows.append(
            Recipe(
                input_product=pair[0],
                output_product=pair[1],
                iso3=row["country_iso3"],
                coefficient=row["coefficient"],
                low=row["low"] if row["low"] is not None else row["coefficient"],
                high=row["high"] if row["high"] is not None else row["coefficient"],
                unit=row["unit"],
                basis=row["basis"],
                quality=row["quality"],
                row_id=row["row_id"],
            )
        )
    for input_product, output_product in sorted(wanted - general):
        file, line = _place(read, output_product)
        collector.add(
            file=file,
            where=line,
            message=f"the input {input_product} has no recipe for all countries in {RECIPES_FILE}",
            mend="Add a row with an empty country_iso3, with its source.",
        )
    return tuple(sorted(rows, key=lambda r: (r.output_product, r.input_product, r.iso3 or "")))


def _plain_unit(unit: str) -> str:
    """'t Li/t Li' and 't nickel/t' are tonnes per tonne: what is weighed stands in products.unit_basis."""
    return "/".join(part.split(" ")[0] for part in unit.split("/"))


def _groups(chains: Iterable[ChainSpecification]) -> tuple[InputGroup, ...]:
    groups: list[InputGroup] = []
    for chain in chains:
        groups += [
            InputGroup(group_id, group.product, group.members, group.switching_limit_share)
            for group_id, group in chain.input_groups.items()
        ]
        groups += [
            InputGroup(group_id, None, group.members, group.switching_limit_share)
            for group_id, group in chain.substitute_products.items()
        ]
    return tuple(groups)
