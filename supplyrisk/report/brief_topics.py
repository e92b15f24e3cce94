"""What a policy brief can be about: a family of materials, batteries, magnets, or European value added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from supplyrisk.chain.graph import Chain
from supplyrisk.foundation.nearest import nearest_word
from supplyrisk.foundation.problems import ProblemCollector
from supplyrisk.report.sections import MaterialSection, material_sections

BATTERY, MAGNETS, VALUE_ADDED = "battery", "magnets", "value-added"
_CHAINS = {BATTERY: "battery", MAGNETS: "magnet", VALUE_ADDED: "battery"}


@dataclass(frozen=True)
class Topic:
    """One topic: ``own`` products it is about, ``onward`` what they go into; ``drawn``: the section its chart shows.

    ``materials``: those of its own products, with everything below them (dysprosium below the heavy rare earths); of a
    chain only what is strategic among the latter, which of rare earths are those for magnets.
    """

    topic_id: str
    own: tuple[str, ...]
    onward: tuple[str, ...]
    drawn: MaterialSection
    materials: frozenset[str]

    @property
    def about_value(self) -> bool:
        """Whether it is about European value added and not about supply."""
        return self.topic_id == VALUE_ADDED

    @property
    def products(self) -> tuple[str, ...]:
        """All of them, in the order of making."""
        return (*self.own, *self.onward)

    @property
    def file_name(self) -> str:
        """The topic as part of a file name."""
        return self.topic_id.replace("-", "_")


def brief_topics(chain: Chain, products: pl.DataFrame, materials: pl.DataFrame) -> dict[str, Topic]:
    """Every topic by its name: families of materials first, then the chains."""
    sections = {section.section_id: section for section in material_sections(chain, products, materials)}
    mixed = sections.pop("mixed", MaterialSection("mixed", (), ()))
    found = {
        name: Topic(name, section.own, section.onward, section, _materials(section.own, products, materials))
        for name, section in sections.items()
    }
    for name, of_chain in _CHAINS.items():
        rows = products.filter((pl.col("chain") == of_chain) & ~pl.col("reporting")).sort("tier", "product_id")
        own = tuple(product for product in rows["product_id"] if product in chain.inputs)
        drawn = mixed if of_chain == "battery" else MaterialSection(name, own, ())
        found[name] = Topic(name, own, (), drawn, _materials(own, products, materials, strategic=True))
    return {name: topic for name, topic in found.items() if topic.own}


def find_topic(
    word: str, topics: Mapping[str, Topic], materials: pl.DataFrame, collector: ProblemCollector
) -> Topic | None:
    """The topic of a word: its name, or the id or a name (English, Dutch) of a material of its own.

    None for a word that is none; the ``collector`` then has the nearest word and the list.
    """
    asked = word.strip().casefold()
    by_word = {name.casefold(): name for name in topics}
    families = [name for name in topics if name not in _CHAINS]
    for names in materials.select("material_id", "name_en", "name_nl").iter_rows():
        family = next((name for name in families if names[0] in topics[name].materials), None)
        if family is not None:
            for name in names:
                by_word.setdefault(str(name).casefold(), family)
    for alike in (asked, asked.replace(" ", "_"), asked.replace("_", "-"), asked.replace("-", "_")):
        if alike in by_word:
            return topics[by_word[alike]]
    near = nearest_word(asked, by_word)
    meant = "" if near is None else f"Did you mean '{near}'? "
    mend = f"{meant}Topics: {', '.join(topics)}."
    collector.add(file="", where="TOPIC", message=f"'{word}' is not a topic of briefs", mend=mend)
    return None


def _materials(
    own: Sequence[str], products: pl.DataFrame, materials: pl.DataFrame, strategic: bool = False
) -> frozenset[str]:
    found = set(products.filter(pl.col("product_id").is_in(list(own)))["material_id"].drop_nulls())
    counted = materials.filter(pl.col("strategic_2024")) if strategic else materials
    while True:
        below = set(counted.filter(pl.col("parent_id").is_in(sorted(found)))["material_id"]) - found
        if not below:
            return frozenset(found)
        found |= below
