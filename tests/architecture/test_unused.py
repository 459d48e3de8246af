"""Nothing unused: dependencies, kernel parts, services, selectors, models, permissions, settings have their users.

What waits for its user stands in `WAITING` with the issue that brings it. A line whose name has found its user, or is
gone, comes out: the table only shrinks.
"""

import ast
import re
from functools import cache
from importlib.metadata import packages_distributions

import pytest
from django.conf import global_settings

import registry.settings
from registry.kernel.authority import Permission
from tests.architecture.references import References, public_names, references
from tests.architecture.source import ROOT, Source, pyproject, sources

# By module: what nobody calls yet, and for whom it waits.
WAITING = {
    "registry.kernel.addresses": (
        "parse_location expand_numbers",
        "leads: a ticket's address finds its project",
    ),
    "registry.kernel.identifiers.organisations": (
        "check_legacy_licence",
        "acts: identifiers held against what they may be (14 of the issue)",
    ),
    "registry.kernel.identifiers.papers": (
        "check_document_no",
        "acts: as above; blanks with the office",
    ),
    "registry.kernel.masking": ("Masked", "office: a value that is revealed by an act of its own"),
    "registry.kernel.tally": (
        "balances_of reversal at_or_beyond imbalances negatives",
        "month: from one frozen month to the next, account by account",
    ),
    "projects.ledger.models": ("UnitRight", "office: rights seen at the counter"),
}
RAPIDFUZZ = "rapidfuzz"  # waits for leads, as kernel.addresses does

# Dependencies that no file of ours imports: where they are named instead.
NAMED_IN = {  # the place, and the word that names it there
    "defusedxml": ("registry/web/doctor.py", "defusedxml"),
    "django-axes": ("registry/settings.py", '"axes"'),
    "django-htmx": ("registry/settings.py", '"django_htmx"'),
    "django-stubs": ("pyproject.toml", "mypy_django_plugin"),
    "djlint": (".ci/lint.sh", "djlint"),
    "import-linter": (".ci/lint.sh", "lint-imports"),
    "mypy": (".ci/lint.sh", "mypy"),
    "psycopg": (".ci/lock.sh", "--extra postgres"),
    "pytest-django": ("pyproject.toml", "DJANGO_SETTINGS_MODULE"),
    "pytest-xdist": (".ci/test.sh", "--dist"),
    "ruff": (".ci/lint.sh", "ruff"),
    "whitenoise": ("registry/settings.py", "whitenoise.middleware"),
}
FOREIGN_SETTINGS = ("AXES_", "IMPORT_EXPORT_", "WHITENOISE_", "STORAGES")  # read by the apps whose name they bear


def waiting() -> set[tuple[str, str]]:
    """The names of the table, each with its module."""
    return {(module, name) for module, (names, _) in WAITING.items() for name in names.split()}


def kept(source: Source) -> bool:
    """Whether the names of a file must have a user: kernel, services, selectors, models."""
    parts = {part.removesuffix(".py") for part in source.path.parts}
    return source.is_in("registry/kernel") or bool(parts & {"services", "selectors", "models"})


def module_of(source: Source) -> str:
    """The module of a name as the table writes it: models are one per app."""
    return re.sub(r"\.models\..*", ".models", source.module)


def idle(product: References, files: list[Source]) -> set[tuple[str, str]]:
    """The public names of files that nothing outside the tests uses."""
    return {
        (module_of(source), name)
        for source in files
        for name in public_names(source)
        if product.unused((source.module, name))
    }


def test_what_nobody_calls_stands_in_the_table() -> None:
    assert idle(references(), [source for source in sources() if kept(source)]) == waiting()


def test_a_function_that_only_calls_itself_is_unused() -> None:
    text = "def alone():\n    alone()\n\n\ndef used():\n    pass\n"
    product = References([("a.kernel", ast.parse(text)), ("a.views", ast.parse("from a.kernel import used\nused()\n"))])

    assert product.unused(("a.kernel", "alone"))
    assert not product.unused(("a.kernel", "used"))


def test_every_permission_is_asked_for() -> None:
    text = "\n".join(source.text for source in sources() if source.name != "registry/kernel/authority.py")

    assert [each.name for each in Permission if not re.search(rf"\bPermission\.{each.name}\b", text)] == []


def test_every_setting_of_ours_is_read() -> None:
    own = {
        name
        for name in dir(registry.settings)
        if name.isupper() and not hasattr(global_settings, name) and not name.startswith(FOREIGN_SETTINGS)
    }
    read = {"ROOT_URLCONF"} | {
        name
        for source in sources()
        for name in re.findall(r"\b(?:settings|env)\.([A-Z_]+)|getattr\(settings, \"([A-Z_]+)\"", source.text)
        for name in name
    }

    assert own - read == set()


def test_every_variable_of_the_environment_is_used() -> None:
    env = (ROOT / "registry/env.py").read_text(encoding="utf-8")
    names = re.findall(r"^([A-Z_]+) = ", env, flags=re.MULTILINE)
    elsewhere = "\n".join(source.text for source in sources() if source.name != "registry/env.py")

    assert len(names) > 10
    assert [
        n for n in names if not re.search(rf"\benv\.{n}\b", elsewhere) and len(re.findall(rf"\b{n}\b", env)) < 2
    ] == []


def dependencies() -> list[str]:
    """The lines of pyproject.toml that name a dependency, remarks and all."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8").split("[tool.uv]")[0]
    return [line.strip() for line in text.splitlines() if re.search(r"\"[a-z][\w-]*(\[[\w,]+\])?>=", line)]


def name_of(line: str) -> str:
    """The name of a dependency in its line."""
    match = re.search(r"\"([a-z][\w-]*)(\[[\w,]+\])?>=", line)
    assert match is not None, line
    return match[1]


@cache
def imports(*folders: str) -> frozenset[str]:
    """The distributions that files of these folders import."""
    known = packages_distributions()
    files = [path for folder in folders for path in (ROOT / folder).rglob("*.py")] + [ROOT / "manage.py"]
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in files]
    tops = {
        name.split(".")[0]
        for tree in trees
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    return frozenset(name.lower().replace("_", "-") for top in tops for name in known.get(top, ()))


PRODUCT = ("registry", "projects", "commitments", "documents")
RUNNING = {re.split(r"[\[>=<]", line)[0] for line in pyproject()["project"]["dependencies"]}


@pytest.mark.parametrize("line", dependencies(), ids=name_of)
def test_every_dependency_is_imported_or_named(line: str) -> None:
    name = name_of(line)
    if name == RAPIDFUZZ:
        assert name not in imports(*PRODUCT, "tests"), "it has found its caller: take it out of the table"
    elif name in NAMED_IN:
        place, word = NAMED_IN[name]
        assert word in (ROOT / place).read_text(encoding="utf-8"), f"{place} doesn't name {name}"
    else:
        assert name in imports(*(PRODUCT if name in RUNNING else ("tests",))), f"nobody imports {name}"


@pytest.mark.parametrize("line", dependencies(), ids=name_of)
def test_every_dependency_says_what_it_is_for(line: str) -> None:
    assert re.search(r"#\s*\S.{3,}", line), line


def test_every_dependency_is_read() -> None:
    declared = pyproject()
    groups = [declared["project"]["dependencies"], *declared["project"]["optional-dependencies"].values()]
    groups += declared["dependency-groups"].values()

    assert len(dependencies()) == sum(len(group) for group in groups)
    assert set(NAMED_IN) <= {name_of(line) for line in dependencies()}
