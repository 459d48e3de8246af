"""Particulars of a project: its other names, its developer, and who applies in the developer's place."""

from typing import Any

from projects import ports
from projects.ledger.choices import AliasKind, ApplicantKind, DeveloperCondition
from projects.ledger.locks import lock_project
from projects.ledger.models import Alias, Applicant, Developer, Project
from projects.ledger.pinyin import pinyin_initials
from projects.ledger.services.projects import ProjectRefused, write_version
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.kernel.days import FactDay
from registry.kernel.identifiers import CreditCode, IdentifierError
from registry.store.acts import Row, current_act, values_of, write
from registry.store.locks import lock
from registry.store.versions import UNSEEN, Seen


@write(Permission.PROJECT_UPDATE, on="project", once=True)
def add_alias(*, actor: Actor, project: Project, kind: AliasKind, text: str) -> Alias:
    """Add a name by which a project is found. Refused: no text, or a name that stands already."""
    act, text = current_act(), text.strip()
    if not text:
        raise ProjectRefused("未填写名称。", field="text")
    if text == project.name or Alias.objects.filter(project=project, kind=kind, text=text).exists():
        raise ProjectRefused(f"“{text}”已列入本项目名称，无需重复添加。", field="text")
    alias: Alias = Alias.objects.create(
        project=project, kind=kind, text=text, initials=pinyin_initials(text)[:120], act_id=act.id
    )

    record(
        event="alias.added",
        subject=project,
        chain=project.id,
        facts={"kind": AliasKind(kind).label, "text": text},
        rows=[Row.added(alias, "kind", "text")],
    )
    ports.names_changed()
    return alias


@write(Permission.PROJECT_UPDATE, on="project")
def set_developer(
    *,
    actor: Actor,
    project: Project,
    name: str,
    condition: DeveloperCondition,
    credit_code: str = "",
    seen: Seen = UNSEEN,
) -> Developer:
    """Name the developer of a project and its condition; a firm is known by its credit code.

    Refused: no name, a credit code that does not check, or one that belongs to a firm of another name.
    """
    current = lock_project(project.pk)
    given: dict[str, Any] = {"name": name.strip(), "credit_code": _credit_code(credit_code), "condition": condition}
    stands = [lock(current.developer)] if current.developer is not None else []
    stored = values_of(stands[0], given) if stands else dict.fromkeys(given, "")
    given = seen.merge(stored, given, current, *stands)
    name, code, condition = (given[field] for field in ("name", "credit_code", "condition"))
    if not name:
        raise ProjectRefused("未填写开发建设单位名称。", field="name")
    found = Developer.objects.filter(credit_code=code).first() if code else None
    if found is not None and found.name != name:
        raise ProjectRefused(f"代码{code}是“{found.name}”的，与填写的名称不同。请核对营业执照。", field="credit_code")
    if found is None:
        found = Developer.objects.filter(name=name, credit_code__in=("", code)).order_by("id").first()
    before = {"condition": found.condition, "credit_code": found.credit_code} if found else None
    developer: Developer = found or Developer(name=name)
    developer.condition, developer.credit_code = DeveloperCondition(condition).value, code or developer.credit_code
    developer.save()
    old = current.developer_id
    current.developer = developer
    current.save(update_fields=["developer"])
    if developer.pk != old:
        write_version(current, current_act().today, "developer_id")

    record(
        event="developer.set",
        subject=project,
        chain=project.id,
        facts={"name": name, "condition": DeveloperCondition(condition).label},
        rows=[
            *Row.kept(developer, before, "name", "condition", "credit_code"),
            *Row.if_changed(current, {"developer_id": old}),
        ],
    )
    return developer


@write(Permission.PROJECT_UPDATE, on="project", once=True)
def name_applicant(
    *,
    actor: Actor,
    project: Project,
    kind: ApplicantKind,
    name: str,
    basis: str,
    effective_on: FactDay,
    credit_code: str = "",
) -> Applicant:
    """Record who applies in the developer's place from a day on; earlier ones stay readable.

    Refused: no name, no basis, a day ahead, a day not after that of the applicant before.
    """
    act, code = current_act(), _credit_code(credit_code)
    lock_project(project.pk)
    if not name.strip():
        raise ProjectRefused("未填写承继或代办主体的名称。", field="name")
    if not basis.strip():
        raise ProjectRefused("未填写依据。请写明承继文件、指定文件或会议纪要的文号。", field="basis")
    last = Applicant.objects.filter(project=project).order_by("-effective_on").first()
    if last is not None and effective_on <= last.effective_on:
        raise ProjectRefused(f"“{last.name}”自{last.effective_on}起，新的日期须晚于该日。", field="effective_on")
    applicant: Applicant = Applicant.objects.create(
        project=project,
        kind=kind,
        name=name.strip(),
        credit_code=code,
        basis=basis.strip(),
        effective_on=effective_on,
        recorded_at=act.recorded_at,
        act_id=act.id,
    )

    record(
        event="applicant.named",
        subject=project,
        chain=project.id,
        facts={"kind": ApplicantKind(kind).label, "name": applicant.name, "on": effective_on},
        reason=applicant.basis,
        rows=[Row.added(applicant, "name", "kind")],
    )
    return applicant


def _credit_code(text: str) -> str:
    if not text.strip():
        return ""
    try:
        return CreditCode.parse(text).format()
    except IdentifierError as error:
        raise ProjectRefused(error.message, field="credit_code") from error
