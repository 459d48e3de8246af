"""Heads kept outside the database, seals made with the key file: what the database's owner can do is still named."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as live
from django.db import connection

from registry.accounts.services import create_organisation
from registry.audit.anchors import anchor_faults, anchor_file, anchor_heads
from registry.audit.models import Act, ActRow, ChainHead, RowSnapshot
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


def strip() -> None:
    """What somebody takes off who wants to have a record made anew sealed."""
    execute("UPDATE audit_act SET seal = ''")
    execute("UPDATE audit_chainhead SET seal = ''")


def unseal() -> None:
    """The record as a release from before the seals left it: no seal, no row kept, all before sealing began."""
    strip()
    execute("UPDATE audit_act SET snapshots = ''")
    execute("DELETE FROM audit_rowsnapshot")
    later = datetime.now(tz=SHANGHAI) + timedelta(hours=1)
    execute("UPDATE django_migrations SET applied = %s WHERE app = 'audit' AND name = '0003_seals'", later)


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


@pytest.mark.parametrize("left", ["anchors", "tail", "rows", "moment"])
def test_a_stripped_record_is_not_sealed_anew_while_anything_shows_that_it_was(laid: None, left: str) -> None:
    """Each trace alone keeps the start from sealing what somebody stripped."""
    kept = list(RowSnapshot.objects.exclude(act_key=None)[:1])
    unseal()
    if left in ("anchors", "tail"):
        anchor_heads(at=AT)
        if left == "anchors":
            execute("DELETE FROM audit_anchortail")
        else:
            anchor_file().unlink()
    elif left == "rows":
        with fixture_writes():
            RowSnapshot.objects.bulk_create(kept)
    else:
        execute("UPDATE django_migrations SET applied = %s WHERE app = 'audit'", datetime(2020, 1, 1, tzinfo=SHANGHAI))

    assert unsealed_acts() == 0
    with pytest.raises(Refused, match="已经用过封印"):
        seal_record(actor=system_actor("test"))
    assert "没有封印，或封印不符：不是本系统写的" in said()


def grow() -> None:
    """One act more."""
    code = f"G-{Act.objects.count()}"
    create_organisation(actor=system_actor("test"), code=code, name=code, kind="department", area_code="110105")


@pytest.mark.parametrize("damage", ["gone", "empty", "cut", "other"])
def test_a_file_that_lost_lines_is_named_without_an_outside_copy(laid: None, damage: str) -> None:
    """The lines that are left hold each other: only the database knows that there were more; and it goes on knowing."""
    for _ in range(2):
        grow()
        anchor_heads(at=AT)
    lines = anchor_file().read_bytes().splitlines(keepends=True)
    assert (len(lines), list(anchor_faults())) == (2, [])
    if damage in ("gone", "other"):
        anchor_file().unlink()
    else:
        anchor_file().write_bytes(b"" if damage == "empty" else lines[0])
    for _ in range(3 if damage == "other" else 0):
        grow()
        anchor_heads(at=AT)

    assert [fault.what for fault in anchor_faults() if not fault.seq] == [
        {
            "gone": "锚点文件应有2行，现有0行：被截短、清空或换掉",
            "empty": "锚点文件应有2行，现有0行：被截短、清空或换掉",
            "cut": "锚点文件应有2行，现有1行：被截短、清空或换掉",
            "other": "锚点文件第2行与库里登记的不符：被换掉",
        }[damage]
    ]
    grow()
    anchor_heads(at=AT)
    assert [fault.what[:4] for fault in anchor_faults() if not fault.seq] == ["锚点文件"]


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
