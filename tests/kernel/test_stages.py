"""Tracks and stages: the edges that the field allows, and no others."""

import pytest

from registry.kernel.stages import (
    EDGES,
    STAGES,
    Feature,
    Track,
    Use,
    at_or_beyond,
    edge,
    next_stages,
    opening_stage,
    order,
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
def test_the_fund_concerns_dwellings_only(use, stage):
    assert opening_stage(Track.FUND, use) == stage


def test_features_read_as_the_office_says_them():
    assert (Feature.MEZZANINE | Feature.ALTERED_USE).label == "有夹层、擅改用途"
