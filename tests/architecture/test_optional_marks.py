"""Marks that tell the truth: a field marked 选填 may be left out, and one that a service asks for says when."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from importlib import import_module

import pytest
from django.template.loader import render_to_string

from registry.accounts.forms import ServiceForm
from registry.web.attachments.forms import AttachForm
from registry.web.templatetags.typed_tags import optional
from tests.architecture.source import Source, sources

ASKED = re.compile(r"^.{0,14}(未填写|未选择|未上传)")
# Fields of a form by a name under which another service of the app asks for something else.
OF_ANOTHER = {
    ("commitments", "InstrumentForm", "title"): "the title of a draft that is changed; a new one gets a title",
    ("commitments", "DecisionForm", "title"): "as above",
    ("commitments", "LetterForm", "title"): "as above",
    ("commitments", "PromiseForm", "place"): "the place of a photo or a summons",
    ("casework", "MeetingForm", "place"): "where a whistle calls to",
    ("progress", "AdvanceForm", "evidence"): "of a standing or a home left over",
    ("progress", "AdvanceManyForm", "evidence"): "as above",
    ("accounts", "AssignmentForm", "reason"): "of a setting",
    ("accounts", "EndForm", "reason"): "of a setting",
}


def app_of(module: str) -> str:
    first, *rest = module.split(".")
    return first if first == "commitments" or not rest else rest[0]


def asked_for() -> dict[str, set[str]]:
    """By app, the fields that a service refuses to go without."""
    fields: dict[str, set[str]] = defaultdict(set)
    for source in sources():
        if source.module.split(".")[0] == "registry" and app_of(source.module) not in ("accounts", "web"):
            continue
        for name in refused_without(source):
            fields[app_of(source.module)].add(name)
    return fields


def refused_without(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        said = node.args[0]
        parts = said.values if isinstance(said, ast.JoinedStr) else [said]
        text = "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in parts)
        for word in node.keywords:
            if word.arg == "field" and isinstance(word.value, ast.Constant) and ASKED.match(text):
                yield str(word.value.value)


def forms() -> list[type[ServiceForm]]:
    for source in sources():
        if {"forms", "editing"} & set(source.module.split(".")):
            import_module(source.module)
    kinds: list[type[ServiceForm]] = []
    waiting: list[type[ServiceForm]] = [ServiceForm]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        kinds.append(kind)
    return [kind for kind in kinds if not kind.__module__.startswith("tests.")]


def test_what_a_service_asks_for_is_not_marked_as_optional() -> None:
    asked = asked_for()
    lying = [
        f"{kind.__module__}.{kind.__name__}.{name}"
        for kind in forms()
        for name, field in kind.base_fields.items()
        if name in asked[app_of(kind.__module__)]
        and not field.required
        and name not in kind.required_if
        and (app_of(kind.__module__), kind.__name__, name) not in OF_ANOTHER
    ]

    assert lying == []
    assert sum(map(len, asked.values())) > 30, "what services ask for is found"


def test_what_a_help_text_asks_for_is_not_marked_as_optional() -> None:
    lying = [
        f"{kind.__name__}.{name}"
        for kind in forms()
        for name, field in kind.base_fields.items()
        if "必填" in str(field.help_text) and not field.required and name not in kind.required_if
    ]

    assert lying == []


@pytest.mark.parametrize("name", ["uploads", "note"])
def test_the_mark_stands_on_what_may_be_left_out_alone(name: str) -> None:
    form = AttachForm()
    html = render_to_string("_components/field.html", {"field": form[name], "request": None})

    assert ("选填" in html) == (not form.fields[name].required)


def test_a_case_is_named_in_the_stead_of_the_mark() -> None:
    class CasedForm(AttachForm):
        required_if = {"note": "有照片必填", "place": ""}

    form = CasedForm()
    assert [optional(form[name]) for name in ("uploads", "note", "place", "taken_on")] == ["", "有照片必填", "", "选填"]
