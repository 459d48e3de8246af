"""Sentences of the office."""

SENTENCES = {
    "checklist.kept": "{list}的材料清单自{on}起{what}“{name}”",
}
