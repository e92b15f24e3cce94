"""Country names of the real tables, resolved to ISO 3166-1 alpha-3."""

from __future__ import annotations

import pytest

from supplyrisk.foundation.countries import CountryNames
from supplyrisk.foundation.errors import InputError
from supplyrisk.tables.package import DataPackage


@pytest.fixture(scope="module")
def countries(package: DataPackage) -> CountryNames:
    """The resolver of the shipped tables."""
    return package.country_names()


# Codes: ISO 3166-1; XKX is the user-assigned code of Kosovo, EU27, ROW and WLD are those of the design.
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("NLD", "NLD"),
        ("nld", "NLD"),
        (" Nld ", "NLD"),
        ("EU27", "EU27"),
        ("eu27", "EU27"),
        ("ROW", "ROW"),
        ("WLD", "WLD"),
        ("DE", "DEU"),
        ("NA", "NAM"),
        ("Germany", "DEU"),
        ("GERMANY", "DEU"),
        ("Duitsland", "DEU"),
        ("Nederland", "NLD"),
        ("The Netherlands", "NLD"),
        ("Verenigde Staten", "USA"),
        ("United States", "USA"),
        ("Zuid-Korea", "KOR"),
        ("Korea, Republic of", "KOR"),
        ("Korea, North", "PRK"),
        ("Congo (Kinshasa)", "COD"),
        ("Congo (Brazzaville)", "COG"),
        ("Democratische Republiek Congo", "COD"),
        ("Burma", "MMR"),
        ("Turkije", "TUR"),
        ("Turkey", "TUR"),
        ("Ivoorkust", "CIV"),
        ("Namibië", "NAM"),
        ("Kosovo", "XKX"),
        ("European Union", "EU27"),
        ("Wereld", "WLD"),
        ("Rest van de wereld", "ROW"),
    ],
)
def test_codes_and_dutch_and_english_names_resolve_in_any_case(countries: CountryNames, text: str, code: str) -> None:
    assert countries.resolve(text) == code


@pytest.mark.parametrize(
    ("text", "nearest"), [("Duitslnd", "duitsland"), ("Chinaa", "china"), ("Netherland", "netherlands")]
)
def test_an_unknown_name_is_an_error_with_the_nearest_one(countries: CountryNames, text: str, nearest: str) -> None:
    with pytest.raises(InputError, match=rf"^'{text}' is not a country or region\. Did you mean '(?i:{nearest})'\?$"):
        countries.resolve(text)


def test_every_dutch_and_english_name_of_the_country_table_resolves_to_its_code(
    package: DataPackage, countries: CountryNames
) -> None:
    rows = package.table("countries").select("iso3", "name_en", "name_nl").rows()
    wrong = [(iso3, name) for iso3, *names in rows for name in names if countries.resolve(name) != iso3]
    assert wrong == []


def test_no_name_in_another_case_stands_for_another_country(package: DataPackage) -> None:
    meanings: dict[str, set[str]] = {}
    for alias, iso3 in package.table("country_names").select("alias", "iso3").rows():
        meanings.setdefault(alias.casefold(), set()).add(iso3)
    assert {alias: codes for alias, codes in meanings.items() if len(codes) > 1} == {}


def test_no_name_is_the_code_of_another_country(package: DataPackage, countries: CountryNames) -> None:
    aliases = package.table("country_names").select("alias", "iso3").rows()
    assert [(a, code) for a, code in aliases if a.upper() in countries.codes and a.upper() != code] == []
