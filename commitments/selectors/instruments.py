"""Reading instruments and their obligations."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import QuerySet

from commitments.choices import ANSWERING, DEFAULT_GRACE_DAYS
from commitments.models import Clause, Instrument, InstrumentKind, LapseRule, Obligation
from projects.ledger.models import Project
from projects.ledger.selectors.participation import organisations_near
from registry.accounts.choices import OrganisationKind
from registry.accounts.models import Organisation
from registry.kernel.authority import Actor
from registry.kernel.errors import NotFound

PROMISING: Final = (OrganisationKind.TOWNSHIP, OrganisationKind.GOVERNMENT, OrganisationKind.DISTRICT_TASK_FORCE)
VERIFYING: Final = (
    OrganisationKind.DEPARTMENT, OrganisationKind.REGISTRATION_CENTRE, OrganisationKind.TAX,
    OrganisationKind.DISTRICT_TASK_FORCE,
)  # fmt: skip
DECIDING: Final = (*VERIFYING, OrganisationKind.CITY_TASK_FORCE, OrganisationKind.GOVERNMENT)


def obligations_of(instrument: Instrument) -> list[Obligation]:
    """List the obligations of a letter in order. One query."""
    wanted = Obligation.objects.filter(letter__instrument=instrument).select_related("verifier")
    return list(wanted.prefetch_related("backs__clause__blocker").order_by("ordinal"))


def instrument_by_code(actor: Actor, code: str) -> Instrument:
    """Find an instrument. One query."""
    found = (
        Instrument.objects.visible_to(actor)
        .select_related("project__developer", "issuer", "supersedes", "signed_by", "approved_by")
        .select_related("letter__recipient", "letter__performer", "letter__supervisor")
        .filter(code=code)
        .first()
    )
    if found is None:
        raise NotFound(f"没有{code}这份承诺或决定。")
    instrument: Instrument = found
    return instrument


def obligation_of(instrument: Instrument, ordinal: int) -> Obligation:
    """Find an obligation of a letter. One query."""
    found = (
        Obligation.objects.filter(letter__instrument=instrument, ordinal=ordinal)
        .select_related("letter__instrument__issuer", "letter__instrument__project", "letter__supervisor", "verifier")
        .first()
    )
    if found is None:
        raise NotFound(f"没有第{ordinal}项承诺。")
    obligation: Obligation = found
    return obligation


def organisations_for(project: Project) -> "QuerySet[Organisation]":
    """Return the organisations that may issue, receive or verify in a project. No query yet."""
    return organisations_near(project).exclude(kind=OrganisationKind.DEVELOPER)


def issuers_for(project: Project) -> "QuerySet[Organisation]":
    """Return the organisations that may promise in a project: governments, and the joint office. No query yet."""
    return organisations_for(project).filter(kind__in=PROMISING)


def receivers_for(project: Project, promisor: int | None) -> "QuerySet[Organisation]":
    """Return those that a letter may be addressed to: who decides, never who promises. No query yet."""
    return organisations_for(project).filter(kind__in=DECIDING).exclude(pk=promisor or 0)


def verifiers_for(project: Project, promisor: int | None) -> "QuerySet[Organisation]":
    """Return those that may verify or supervise a promise: who answers for the gates. No query yet."""
    return organisations_for(project).filter(kind__in=VERIFYING).exclude(pk=promisor or 0)


def clause_of(instrument: Instrument, ordinal: int) -> Clause:
    """Find a clause of an instrument. One query."""
    found: Clause | None = instrument.clauses.select_related("blocker").filter(ordinal=ordinal).first()
    if found is None:
        raise NotFound(f"没有第{ordinal}条。")
    return found


def running_letters(project: Project) -> "QuerySet[Instrument]":
    """Return the letters of a project that a new one may supersede. No query yet."""
    found: QuerySet[Instrument] = Instrument.objects.filter(
        project=project, kind=InstrumentKind.LETTER, state__in=ANSWERING
    )
    return found.order_by("-id")


def members_for(instrument: Instrument) -> "QuerySet[Organisation]":
    """Return the units that may countersign: those of the project but its promisor. No query yet."""
    found = organisations_for(instrument.project).exclude(pk=instrument.issuer_id)
    return found.filter(kind__in=("department", "registration_centre", "tax", "task_force"))


@dataclass(frozen=True)
class DistrictSetting:
    """A district with the setting that is in force, and all of its settings, the newest first."""

    code: str
    name: str
    rule: LapseRule | None
    grace_days: int
    pauses: bool
    countersigns: bool
    history: tuple[LapseRule, ...]


def settings_in_force(on: date) -> list[DistrictSetting]:
    """Return every district of the ledger with its setting on a day. Two queries."""
    rules: dict[str, list[LapseRule]] = {}
    for rule in LapseRule.objects.select_related("proposed_by", "approved_by").order_by("-effective_on", "-id"):
        rules.setdefault(rule.district_code, []).append(rule)
    districts = Project.objects.order_by("district_code").values_list("district_code", "district_name").distinct()
    found = []
    for code, name in districts:
        own = rules.get(code, [])
        rule = next((one for one in own if one.effective_on <= on), None)
        found.append(
            DistrictSetting(
                code,
                name,
                rule,
                rule.grace_days if rule else DEFAULT_GRACE_DAYS,
                bool(rule and rule.pauses),
                bool(rule and rule.countersigns),
                tuple(own),
            )
        )
    return found


def setting_for(district_code: str, on: date) -> dict[str, int | bool]:
    """Return the setting that a letter of a district is under: grace, whether a lapse pauses. One query."""
    rules = LapseRule.objects.filter(district_code=district_code, effective_on__lte=on)
    rule = rules.order_by("-effective_on", "-id").first()
    return {"grace_days": rule.grace_days if rule else DEFAULT_GRACE_DAYS, "pauses": bool(rule and rule.pauses)}


def organisation_of(key: int) -> Organisation | None:
    """Find an organisation by its key. One query."""
    found: Organisation | None = Organisation.objects.filter(pk=key).first()
    return found
