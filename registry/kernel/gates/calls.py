"""A home as the one who answers the telephone knows it, and the fields of the scripts that follow from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from registry.kernel.gates import spoken
from registry.kernel.gates.reasons import Reason, ReasonKind
from registry.kernel.stages import Feature, Standing, Use


@dataclass(frozen=True)
class Appointment:
    """What a notice in force tells the family: when and where, and whom to call."""

    starts: date
    ends: date
    place: str
    phone: str = ""


@dataclass(frozen=True)
class Desk:
    """What the service point of the district says of itself, and what it asks of a home: "" or none is not set.

    `papers` are those that every home of its kind hands in; `callback` is in working days, 0 is not promised.
    """

    place: str = ""
    phone: str = ""
    hours: str = ""
    papers: tuple[str, ...] = ()
    callback: int = 0


@dataclass(frozen=True)
class Papers:
    """Where the papers of a home are before 受理: with the registration centre, or given back by it and what lacks."""

    handed_on: date | None = None
    returned_on: date | None = None
    lacks: str = ""

    @property
    def are_there(self) -> bool:
        """Whether the centre has them."""
        return self.handed_on is not None and self.returned_on is None


@dataclass(frozen=True)
class Call:
    """A home as the one who answers the telephone knows it: its stage, why it can't go on, what else is on record.

    `reasons` are those of `why` for the same stage. `tax` and `fund` are stages of their tracks, "" if it has none.
    """

    stage: str
    reasons: Sequence[Reason]
    today: date
    use: Use = Use.DWELLING
    features: Feature = Feature.NONE
    stage_on: date | None = None
    tax: str = ""
    fund: str = ""
    hold: str = ""
    held_on: date | None = None
    review_on: date | None = None
    legacy_on: date | None = None
    appointment: Appointment | None = None
    desk: Desk = Desk()
    papers: Papers = Papers()
    phone_tail: str = ""

    def all_of(self, kind: ReasonKind) -> list[Reason]:
        """Return the reasons of a kind, in order."""
        return [reason for reason in self.reasons if reason.kind == kind]

    def has(self, kind: ReasonKind) -> bool:
        """Return whether a reason of a kind holds."""
        return bool(self.all_of(kind))

    def stands(self, *standings: Standing) -> bool:
        """Return whether it is set apart in one of the ways."""
        return any(reason.standing in standings for reason in self.all_of(ReasonKind.STANDING))

    @property
    def shutting(self) -> list[Reason]:
        """The blockers that shut it, but for those in whose at-fault part it is."""
        return self.all_of(ReasonKind.BLOCKED)

    @property
    def own_matters(self) -> list[Reason]:
        """The blockers of its own that keep it from its next step, a seizure or a dispute first."""
        own = [reason for reason in self.shutting if reason.gates[0].is_unit_level]
        return sorted(own, key=lambda reason: reason.type_code not in spoken.SEIZED_OR_DISPUTED)

    @property
    def unpaid(self) -> list[str]:
        """What it still owes before 登簿, in words."""
        tax = ["契税完税或免税"] if self.tax and self.tax != "settled" else []
        return tax + (["住宅专项维修资金交存"] if self.fund and self.fund != "settled" else [])


def spoken_day(day: date | None, today: date) -> str:
    """Say a day: without the year if it is this one."""
    if day is None:
        return ""
    return f"{day.month}月{day.day}日" if day.year == today.year else full_day(day)


def full_day(day: date | None) -> str:
    """Write a day as papers do: with its year."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def fields_of(call: Call) -> dict[str, str]:
    """Every field of the scripts; "" is not known, or is not so."""
    appointed = call.appointment
    return {
        "home": spoken.HOME_SPOKEN[call.use],
        "on": spoken_day(call.stage_on, call.today),
        "due": "、".join(call.unpaid),
        "tax_due": "yes" if call.unpaid[:1] == ["契税完税或免税"] and not _is_later(call, "U04") else "",
        "fund_due": "yes" if call.unpaid[-1:] == ["住宅专项维修资金交存"] and not _is_later(call, "U03") else "",
        "legacy": str(call.legacy_on.year) if call.legacy_on else "",
        "fetched": "" if call.legacy_on else "yes",
        "from": spoken_day(appointed.starts, call.today) if appointed else "",
        "to": spoken_day(appointed.ends, call.today) if appointed else "",
        "place": appointed.place if appointed else "",
        "phone": appointed.phone if appointed else "",
        "papers": "、".join(call.desk.papers),
        "kept": "" if call.papers.are_there else "yes",
        "handed_on": spoken_day(call.papers.handed_on, call.today) if call.papers.are_there else "",
        "returned_on": spoken_day(call.papers.returned_on, call.today),
        "lacks": call.papers.lacks.rstrip("。；;."),
        "point": call.desk.place or "驻场办证服务点",
        "desk_phone": call.desk.phone,
        "desk_hours": call.desk.hours,
        "callback": str(call.desk.callback or ""),
        "tail": call.phone_tail,
        "in_charge": next((reason.holder for reason in call.reasons if reason.holder), "") or "工作专班",
        **_gate_fields(call),
        **_matter_fields(call),
        **_hold_fields(call),
        **_pause_fields(call),
    }


def _is_later(call: Call, code: str) -> bool:
    return any(reason.type_code == code for reason in call.all_of(ReasonKind.LATER))


def _gate_fields(call: Call) -> dict[str, str]:
    """The gate that is shut, or else the next that is to be made: its plain name, who makes it."""
    shut = [reason for reason in call.shutting if not reason.gates[0].is_unit_level]
    missing = call.all_of(ReasonKind.MISSING)
    gate = shut[0].gates[0] if shut else (missing[0].next or missing[0].gates)[0] if missing else None
    count = len(missing[0].gates) if missing else 0
    name = spoken.GATE_SPOKEN[gate] if gate else ""
    return {
        "gate": name,
        "gates": f"“{name}”等{count}项手续" if count > 1 else f"“{name}”" if name else "",
        "organ": gate.spec.organ.label if gate else "",
        "holder": shut[0].holder if shut else "",
        "public": shut[0].public if shut else "",
        "complete": "" if gate else "yes",
    }


def _matter_fields(call: Call) -> dict[str, str]:
    """The first matter of its own that is open, the first that will be, and the fault."""
    own, later, faults = call.own_matters, call.all_of(ReasonKind.LATER), call.all_of(ReasonKind.FAULT)
    matter, do = _matter(own[0]) if own else ("", "")
    coming, coming_do = _matter(later[0]) if later else ("", "")
    return {
        "matter": matter,
        "do": do,
        "things": "一件事" if len(own) == 1 else f"{len(own)}件事，先说其中一件" if own else "",
        "unit_holder": own[0].holder if own else "",
        "later": coming,
        "later_do": coming_do,
        "clean": "" if later else "yes",
        "innocent": "" if any(reason.is_at_fault for reason in call.reasons) else "yes",
        "fault": _fault(call, faults[0]) if faults else "",
        "promised": "yes" if faults and faults[0].relief else "",
    }


def _matter(reason: Reason) -> tuple[str, str]:
    return spoken.MATTERS.get(reason.type_code, (reason.public or "一项登记手续没有办结", ""))


def _fault(call: Call, reason: Reason) -> str:
    own = "、".join(name for feature, name in spoken.FEATURE_FAULTS.items() if feature in call.features)
    of_type = spoken.TYPE_FAULTS.get(reason.type_code, "")
    return (own if reason.type_code == "P03" else "") or of_type or reason.public or "需要整改的部分"


def _hold_fields(call: Call) -> dict[str, str]:
    why, do = spoken.HOLDS.get(call.hold, ("", ""))
    return {
        "hold": why,
        "hold_do": do,
        "held_on": spoken_day(call.held_on, call.today),
        "review": spoken_day(call.review_on, call.today),
        "excluded": spoken.EXCLUDED_SPOKEN.get(call.hold, ""),
    }


def _pause_fields(call: Call) -> dict[str, str]:
    pauses = call.all_of(ReasonKind.PAUSED)
    pause = pauses[0] if pauses else Reason(ReasonKind.PAUSED)
    is_open = bool(pauses) and pause.until is None
    return {
        "pauser": pause.holder,
        "paused_from": spoken_day(pause.since, call.today),
        "paused_to": spoken_day(pause.until - timedelta(days=1), call.today) if pause.until else "",
        "paused_openly": "yes" if is_open else "",
    }
