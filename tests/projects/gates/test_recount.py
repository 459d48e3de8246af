"""After an upgrade the figures of every project are counted by the rules of the release, once."""

from datetime import date

import pytest
from django.core.management import call_command

from projects.gates.invariants import spans_are_the_gates
from projects.gates.models import ReadinessSpan
from projects.gates.selectors.overview import overviews
from projects.gates.services.recount import RULES, is_counted_before, note_counted, recount_figures
from registry.kernel.authority import system_actor
from registry.kernel.gates.rest import REST_FIGURES, Rest
from registry.kernel.scope import scope_of
from registry.store.guard import fixture_writes
from tests.factories.projects import TODAY, Estate, lay_blocker, on_day
from tests.factories.trials import last_act, refused


@pytest.fixture
def earlier(promised: Estate) -> Estate:
    """An installation whose release knew no classes of what is left."""
    lay_blocker(promised, "P03", scope=scope_of(units=promised.homes[:2]), on=date(2022, 3, 1))
    with fixture_writes():
        ReadinessSpan.objects.filter(figure__in=REST_FIGURES).delete()
    return promised


def test_figures_of_an_earlier_release_are_counted_anew_once(earlier: Estate, capsys: pytest.CaptureFixture) -> None:
    assert list(spans_are_the_gates(earlier.project.id)), "the nightly recount names them until then"
    known = set(ReadinessSpan.objects.values_list("id", flat=True))

    with on_day(TODAY):
        call_command("recount_figures")

    assert capsys.readouterr().out.strip() == "按现行口径重算了1个项目。"
    assert last_act().event == "figures.recounted"
    assert list(spans_are_the_gates(earlier.project.id)) == []
    row = overviews([earlier.project.id], on=TODAY)[earlier.project.id]
    assert (row.rest_of(Rest.UNCLEARED), row.rest_of(Rest.UNREGISTERED), row.remaining) == (2, 10, 12)
    assert known <= set(ReadinessSpan.objects.values_list("id", flat=True)), "what was known stays known"
    call_command("recount_figures")
    assert capsys.readouterr().out.strip() == "各项目的数已按现行口径算过。"
    with on_day(TODAY), refused("各项目的数已按现行口径算过，不必再算", code="counted"):
        recount_figures(actor=system_actor("试"))


def test_a_ledger_that_was_just_filled_is_noted_and_not_counted_again(
    promised: Estate, capsys: pytest.CaptureFixture
) -> None:
    assert is_counted_before()
    with on_day(TODAY):
        assert note_counted(actor=system_actor("试")) == 1

    assert (last_act().event, last_act().facts) == ("figures.counted", {"rules": RULES, "projects": 1})
    assert not is_counted_before()
    call_command("recount_figures", if_due=True)
    assert capsys.readouterr().out == ""
    with on_day(TODAY), refused("不必再记", code="counted"):
        note_counted(actor=system_actor("试"))


def test_an_empty_ledger_has_nothing_to_count(db: None) -> None:
    assert not is_counted_before()
