"""Trials of successions, and of the settings that two persons decide."""

from commitments.models import SuccessorKind
from commitments.services import decide_ladder_rule, decide_lapse_rule
from commitments.services.succession import name_successor
from registry.kernel.ladder import OFFSETS
from registry.store.second import FirstPerson
from tests.factories.projects import TODAY, Estate
from tests.factories.trials import Prepared, Trial


def set_ladder(estate: Estate) -> Prepared:
    return lambda actor: decide_ladder_rule(
        actor=actor, district_code="110105", offsets=OFFSETS, senders={}, effective_on=TODAY, reason="区专班会议",
        first=FirstPerson.of(estate.cast.system_admin.person),
    )  # fmt: skip


def set_grace(estate: Estate) -> Prepared:
    return lambda actor: decide_lapse_rule(
        actor=actor, district_code="110105", grace_days=10, pauses=True, effective_on=TODAY, reason="区专班会议",
        first=FirstPerson.of(estate.cast.system_admin.person),
    )  # fmt: skip


def succeed(estate: Estate) -> Prepared:
    former, to = estate.cast.developer.organisation, estate.cast.township.organisation
    return lambda actor: name_successor(
        actor=actor, project=estate.project, former=former, successor=to, kind=SuccessorKind.STREET, decision="纪要3号",
        effective_on=TODAY,
    )  # fmt: skip


OTHERS: dict[str, Trial] = {
    "decide_ladder_rule": Trial("ladder_rule.decided", "city", "", set_ladder),
    "decide_lapse_rule": Trial("lapse_rule.decided", "city", "", set_grace),
    "name_successor": Trial("project.succeeded", "district", "strange_district", succeed),
}
