"""The table of gates: level, what each needs, which organ makes it, the stage it stops. Source: domain notes §2.1."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from registry.kernel.stages import Labelled


class Gate(Labelled):
    """A step of the road to the certificate; unit gates stop a single home."""

    LAND_SUPPLY = "land_supply", "供地"
    LAND_PLAN_PERMIT = "land_plan_permit", "用地规划许可"
    WORKS_PLAN_PERMIT = "works_plan_permit", "工程规划许可"
    CONSTRUCTION_PERMIT = "construction_permit", "施工许可"
    PRESALE_PERMIT = "presale_permit", "预售许可"
    PLANNING_VERIFICATION = "planning_verification", "规划核验"
    FIRE = "fire", "消防验收"
    CIVIL_DEFENCE = "civil_defence", "人防验收"
    COMPLETION_FILING = "completion_filing", "竣工备案"
    SURVEY_REVIEW = "survey_review", "实测审核"
    CADASTRAL = "cadastral", "落宗落幢"
    FIRST_REGISTRATION = "first_registration", "首次登记"
    ACCEPTANCE = "acceptance", "受理"
    RECORDING = "recording", "登簿"

    @property
    def spec(self) -> "GateSpec":
        """The line of the table."""
        return GATES[self]

    @property
    def is_unit_level(self) -> bool:
        """Whether it stops single units rather than buildings."""
        return GATES[self].level == "unit"

    @classmethod
    def building_gates(cls) -> "tuple[Gate, ...]":
        """The gates of buildings, in the order of dependency."""
        return BUILDING_GATES


class StepStatus(Labelled):
    """What a recorded step says of its gate."""

    PASSED = "passed", "已办结"
    BY_COMMITMENT = "by_commitment", "凭承诺办理"
    BY_OPINION = "by_opinion", "凭部门意见办理"
    NOT_APPLICABLE = "not_applicable", "不适用"
    IN_PROGRESS = "in_progress", "在办"
    FAILED = "failed", "未通过"

    @property
    def passes(self) -> bool:
        """Whether the gate counts as passed."""
        return self in PASSING

    @property
    def is_made(self) -> bool:
        """Whether an organ made the step: then what it needs is passed too. 不适用 says nothing of other gates."""
        return self in PASSING and self != StepStatus.NOT_APPLICABLE


class Mark(Labelled):
    """One cell of the chain matrix; the value is one character, stored."""

    PASSED = "p", "已办结"
    BY_COMMITMENT = "c", "凭承诺"
    BY_OPINION = "o", "凭意见"
    IN_PROGRESS = "i", "在办"
    FAULT = "f", "有过错户"
    SHUT = "s", "堵点未解除"
    OPEN = "n", "未办"
    ABSENT = "-", "不适用或本楼没有"


PASSING: Final = frozenset(
    {StepStatus.PASSED, StepStatus.BY_COMMITMENT, StepStatus.BY_OPINION, StepStatus.NOT_APPLICABLE}
)


class Organ(Labelled):
    """Who makes gates, as screens and the telephone say it; papers have the name that the district set for it."""

    PLANNING = "planning", "规划和自然资源部门"
    HOUSING = "housing", "住房和城乡建设部门"
    DEFENCE = "defence", "国防动员部门"
    REGISTRY = "registry", "不动产登记机构"


@dataclass(frozen=True)
class GateSpec:
    """One line: the level of a gate, the gates it needs, the organ that makes it, the stage it stops."""

    level: str
    needs: tuple[Gate, ...]
    organ: Organ
    stops: str = "accepted"


G, ORGAN = Gate, Organ
GATES: Final[dict[Gate, GateSpec]] = {
    G.LAND_SUPPLY: GateSpec("building", (), ORGAN.PLANNING),
    G.LAND_PLAN_PERMIT: GateSpec("building", (G.LAND_SUPPLY,), ORGAN.PLANNING),
    G.WORKS_PLAN_PERMIT: GateSpec("building", (G.LAND_PLAN_PERMIT,), ORGAN.PLANNING),
    G.CONSTRUCTION_PERMIT: GateSpec("building", (G.WORKS_PLAN_PERMIT,), ORGAN.HOUSING),
    G.PRESALE_PERMIT: GateSpec("building", (G.LAND_SUPPLY, G.WORKS_PLAN_PERMIT, G.CONSTRUCTION_PERMIT), ORGAN.HOUSING),
    G.PLANNING_VERIFICATION: GateSpec("building", (G.WORKS_PLAN_PERMIT,), ORGAN.PLANNING),
    G.FIRE: GateSpec("building", (G.CONSTRUCTION_PERMIT,), ORGAN.HOUSING),
    G.CIVIL_DEFENCE: GateSpec("building", (G.CONSTRUCTION_PERMIT,), ORGAN.DEFENCE),
    G.COMPLETION_FILING: GateSpec("building", (G.PLANNING_VERIFICATION, G.FIRE, G.CIVIL_DEFENCE), ORGAN.HOUSING),
    G.SURVEY_REVIEW: GateSpec("building", (G.PLANNING_VERIFICATION, G.COMPLETION_FILING), ORGAN.HOUSING),
    G.CADASTRAL: GateSpec("building", (G.SURVEY_REVIEW, G.LAND_SUPPLY), ORGAN.PLANNING),
    G.FIRST_REGISTRATION: GateSpec(
        "building",
        (G.LAND_SUPPLY, G.PRESALE_PERMIT, G.PLANNING_VERIFICATION, G.COMPLETION_FILING, G.CADASTRAL),
        ORGAN.REGISTRY,
    ),
    G.ACCEPTANCE: GateSpec("unit", (), ORGAN.REGISTRY),
    G.RECORDING: GateSpec("unit", (), ORGAN.REGISTRY, "recorded"),
}
BUILDING_GATES: Final = tuple(gate for gate, spec in GATES.items() if spec.level == "building")


def _needed_by(gate: Gate) -> frozenset[Gate]:
    direct = {other for other, spec in GATES.items() if gate in spec.needs}
    return frozenset(direct.union(*(_needed_by(other) for other in direct)))


UNIT_GATES: Final = tuple(gate for gate, spec in GATES.items() if spec.level == "unit")
# What the registrar must refuse on either side of acceptance, whatever the table of types says: a seizure and a
# dispute over the title. Every other type shuts the one gate that it states.
SHUT_BY_LAW: Final[dict[str, frozenset[Gate]]] = {
    "E03": frozenset({Gate.ACCEPTANCE, Gate.RECORDING}),
    "E04": frozenset({Gate.ACCEPTANCE, Gate.RECORDING}),
}


def gates_shut(type_code: str, gate: Gate) -> frozenset[Gate]:
    """Return every gate that a blocker of a type shuts: the stated one, and those that the law shuts with it."""
    return frozenset({gate}) | SHUT_BY_LAW.get(type_code, frozenset())


def shut_words(type_code: str, gate: Gate) -> str:
    """Return the labels of every gate that a blocker of a type shuts, in the order of the table."""
    shut = gates_shut(type_code, gate)
    return label_list(known for known in GATES if known in shut)


def shut_by_law_words() -> str:
    """Say which types shut more gates than the one that is stated."""
    gates = {gate for shut in SHUT_BY_LAW.values() for gate in shut}
    return f"{'、'.join(SHUT_BY_LAW)}无论填写何种，{label_list(gate for gate in GATES if gate in gates)}均受限制"


def gates_stopping(stage: str) -> tuple[Gate, ...]:
    """Return the unit gates that stop the step to a stage of the certificate: none after 登簿, whose way is free."""
    return tuple(gate for gate in UNIT_GATES if GATES[gate].stops == stage)


NEEDED_BY: Final[dict[Gate, frozenset[Gate]]] = {gate: _needed_by(gate) for gate in GATES}


def label_list(gates: Iterable[Gate]) -> str:
    """Join the labels of gates in the order of the table."""
    wanted = set(gates)
    return "、".join(gate.label for gate in GATES if gate in wanted)
