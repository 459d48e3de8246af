"""Some pages of several files as one file: drawn nowhere anew, the same pages give the same bytes."""

import io
from collections.abc import Iterable, Sequence

import pikepdf

from documents.render.pdf import Content


def merged(files: Iterable[tuple[Content, Sequence[bool] | None]]) -> Content:
    """Put pages of files into one, in their order; beside each file, which of its pages (None: all)."""
    with pikepdf.new() as whole:
        for content, kept in files:
            with pikepdf.open(io.BytesIO(content)) as document:
                for number, page in enumerate(document.pages):
                    if kept is None or kept[number]:
                        whole.pages.append(page)
        out = io.BytesIO()
        whole.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return out.getvalue()
