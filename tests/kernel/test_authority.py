"""Who may do what: the access matrix of the trust notes, §3.2, one letter a role, and what the code says of it."""

import re

import pytest

from registry.kernel.authority import Actor, Permission, Role, system_actor
from registry.kernel.errors import PermissionRefused
from registry.kernel.stages import STAGES, Track
from registry.lists.kinds import LISTS
from tests.architecture.source import sources

LETTERS = {
    "C": Role.CITY,
    "D": Role.DISTRICT,
    "T": Role.TOWNSHIP,
    "P": Role.DEPARTMENT,
    "R": Role.REGISTRATION_CENTRE,
    "X": Role.TAX,
    "O": Role.DEVELOPER,
    "A": Role.AUDITOR,
    "Y": Role.SYSTEM_ADMIN,
    "S": Role.SECURITY_ADMIN,
}
MATRIX = {
    "account.approve": "DS",
    "account.manage": "CDY",
    "account.self": "CDTPRXOAYS",
    "attachment.add": "CDTPRXO",
    "audit.read": "CDTPRXAS",
    "audit.verify": "AS",
    "ball.move": "CDTPRX",
    "ball.pause": "CD",
    "blocker.raise": "DTPRX",
    "blocker.read": "CDTPRXOA",
    "blocker.resolve": "CDPRX",
    "blocker.update": "DPRX",
    "correction.approve": "CD",
    "correction.propose": "DTRO",
    "document.issue": "CDTPRO",
    "document.read": "CDTPRXOA",
    "document.void": "C",
    "identity.export": "CD",
    "identity.reveal": "CDTRXO",
    "import.accept": "D",
    "import.read": "CDTOA",
    "import.stage": "DTO",
    "instrument.approve": "CD",
    "instrument.countersign": "DPRX",
    "instrument.draft": "DTPX",
    "instrument.read": "CDTPRXOA",
    "instrument.revoke": "CD",
    "instrument.sign": "DTPX",
    "job.read": "CDTPRXOAYS",
    "lift.decline": "D",
    "list.stage": "CDTPRXOY",
    "note.write": "CDTPRX",
    "obligation.press": "CDP",
    "obligation.report": "T",
    "obligation.verify": "DPRX",
    "parameter.approve": "C",
    "parameter.propose": "Y",
    "parameter.read": "CDAY",
    "participation.set": "CD",
    "pause.decide": "CD",
    "person.read": "CDTRXO",
    "policy.draft": "CD",
    "policy.issue": "C",
    "policy.read": "CDTPRXA",
    "project.create": "CD",
    "project.read": "CDTPRXOA",
    "project.update": "CDT",
    "report.close": "C",
    "report.export": "CDTPRXA",
    "report.read": "CDTPRXA",
    "report.sign": "DT",
    "step.read": "CDTPRXOA",
    "step.record": "DPR",
    "step.revoke": "DPR",
    "task.answer": "CDTPRX",
    "task.set": "CD",
    "ticket.answer": "CDTPRX",
    "ticket.call_back": "CD",
    "ticket.dispatch": "CDT",
    "ticket.exclude": "CD",
    "ticket.match": "CDT",
    "ticket.read": "CDTPRXA",
    "ticket.take_in": "CDT",
    "unit.advance": "DTPRXO",
    "unit.place": "D",
    "unit.read": "CDTPRXOA",
    "unit.standing": "D",
    "whistle.answer": "CDTPRX",
    "whistle.blow": "DT",
}
ADVANCE = {
    ("certificate", "notified"): "DTO",
    ("certificate", "collected"): "DTO",
    ("certificate", "accepted"): "R",
    ("certificate", "recorded"): "R",
    ("certificate", "printed"): "R",
    ("certificate", "issued"): "DTRO",
    ("tax", "assessed"): "X",
    ("tax", "settled"): "X",
    ("fund", "settled"): "DP",
}
PII = {Permission.PERSON_READ, Permission.IDENTITY_EXPORT, Permission.IDENTITY_REVEAL}


def actor(role: Role, **more: object) -> Actor:
    return Actor(person_id=1, name="演示", role=role, **more)


def test_each_permission_stands_in_the_matrix():
    assert [permission.value for permission in Permission] == list(MATRIX), "alphabetical, and none forgotten"


@pytest.mark.parametrize("permission", list(Permission))
def test_permission_is_held_by_the_roles_of_the_matrix(permission):
    assert {role for role in Role if permission in role.permissions} == {LETTERS[x] for x in MATRIX[permission.value]}


@pytest.mark.parametrize("place", [(track.value, stage.code) for track in Track for stage in STAGES[track][1:]])
def test_stage_is_reached_by_the_roles_of_the_matrix(place):
    holders = {role for role in Role if place in role.advance_to}
    assert holders == {LETTERS[letter] for letter in ADVANCE[place]}
    assert all(Permission.UNIT_ADVANCE in role.permissions for role in holders)


def test_a_role_that_advances_units_has_stages_to_advance_them_to():
    for role in Role:
        assert (Permission.UNIT_ADVANCE in role.permissions) == bool(role.advance_to)
        assert role.advance_to <= set(ADVANCE)


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN])
def test_administrators_never_see_the_ledger_nor_a_person(role):
    objects = {permission.value.split(".")[0] for permission in role.permissions}
    assert objects <= {"account", "audit", "job", "parameter", "list"}, (
        "a list of accounts; each kind asks its own right"
    )
    assert not [kind for kind in LISTS.values() if kind.sent_by in role.permissions and kind.name != "accounts"]
    assert not role.permissions & PII


@pytest.mark.parametrize("role", [Role.DEPARTMENT, Role.AUDITOR])
def test_departments_and_auditors_see_persons_masked_only(role):
    assert not role.permissions & PII


def test_an_auditor_changes_nothing():
    verbs = {permission.value.split(".")[1] for permission in Role.AUDITOR.permissions}
    assert verbs == {"read", "export", "verify", "self"}


def test_no_administrator_both_prepares_and_approves():
    for one, other in (("account.manage", "account.approve"), ("parameter.propose", "parameter.approve")):
        assert {one, other} - set(Role.SYSTEM_ADMIN.permissions)
        assert {one, other} - set(Role.SECURITY_ADMIN.permissions)


def test_a_developer_stages_files_and_accepts_none():
    assert Permission.IMPORT_STAGE in Role.DEVELOPER.permissions
    assert Permission.IMPORT_ACCEPT not in Role.DEVELOPER.permissions
    assert not {p for p in Role.DEVELOPER.permissions if p.value.startswith("report.")}


def test_roles_say_in_chinese_what_they_are():
    assert [role.label for role in Role] == [
        "市级专班",
        "区专班",
        "乡镇、街道",
        "部门",
        "登记中心",
        "税务",
        "开发建设单位现场",
        "审计只读",
        "系统管理员",
        "安全管理员",
    ]
    assert all(role.description.endswith("。") for role in Role)


def test_actor_may_what_the_role_may():
    district = actor(Role.DISTRICT, area_code="110105")
    assert district.can(Permission.IMPORT_ACCEPT)
    assert not district.can(Permission.REPORT_CLOSE)
    assert district.may_advance(Track.CERTIFICATE, "notified")
    assert not district.may_advance(Track.CERTIFICATE, "accepted")
    assert not district.may_advance(Track.TAX, "settled")


def test_actor_without_the_permission_is_refused_in_words():
    with pytest.raises(PermissionRefused, match="审计只读没有办理这件事的权限。请由有权的单位办理"):
        actor(Role.AUDITOR).require(Permission.UNIT_ADVANCE)
    actor(Role.DISTRICT).require(Permission.UNIT_ADVANCE)


def test_system_signs_by_its_rule_and_may_everything():
    rule = system_actor("L-3")
    assert rule.name == "系统（规则：L-3）"
    assert rule.is_system
    assert rule.person_id is None
    assert all(rule.can(permission) for permission in Permission)
    assert all(rule.may_advance(*place) for place in ADVANCE)


def test_no_act_of_a_rule_is_signed_with_a_code() -> None:
    """Who reads the record reads what the rule does, not what its command is called."""
    named = re.compile(r"""system_actor\(f?["'][A-Za-z_]""")
    assert [source.name for source in sources() if named.search(source.path.read_text(encoding="utf-8"))] == []
