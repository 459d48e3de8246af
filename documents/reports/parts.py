"""A sheet of the month: what is printed of it, declared once for page and workbook."""

from dataclasses import dataclass

from registry.kernel.columns import Column


@dataclass(frozen=True)
class Part:
    """One sheet of the report: its title, its columns, its note, whether it has a last row of sums."""

    code: str
    title: str
    columns: tuple[Column, ...]
    note: str = ""
    is_summed: bool = True
