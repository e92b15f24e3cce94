"""Sentences from findings: the message catalogue of a language, with its numbers and names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any

from babel.dates import format_date

from supplyrisk.findings.alert import Alert
from supplyrisk.findings.finding import Finding
from supplyrisk.foundation.errors import InputError, NotKnown
from supplyrisk.foundation.nearest import did_you_mean
from supplyrisk.foundation.yaml_reader import read_yaml
from supplyrisk.report.number_wording import NumberWording

LANGUAGES = ("en", "nl")
LOCALES: Mapping[str, str] = MappingProxyType({"en": "en_GB", "nl": "nl_NL"})
"""How each language writes numbers and dates, and checks spelling."""
_SHORT = 13
"""Letters that a country's name may have inside a chart."""

Catalogue = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Names:
    """What codes are called in one language: countries, products and materials, and editions by their source."""

    countries: Mapping[str, str]
    products: Mapping[str, str]
    editions: Mapping[str, str]
    materials: Mapping[str, str] = field(default_factory=dict)


def read_catalogue(language: str) -> Catalogue:
    """The messages of a language. Raises ``InputError`` for a language without catalogue."""
    if language not in LANGUAGES:
        raise InputError(f"'{language}' is not a language of the reports. {did_you_mean(language, LANGUAGES)}")
    path = files("supplyrisk.report") / "catalogue" / f"{language}.yaml"
    data: Catalogue = read_yaml(Path(str(path))).data
    return data


class Wording(NumberWording):
    """Fills the messages of one language. ``{share:percent}`` formats a number, ``{country:country}`` names a code."""

    def __init__(self, language: str, names: Names) -> None:
        super().__init__(LOCALES[language])
        self.language = language
        self.catalogue = read_catalogue(language)
        self.names = names

    def sentence(self, finding: Finding) -> str:
        """The sentence of a finding. Raises ``KeyError`` when the catalogue lacks its message."""
        text = self.vformat(self.catalogue["findings"][finding.message_id], (), dict(finding.numbers))
        return self.capital(text)

    def alert(self, alert: Alert) -> str:
        """The sentence of an alert."""
        return self.capital(self.vformat(self.catalogue["alerts"]["messages"][alert.message_id], (), alert.numbers))

    def capital(self, text: str) -> str:
        """The text with a capital first letter; ij is one letter in Dutch."""
        letters = 2 if self.language == "nl" and text.startswith("ij") else 1
        return text[:letters].upper() + text[letters:]

    def page(self, key: str, **values: object) -> str:
        """A text of the page, with plain values filled in."""
        return str(self.catalogue["page"][key]).format(**values)

    def format_field(self, value: Any, format_spec: str) -> str:
        """One value by its format word; an unknown word is an error in the catalogue.

        Raises ``ValueError`` for a value that is not there: a message has to do without it, or is not said.
        """
        if value is None:
            raise ValueError(f"a message asks for a value that is not there, to be written as {format_spec}")
        return str(getattr(self, f"format_{format_spec}")(value))

    def format_country(self, code: str) -> str:
        """Name of a country."""
        return self.names.countries[code]

    format_region = format_country

    def format_place(self, code: str) -> str:
        """Name of a country or region as it stands inside a sentence, with its article where it has one."""
        return str(self.catalogue["places"].get(code) or self.names.countries[code])

    def format_places(self, codes: Sequence[str]) -> str:
        """Names of countries or regions inside a sentence as a list: a, b and c."""
        return self.listed([self.format_place(code) for code in codes])

    def short_place(self, code: str) -> str:
        """Name of a country or region that is short enough for a chart; its code where the name is long."""
        name = self.names.countries[code]
        return str(self.catalogue["short_places"].get(code) or (name if len(name) <= _SHORT else code))

    def format_root(self, product_id: str) -> str:
        """What a raw material is called apart from its stage, as it stands inside a sentence."""
        return str(self.catalogue["roots"].get(product_id) or self.format_product(product_id))

    def format_end(self, end_product: str) -> str:
        """Name of what is looked through: a chain's end products taken together, or a product."""
        return str(self.catalogue["ends"].get(end_product) or self.format_product(end_product))

    def format_verdict(self, verdict: str) -> str:
        """How a range lies to a goal."""
        return str(self.catalogue["verdicts"][verdict])

    def format_parameter(self, parameter: str) -> str:
        """What an assumption of disruption is called inside a sentence."""
        return str(self.catalogue["parameters"][parameter])

    def format_hazard(self, hazard: str) -> str:
        """What a class of events is called inside a sentence."""
        return str(self.catalogue["hazards"][hazard])

    def format_causes(self, causes: Sequence[tuple[str, str, float]]) -> str:
        """Classes of events in countries, each with its part of a loss, as a list."""
        said = str(self.catalogue["cause"])
        return self.listed(
            [
                said.format(
                    part=self.format_percent(part), hazard=self.format_hazard(hazard), place=self.format_place(place)
                )
                for hazard, place, part in causes
            ]
        )

    def format_outcome(self, outcome: str) -> str:
        """Which events a back-test looks for."""
        return str(self.catalogue["backtested"]["outcome"][outcome])

    def format_countries(self, countries: str) -> str:
        """Which countries a back-test looks at, as it stands inside a sentence."""
        return str(self.catalogue["backtested"]["countries"][countries])

    def format_score(self, score: str) -> str:
        """What a back-test ranks by, as it stands inside a sentence."""
        return str(self.catalogue["backtested"]["score"][score])

    def format_precisions(self, scores: Sequence[tuple[str, float]]) -> str:
        """Ways of ranking, each with its share: a (12 %) and b (5 %)."""
        return self.listed([f"{self.format_score(score)} ({self.format_percent(value)})" for score, value in scores])

    def format_classes(self, classes: Sequence[tuple[float, float, float, float, float, float]]) -> str:
        """Classes of chance (from, to), each with the mean told and the part that happened with its range."""
        said, names = str(self.catalogue["backtested"]["class"]), ("told", "came", "low", "high")
        return "; ".join(
            said.format(
                start=self.format_percent(start),
                end=self.format_percent(end),
                **dict(zip(names, map(self.format_percent1, parts), strict=True)),
            )
            for start, end, *parts in classes
        )

    def format_counts(self, counts: Sequence[int]) -> str:
        """Counts as a list: 9, 2 and 1."""
        return self.listed([str(count) for count in counts])

    def format_numbers(self, names: Sequence[str]) -> str:
        """Uncertain numbers of risk and assumptions of disruption, as a list."""
        return self.listed(
            [str(self.catalogue["uncertain"].get(name) or self.format_parameter(name)) for name in names]
        )

    def format_product(self, product_id: str) -> str:
        """Name of a product, as it stands inside a sentence."""
        return str(self.catalogue["phrases"].get(product_id) or in_sentence(self.names.products[product_id]))

    def format_material(self, material_id: str) -> str:
        """Name of a material, as it stands inside a sentence."""
        return in_sentence(self.names.materials[material_id])

    def format_materials(self, material_ids: Sequence[str]) -> str:
        """Names of materials inside a sentence as a list."""
        return self.listed([self.format_material(name) for name in material_ids])

    def format_crossings(self, materials: Sequence[tuple[str, bool]]) -> str:
        """Materials whose score crosses a line, as a list, each with a word where its range covers the line."""
        covered = str(self.catalogue["words"]["range_covers_line"])
        return self.listed(
            [
                covered.format(name=self.format_material(name)) if is_open else self.format_material(name)
                for name, is_open in materials
            ]
        )

    def format_target(self, metric: str) -> str:
        """What a target is set on."""
        return str(self.catalogue["targets"][metric])

    def listed(self, names: Sequence[str]) -> str:
        """Names as a list inside a sentence: a, b and c; with semicolons where a name has a comma or an "and"."""
        if len(names) < 2:
            return "".join(names)
        joint = f" {self.catalogue['words']['and']} "
        between = "; " if any("," in name or joint in name for name in names) else ", "
        return f"{between.join(names[:-1])}{joint}{names[-1]}"

    def quoted(self, text: str) -> str:
        """A title in quotation marks of the language, as it stands inside a sentence."""
        opening, closing = self.catalogue["words"]["quotes"]
        return f"{opening}{text}{closing}"

    def ranged(self, value: str, low: str, high: str) -> str:
        """A written value with its range: 86 % (79 % to 92 %); alone where both ends read as it does."""
        if value == low == high:
            return value
        return f"{value} ({self.catalogue['words']['range'].format(low=low, high=high)})"

    def format_products(self, product_ids: Sequence[str]) -> str:
        """Names of products as a list: a, b and c."""
        return self.listed([self.format_product(product_id) for product_id in product_ids])

    def format_good(self, good: str) -> str:
        """What a price or a control is about: ``material:cobalt`` or ``product:bauxite``."""
        kind, _, name = good.partition(":")
        return self.format_product(name) if kind == "product" else self.format_material(name)

    def format_price_unit(self, unit: str) -> str:
        """What a price is counted in, as USD/troy_oz: a currency per quantity."""
        texts, (currency, quantity) = self.catalogue["price_units"], unit.split("/")
        return str(texts["text"]).format(currency=texts["currencies"][currency], quantity=texts["quantities"][quantity])

    def format_restriction(self, measure: str) -> str:
        """What a kind of export restriction is called inside a sentence."""
        return str(self.catalogue["restrictions"][measure])

    def format_change(self, part: str) -> str:
        """What moved live supply risk."""
        return str(self.catalogue["alerts"]["changes"][part])

    def format_when(self, text: str) -> str:
        """A day, month or year written as 2026-01-31, 2026-01 or 2026."""
        whole = date.fromisoformat(text + "-01-01"[3 * text.count("-") :])
        return str(format_date(whole, format=("y", "MMMM y", "d MMMM y")[text.count("-")], locale=self.locale))

    def format_edition(self, edition: str) -> str:
        """Short name of an edition, translated where it is a table of our own."""
        return str(self.catalogue["own_titles"].get(edition) or self.names.editions[edition])

    def format_sources(self, source_ids: str) -> str:
        """Short names of the sources of a row, ids with semicolons between, as a list."""
        return self.listed([self.format_edition(source_id) for source_id in source_ids.split(";")])

    def not_known(self, why: NotKnown) -> str:
        """Why there is no answer on a day, as a clause."""
        return self.vformat(self.catalogue["not_known"][why.reason], (), why.numbers)

    def format_reason(self, reason: str) -> str:
        """Why a number is missing."""
        return str(self.catalogue["reasons"][reason])

    def day(self, value: date) -> str:
        """31 March 2026 or 31 maart 2026."""
        return str(format_date(value, format="d MMMM y", locale=self.locale))


def in_sentence(name: str) -> str:
    """A name with a small first letter, unless its first word is an abbreviation or a formula (LFP, NdFeB …)."""
    first = name.split(" ", 1)[0]
    if first.startswith("IJ") and first[2:].islower():  # one letter in Dutch: IJzererts
        return f"ij{name[2:]}"
    return name if any(letter.isupper() for letter in first[1:]) else name[:1].lower() + name[1:]
