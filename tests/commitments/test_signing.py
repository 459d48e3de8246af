"""An instrument's life: signed, approved by a second person, returned, withdrawn, revoked, closed."""

from datetime import date
from typing import Any

import pytest

from commitments.models import Instrument, InstrumentKind
from commitments.services import (
    ClauseDraft,
    approve_instrument,
    draft_instrument,
    return_instrument,
    revoke_instrument,
    sign_instrument,
    withdraw_draft,
)
from projects.gates.selectors.spans import dwelling_figure, other_figure, readiness_counts
from projects.gates.services import withdraw_blocker
from projects.ledger.models import Unit
from registry.kernel.scope import EVERYTHING
from registry.store.second import FirstPerson
from tests.factories.accounts import Cast
from tests.factories.projects import (
    FAULT,
    SIGNED,
    TODAY,
    Estate,
    bring_to,
    draft_letter,
    lay_blocker,
    moment,
    on_day,
)
from tests.factories.trials import last_act, refused

NUMBER = "×政函〔2021〕18号"


@pytest.fixture
def drafted(estate: Estate) -> Instrument:
    blocker = lay_blocker(estate, at_fault=FAULT)
    with on_day(SIGNED):
        return draft_letter(estate, blocker)


def sign(cast: Cast, instrument: Instrument, **more: Any) -> Instrument:
    with on_day(SIGNED):
        return sign_instrument(
            **{"actor": cast.township.actor, "instrument": instrument, "number": NUMBER, "signed_on": SIGNED, **more}
        )


def approve(cast: Cast, instrument: Instrument, **more: Any) -> Instrument:
    with on_day(SIGNED, 16):
        return approve_instrument(
            **{"actor": cast.district.actor, "instrument": instrument, "effective_on": SIGNED, **more}
        )


def figures(estate: Estate, on: date) -> tuple[int, int, int, int]:
    """Cleared homes and others, ready homes and others."""
    counter = readiness_counts([estate.project.id], on=on)[estate.project.id]
    return tuple(  # type: ignore[return-value]
        count(counter, figure) for figure in ("cleared", "ready") for count in (dwelling_figure, other_figure)
    )


def test_signing_gives_number_and_day_and_lifts_nothing(estate: Estate, drafted: Instrument) -> None:
    signed = sign(estate.cast, drafted)

    assert (signed.state, signed.number, signed.signed_on) == ("signed", NUMBER, SIGNED)
    assert signed.signed_by_id == estate.cast.township.person.pk
    assert figures(estate, SIGNED) == (0, 0, 0, 0)
    assert last_act().facts == {"kind": "政府承诺函", "number": NUMBER, "title": drafted.title, "silent": ""}


def test_signing_without_number_ahead_or_for_another_is_refused(estate: Estate, drafted: Instrument) -> None:
    with refused("未填写文号。请填签发文号", field="number"):
        sign(estate.cast, drafted, number=" ")
    with refused("签署日期2021-06-18尚未到来", field="signed_on"):
        sign(estate.cast, drafted, signed_on=date(2021, 6, 18))
    with refused("只能由十八里店乡的人签署", field="issuer"):
        sign(estate.cast, drafted, actor=estate.cast.district.actor)


def test_a_signed_letter_is_not_signed_again(estate: Estate, drafted: Instrument) -> None:
    signed = sign(estate.cast, drafted)

    with refused("现在是“已签署”，不能办理该操作"):
        sign(estate.cast, signed)


def test_approval_clears_the_homes_and_no_shop(promised: Estate) -> None:
    # the blocker shuts all fifteen; the letter's clause is for the homes
    assert promised.letter is not None
    assert (promised.letter.state, promised.letter.effective_on) == ("performing", SIGNED)
    assert promised.letter.approved_by_id == promised.cast.district.person.pk
    assert figures(promised, date(2021, 6, 16)) == (0, 0, 0, 0)
    assert figures(promised, SIGNED) == (12, 0, 0, 0)
    act = last_act()
    assert (act.event, act.facts["cleared"], act.facts["others"]) == ("instrument.effective", 12, 0)


def test_approval_by_who_drafted_or_signed_is_refused(estate: Estate) -> None:
    blocker, district = lay_blocker(estate), estate.cast.district
    with on_day(SIGNED):
        instrument = draft_letter(estate, blocker, actor=district.actor, issuer=district.organisation)
    signed = sign(estate.cast, instrument, actor=estate.cast.district_second.actor)

    for player in (district, estate.cast.district_second):
        with refused("须由两人办理", code="second_person"):
            approve(estate.cast, signed, actor=player.actor)


def test_approval_before_the_day_of_signing_is_refused(estate: Estate, drafted: Instrument) -> None:
    signed = sign(estate.cast, drafted)

    with refused("生效日期不得早于签署日期2021-06-17", field="effective_on"):
        approve(estate.cast, signed, effective_on=date(2021, 6, 16))


def test_a_draft_is_not_approved(estate: Estate, drafted: Instrument) -> None:
    with refused("现在是“起草”，不能办理该操作"):
        approve(estate.cast, drafted)


def test_a_decision_in_force_is_effective_and_lifts_its_blocker(estate: Estate) -> None:
    blocker, cast = lay_blocker(estate, "F01"), estate.cast
    assert figures(estate, SIGNED) == (0, 0, 0, 0)
    with on_day(SIGNED):
        decision = draft_instrument(
            actor=cast.department.actor, project=estate.project, kind=InstrumentKind.FEE_DECOUPLED, title="",
            issuer=cast.department.organisation, clauses=[ClauseDraft(blocker, EVERYTHING)],
        )  # fmt: skip
    sign(cast, decision, actor=cast.department.actor, number="×规自决〔2021〕3号")

    in_force = approve(cast, decision)

    assert (in_force.state, in_force.title) == ("effective", "关于演示小区的证缴分离决定")
    assert figures(estate, SIGNED) == (12, 3, 0, 0)


def test_a_returned_letter_is_a_draft_again(estate: Estate, drafted: Instrument) -> None:
    signed = sign(estate.cast, drafted)
    with on_day(SIGNED):
        with refused("未填写退回原因", field="reason"):
            return_instrument(actor=estate.cast.district.actor, instrument=signed, reason=" ")
        back = return_instrument(actor=estate.cast.district.actor, instrument=signed, reason="缺企业承诺书")

    assert (back.state, back.number, back.signed_on, back.signed_by) == ("draft", "", None, None)
    assert (last_act().event, last_act().reason) == ("instrument.returned", "缺企业承诺书")


def test_a_withdrawn_draft_stays_readable(estate: Estate, drafted: Instrument) -> None:
    with on_day(SIGNED):
        with refused("未填写作废原因", field="reason"):
            withdraw_draft(actor=estate.cast.township.actor, instrument=drafted, reason="")
        gone = withdraw_draft(actor=estate.cast.township.actor, instrument=drafted, reason="重新起草")

    assert (gone.state, gone.end_reason, gone.clauses.count()) == ("withdrawn", "重新起草", 1)


def test_a_blocker_that_a_letter_names_is_not_withdrawn(estate: Estate, drafted: Instrument) -> None:
    signed = sign(estate.cast, drafted)
    blocker = signed.clauses.get().blocker

    with on_day(SIGNED), refused("已被承诺或决定引用，不能撤销"):
        withdraw_blocker(actor=estate.cast.district.actor, blocker=blocker, reason="登记错了")


def test_revoking_shuts_what_is_not_yet_made_and_keeps_what_is(story: Estate) -> None:
    bring_to(story, story.homes[:2], "issued", date(2021, 9, 1))
    revoked_on = date(2022, 1, 10)
    with on_day(revoked_on):
        gone = revoke_instrument(
            actor=story.cast.district.actor,
            instrument=letter_of(story),
            on=revoked_on,
            reason="逾期未整改",
            first=FirstPerson.of(story.cast.district_second.person),
        )

    assert (gone.state, gone.ended_on, gone.end_reason) == ("revoked", revoked_on, "逾期未整改")
    assert figures(story, date(2022, 1, 9)) == (12, 0, 12, 0)
    assert figures(story, revoked_on)[1:] == (0, 12, 0), "steps made stay made: homes stay ready"
    assert Unit.objects.filter(certificate="issued").count() == 2


def test_revoking_before_steps_shuts_the_road(promised: Estate) -> None:
    with on_day(TODAY):
        revoke_instrument(
            actor=promised.cast.district.actor,
            instrument=letter_of(promised),
            on=TODAY,
            reason="逾期未整改",
            first=FirstPerson.of(promised.cast.district_second.person),
        )

    assert figures(promised, date(2022, 3, 7)) == (12, 0, 0, 0)
    assert figures(promised, TODAY) == (0, 0, 0, 0)


def test_revoking_without_reason_out_of_time_or_twice_is_refused(promised: Estate) -> None:
    cast = promised.cast
    words: dict[str, Any] = {
        "actor": cast.district.actor, "instrument": letter_of(promised), "on": TODAY, "reason": "逾期",
        "first": FirstPerson.of(cast.district_second.person),
    }  # fmt: skip
    with on_day(TODAY):
        with refused("未填写撤销原因", field="reason"):
            revoke_instrument(**{**words, "reason": ""})
        with refused("撤销日期须在生效日期2021-06-17和今日之间", field="on"):
            revoke_instrument(**{**words, "on": date(2021, 6, 16)})
        with refused("日期2022-03-09尚未到来", field="on"):
            revoke_instrument(**{**words, "on": date(2022, 3, 9)})
        for alone in (None, cast.district.person):
            with refused("须由两人办理", code="second_person"):
                revoke_instrument(**{**words, "first": FirstPerson.of(alone)})
        revoke_instrument(**words)
        with refused("现在是“已撤销”"):
            revoke_instrument(**words)


def letter_of(estate: Estate) -> Instrument:
    """The letter, read anew."""
    assert estate.letter is not None
    return Instrument.objects.get(pk=estate.letter.pk)


def test_spans_of_the_past_stay_known_as_they_were(promised: Estate) -> None:
    with on_day(TODAY):
        revoke_instrument(
            actor=promised.cast.district.actor,
            instrument=letter_of(promised),
            on=date(2022, 1, 10),
            reason="逾期",
            first=FirstPerson.of(promised.cast.district_second.person),
        )

    before = readiness_counts([promised.project.id], on=date(2022, 2, 1), known_at=moment(date(2022, 3, 7)))
    after = readiness_counts([promised.project.id], on=date(2022, 2, 1), known_at=moment(date(2022, 3, 9)))
    assert dwelling_figure(before[promised.project.id], "cleared") == 12
    assert dwelling_figure(after[promised.project.id], "cleared") == 0
