"""Tracks and stages: the edges that the field allows, and no others."""

import pytest

from registry.kernel.stages import (
    EDGES,
    EXCLUSION_REASONS,
    FUND_USES,
    HOLD_REASONS,
    RESIDUAL_REASONS,
    STAGES,
    Feature,
    Part,
    Track,
    Use,
    at_or_beyond,
    edge,
    next_stages,
    opening_stage,
    order,
    part_of,
    stage_of,
)


def test_certificate_stages_stand_in_the_order_of_the_road():
    labels = [stage.label for stage in STAGES[Track.CERTIFICATE]]
    assert labels == ["待办", "已通知", "已收材料", "已受理", "已登簿", "已缮证", "已发证"]


@pytest.mark.parametrize(
    ("frm", "to", "guard"),
    [
        ("waiting", "collected", ""),
        ("collected", "accepted", "ready"),
        ("accepted", "recorded", "paid"),
        ("recorded", "issued", ""),
    ],
)
def test_edge_carries_its_guard(frm, to, guard):
    assert edge(Track.CERTIFICATE, frm, to).guard == guard


@pytest.mark.parametrize(("frm", "to"), [("waiting", "accepted"), ("notified", "issued"), ("issued", "printed")])
def test_no_edge_skips_a_step_or_takes_back_what_is_issued(frm, to):
    assert edge(Track.CERTIFICATE, frm, to) is None


def test_every_edge_joins_stages_of_its_track_and_only_backward_ones_go_back():
    for one in EDGES:
        assert stage_of(one.track, one.frm) != stage_of(one.track, one.to)
        assert (order(one.track, one.to) < order(one.track, one.frm)) == one.backward


def test_next_stages_never_go_back():
    assert next_stages(Track.CERTIFICATE, "accepted") == ("recorded",)
    assert next_stages(Track.CERTIFICATE, "issued") == ()


def test_at_or_beyond_counts_everything_further_on():
    assert at_or_beyond(Track.CERTIFICATE, "recorded") == ("recorded", "printed", "issued")


@pytest.mark.parametrize(("use", "stage"), [(Use.DWELLING, "unpaid"), (Use.RETAIL, ""), (Use.PARKING, "")])
def test_the_fund_concerns_dwellings_where_nothing_else_is_set(use, stage):
    assert opening_stage(Track.FUND, use, FUND_USES) == stage
    assert opening_stage(Track.FUND, use, {Use.PARKING}) == ("unpaid" if use == Use.PARKING else "")
    assert opening_stage(Track.TAX, use, ()) == "unassessed"


def test_features_read_as_the_office_says_them():
    assert (Feature.MEZZANINE | Feature.ALTERED_USE).label == "有夹层、擅改用途"


def test_only_what_is_no_home_or_counted_twice_leaves_the_totals():
    assert {HOLD_REASONS[code] for code in EXCLUSION_REASONS} == {"重复登记", "已拆除", "不属于台账范围"}
    assert set(HOLD_REASONS) >= RESIDUAL_REASONS
    assert not RESIDUAL_REASONS & EXCLUSION_REASONS


@pytest.mark.parametrize(
    ("use", "part"),
    [
        (Use.DWELLING, Part.DWELLING),
        (Use.RETAIL, Part.NON_DWELLING),
        (Use.ANCILLARY, Part.NON_DWELLING),
        (Use.PARKING, Part.NON_DWELLING),
        (Use.STORAGE, Part.NON_DWELLING),
    ],
)
def test_a_building_has_homes_and_the_rest(use, part):
    assert part_of(use) == part


def test_each_stage_has_a_word_for_a_cell_and_a_class():
    shorts = [stage.short for stage in STAGES[Track.CERTIFICATE]]
    assert shorts == ["待办", "通知", "收材", "受理", "登簿", "缮证", "发证"]
    certificate = {stage.css for stage in STAGES[Track.CERTIFICATE]}
    assert {stage.css for track in Track for stage in STAGES[track]} == certificate, "one scale of colours"


@pytest.mark.parametrize("track", list(Track))
def test_every_stage_is_reached_from_the_first(track):
    reached, found = {STAGES[track][0].code}, {STAGES[track][0].code}
    while found:
        found = {to for frm in found for to in next_stages(track, frm)} - reached
        reached |= found
    assert reached == {stage.code for stage in STAGES[track]}


def test_an_unknown_stage_is_an_error_and_not_a_first_stage():
    with pytest.raises(KeyError):
        order(Track.TAX, "accepted")
    assert edge(Track.TAX, "unpaid", "settled") is None
