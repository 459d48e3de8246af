"""Invariants of the books: units, moves and tallies tell one story."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from django.db import connection

from projects.ledger.models import DATED, Move, Project, Unit, UnitCertificate
from projects.ledger.selectors.history import versions_on
from projects.ledger.selectors.participation import is_seen_by, named_of
from projects.ledger.selectors.work import work_of
from registry.accounts.models import Organisation
from registry.audit.invariants import Invariant, Violation
from registry.kernel.stages import Track, edge

MOST: Final = 50
ACCOUNT: Final = "building_id, use, standing, track, stage"
SHANGHAI_DAY: Final = {  # of recorded_at, by the database itself: a function of ours per row costs a minute on a city
    "sqlite": "date(recorded_at, '+8 hours')",
    "postgresql": "(recorded_at AT TIME ZONE 'Asia/Shanghai')::date",
}
OF_PROJECT: Final = "SELECT id FROM ledger_building WHERE project_id = %s"


def _rows(sql: str, params: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchmany(MOST))


def units_repeat_their_moves(project: int | None) -> Iterator[Violation]:
    """Compare each unit's columns with the last move of each track. Three queries."""
    within = f"AND u.building_id IN ({OF_PROJECT})" if project else ""
    for track in Track:
        sql = f"""SELECT u.id, u.{track.value}, m.to_stage FROM ledger_unit u
            LEFT JOIN (SELECT unit_id, MAX(id) AS last FROM ledger_move WHERE track = %s GROUP BY unit_id) x
              ON x.unit_id = u.id
            LEFT JOIN ledger_move m ON m.id = x.last
            WHERE (COALESCE(m.to_stage, '') <> u.{track.value}
                OR COALESCE(m.to_standing, u.standing) <> u.standing OR COALESCE(m.to_use, u.use) <> u.use
                OR COALESCE(m.to_building_id, u.building_id) <> u.building_id) {within}
            ORDER BY u.id"""
        for unit, stated, moved in _rows(sql, [track.value, *([project] if project else [])]):
            yield Violation(f"户{unit} {track.label}", f"最后一次变动为{moved or '无'}", str(stated or "无"))


def tallies_are_the_moves_counted(project: int | None) -> Iterator[Violation]:
    """Recount every account from the moves; a count without a single move is none, of nothing even. One query.

    An account whose moves cancel out may have a row of nothing or none: both say the same.
    """
    sides = [
        f"SELECT {side}_building_id AS building_id, {side}_use AS use, {side}_standing AS standing, track,"
        f" {side}_stage AS stage, {sign} AS n, 0 AS told FROM ledger_move WHERE {side}_building_id IS NOT NULL"
        for side, sign in (("to", 1), ("from", -1))
    ]
    tally = f"SELECT {ACCOUNT}, -count, 1 FROM ledger_tally"
    within = f"WHERE building_id IN ({OF_PROJECT})" if project else ""
    sql = (
        f"SELECT {ACCOUNT}, SUM(n) FROM ({' UNION ALL '.join((*sides, tally))}) AS every {within}"
        f" GROUP BY {ACCOUNT} HAVING SUM(n) <> 0 OR SUM(told) = COUNT(*)"
    )
    for building, use, standing, track, stage, off in _rows(sql, [project] if project else []):
        where = f"楼栋{building} {use} {standing} {track} {stage}"
        yield Violation(where, "计数等于变动之和", f"相差{off}" if off else "没有一笔变动")


def sums_are_the_tallies_summed(project: int | None) -> Iterator[Violation]:
    """Sum the tallies of each project's buildings and compare; a sum without a tally is none. One query."""
    place = "use, standing, track, stage"
    within = "WHERE project_id = %s" if project else ""
    sql = (
        f"SELECT project_id, {place}, SUM(n) FROM (SELECT b.project_id, {place}, count AS n, 1 AS own FROM ledger_tally"
        f" JOIN ledger_building b ON b.id = building_id UNION ALL SELECT project_id, {place}, -count, 0"
        f" FROM ledger_projecttally) AS every {within} GROUP BY project_id, {place}"
        " HAVING SUM(n) <> 0 OR SUM(own) = 0"
    )
    for key, use, standing, track, stage, off in _rows(sql, [project] if project else []):
        yield Violation(
            f"项目{key} {use} {standing} {track} {stage}", "项目合计等于各楼栋之和", f"相差{off}" if off else "没有一栋"
        )


def tallies_and_sums(project: int | None) -> Iterator[Violation]:
    """Hold the tallies against the moves, and the sums of projects against the tallies. Two queries."""
    yield from tallies_are_the_moves_counted(project)
    yield from sums_are_the_tallies_summed(project)


def moves_follow_the_table(project: int | None) -> Iterator[Violation]:
    """Hold every advance against the table of edges. One query."""
    moves = Move.objects.filter(kind="advance")
    if project:
        moves = moves.filter(unit__building__project_id=project)
    for track, frm, to in moves.values_list("track", "from_stage", "to_stage").distinct():
        step = edge(Track(track), frm, to)
        if step is None or step.backward:
            yield Violation(f"{track}：{frm}→{to}", "在阶段表内的一步", "表内没有")


def moves_keep_time(project: int | None) -> Iterator[Violation]:
    """Find moves stated for a day after they were recorded, or before the unit's move before. Two queries."""
    day = SHANGHAI_DAY[connection.vendor]
    of_unit = f"AND COALESCE(to_building_id, from_building_id) IN ({OF_PROJECT})" if project else ""
    ahead = f"SELECT id, occurred_on, {day} FROM ledger_move WHERE occurred_on > {day} {of_unit}"
    for key, occurred, recorded in _rows(ahead, [project] if project else []):
        yield Violation(f"变动{key}", f"不晚于记录日{recorded}", str(occurred))
    within = f"AND from_building_id IN ({OF_PROJECT})" if project else ""
    sql = f"""
        SELECT id, occurred_on, before FROM (
            SELECT id, occurred_on, from_building_id,
                   LAG(occurred_on) OVER (PARTITION BY unit_id, track ORDER BY id) AS before
            FROM ledger_move
            WHERE kind IN ('opening', 'advance')
              AND id NOT IN (SELECT reverses_id FROM ledger_move WHERE reverses_id IS NOT NULL)
        ) AS ordered WHERE occurred_on < before {within}"""
    for key, occurred, before in _rows(sql, [project] if project else []):
        yield Violation(f"变动{key}", f"不早于上一步{before}", str(occurred))


def every_unit_was_opened(project: int | None) -> Iterator[Violation]:
    """Find units without an opening move. One query."""
    opened = Move.objects.filter(kind="opening", track=Track.CERTIFICATE.value).values("unit_id")
    units = Unit.objects.exclude(id__in=opened)
    if project:
        units = units.filter(building__project_id=project)
    for key in units.values_list("id", flat=True)[:MOST]:
        yield Violation(f"户{key}", "有入账变动", "没有")


def the_certified_are_issued(project: int | None) -> Iterator[Violation]:
    """Hold every standing certificate against its unit: issued, and named in its joined text. Two queries."""
    standing = UnitCertificate.objects.filter(ended_act_id__isnull=True)
    if project:
        standing = standing.filter(unit__building__project_id=project)
    named: dict[int, list[str]] = {}
    texts: dict[int, str] = {}
    rows = standing.order_by("unit_id", "position", "id").values_list(
        "unit_id", "number", "unit__certificate", "unit__certificate_no"
    )
    for unit, number, stage, text in rows.iterator(2000):
        named.setdefault(unit, []).append(number)
        texts[unit] = text
        if stage != "issued":
            yield Violation(f"户{unit} {number}", "已发证", stage or "不在册")
    said = Unit.objects.filter(certificate_no__gt="")
    if project:
        said = said.filter(building__project_id=project)
    texts |= dict(said.values_list("id", "certificate_no").iterator(2000))
    for unit, text in texts.items():
        expected = "、".join(named.get(unit, ()))
        if text != expected[: Unit._meta.get_field("certificate_no").max_length]:
            yield Violation(f"户{unit} 产权证号", expected or "无", text or "无")


def present_values_are_the_last_dated(project: int | None) -> Iterator[Violation]:
    """Hold what stands on units and projects against the last of their dated rows. Three queries, one for versions."""
    within = f"AND u.building_id IN ({OF_PROJECT})" if project else ""
    params = [project] if project else []
    opened = f"""SELECT u.id, u.opened_on, x.first FROM ledger_unit u LEFT JOIN (
            SELECT m.unit_id, MIN(m.occurred_on) AS first FROM ledger_move m
            LEFT JOIN ledger_move r ON r.reverses_id = m.id AND r.occurred_on <= m.occurred_on
            WHERE m.track = 'certificate' AND m.kind = 'opening' AND r.id IS NULL GROUP BY m.unit_id
        ) x ON x.unit_id = u.id
        WHERE u.certificate <> '' AND (u.opened_on IS NULL OR x.first IS NULL OR u.opened_on <> x.first) {within}"""
    for unit, stated, first in _rows(opened, params):
        yield Violation(f"户{unit} 入账日期", str(first or "无"), str(stated or "无"))
    features = f"""SELECT u.id, u.features, f.features FROM ledger_unit u JOIN (
            SELECT unit_id, features,
                   ROW_NUMBER() OVER (PARTITION BY unit_id ORDER BY effective_on DESC, id DESC) AS n
            FROM ledger_featurechange
        ) f ON f.unit_id = u.id AND f.n = 1
        WHERE u.features <> f.features {within}"""
    for unit, stated, last in _rows(features, params):
        yield Violation(f"户{unit} 特征", str(last), str(stated))
    projects = Project.objects.filter(pk=project) if project else Project.objects.all()
    last_of = versions_on(on=date.max, project_ids=[project] if project else None)
    for row in projects.order_by("id"):
        version = last_of.get(row.pk)
        for name in DATED:
            stated, dated = getattr(row, name), getattr(version, name, None)
            if stated != dated:
                label = getattr(Project._meta.get_field(name.removesuffix("_id")), "verbose_name", name)
                yield Violation(f"项目{row.code} {label}", str(dated or "无"), str(stated or "无"))


def whoever_has_work_sees_it(project: int | None) -> Iterator[Violation]:
    """Hold whoever has work in a project against whom it shows itself. A query for each kind of work, and four."""
    has = {(row[0], row[1]): row[2] for row in work_of(None if project is None else [project])}
    projects = Project.objects.in_bulk({key for key, _ in has})
    organisations = Organisation.objects.in_bulk({key for _, key in has})
    named = named_of(projects)
    for (key, who), what in sorted(has.items()):
        place, organisation = projects[key], organisations[who]
        if not is_seen_by(place, organisation, named.get(key, {}).get(who)):
            yield Violation(f"{place.code} {organisation}", f"看得到它要办的事（{what}）", "看不到这个项目")


INVARIANTS = (
    Invariant("I1", "户的阶段、状态、用途、楼栋等于最后一次变动", units_repeat_their_moves),
    Invariant("I2", "计数等于从变动重新数出来的数", tallies_and_sums),
    Invariant("I4", "每次办理均为阶段表内的一步", moves_follow_the_table),
    Invariant("I16", "每一户都有入账，户不会凭空出现或消失", every_unit_was_opened),
    Invariant("I21", "变动的日期不晚于记录日、不早于上一步", moves_keep_time),
    Invariant("I44", "户和项目现在的样子等于最后一条按日期记的样子", present_values_are_the_last_dated),
    Invariant("I43", "在项目里有事要办的单位都看得到这个项目", whoever_has_work_sees_it),
    Invariant("I33", "有产权证号的户都已发证，户上的证号等于有效证书的号", the_certified_are_issued),
)
