"""The documents and figures of a report in one language, written into its folder; languages side by side."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from supplyrisk.report.chosen_outputs import WORKBOOK, ChosenOutputs
from supplyrisk.report.compose import ReportInput, compose_report
from supplyrisk.report.content import SourceLine
from supplyrisk.report.figure_files import write_figures
from supplyrisk.report.formats import FORMATS
from supplyrisk.report.outline import outline


@dataclass(frozen=True)
class LanguageFiles:
    """What was written in a language: names of documents, paths of the data of figures from the folder on; sources."""

    documents: tuple[str, ...]
    figure_data: tuple[str, ...]
    sources: tuple[SourceLine, ...]


def write_languages(given: ReportInput, chosen: ChosenOutputs, folder: Path) -> list[LanguageFiles]:
    """Every language into ``folder``, each in a process of its own where there are several.

    Charts take most of the time and are drawn by a library that works on one at a time. Processes are started anew
    rather than forked, as threads of the data frames would not come along.
    """
    if len(chosen.languages) == 1:
        return [write_language(given, chosen.languages[0], chosen, folder)]
    count = len(chosen.languages)
    with ProcessPoolExecutor(count, mp_context=get_context("spawn")) as pool:
        return list(pool.map(write_language, [given] * count, chosen.languages, [chosen] * count, [folder] * count))


def write_language(given: ReportInput, language: str, chosen: ChosenOutputs, folder: Path) -> LanguageFiles:
    """Documents report.html and so on, and the folder of figures, with a suffix where there are several languages."""
    content = compose_report(given, language)
    suffix = chosen.suffix(language)
    document = outline(content)
    documents = _documents(chosen.formats)
    for name in documents:
        made = FORMATS[name].render(document, chosen.appearance)
        (folder / f"report{suffix}.{name}").write_bytes(made)
    figures = folder / f"figures{suffix}"
    data = write_figures(document.figures, figures)
    return LanguageFiles(
        documents=tuple(f"report{suffix}.{name}" for name in documents),
        figure_data=tuple(f"{figures.name}/{path.name}" for path in data),
        sources=content.sources,
    )


def _documents(formats: Sequence[str]) -> list[str]:
    return [name for name in formats if name != WORKBOOK]
