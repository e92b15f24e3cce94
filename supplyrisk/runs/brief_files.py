"""A policy brief as files: which ones are asked for, and writing all of them or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from supplyrisk.foundation.nearest import did_you_mean
from supplyrisk.foundation.problems import ProblemCollector
from supplyrisk.report.brief import brief_wording, compose_brief, topic_title
from supplyrisk.report.brief_figures import brief_figure
from supplyrisk.report.brief_given import BriefGiven
from supplyrisk.report.brief_topics import brief_topics, find_topic
from supplyrisk.report.chosen_outputs import BOTH, languages_of
from supplyrisk.report.document import Document
from supplyrisk.report.formats import FORMATS, MARKDOWN, Appearance, DocumentFormat
from supplyrisk.report.look import LOOKS
from supplyrisk.report.wording import LANGUAGES
from supplyrisk.runs.brief_run import brief_given
from supplyrisk.runs.opening import Progress, chain_of, load_config, open_project_data, resolve_day
from supplyrisk.runs.project import find_project
from supplyrisk.runs.quarterly import Run, compute_run
from supplyrisk.store.atomic import replace_file

_TABLES = ("by_products", "countries", "materials", "products", "recipes", "sources")


@dataclass(frozen=True)
class BriefOutputs:
    """Languages and formats of a brief; ``target``: a file, a folder, or None for standard output."""

    languages: tuple[str, ...]
    formats: tuple[DocumentFormat, ...]
    target: Path | None

    def paths(self, topic: str) -> dict[Path, tuple[str, DocumentFormat]]:
        """The files to write, with language and format of each."""
        if self.target is None:
            return {}
        if len(self.languages) == len(self.formats) == 1 and self.target.suffix == self.formats[0].suffix:
            return {self.target: (self.languages[0], self.formats[0])}
        return {
            self.target / f"brief_{topic}_{language}{form.suffix}": (language, form)
            for language in self.languages
            for form in self.formats
        }


def wrong_words(lang: str, formats: Sequence[str], to: Path | None, theme: str) -> ProblemCollector:
    """Every word of the command that is wrong, but for the topic."""
    collector = ProblemCollector()
    collector.note_unknown([theme], LOOKS, "a theme of briefs", where="--theme")
    collector.note_unknown([lang], (*LANGUAGES, BOTH), "a language of briefs", where="--lang")
    collector.note_unknown(formats, FORMATS, "a format of briefs", where="--format")
    is_file = to is not None and bool(to.suffix) and not to.is_dir()
    suffix = to.suffix.removeprefix(".") if to is not None and is_file else ""
    if is_file and suffix not in FORMATS:
        message = f"'{to}' ends in no format of documents"
        collector.add(file="", where="--to", message=message, mend=did_you_mean(suffix, FORMATS))
    elif is_file and (lang == BOTH or len(set(formats)) > 1):
        mend = "Give a folder, or one language and one format."
        collector.add(file="", where="--to", message=f"'{to}' is one file, and several are asked for", mend=mend)
    elif is_file and formats and formats[0] in FORMATS and formats[0] != suffix:
        mend = "Leave one of the two out."
        message = f"'{to}' ends in another format than --format {formats[0]}"
        collector.add(file="", where="--to", message=message, mend=mend)
    if to is not None and not is_file and to.is_file():
        message = f"{to} is a file, a folder is to be written to"
        collector.add(file="", where="--to", message=message, mend="Give another name.")
    return collector


def asked_for(lang: str, formats: Sequence[str], to: Path | None) -> BriefOutputs:
    """What right words ask for; a format without a place to go is written to the working folder."""
    one = to is not None and bool(to.suffix) and not to.is_dir()
    suffix = to.suffix.removeprefix(".") if to is not None and one else ""
    names = tuple(dict.fromkeys(formats)) or ((suffix,) if one else (MARKDOWN,))
    target = Path() if to is None and formats else to
    return BriefOutputs(languages_of(lang), tuple(FORMATS[name] for name in names), target)


def make_brief(
    folder: Path | None,
    word: str,
    lang: str | None,
    formats: Sequence[str],
    to: Path | None,
    quarter: str | None,
    as_of: str | None,
    theme: str,
    progress: Progress,
) -> tuple[tuple[Path, ...], str]:
    """Make the brief on a topic: the files written, or without a place to go its text.

    Raises ``InputError`` with all words that are wrong before anything is worked out.
    """
    project = find_project(folder)
    config, named = load_config(project, quarter)
    language = lang or config.language
    problems = wrong_words(language, formats, to, theme)
    day = resolve_day(config, named, as_of, date.today())
    opened = open_project_data(project, config, day, _TABLES)
    topics = brief_topics(chain_of(project, opened), opened.table("products"), opened.table("materials"))
    topic = find_topic(word, topics, opened.table("materials"), problems)
    problems.raise_if_any("The brief cannot be made")
    assert topic is not None
    asked = asked_for(language, formats, to)
    paths = asked.paths(topic.file_name)
    run = compute_run(project, config, named, day, progress)
    given = brief_given(run, topic)
    progress("writing the brief")
    appearance = Appearance(LOOKS[theme], cover=False)
    documents = {language: document_of(run, given, language) for language in asked.languages}
    if not paths:
        return (), "\n".join(FORMATS[MARKDOWN].render(one, appearance).decode() for one in documents.values())
    rendered = {path: form.render(documents[language], appearance) for path, (language, form) in paths.items()}
    write_files(rendered)
    return tuple(rendered), ""


def document_of(run: Run, given: BriefGiven, language: str) -> Document:
    """The brief in one language, with its chart."""
    tables = {name: run.package.table(name) for name in ("countries", "materials", "products", "reserves", "sources")}
    wording = brief_wording(language, tables, given.titles)
    title = topic_title(given.topic, tables["products"], wording)
    figure = brief_figure(given, run.scores.production, tables, title, wording)
    return compose_brief(given, title, figure, wording)


def write_files(rendered: Mapping[Path, bytes]) -> None:
    """All files, or none: each takes its place only when every one of them is written out."""
    for folder in {path.parent for path in rendered}:
        folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        for path, content in rendered.items():
            stack.enter_context(replace_file(path)).write_bytes(content)
