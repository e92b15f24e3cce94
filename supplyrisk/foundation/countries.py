"""Country names in Dutch, English and the spellings of statistics, resolved to codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from supplyrisk.foundation.errors import InputError
from supplyrisk.foundation.nearest import did_you_mean


@dataclass(frozen=True)
class CountryNames:
    """Resolves what people write to ISO 3166-1 alpha-3 (and EU27, ROW, WLD).

    ``codes``: the codes of data/countries.csv; ``aliases``: lower-case name → code (data/country_names.csv).
    """

    codes: frozenset[str]
    aliases: Mapping[str, str]

    def resolve(self, text: str) -> str:
        """Code of a code or name in any case. Raises ``InputError`` with the nearest name."""
        wanted = text.strip()
        if wanted.upper() in self.codes:
            return wanted.upper()
        found = self.aliases.get(wanted.casefold())
        if found is None:
            raise InputError(
                f"'{text}' is not a country or region. {did_you_mean(wanted, [*self.codes, *self.aliases])}"
            )
        return found
