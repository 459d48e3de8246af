"""Who may do what: permissions, roles, actors. Source: the access matrix of the trust notes, §3.2."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from registry.kernel.errors import PermissionRefused
from registry.kernel.permissions import Permission as Permission  # as itself: whoever asks who may, asks here

P = Permission
SELF = frozenset({P.ACCOUNT_SELF})
LEDGER_READ = SELF | {
    P.PROJECT_READ,
    P.UNIT_READ,
    P.BLOCKER_READ,
    P.STEP_READ,
    P.INSTRUMENT_READ,
    P.DOCUMENT_READ,
    P.JOB_READ,
}
WORK = frozenset(
    {P.BALL_MOVE, P.WHISTLE_ANSWER, P.POLICY_READ, P.TASK_ANSWER, P.LIST_STAGE, P.TICKET_READ, P.TICKET_ANSWER}
)
FORCE = WORK | {P.TASK_SET, P.BALL_PAUSE, P.POLICY_DRAFT, P.PROJECT_CREATE, P.PROJECT_UPDATE, P.PARTICIPATION_SET}
TICKETS = frozenset({P.TICKET_DISPATCH, P.TICKET_MATCH, P.TICKET_TAKE_IN})
TICKETS_ABOVE = TICKETS | {P.TICKET_CALL_BACK, P.TICKET_EXCLUDE}
CERTIFICATE_OFFICE = frozenset({("certificate", "notified"), ("certificate", "collected"), ("certificate", "issued")})
CERTIFICATE_CENTRE = frozenset(
    {("certificate", "accepted"), ("certificate", "recorded"), ("certificate", "printed"), ("certificate", "issued")}
)
TAX_LIST = frozenset({("tax", "assessed"), ("tax", "settled")})
FUND_LIST = frozenset({("fund", "settled")})


class Role(StrEnum):
    """What a person is assigned to be; rights hang on it alone."""

    CITY = "city"
    DISTRICT = "district"
    TOWNSHIP = "township"
    DEPARTMENT = "department"
    REGISTRATION_CENTRE = "registration_centre"
    TAX = "tax"
    DEVELOPER = "developer"
    AUDITOR = "auditor"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"

    @property
    def label(self) -> str:
        """The role as the office says it."""
        return ROLES[self].label

    @property
    def description(self) -> str:
        """What the role may do, for the person who grants it."""
        return ROLES[self].description

    @property
    def permissions(self) -> frozenset[Permission]:
        """What the role may do, for the program."""
        return ROLES[self].permissions

    @property
    def advance_to(self) -> frozenset[tuple[str, str]]:
        """The stages, by track, to which the role may move a unit."""
        return ROLES[self].advance_to


@dataclass(frozen=True)
class RoleSpec:
    """One line of the table of roles."""

    label: str
    description: str
    permissions: frozenset[Permission]
    advance_to: frozenset[tuple[str, str]] = frozenset()


THROUGH_HOMES: Final = frozenset({Role.REGISTRATION_CENTRE, Role.TAX, Role.DEVELOPER})  # who works home by home
ROLES: dict[Role, RoleSpec] = {
    Role.CITY: RoleSpec(
        "市级专班",
        "查看全市台账；纳入项目，复核承诺和更正，月度结账；不直接办理逐户阶段。",
        LEDGER_READ
        | FORCE
        | TICKETS_ABOVE
        | {
            P.POLICY_ISSUE,
            P.NOTE_WRITE,
            P.PERSON_READ,
            P.IDENTITY_EXPORT,
            P.IDENTITY_REVEAL,
            P.BLOCKER_RESOLVE,
            P.INSTRUMENT_APPROVE,
            P.INSTRUMENT_REVOKE,
            P.OBLIGATION_PRESS,
            P.IMPORT_READ,
            P.DOCUMENT_ISSUE,
            P.DOCUMENT_VOID,
            P.REPORT_READ,
            P.REPORT_CLOSE,
            P.REPORT_EXPORT,
            P.AUDIT_READ,
            P.CORRECTION_APPROVE,
            P.PAUSE_DECIDE,
            P.PARAMETER_APPROVE,
            P.PARAMETER_READ,
            P.ATTACHMENT_ADD,
            P.ACCOUNT_MANAGE,
        },
    ),
    Role.DISTRICT: RoleSpec(
        "区专班",
        "管理本区台账（项目、楼栋、户、堵点、决定）；复核导入、承诺、更正和本区人员授权。",
        LEDGER_READ
        | FORCE
        | TICKETS_ABOVE
        | {
            P.WHISTLE_BLOW,
            P.LIFT_DECLINE,
            P.NOTE_WRITE,
            P.PERSON_READ,
            P.IDENTITY_EXPORT,
            P.IDENTITY_REVEAL,
            P.BLOCKER_RAISE,
            P.BLOCKER_UPDATE,
            P.BLOCKER_RESOLVE,
            P.STEP_RECORD,
            P.STEP_REVOKE,
            P.INSTRUMENT_DRAFT,
            P.INSTRUMENT_SIGN,
            P.INSTRUMENT_APPROVE,
            P.INSTRUMENT_REVOKE,
            P.INSTRUMENT_COUNTERSIGN,
            P.OBLIGATION_PRESS,
            P.OBLIGATION_VERIFY,
            P.IMPORT_READ,
            P.IMPORT_STAGE,
            P.IMPORT_ACCEPT,
            P.UNIT_PLACE,
            P.UNIT_ADVANCE,
            P.UNIT_STANDING,
            P.CORRECTION_PROPOSE,
            P.CORRECTION_APPROVE,
            P.PAUSE_DECIDE,
            P.DOCUMENT_ISSUE,
            P.REPORT_READ,
            P.REPORT_SIGN,
            P.REPORT_EXPORT,
            P.AUDIT_READ,
            P.ATTACHMENT_ADD,
            P.ACCOUNT_MANAGE,
            P.ACCOUNT_APPROVE,
            P.PARAMETER_READ,
        },
        CERTIFICATE_OFFICE | FUND_LIST,
    ),
    Role.TOWNSHIP: RoleSpec(
        "乡镇、街道",
        "查看本乡镇、街道的项目；出具并签署承诺函，报送承诺事项进展；通知、收材料、发证。",
        LEDGER_READ
        | WORK
        | TICKETS
        | {
            P.PROJECT_UPDATE,
            P.WHISTLE_BLOW,
            P.NOTE_WRITE,
            P.PERSON_READ,
            P.IDENTITY_REVEAL,
            P.BLOCKER_RAISE,
            P.INSTRUMENT_DRAFT,
            P.INSTRUMENT_SIGN,
            P.OBLIGATION_REPORT,
            P.IMPORT_READ,
            P.IMPORT_STAGE,
            P.UNIT_ADVANCE,
            P.CORRECTION_PROPOSE,
            P.DOCUMENT_ISSUE,
            P.REPORT_READ,
            P.REPORT_SIGN,
            P.REPORT_EXPORT,
            P.AUDIT_READ,
            P.ATTACHMENT_ADD,
        },
        CERTIFICATE_OFFICE,
    ),
    Role.DEPARTMENT: RoleSpec(
        "部门",
        "查看所参与的项目；登记本部门办理的环节，登记、解决本部门负责的堵点，核验承诺事项。",
        LEDGER_READ
        | WORK
        | {
            P.NOTE_WRITE,
            P.BLOCKER_RAISE,
            P.BLOCKER_UPDATE,
            P.BLOCKER_RESOLVE,
            P.STEP_RECORD,
            P.STEP_REVOKE,
            P.INSTRUMENT_DRAFT,
            P.INSTRUMENT_SIGN,
            P.INSTRUMENT_COUNTERSIGN,
            P.OBLIGATION_PRESS,
            P.OBLIGATION_VERIFY,
            P.DOCUMENT_ISSUE,
            P.REPORT_READ,
            P.REPORT_EXPORT,
            P.AUDIT_READ,
            P.ATTACHMENT_ADD,
            P.UNIT_ADVANCE,
        },
        FUND_LIST,
    ),
    Role.REGISTRATION_CENTRE: RoleSpec(
        "登记中心",
        "看参与的项目；记首次登记等环节，登记和解决本单位的堵点；受理、登簿、缮证、发证。",
        LEDGER_READ
        | WORK
        | {
            P.NOTE_WRITE,
            P.PERSON_READ,
            P.IDENTITY_REVEAL,
            P.STEP_RECORD,
            P.STEP_REVOKE,
            P.BLOCKER_RAISE,
            P.BLOCKER_UPDATE,
            P.BLOCKER_RESOLVE,
            P.INSTRUMENT_COUNTERSIGN,
            P.OBLIGATION_VERIFY,
            P.UNIT_ADVANCE,
            P.CORRECTION_PROPOSE,
            P.DOCUMENT_ISSUE,
            P.REPORT_READ,
            P.REPORT_EXPORT,
            P.AUDIT_READ,
            P.ATTACHMENT_ADD,
        },
        CERTIFICATE_CENTRE,
    ),
    Role.TAX: RoleSpec(
        "税务",
        "看参与的项目；按税务清单记核税和完税、免税；作税证分离决定，登记和解决本单位的堵点。",
        LEDGER_READ
        | WORK
        | {
            P.NOTE_WRITE,
            P.PERSON_READ,
            P.IDENTITY_REVEAL,
            P.BLOCKER_RAISE,
            P.BLOCKER_UPDATE,
            P.BLOCKER_RESOLVE,
            P.INSTRUMENT_DRAFT,
            P.INSTRUMENT_SIGN,
            P.INSTRUMENT_COUNTERSIGN,
            P.OBLIGATION_VERIFY,
            P.UNIT_ADVANCE,
            P.REPORT_READ,
            P.REPORT_EXPORT,
            P.AUDIT_READ,
            P.ATTACHMENT_ADD,
        },
        TAX_LIST,
    ),
    Role.DEVELOPER: RoleSpec(
        "开发建设单位现场",
        "只看自己的项目；上传清册待复核，通知、收材料、凭签收发证；证件号码和电话默认脱敏显示，窗口办理时逐户查看，并记入操作记录。",
        LEDGER_READ
        | {
            P.PERSON_READ,
            P.IDENTITY_REVEAL,
            P.IMPORT_READ,
            P.IMPORT_STAGE,
            P.LIST_STAGE,
            P.UNIT_ADVANCE,
            P.CORRECTION_PROPOSE,
            P.DOCUMENT_ISSUE,
            P.ATTACHMENT_ADD,
        },
        CERTIFICATE_OFFICE,
    ),
    Role.AUDITOR: RoleSpec(
        "审计只读",
        "看全部台账和操作记录，姓名证件一律脱敏；核验记录链；不能改动。",
        LEDGER_READ
        | {
            P.REPORT_READ,
            P.REPORT_EXPORT,
            P.AUDIT_READ,
            P.AUDIT_VERIFY,
            P.IMPORT_READ,
            P.PARAMETER_READ,
            P.POLICY_READ,
            P.TICKET_READ,
        },
    ),
    Role.SYSTEM_ADMIN: RoleSpec(
        "系统管理员",
        "管理账号、单位和参数；不能查看台账和个人信息；授权须经安全管理员复核。",
        SELF | {P.ACCOUNT_MANAGE, P.PARAMETER_PROPOSE, P.PARAMETER_READ, P.JOB_READ, P.LIST_STAGE},
    ),
    Role.SECURITY_ADMIN: RoleSpec(
        "安全管理员",
        "复核授权，查询系统操作记录；不能查看台账。",
        SELF | {P.ACCOUNT_APPROVE, P.AUDIT_READ, P.AUDIT_VERIFY, P.JOB_READ},
    ),
}


@dataclass(frozen=True)
class Actor:
    """Whoever acts: a person in one assignment, or a rule of the system.

    `area_code` is "" for the city, 6 digits for a district, 9 for a township; `project_ids` bound a developer's staff.
    `sees_area`: a dated rule lets organs of its kind see every project of their area, but those they are taken out of.
    """

    person_id: int | None
    name: str
    role: Role
    organisation_id: int | None = None
    organisation_name: str = ""
    area_code: str = ""
    project_ids: frozenset[int] = field(default_factory=frozenset)
    is_system: bool = False
    sees_area: bool = False

    def can(self, permission: Permission) -> bool:
        """Return whether the actor holds a permission."""
        return self.is_system or permission in self.role.permissions

    def may_advance(self, track: str, stage: str) -> bool:
        """Return whether the actor may move a unit to a stage of a track."""
        return self.is_system or (str(track), str(stage)) in self.role.advance_to

    def require(self, permission: Permission) -> None:
        """Refuse an actor without the permission."""
        if not self.can(permission):
            raise PermissionRefused(f"{self.role.label}没有办理这件事的权限。请由有权的单位办理，或联系系统管理员。")


def system_actor(rule: str) -> Actor:
    """Return the actor of a rule: acts by it are signed 系统（规则：…）."""
    return Actor(
        person_id=None, name=f"系统（规则：{rule}）", role=Role.SYSTEM_ADMIN, organisation_name="系统", is_system=True
    )
