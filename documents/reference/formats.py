"""The two kinds of files that a table goes out as and comes in as; the form that takes no other."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from django import forms
from import_export.formats.base_formats import CSV, XLSX
from import_export.forms import ImportForm
from tablib import Dataset

from documents.intake.reading.codes import FileRefused
from documents.intake.reading.file_guard import inspect_file
from documents.render.plain_xlsx import write_plain
from documents.render.xlsx_cells import FORMULA_LIKE

MARK: Final = "'"  # before a text in a CSV that a program would take for a formula; off again when it comes back
WORDS: Final = "仅支持.xlsx和.csv格式。请另存为其中一种格式后上传。"


class Workbook(XLSX):  # type: ignore[misc]
    """An Excel workbook, looked over by the intake's guard before any parser opens it; texts go out as texts."""

    def create_dataset(self, in_stream: bytes) -> Dataset:
        with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
            file.write(in_stream)
            file.flush()
            if inspect_file(Path(file.name)) != "xlsx":
                raise FileRefused("NOT_A_SPREADSHEET")
        return _trimmed(super().create_dataset(in_stream))

    def export_data(self, dataset: Dataset, **kwargs: Any) -> bytes:
        """Our own writer: the library's takes one = off the front, and == is a formula still."""
        return write_plain(dataset.title or "数据", dataset.headers or [], dataset)


class Text(CSV):  # type: ignore[misc]
    """A text file in UTF-8, with the mark by which Excel knows it."""

    def create_dataset(self, in_stream: Any, **kwargs: Any) -> Dataset:
        trimmed = _trimmed(super().create_dataset(in_stream, **kwargs))
        return _mapped(trimmed, lambda text: text[1:] if text[:1] == MARK and _is_alive(text[1:]) else text)

    def export_data(self, dataset: Dataset, **kwargs: Any) -> str:
        csv: str = _mapped(dataset, lambda text: MARK + text if _is_alive(text) else text).export("csv", **kwargs)
        return csv


class TableForm(ImportForm):  # type: ignore[misc]
    """A file; which of the two kinds it is, its name says."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["format"].required = False
        self.fields["format"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        """Take the kind from the name of the file."""
        cleaned: dict[str, Any] = super().clean() or {}
        file = cleaned.get("import_file")
        if file is None:
            return cleaned
        kinds = {f".{title}": key for key, title in self.fields["format"].choices if key != ""}  # type: ignore[attr-defined]
        ending = Path(str(file.name)).suffix.lower()
        if ending not in kinds:
            self.add_error("import_file", forms.ValidationError(WORDS))
        cleaned["format"] = kinds.get(ending, "")
        return cleaned


def _is_alive(text: str) -> bool:
    return text.startswith((*FORMULA_LIKE, MARK))


def _mapped(dataset: Dataset, change: Callable[[str], str]) -> Dataset:
    rows = [[change(cell) if isinstance(cell, str) else cell for cell in row] for row in dataset]
    return Dataset(*rows, headers=dataset.headers)


def _trimmed(dataset: Dataset) -> Dataset:
    """Without the empty rows that Excel leaves at the end."""
    rows = [list(row) for row in dataset]
    while rows and not any(str(cell if cell is not None else "").strip() for cell in rows[-1]):
        rows.pop()
    return Dataset(*rows, headers=dataset.headers)
