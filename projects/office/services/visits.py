"""One visit of a family: papers handed in for all its homes in one act, one receipt, everything that lacks told once.

Papers taken in here are 收材料 of the office, not 受理 of the registry: the receipt says so. A home whose papers are
complete moves to 已收材料 by `advance_units`; the others stay, with what lacks.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from projects import ports
from projects.ledger.locks import lock_project, lock_units
from projects.ledger.models import Move, Project, Unit
from projects.office.choices import OWN_FAULTS, ExtraTrip, PaperForm, PaperState, checklist_code
from projects.office.models import ChecklistItem, HomeFact, Visit, VisitHome, VisitPaper
from projects.office.selectors.checklists import asked_of_homes, checklist_of, facts_of, office_settings
from projects.office.selectors.families import BEFORE, clear_names, family_keys
from projects.office.selectors.visits import papers_there
from projects.progress.services import advance_units
from projects.progress.services.advance import AdvanceRefused
from registry.audit.recording import record
from registry.audit.selectors import happenings
from registry.kernel.authority import Actor, Permission, Role
from registry.kernel.days import FactDay
from registry.kernel.errors import DomainError, PermissionRefused
from registry.kernel.stages import Track, stage_of
from registry.store.acts import Row, current_act, within_act, write
from registry.store.clock import SHANGHAI

STAGE: Final = "collected"
RECEIVERS: Final = frozenset({Role.TOWNSHIP, Role.DEVELOPER})  # who hands out receipts: words §5.3
DAYS_TO_BRING: Final = 30


class VisitRefused(DomainError):
    """A visit that can't be recorded as stated."""


@dataclass(frozen=True)
class Shown:
    """What the card showed: the stage of each home, the last visit about any of them (0: none)."""

    stages: Mapping[int, str] = field(default_factory=dict)
    last_visit: int | None = None


def may_receive(actor: Actor) -> bool:
    """Whether the actor takes papers in and hands out receipts. No query."""
    return actor.role in RECEIVERS and actor.may_advance(Track.CERTIFICATE, STAGE)


@write(Permission.UNIT_ADVANCE, on="unit", once=True)
def receive_family(
    *,
    actor: Actor,
    unit: Unit,
    handed: Mapping[int, Collection[str]],
    came_on: FactDay,
    again: str = "",
    again_note: str = "",
    sheet_no: str = "",
    shown: Shown = Shown(),  # frozen
) -> Visit:
    """Record one visit: by home, the papers handed in by name; what a checklist asks for beside them lacks.

    Homes whose papers are complete move to 已收材料; a home that may not move stays, with the reason. Issues the
    receipt of what was taken in, and the notice of what lacks. Refused: no home; a home that is not the family's;
    another clerk's visit or move since the card was shown, by whom and when; from the second visit on without its
    reason; a day before the visit before.
    """
    if not may_receive(actor):
        raise PermissionRefused(f"{actor.role.label}不能登记来访。材料由驻场办证服务点、乡镇人民政府或街道办事处接收。")
    if not handed:
        raise VisitRefused("未选择办理的户。请至少勾选一户。")
    project = lock_project(unit.building.project_id)
    family = family_keys(unit)
    units = lock_units(project, list(handed))
    if len(units) != len(handed) or not set(handed) <= set(family):
        raise VisitRefused("所选户中有的已不在这一家名下。请刷新页面后重新勾选。", code="not_family")
    visits = Visit.objects.filter(homes__unit__in=list(family), withdrawn_act_id__isnull=True).distinct()
    earlier = list(visits.order_by("id").select_related("clerk"))
    _require_untouched(units, earlier, shown)
    if earlier and came_on < earlier[-1].came_on:
        raise VisitRefused(f"来访日期不得早于上次来访{earlier[-1].came_on}。请核对。", field="came_on")
    if earlier and again not in ExtraTrip.values:
        raise VisitRefused("这一家以前来过。请选择再次来访原因。", field="again")
    again = again if earlier else ""
    act = current_act()
    visit: Visit = Visit.objects.create(
        unit=unit, came_on=came_on, recorded_at=act.recorded_at, clerk_id=actor.person_id, ordinal=len(earlier) + 1,
        again=again, again_note=again_note.strip(), sheet_no=sheet_no.strip(), act_id=act.id,
    )  # fmt: skip
    counted = _take_in(project, units, handed, visit, earlier)
    visit.is_own_fault = _was_own_fault(again, counted, earlier)
    moved = _move(actor, project, counted, visit)
    _issue(actor, project, unit, units, counted, visit)
    visit.save(update_fields=["is_own_fault", "receipt_key", "receipt_no", "notice_key", "notice_no"])
    record(
        event="visit.recorded",
        subject=visit,
        chain=project.pk,
        facts={
            "unit": f"{unit.building}{unit}", "homes": len(units), "complete": moved, "on": came_on,
            "taken": sum(len(home.taken) for home in counted), "missing": sum(len(home.lacks) for home in counted),
            "ordinal": visit.ordinal, "why": f"，{ExtraTrip(again).label}" if again else "",
        },
        rows=[Row.added(visit, "came_on", "receipt_no", "notice_no"), *(_row(home, visit) for home in counted)],
    )  # fmt: skip
    return visit


@dataclass
class _Home:
    """A home of the visit: what was taken in, what lacks, whether that was to be foreseen."""

    unit: Unit
    row: VisitHome
    taken: list[ChecklistItem]
    lacks: list[ChecklistItem]
    late: set[str]


def _row(home: _Home, visit: Visit) -> Row:
    return Row.of("ledger_unit", home.unit.pk, before={"visited_on": None}, after={"visited_on": visit.came_on})


def _require_untouched(units: Sequence[Unit], earlier: Sequence[Visit], shown: Shown) -> None:
    """Refuse what was decided by a card that shows no longer what is so; say who was faster, and when."""
    if shown.last_visit is not None and earlier and earlier[-1].pk > shown.last_visit:
        last = earlier[-1]
        at = last.recorded_at.astimezone(SHANGHAI)
        who = last.clerk.name if last.clerk else "系统"
        raise VisitRefused(
            f"{who}已于{at:%m-%d %H:%M}登记这一家的来访，本次没有登记。请刷新页面，查看后再办。", code="overtaken"
        )
    for unit in units:
        was = shown.stages.get(unit.pk)
        if was is None or was == unit.certificate:
            continue
        last_move = Move.objects.filter(unit=unit, track=Track.CERTIFICATE.value).order_by("-id").first()
        act = happenings({last_move.act_id}).get(last_move.act_id) if last_move else None
        who = f"{act.who}于{act.at.astimezone(SHANGHAI):%m-%d %H:%M}" if act else "他人"
        raise VisitRefused(
            f"{who}已将{unit.building}{unit}办理至“{stage_of(Track.CERTIFICATE, unit.certificate).label}”，"
            "本次没有登记。请刷新页面，查看后再办。",
            code="overtaken",
        )


@within_act
def _take_in(
    project: Project,
    units: Sequence[Unit],
    handed: Mapping[int, Collection[str]],
    visit: Visit,
    earlier: Sequence[Visit],
) -> list[_Home]:
    """Write the homes of a visit and their papers; nine rows or so a home."""
    keys = [unit.pk for unit in units]
    asked = asked_of_homes(project, units, on=visit.came_on)
    facts, there = facts_of(keys, on=visit.came_on), papers_there(keys)
    first = _first_visits(keys, earlier)
    homes = []
    for unit in units:
        lines = asked[unit.pk] if unit.certificate in BEFORE else []
        row = VisitHome.objects.create(visit=visit, unit=unit, was=unit.certificate, act_id=visit.act_id)
        wanted = [(item, on_site, item.wanted_for(facts.get(unit.pk, ()))) for item, on_site in lines]
        names = set(handed[unit.pk])
        taken = [item for item, _, wish in wanted if wish is not None and item.name in names]
        have = there.get(unit.pk, frozenset()) | names
        lacks = [item for item, on_site, wish in wanted if wish and not on_site and item.name not in have]
        late = _foreseeable(unit, lacks, first.get(unit.pk), project)
        VisitPaper.objects.bulk_create(
            [
                *(
                    _paper(row, item, PaperState.SEEN if item.form == PaperForm.SEEN else PaperState.TAKEN)
                    for item in taken
                ),
                *(_paper(row, item, PaperState.LACKS, late=item.name in late) for item in lacks),
            ]
        )
        homes.append(_Home(unit, row, taken, lacks, late))
    return homes


def _paper(row: VisitHome, item: ChecklistItem, state: PaperState, *, late: bool = False) -> VisitPaper:
    return VisitPaper(
        home=row, item_id=item.pk, name=item.name, what=item.form_words, supplier=item.supplier, state=state,
        was_foreseeable=late, act_id=row.act_id,
    )  # fmt: skip


def _first_visits(keys: Sequence[int], earlier: Sequence[Visit]) -> dict[int, tuple[Visit, set[str]]]:
    """Return, by home, the first visit about it and the papers that it told or took. Two queries."""
    visits = {visit.pk: visit for visit in earlier}
    first: dict[int, int] = {}
    for unit, visit in (
        VisitHome.objects.filter(unit__in=keys, visit__in=visits)
        .order_by("visit_id")
        .values_list("unit_id", "visit_id")
    ):
        first.setdefault(unit, visit)
    said: dict[tuple[int, int], set[str]] = {}
    papers = VisitPaper.objects.filter(home__unit__in=keys, home__visit__in=set(first.values()))
    for unit, visit, name in papers.values_list("home__unit_id", "home__visit_id", "name"):
        said.setdefault((unit, visit), set()).add(name)
    return {unit: (visits[visit], said.get((unit, visit), set())) for unit, visit in first.items()}


def _foreseeable(
    unit: Unit, lacks: Sequence[ChecklistItem], first: tuple[Visit, set[str]] | None, project: Project
) -> set[str]:
    """Name the lacking papers that the first visit should have told of: the template asked for them on that day, and
    what makes them needed was so by then. At most two queries, and only where something new lacks."""
    if first is None:
        return set()
    visit, said = first
    fresh = [item for item in lacks if item.name not in said]
    if not fresh:
        return set()
    then = {item.name: item for item in checklist_of(checklist_code(project.housing_type, unit.use), on=visit.came_on)}
    held = set(
        HomeFact.objects.filter(unit=unit, effective_on__lte=visit.came_on, ended_act_id__isnull=True).values_list(
            "fact", flat=True
        )
    )
    return {item.name for item in fresh if item.name in then and then[item.name].wanted_for(held)}


def _was_own_fault(again: str, homes: Sequence[_Home], earlier: Sequence[Visit]) -> bool:
    """Whether we would have spared the family this trip: by its reason, or because it brings what we named too late."""
    if again in OWN_FAULTS:
        return True
    if not earlier or again != ExtraTrip.LACKED:
        return False
    brought = {(home.unit.pk, item.name) for home in homes for item in home.taken}
    late = VisitPaper.objects.filter(home__visit=earlier[-1], was_foreseeable=True)
    return any(each in brought for each in late.values_list("home__unit_id", "name"))


@within_act
def _move(actor: Actor, project: Project, homes: Sequence[_Home], visit: Visit) -> int:
    """Move the homes whose papers are complete; a home that may not move keeps the reason. Returns how many moved."""
    complete = [home for home in homes if home.unit.certificate in BEFORE and not home.lacks]
    if not complete:
        return 0
    try:
        outcome = advance_units.within(
            actor=actor, project=project, unit_ids=[home.unit.pk for home in complete], track=Track.CERTIFICATE,
            to=STAGE, occurred_on=visit.came_on, evidence=visit.code,
        )  # fmt: skip
        moved, refused = set(outcome.moved), outcome.refused
    except AdvanceRefused as refusal:
        moved, refused = set(), tuple(refusal.rows)
    reasons = {each.unit_id: each.reason for each in refused}
    for home in complete:
        home.row.is_moved = home.unit.pk in moved
        home.row.why_not = reasons.get(home.unit.pk, "")[:300]
        home.row.save(update_fields=["is_moved", "why_not"])
    return len(moved)


@within_act
def _issue(
    actor: Actor, project: Project, unit: Unit, units: Sequence[Unit], homes: Sequence[_Home], visit: Visit
) -> None:
    """Issue the receipt of what was taken in and the notice of what lacks; neither where there is nothing to say."""
    act = current_act()
    settings = office_settings(project.district_code, on=act.today)
    words: dict[str, Any] = {
        "issuer": actor.organisation_name,
        "issued_on": act.today,
        "recipients": clear_names([each.pk for each in units]),
        "location": project.name,
        "came_on": visit.came_on,
        "bring_by": act.today + timedelta(days=DAYS_TO_BRING),
        "homes": [_printed(home) for home in homes],
        "settings": settings,
    }
    subject = next((home.unit for home in homes if home.unit.certificate in (*BEFORE, STAGE)), None)
    addressee = unit.holders_masked
    if subject is None:
        return
    subject = Unit.objects.select_related("building").get(pk=subject.pk)
    if any(home.taken for home in homes):
        paper = ports.issue_paper(
            actor=actor, project=project, kind="collection_receipt", subject=subject,
            snapshot={**words, "code": visit.code}, issued_on=act.today, addressee=addressee,
        )  # fmt: skip
        visit.receipt_key, visit.receipt_no = paper.pk, paper.number
    if any(home.lacks for home in homes):
        paper = ports.issue_paper(
            actor=actor, project=project, kind="supplement_notice", subject=subject,
            snapshot={**words, "code": visit.notice_code}, issued_on=act.today, addressee=addressee,
        )  # fmt: skip
        visit.notice_key, visit.notice_no = paper.pk, paper.number


def _printed(home: _Home) -> dict[str, Any]:
    """Return a home as its papers print it."""
    return {
        "place": f"{home.unit.building}{home.unit}",
        "taken": [
            {"name": item.name, "what": item.form_words, "copies": item.copies, "kept": item.form != PaperForm.SEEN}
            for item in home.taken
        ],
        "lacks": [
            {"name": item.name, "what": item.form_words, "note": item.note, "by": _giver(item)} for item in home.lacks
        ],
        "is_complete": home.unit.certificate in BEFORE and not home.lacks,
    }


def _giver(item: ChecklistItem) -> str:
    """Say who gives a paper, where that is not the family."""
    return "" if item.supplier == "owner" else item.get_supplier_display()
