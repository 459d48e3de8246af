"""What files may hang on: each app declares its own, and who reads them."""

from dataclasses import dataclass
from typing import Any

from registry.kernel.authority import Actor, Permission
from registry.kernel.errors import NotFound
from registry.store.scoping import TenantModel


@dataclass(frozen=True)
class Subject:
    """A tenant model that files hang on: what the office calls it, and the right to read it."""

    model: type[TenantModel]
    label: str
    read: Permission

    @property
    def table(self) -> str:
        """The table, by which a file names it."""
        return str(self.model._meta.db_table)


SUBJECTS: dict[str, Subject] = {}


def declare_subjects(*subjects: Subject) -> None:
    """Add what an app's files hang on; a table is declared once."""
    for subject in subjects:
        if SUBJECTS.setdefault(subject.table, subject) != subject:
            raise ValueError(f"two subjects of {subject.table}")


def subject_row(actor: Actor, table: str, key: int) -> Any:
    """Return the row that files hang on, if the actor may read it; NotFound if not. One query."""
    subject = SUBJECTS.get(table)
    if subject is not None and actor.can(subject.read):
        row = subject.model.objects.visible_to(actor).filter(pk=key).first()
        if row is not None:
            return row
    raise NotFound("未找到附件所属的记录。")


def project_key_of(row: TenantModel) -> int:
    """Return the key of the project that a row belongs to."""
    owner: Any = row
    for step in filter(None, type(row).scope_path.split("__")):
        owner = getattr(owner, step)
    return int(owner.pk)
