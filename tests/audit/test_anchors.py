"""Heads kept outside the database, seals made with the key file: what the database's owner can do is still named."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as live
from django.db import connection

from registry.audit.anchors import anchor_faults, anchor_file, anchor_heads
from registry.audit.models import Act, ActRow, ChainHead
from registry.audit.recording import hashed_fields, link_hash
from registry.audit.selectors import chain_faults
from registry.audit.services import seal_record, unsealed_acts
from registry.kernel.authority import system_actor
from registry.kernel.errors import Refused
from registry.store.clock import SHANGHAI
from registry.store.guard import fixture_writes
from tests.factories.accounts import lay_cast
from tests.factories.projects import lay_estate, lay_letter

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 30, 0, 30, tzinfo=SHANGHAI)


@pytest.fixture
def laid(db: None, settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    lay_letter(lay_estate(lay_cast()))


def execute(sql: str, *params: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def said() -> list[str]:
    return [fault.what for fault in chain_faults()]


def rechain(chain: int) -> None:
    """What a forger with the database and the source can do: every hash made anew, heads too, no seal."""
    with fixture_writes():
        previous, last = "", None
        for act in Act.objects.filter(chain=chain).order_by("seq"):
            act.previous_hash = previous
            act.hash = previous = link_hash(previous, hashed_fields(act))
            act.save()
            last = act
        if last is not None:
            ChainHead.objects.filter(chain=chain).update(seq=last.seq, hash=last.hash)


def test_every_act_carries_a_seal_and_a_sound_record_has_no_fault(laid: None) -> None:
    assert Act.objects.filter(seal="").count() == 0
    assert said() == []
    assert list(anchor_faults()) == []


def test_a_chain_made_anew_after_a_change_is_named_by_its_seals(laid: None) -> None:
    act = Act.objects.exclude(chain=0).order_by("seq")[1]
    execute("UPDATE audit_act SET reason = %s WHERE id = %s", "改过", act.id)
    rechain(act.chain)

    faults = list(chain_faults())

    assert (act.chain, act.seq, "没有封印，或封印不符：不是本系统写的") in [(f.chain, f.seq, f.what) for f in faults]
    assert "链头没有封印，或封印不符" in [fault.what for fault in faults]


def test_without_seals_a_chain_made_anew_would_pass(laid: None) -> None:
    """The negative control: the hashes alone hold after the forgery."""
    act = Act.objects.exclude(chain=0).order_by("seq")[1]
    execute("UPDATE audit_act SET reason = %s WHERE id = %s", "改过", act.id)
    rechain(act.chain)

    assert {what for what in said() if "封印" not in what} == set()


def test_a_cut_tail_is_named_by_the_anchor_alone(laid: None) -> None:
    assert anchor_heads(at=AT) == ChainHead.objects.count()
    chain = Act.objects.exclude(chain=0).values_list("chain", flat=True)[0]
    last, before = Act.objects.filter(chain=chain).order_by("-seq")[:2]
    from registry.audit.recording import head_seal

    with fixture_writes():
        ActRow.objects.filter(act=last).delete()
        Act.objects.filter(pk=last.pk).delete()
        ChainHead.objects.filter(chain=chain).update(
            seq=before.seq, hash=before.hash, seal=head_seal(chain, before.seq, before.hash)
        )

    assert said() == [], "the head made anew with the key file: nothing inside tells"
    assert [(fault.chain, fault.seq) for fault in anchor_faults()] == [(chain, last.seq)]
    assert "被截去或重做" in next(anchor_faults()).what


def test_only_what_moved_is_appended_and_a_second_run_writes_nothing(laid: None) -> None:
    anchor_heads(at=AT)
    kept = anchor_file().read_bytes()

    assert anchor_heads(at=AT) == 0
    assert anchor_file().read_bytes() == kept
    with pytest.raises(Refused):
        seal_record(actor=system_actor("test"))


@pytest.mark.parametrize("damage", ["flip", "drop", "swap", "forge", "cut"])
def test_the_file_itself_is_held_by_seals_and_links(laid: None, damage: str) -> None:
    head = ChainHead.objects.order_by("chain")[0]
    anchor_heads(at=AT)
    with fixture_writes():
        kept = (head.seq, head.hash)
        ChainHead.objects.filter(chain=head.chain).update(seq=1, hash=Act.objects.get(chain=head.chain, seq=1).hash)
        anchor_heads(at=AT)
        ChainHead.objects.filter(chain=head.chain).update(seq=kept[0], hash=kept[1])
        anchor_heads(at=AT)
    lines = anchor_file().read_bytes().splitlines()
    assert list(anchor_faults()) == []
    assert len(lines) == 3
    if damage == "flip":
        lines[1] = lines[1].replace(b'"seq"', b'"seQ"').replace(b"1", b"2", 1)
    elif damage == "drop":
        del lines[1]
    elif damage == "swap":
        lines[1], lines[2] = lines[2], lines[1]
    elif damage == "forge":
        line = json.loads(lines[2])
        line["heads"] = [[0, 1, "0" * 64]]
        lines[2] = json.dumps(line).encode()
    else:
        lines[2] = lines[2][:30]
    anchor_file().write_bytes(b"\n".join(lines) + b"\n")

    assert [fault.what for fault in anchor_faults() if fault.chain == 0 and fault.seq == 0]


def test_a_copy_kept_elsewhere_is_checked_and_a_missing_one_is_said(laid: None, tmp_path: Path) -> None:
    anchor_heads(at=AT)
    copy = tmp_path / "copy.jsonl"
    copy.write_bytes(anchor_file().read_bytes())
    anchor_file().unlink()

    assert list(anchor_faults(copy)) == []
    assert [fault.what for fault in anchor_faults(tmp_path / "none")] == [f"找不到锚点文件{tmp_path / 'none'}"]


def unseal() -> None:
    execute("UPDATE audit_act SET seal = ''")
    execute("UPDATE audit_chainhead SET seal = ''")


def test_a_record_from_before_the_seals_is_sealed_once_on_record(laid: None) -> None:
    unseal()
    count = Act.objects.count()
    assert unsealed_acts() == count

    assert seal_record(actor=system_actor("test")) == count

    assert said() == []
    act = Act.objects.get(event="audit.sealed")
    assert act.facts == {"acts": count, "chains": 1}, "the chain of the system began with this act"
    with pytest.raises(Refused, match="已经加封"):
        seal_record(actor=system_actor("test"))


def test_a_broken_record_and_one_with_anchors_are_not_sealed(laid: None) -> None:
    unseal()
    act = Act.objects.exclude(chain=0).order_by("seq")[1]
    execute("UPDATE audit_act SET reason = %s WHERE id = %s", "改过", act.id)
    with pytest.raises(Refused, match="1处不符"):
        seal_record(actor=system_actor("test"))

    execute("UPDATE audit_act SET reason = %s WHERE id = %s", act.reason, act.id)
    anchor_heads(at=AT)
    with pytest.raises(Refused, match="不是升级前留下的"):
        seal_record(actor=system_actor("test"))
    assert Act.objects.exclude(seal="").count() == 0


def test_one_act_without_its_seal_is_a_fault_never_an_old_act_once_anchors_are_kept(laid: None) -> None:
    anchor_heads(at=AT)
    act = Act.objects.exclude(chain=0).order_by("seq")[1]
    execute("UPDATE audit_act SET seal = '' WHERE id = %s", act.id)

    assert unsealed_acts() == 0
    assert said() == ["没有封印，或封印不符：不是本系统写的"]


def test_the_seal_needs_the_key_file(laid: None, settings: Any, tmp_path: Path) -> None:
    from registry.store.keys import key_ring, make_key_file

    settings.KEY_FILE = tmp_path / "other" / "registry.keys"
    make_key_file(settings.KEY_FILE, live.CRYPTO_SUITE)
    key_ring.cache_clear()
    try:
        assert set(said()) == {"没有封印，或封印不符：不是本系统写的", "链头没有封印，或封印不符"}
    finally:
        key_ring.cache_clear()
