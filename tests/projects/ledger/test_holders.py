"""Personal data: sealed on the way in, masked on the way out, shown in clear once, with the reason on record."""

import json
from pathlib import Path

import pytest
from django.db import connection

from projects.ledger.models import Holder, Unit, UnitHolder
from projects.ledger.services.reveal import reveal_holder
from projects.progress.services import PlacedHolder, place_units
from registry.kernel.errors import PermissionRefused
from registry.kernel.identifiers.identity import synthetic_identity, synthetic_phone
from registry.store.crypto import blind_index
from tests.factories.accounts import lay_cast
from tests.factories.projects import TODAY, Estate, first_holder, holder_name, home, lay_estate, on_day
from tests.factories.trials import digest, last_act, refused

CANARIES = [text for row in range(2, 14) for text in (synthetic_identity(row), synthetic_phone(row), holder_name(row))]


def test_a_holder_is_sealed_masked_and_found_by_its_index(estate: Estate) -> None:
    holder = first_holder(estate)

    assert (holder.name_masked, holder.phone_masked) == ("演*丙", "199****0002")
    assert holder.identity_masked == f"110***********{synthetic_identity(2)[-4:]}"
    assert bytes(holder.identity_index) == blind_index("identity", synthetic_identity(2))
    assert Holder.objects.filter(phone_tail_index=blind_index("phone_tail", "0002")).get() == holder
    assert Holder.objects.count() == 12


def as_text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def test_no_clear_text_stands_in_any_row(estate: Estate) -> None:
    dump = json.dumps(digest(), ensure_ascii=False, default=as_text)

    assert Holder.objects.count() == 12, "there was something to leak"
    assert [text for text in CANARIES if text in dump] == []


@pytest.mark.django_db(transaction=True)
def test_no_clear_text_stands_in_the_database_file() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("the file of SQLite; a dump is looked through in the other test")
    estate = lay_estate(lay_cast())
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    path = Path(connection.settings_dict["NAME"])
    stored = b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))

    assert estate.project.name.encode() in stored, "the rows are in what was read"
    assert [text for text in CANARIES if text.encode() in stored] == []


def test_revealing_shows_clear_data_and_records_why(estate: Estate) -> None:
    holder = first_holder(estate)
    with on_day(TODAY):
        shown = reveal_holder(actor=estate.cast.developer.actor, holder=holder, reason="窗口核对身份证")

    assert (shown.name, shown.identity, shown.phone) == (holder_name(2), synthetic_identity(2), synthetic_phone(2))
    act = last_act()
    assert (act.event, act.subject_table, act.subject_key, act.reason) == (
        "person.revealed", "ledger_holder", holder.pk, "窗口核对身份证",
    )  # fmt: skip
    assert act.facts == {"what": "姓名、证件号码、电话"}
    assert synthetic_identity(2) not in json.dumps([act.facts, act.subject_label], ensure_ascii=False)


def test_revealing_without_a_reason_is_refused(estate: Estate) -> None:
    for reason in ("", " a ", "1", "11111111", "查一查", "查查查查", "。。。。。"):
        with on_day(TODAY), refused("请写明查看完整信息的事由", field="reason"):
            reveal_holder(actor=estate.cast.district.actor, holder=first_holder(estate), reason=reason)


@pytest.mark.parametrize("player", ["auditor", "department", "system_admin", "security_admin"])
def test_auditors_departments_and_administrators_never_reveal(estate: Estate, player: str) -> None:
    before = digest()

    with pytest.raises(PermissionRefused):
        reveal_holder(actor=getattr(estate.cast, player).actor, holder=first_holder(estate), reason="查一查")
    assert digest() == before


def test_replaced_holders_end_and_stay_on_record(estate: Estate) -> None:
    heirs = tuple(
        PlacedHolder(name, "resident", synthetic_identity(row)) for row, name in ((501, "承继一"), (502, "承继二"))
    )
    with on_day(TODAY):
        place_units(
            actor=estate.cast.district.actor, project=estate.project, placed_on=TODAY, source="补录",
            rows=[home("1", "1", 2, 2, holders=heirs)],
        )  # fmt: skip

    rows = UnitHolder.objects.filter(unit_id=estate.homes[0]).order_by("id")
    assert [(row.holder.name_masked, row.ended_act_id is None) for row in rows] == [
        ("演*丙", False),
        ("承*一", True),
        ("承*二", True),
    ]
    assert Unit.objects.get(pk=estate.homes[0]).holders_masked == "承*一、承*二"
