"""A paper as it would be issued, before anything is numbered or kept."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from documents.papers.kinds import BY_CODE
from documents.render.pdf import render_pdf
from registry.accounts.models import Organisation

UNNUMBERED: Final = "（预览，未编号）"


def preview_pdf(kind: str, snapshot: Mapping[str, Any], *, organ: Organisation, on: date) -> bytes:
    """Print a paper from what it would say today, by the template and the layout of the issue; it bears no number."""
    declared = BY_CODE[kind]
    headed = declared.headed(snapshot, organ=organ.name, issued_on=on)
    full = declared.completed(headed, number=UNNUMBERED, made_at=f"{on.isoformat()}T00:00:00+08:00", digest="")
    return render_pdf(declared.template, full).bytes
