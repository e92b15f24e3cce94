"""Which files a brief is written to, words that are wrong, and all files or none."""

from __future__ import annotations

from pathlib import Path

import pytest

from supplyrisk.foundation.errors import InputError
from supplyrisk.runs.brief_files import asked_for, make_brief, write_files, wrong_words


def test_without_a_place_the_text_goes_to_standard_output() -> None:
    assert asked_for("en", [], None).paths("cobalt") == {}


def test_folder_holds_a_file_a_language_and_format(tmp_path: Path) -> None:
    paths = asked_for("both", ["md", "pdf"], tmp_path).paths("cobalt")
    assert [path.name for path in paths] == [
        "brief_cobalt_en.md", "brief_cobalt_en.pdf", "brief_cobalt_nl.md", "brief_cobalt_nl.pdf",
    ]  # fmt: skip


def test_file_gives_its_format(tmp_path: Path) -> None:
    paths = asked_for("nl", [], tmp_path / "cobalt.pdf").paths("cobalt")
    assert {path.name: form.name for path, (_, form) in paths.items()} == {"cobalt.pdf": "pdf"}


def test_format_without_a_place_goes_to_the_working_folder() -> None:
    assert list(asked_for("en", ["docx"], None).paths("cobalt")) == [Path("brief_cobalt_en.docx")]


def test_folder_with_a_dot_in_its_name_is_a_folder_where_it_exists(tmp_path: Path) -> None:
    folder = tmp_path / "v1.2"
    folder.mkdir()
    assert list(asked_for("en", [], folder).paths("x")) == [folder / "brief_x_en.md"]


@pytest.mark.parametrize(
    ("lang", "formats", "to", "message"),
    [
        ("de", [], None, "--lang: 'de' is not a language of briefs. Known: both, en, nl."),
        ("en", ["dox"], None, "--format: 'dox' is not a format of briefs. Did you mean 'docx'?"),
        ("en", [], "brief.txt", "--to: 'brief.txt' ends in no format of documents. Known: docx, html, md, pdf."),
        ("both", [], "a.md", "--to: 'a.md' is one file, and several are asked for. Give a folder"),
        ("en", ["md"], "a.pdf", "--to: 'a.pdf' ends in another format than --format md. Leave one of the two out."),
    ],
)
def test_wrong_words_are_told_with_the_way_out(lang: str, formats: list[str], to: str | None, message: str) -> None:
    (problem,) = wrong_words(lang, formats, None if to is None else Path(to), "neutral").problems
    assert message in str(problem)


def test_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "briefs").write_text("")
    (problem,) = wrong_words("en", [], tmp_path / "briefs", "neutral").problems
    assert "briefs is a file, a folder is to be written to. Give another name." in str(problem)


def test_files_are_written_all_or_none(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("before")
    (tmp_path / "b.md").mkdir()
    with pytest.raises(InputError, match="is a folder"):
        write_files({tmp_path / "a.md": b"new", tmp_path / "b.md": b"new"})
    assert (tmp_path / "a.md").read_text() == "before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.md", "b.md"]


def test_files_take_their_place(tmp_path: Path) -> None:
    write_files({tmp_path / "new" / "a.md": b"one", tmp_path / "new" / "b.md": b"two"})
    assert [(tmp_path / "new" / name).read_bytes() for name in ("a.md", "b.md")] == [b"one", b"two"]


def test_all_wrong_words_are_told_at_once_before_anything_is_worked_out() -> None:
    said: list[str] = []
    with pytest.raises(InputError) as caught:
        make_brief(None, "cobald", "de", ["dox"], None, None, None, "blue", said.append)
    lines = str(caught.value).splitlines()
    assert lines[:4] == [
        "The brief cannot be made: 4 problems.",
        "  --theme: 'blue' is not a theme of briefs. Known: government, neutral.",
        "  --lang: 'de' is not a language of briefs. Known: both, en, nl.",
        "  --format: 'dox' is not a format of briefs. Did you mean 'docx'?",
    ]
    assert lines[4].startswith("  TOPIC: 'cobald' is not a topic of briefs. Did you mean 'cobalt'? Topics: ")
    assert said == []
