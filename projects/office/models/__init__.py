"""What the office keeps."""

from projects.office.models.checklists import FORM_WORDS, ChecklistItem

__all__ = ["FORM_WORDS", "ChecklistItem"]
