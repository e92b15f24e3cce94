"""Charts as PNG, for formats that cannot hold SVG."""

from __future__ import annotations

DOTS_PER_INCH = 200

_PAGE = b"""#set page(width: auto, height: auto, margin: 0pt)
#image(bytes(sys.inputs.svg), format: "svg")
"""


def png_of(svg: str, dots_per_inch: int = DOTS_PER_INCH) -> bytes:
    """The picture at its own size; the same bytes for the same picture on every machine.

    Charts hold their letters as outlines, so no fonts are looked for.
    """
    import typst

    made = typst.compile(
        _PAGE, format="png", ppi=float(dots_per_inch), sys_inputs={"svg": svg}, ignore_system_fonts=True
    )
    assert isinstance(made, bytes)
    return made
