"""What a report is written as: languages, formats, colours and template, from the config and the command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from supplyrisk.foundation.errors import InputError
from supplyrisk.foundation.problems import ProblemCollector
from supplyrisk.report.formats import Appearance
from supplyrisk.report.look import LOOKS
from supplyrisk.report.wording import LANGUAGES

BOTH = "both"
WORKBOOK = "xlsx"
REPORT_FORMATS = ("html", "pdf", "docx", WORKBOOK)


@dataclass(frozen=True)
class ChosenOutputs:
    """Languages and formats of a report, and how its documents look."""

    languages: tuple[str, ...]
    formats: tuple[str, ...]
    appearance: Appearance

    def suffix(self, language: str) -> str:
        """What the names of files in a language end in: nothing where there is only one language."""
        return "" if len(self.languages) == 1 else f"_{language}"


def languages_of(word: str) -> tuple[str, ...]:
    """The languages that a word of the command line or config asks for."""
    return LANGUAGES if word == BOTH else (word,)


def chosen_outputs(language: str, formats: Sequence[str], theme: str, template: Path | None) -> ChosenOutputs:
    """What is asked for, each format once. Raises ``InputError`` with every wrong word, and for a template of no use.

    Wrong are an unknown language, format or theme, a template without DOCX among the formats, and one that lacks needed
    styles.
    """
    collector = ProblemCollector()
    collector.note_unknown([language], (*LANGUAGES, BOTH), "a language of reports", where="--lang")
    collector.note_unknown(formats, REPORT_FORMATS, "a format of reports", where="--format")
    collector.note_unknown([theme], LOOKS, "a theme of reports", where="--theme")
    if template is not None:
        _check_template(template, formats, collector)
    collector.raise_if_any("The report cannot be made")
    names = tuple(dict.fromkeys(formats))
    return ChosenOutputs(languages_of(language), names, Appearance(LOOKS[theme], template=template))


def _check_template(template: Path, formats: Sequence[str], collector: ProblemCollector) -> None:
    from supplyrisk.report.docx_template import check_template

    if "docx" not in formats:
        collector.add(
            file="",
            where="--template",
            message="a template is for DOCX, which is not among the formats",
            mend="Add --format docx, or leave the template out.",
        )
    try:
        check_template(template)
    except InputError as error:
        collector.add(file="", where="--template", message=str(error))
