"""What a report is written as: languages, formats, colours and template, from the config and the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from supplyrisk.foundation.errors import InputError
from supplyrisk.foundation.nearest import did_you_mean
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
    asked: Mapping[str, tuple[Sequence[str], Sequence[str]]] = {
        "--lang": ([language], (*LANGUAGES, BOTH)),
        "--format": (formats, REPORT_FORMATS),
        "--theme": ([theme], tuple(LOOKS)),
    }
    what = {"--lang": "a language of reports", "--format": "a format of reports", "--theme": "a theme of reports"}
    for option, (words, known) in asked.items():
        for word in words:
            if word not in known:
                message = f"'{word}' is not {what[option]}"
                collector.add(file="", where=option, message=message, mend=did_you_mean(word, known))
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
