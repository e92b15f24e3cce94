"""Export restrictions in force that the study hides: its trade parameter t is as high as the one assumed for them."""

from __future__ import annotations

from collections.abc import Sequence

from supplyrisk.scores.criticality.formulas import SupplyData
from supplyrisk.scores.criticality.live_core import Conditions, LiveInput, Scope, counted
from supplyrisk.scores.criticality.restrictions import Restriction, trade_parameter_of


def hidden_restrictions(
    inputs: Sequence[LiveInput], conditions: Conditions, supply_data: SupplyData
) -> tuple[Restriction, ...]:
    """Certain measures of suppliers, where no measure at all raises t: that of the study is as high for each of them.

    None where a measure raises the t of a supplier, as the change then tells of it. Suppliers have a share in a mix
    that counts, of today or else of the study; members of the EU cannot restrict exports to it.
    """
    hidden: dict[str, Restriction] = {}
    for one in inputs:
        for scope in counted(supply_data):
            for country, of_study in _suppliers(one, scope).items():
                own = [measure for measure in one.restrictions if measure.iso3 == country and measure.certain]
                if country in conditions.members or not own:
                    continue
                before, after = (
                    trade_parameter_of(country, of_study, conditions.members, measures, conditions.assumed).value
                    for measures in ((), own)
                )
                if after > before:
                    return ()
                hidden |= {measure.row_id: measure for measure in own}
    return tuple(hidden.values())


def _suppliers(one: LiveInput, scope: Scope) -> dict[str, float | None]:
    """The t of the study by country with a share; None where the study prints none."""
    study = one.study(scope)
    if study is None:
        return {}
    mix = one.now(scope) or study
    printed = dict(zip(study.countries, study.trade_parameters.tolist(), strict=True))
    return {
        country: printed.get(country)
        for country, share in zip(mix.countries, mix.shares.tolist(), strict=True)
        if share > 0.0
    }
