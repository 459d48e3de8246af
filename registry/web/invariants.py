"""Invariants of the database itself: it is made as the program makes it."""

from collections.abc import Iterator

from registry.audit.invariants import Invariant, Violation
from registry.web.structure import differences


def database_is_as_made(project: int | None) -> Iterator[Violation]:
    """Hold tables, columns and constraints against the models; name what acts behind the program's back."""
    if project is None:
        for words in differences():
            yield Violation("数据库结构", "与程序一致", words)


INVARIANTS = (
    Invariant("I49", "库的表、列、约束、迁移记录与程序一致，没有多出的表、触发器、规则、视图", database_is_as_made),
)
