"""套打: what stands on a paper, printed onto paper that has its red head already, where that paper has room for it.

Everything lies where the paper itself has it; the red parts are left out. A printer feeds its paper a little aside:
by so much the page is moved. The calibration sheet has its cross 50 mm from the left and from the top edge.
"""

import io
from typing import Final

import pikepdf

from documents.render.pdf import Snapshot, render_pdf

POINTS: Final = 72 / 25.4  # in a millimetre
CROSS: Final = 50  # mm from both edges
SHEET: Final = "render/calibration.html"


def overprint(template_name: str, snapshot: Snapshot, *, right: float, down: float) -> bytes:
    """Return the pages of a paper without what is red, moved by so many millimetres."""
    return moved(render_pdf(template_name, {**snapshot, "overprint": True}).bytes, right=right, down=down)


def calibration_sheet(*, printer: str, made_at: str, right: float, down: float) -> bytes:
    """Return the sheet by which a printer is measured, moved as it stands now."""
    words: Snapshot = {
        "title": "套打校准页",
        "number": "",
        "kind": "",
        "snapshot": "",
        "made_at": made_at,
        "printer": printer,
        "cross": CROSS,
    }
    return moved(render_pdf(SHEET, words).bytes, right=right, down=down)


def moved(content: bytes, *, right: float, down: float) -> bytes:
    """Move what is drawn on each page; the page stays where it is."""
    if not right and not down:
        return content
    shift = f"q 1 0 0 1 {right * POINTS:.4f} {-down * POINTS:.4f} cm\n".encode()
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as document:
        for page in document.pages:
            page.contents_add(shift, prepend=True)
            page.contents_add(b"\nQ")
        document.save(out, deterministic_id=True)
    return out.getvalue()
