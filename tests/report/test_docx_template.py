"""An organisation's own template: its styles, page and header are used, and what it lacks is told at once."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
from docx.shared import Inches, RGBColor

from supplyrisk.foundation.errors import InputError
from supplyrisk.report.docx import render_docx
from supplyrisk.report.look import LOOKS
from tests.docx_builders import (
    LANDSCAPE,
    NAMES,
    W,
    document,
    found,
    made_with,
    misplaced,
    opened,
    trees,
    undefined_styles,
)

LOOK = LOOKS["government"]


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """A template of another maker: its own ids, page, header and a text that is not to stay."""
    word = docx.Document()
    word.styles["Heading 1"].font.color.rgb = RGBColor(0x12, 0x34, 0x56)
    word.sections[0].page_width, word.sections[0].page_height = Inches(8), Inches(10)
    word.sections[0].header.paragraphs[0].text = "Ministry"
    word.add_heading("Sample of the template")
    word.save(str(tmp_path / "house.docx"))
    return tmp_path / "house.docx"


def test_a_template_gives_styles_page_and_header(template: Path) -> None:
    package = render_docx(document(*LANDSCAPE), LOOK, template)
    word = opened(package)
    assert [
        (round(one.page_width.inches), round(one.page_height.inches))
        for one in word.sections
        if one.page_width and one.page_height
    ] == [(8, 10), (10, 8), (8, 10)]
    assert {one.header.paragraphs[0].text for one in word.sections} == {"Ministry"}
    heading = next(one for one in word.paragraphs if one.text == "Headlines")
    assert heading.style is not None
    assert heading.style.font.color.rgb == RGBColor(0x12, 0x34, 0x56)
    texts = [one.text for one in word.paragraphs]
    assert "Sample of the template" not in texts
    assert word.core_properties.author == ""
    assert render_docx(document(*LANDSCAPE), LOOK, template) == package


def test_a_document_in_a_template_uses_styles_that_are_there_in_an_order_that_word_takes(template: Path) -> None:
    package = render_docx(document(*LANDSCAPE), LOOK, template)
    assert undefined_styles(package) == set()
    assert [one for one in misplaced(package) if one.startswith("word/document.xml")] == []
    assert trees(package)["word/styles.xml"].xpath("//w:rPrDefault//w:lang/@w:val", namespaces=NAMES) == ["en-GB"]


def test_a_header_that_the_last_section_takes_over_from_the_one_before_stays(template: Path) -> None:
    word = docx.Document(str(template))
    word.add_section()
    word.save(str(template))
    assert word.sections[1].header.is_linked_to_previous
    made = opened(render_docx(document(), LOOK, template))
    assert [one.header.paragraphs[0].text for one in made.sections] == ["Ministry"]


def test_a_dotx_is_a_template_too(template: Path, tmp_path: Path) -> None:
    package = made_with(
        template.read_bytes(),
        "[Content_Types].xml",
        b"wordprocessingml.document.main",
        b"wordprocessingml.template.main",
    )
    (tmp_path / "house.dotx").write_bytes(package)
    assert render_docx(document(), LOOK, tmp_path / "house.dotx") == render_docx(document(), LOOK, template)


def test_a_template_whose_styles_set_no_lists_gets_those_of_the_house(template: Path) -> None:
    word = docx.Document(str(template))
    for name in ("List Bullet", "List Number"):
        properties = word.styles[name].element.pPr
        properties.remove(properties.numPr)
    word.save(str(template))
    package = render_docx(document(), LOOK, template)
    lists = trees(package)["word/numbering.xml"]
    (number,) = {
        one.get(f"{W}val") for one in found(package, "//w:p[w:pPr/w:pStyle/@w:val='ListBullet']/w:pPr/w:numPr/w:numId")
    }
    abstract = lists.xpath(f"string(//w:num[@w:numId='{number}']/w:abstractNumId/@w:val)", namespaces=NAMES)
    form = lists.xpath(
        f"string(//w:abstractNum[@w:abstractNumId='{abstract}']/w:lvl[1]/w:numFmt/@w:val)", namespaces=NAMES
    )
    assert form == "bullet"
    assert [child for child in misplaced(package) if "numbering.xml" in child] == []


def test_missing_styles_of_a_template_are_all_told_with_those_that_are_near(template: Path) -> None:
    word = docx.Document(str(template))
    for old, new in (("Subtitle", "Subtitel"), ("Caption", "Bijschrift")):
        word.styles[old].element.name_val = new
    word.save(str(template))
    with pytest.raises(InputError) as told:
        render_docx(document(), LOOK, template)
    text = str(told.value)
    assert "2 problems" in text
    assert "no paragraph style 'Subtitle'. Did you mean 'Subtitel'?" in text
    assert "no paragraph style 'caption'" in text
    assert "house.docx" in text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"plain text", "is no .docx or .dotx"),
        (None, "cannot be read"),
    ],
)
def test_a_file_that_is_no_template_is_told(tmp_path: Path, content: bytes | None, said: str) -> None:
    path = tmp_path / "house.docx"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=said):
        render_docx(document(), LOOK, path)


def test_other_packages_and_macros_are_told(template: Path, tmp_path: Path) -> None:
    path = tmp_path / "other.docx"
    for new, said in ((b"spreadsheetml.sheet.main", "no Word document"), (b"macroEnabled.main", "holds macros")):
        path.write_bytes(
            made_with(template.read_bytes(), "[Content_Types].xml", b"wordprocessingml.document.main", new)
        )
        with pytest.raises(InputError, match=said):
            render_docx(document(), LOOK, path)
    path.write_bytes(made_with(template.read_bytes(), "word/document.xml", b"<w:body>", b"<w:body"))
    with pytest.raises(InputError, match="cannot be read as a Word document"):
        render_docx(document(), LOOK, path)
