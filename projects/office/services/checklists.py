"""Keeping the checklists: one line states a paper, from a day on."""

from collections.abc import Mapping
from typing import Any

from projects.office.choices import PaperForm
from projects.office.models import ChecklistItem
from registry.audit.recording import record
from registry.kernel.errors import Refused
from registry.store.acts import Row, within_act
from registry.store.locks import lock_where

FIELDS = (
    "applies_to", "ordinal", "name", "form", "copies", "condition", "fact", "supplier", "note", "effective_on",
    "is_active",
)  # fmt: skip


def require_checklist_item(values: Mapping[str, Any]) -> None:
    """Refuse a line that says nothing or contradicts itself: no name, copies of what is only seen, none of
    what is kept."""
    if not str(values["name"]).strip():
        raise Refused("未填写材料名称。", field="name")
    is_seen, copies = values["form"] == PaperForm.SEEN, int(values["copies"])
    if is_seen and copies:
        raise Refused(f"“{values['name']}”只核验原件，不留份数。请填0，或改为收原件、收复印件。", field="copies")
    if not is_seen and not 1 <= copies <= 9:
        raise Refused(f"“{values['name']}”须收取，份数请填1—9。仅核验、不收取的，请选择“只核验原件”。", field="copies")


@within_act
def keep_checklist_item(values: Mapping[str, Any]) -> None:
    """State a paper of a checklist from a day on, or change that line. Runs inside the act agreed to.

    Notices already issued keep the list that they were printed with.
    """
    require_checklist_item(values)
    wanted = {field: values[field] for field in FIELDS if field in values}  # a proposal of before knows no fact
    kept = lock_where(
        ChecklistItem, applies_to=values["applies_to"], name=values["name"], effective_on=values["effective_on"]
    )
    before = {field: getattr(kept, field) for field in FIELDS} if kept else None
    row: ChecklistItem = kept or ChecklistItem()
    for field, value in wanted.items():
        setattr(row, field, value)
    row.save()

    record(
        event="checklist.kept",
        subject=row,
        facts={
            "list": row.get_applies_to_display(), "on": row.effective_on, "name": row.name,
            "what": "要" if row.is_active else "不再要",
        },
        rows=Row.kept(row, before, *FIELDS),
    )  # fmt: skip
