"""Tables as files, as a person handles them: exported, changed, sent back, confirmed."""

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

TYPES, PLANS, BODIES = "gates_blockertype", "gates_gateplan", "accounts_organisation"
DAYS, LISTS, POLICIES = "casework_holiday", "office_checklistitem", "casework_policy"
XLSX, CSV = "0", "1"


def at(table: str, page: str, *arguments: Any) -> str:
    return reverse(f"admin:{table}_{page}", args=arguments)


def exported(client: Any, table: str, format_: str = XLSX, **more: str) -> bytes:
    """The file of a table."""
    answer = client.post(at(table, "export"), {"format": format_, "resource": "0", **more})
    assert answer["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
    content: bytes = answer.content
    return content


def sheet(client: Any, table: str, **more: str) -> list[list[Any]]:
    """The table as exported: its rows as lists."""
    page = load_workbook(io.BytesIO(exported(client, table, **more))).active
    return [list(row) for row in page.iter_rows(values_only=True)]


def book(rows: list[list[Any]], name: str = "改定.xlsx") -> SimpleUploadedFile:
    made, content = Workbook(), io.BytesIO()
    for row in rows:
        made.active.append(row)
    made.save(content)
    return SimpleUploadedFile(name, content.getvalue())


def send(client: Any, table: str, upload: Any, format_: str = XLSX) -> Any:
    return client.post(at(table, "import"), {"import_file": upload, "format": format_, "resource": "0"})


def confirm(client: Any, table: str, preview: Any) -> Any:
    return client.post(at(table, "process_import"), {**preview.context["confirm_form"].initial, "confirm": "1"})


def faults(answer: Any) -> list[str]:
    """What the page says of each faulty row."""
    return [f"{number} {words}" for number, every in answer.context["faults"] for words in every]
