"""Messages of the office."""

EVENT_MESSAGES = {
    "checklist.kept": "{list}的材料清单自{on}起{what}“{name}”",
}
