"""Every form that begins with what stands carries the version it was opened on, and its service compares it."""

import ast
import importlib
import inspect
from collections.abc import Iterable

from registry.accounts.editing import EditForm
from registry.accounts.forms import ServiceForm
from registry.store.acts import WRITES
from tests.architecture.source import APPS, sources

# Forms that begin with something that is no stored value which they would write back, each with why.
BEGIN_OTHERWISE = {
    "StepForm": "a paper that is recorded: today, the gate and the name of who records it",
    "AcceptForm": "today",
    "AdvanceForm": "today",
    "SettleMismatchForm": "today; the service compares whether it is settled",
    "QueueForm": "the window of who sits there",
    "CallForm": "today",
    "BookForm": "tomorrow",
    "VisitForm": "today; what the card showed, which the service compares by itself",
    "AdvanceManyForm": "what the list before it asked for; the act asks for the number",
    "ApplicantForm": "today; a new row that follows the last",
    "ApproveForm": "today",
    "AssignmentForm": "today; the organisation of the person, for a new row",
    "NewScheduleForm": "today; what is copied, for a new row",
    "BulletinForm": "what rules wrote of a closed month, which does not change; a bulletin is issued once",
    "BulletinInstructionForm": "today",
    "FlashForm": "what rules wrote of this moment; a flash is issued once",
    "CloseOutForm": "today",
    "ForeignForm": "a table that ships, to be checked; nothing is kept",
    "ClosingCheckForm": "today",
    "EndForm": "today",
    "EndPauseForm": "today",
    "EndPolicyForm": "today",
    "IssuePolicyForm": "today",
    "MappingForm": "a proposal of columns for one file; saved, the file is read again as another session",
    "MeetingForm": "today",
    "MergeForm": "today; the act names what it names and asks for the number",
    "NoteForm": "today",
    "DeliveryForm": "today",
    "BatchForm": "dwellings; the way that most go",
    "ManyParticipationForm": "today, the projects of the list",
    "ParticipationForm": "today; what is named is judged after the lock",
    "MatchForm": "the project that a ticket is matched to: each sending is a decision of its own",
    "OutsideForm": "today; a paper is recorded once",
    "PolicyForm": "nothing, for a new draft; a draft is changed by ChangePolicyForm",
    "ProjectForm": "today; the district of who takes it in",
    "RevokeForm": "today",
    "SampleForm": "the month before; a sample is drawn once",
    "SampleResultForm": "today; a result is recorded once",
    "SignForm": "today",
    "SplitForm": "today; the act asks for the number",
    "StageListForm": "today",
    "TicketForm": "now",
    "TokenForm": "a year from today",
}
# Names bound to more than one class in a view: which they may be.
CHOSEN = {"form_class": "acts on a promise, a whistle, a task, a clock: today and working days of the type"}
TAKES = {  # services that an edit form hands over to
    "change_organisation", "change_policy", "change_project", "set_developer", "change_draft", "put_clause", "put_promise", "change_scope",
    "change_standing", "propose", "state_facts",
}  # fmt: skip


def edit_forms() -> set[str]:
    for source in sources():
        if source.module.endswith(("forms", ".editing")) or ".forms." in source.module:
            importlib.import_module(source.module)
    return {form.__name__ for form in _below(EditForm) if form.__module__.startswith(tuple(APPS))}


def _below(form: type) -> Iterable[type]:
    for child in form.__subclasses__():
        yield child
        yield from _below(child)


def begun_in(tree: ast.AST) -> set[str]:
    """The forms that a module begins with values, or with a row: called with `initial` or a row of the ledger."""
    return {
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and (node.func.id.endswith("Form") or node.func.id in CHOSEN)
        and {"initial", "start", "instrument", "clause", "promise", "scope"} & {word.arg for word in node.keywords}
    }


def initials_in_forms(tree: ast.AST) -> set[str]:
    """The forms that begin themselves with values, in their own `__init__`."""
    return {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        and any(
            (isinstance(part, ast.Attribute) and part.attr == "initial" and isinstance(part.ctx, ast.Store))
            or (isinstance(part, ast.Constant) and part.value == "initial")
            or (
                isinstance(part, ast.keyword)
                and part.arg == "initial"
                and not isinstance(part.value, ast.Constant | ast.Name)
            )
            for part in ast.walk(node)
        )
    }


def begun() -> set[str]:
    names: set[str] = set()
    for source in sources():
        if ".views" in source.module:
            names |= begun_in(source.tree)
        elif source.module.endswith(".forms") or ".forms." in source.module:
            names |= initials_in_forms(source.tree)
    return names


def test_a_form_that_begins_with_what_stands_carries_its_version() -> None:
    bare = begun() - edit_forms() - set(BEGIN_OTHERWISE) - set(CHOSEN)

    assert bare == set()


def test_the_list_of_other_beginnings_names_forms_that_are_there() -> None:
    assert set(BEGIN_OTHERWISE) - begun() == set()
    assert set(BEGIN_OTHERWISE) & edit_forms() == set()


def test_the_edit_forms_are_these() -> None:
    """Whoever takes one out of protection changes this list."""
    assert edit_forms() == {
        "BasicsForm", "CapForm", "ChangeOrganisationForm", "ChangePolicyForm", "ClauseForm", "DeveloperForm", "FactsForm", "LadderForm",
        "ParticularsForm", "PlanForm", "PromiseForm", "RescopeForm", "ScheduleForm", "SettingForm", "SettingValueForm",
        "StandingForm", "WordingForm",
    }  # fmt: skip
    assert issubclass(EditForm, ServiceForm)


def test_every_service_behind_an_edit_form_compares_what_was_seen() -> None:
    faults = []
    for source in sources():
        if ".services" in source.module and any(f"def {name}(" in source.text for name in TAKES):
            importlib.import_module(source.module)
    for name in TAKES:
        service = inspect.unwrap(WRITES[name].service)
        if "seen" not in inspect.signature(service).parameters or "seen.merge(" not in inspect.getsource(service):
            faults.append(name)

    # put_clause and put_promise merge in a part of their own
    assert sorted(faults) == ["put_clause", "put_promise"]


def test_the_search_sees_a_form_without_a_version() -> None:
    assert begun_in(ast.parse("form = PlanForm(request.POST or None, initial={'plan': project.plan})")) == {"PlanForm"}
    assert initials_in_forms(ast.parse("class A(ServiceForm):\n    def __init__(self):\n        self.initial = 1")) == {
        "A"
    }
