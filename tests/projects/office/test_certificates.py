"""Certificates: made by the centre, moved by manifest, handed over on signature; blanks spoiled, then destroyed."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from projects.ledger.models import HolderChange, Unit, UnitCertificate
from projects.ledger.models.holding import ChangeBasis
from projects.office.models import (
    Blank,
    CertificateForm,
    MadeCertificate,
    ManifestPurpose,
    SpoilReason,
    StruckReason,
)
from projects.office.selectors.certificates import certificates_kept, lying_here, waiting_certificates
from projects.office.services.blanks import destroy_blanks, spoil_blank, take_in_blanks
from projects.office.services.certificates import StatedCertificate, note_certificates
from projects.office.services.families import join_homes
from projects.office.services.hand_over import Signed, hand_over_certificates, hand_over_family
from projects.office.services.manifests import list_items, strike_line
from projects.progress.models import HandOver, HandOverWay, Receiver
from projects.progress.services.advance import AdvanceRefused
from registry.accounts.selectors import actor_of
from registry.audit.invariants import INVARIANTS
from registry.kernel.authority import Role
from registry.kernel.errors import PermissionRefused
from registry.store.guard import fixture_writes
from registry.web.attachments.services import Upload
from tests.factories.accounts import TODAY, lay_assignment, lay_person, sign_in
from tests.factories.projects import Estate, bring_to, move, on_day
from tests.factories.tampering import undone_unchecked
from tests.factories.trials import refused
from tests.projects.office.custody import codes, draft, send, take
from tests.projects.office.families import unit_of

RECORDED, PRINTED, BROUGHT, HANDED = date(2022, 2, 1), date(2022, 2, 10), date(2022, 2, 14), date(2022, 3, 1)
PNG = b"\x89PNG\r\n\x1a\n" + b"signed"


def number(serial: int) -> str:
    return f"京（2022）朝不动产权第{serial:07d}号"


def paper(serial: int, **more: Any) -> StatedCertificate:
    return StatedCertificate(number(serial), CertificateForm.PAPER, f"D{serial:011d}", **more)


def make(estate: Estate, home: int, *stated: StatedCertificate, on: date = PRINTED) -> list[MadeCertificate]:
    with on_day(on):
        made: list[MadeCertificate] = note_certificates(
            actor=estate.cast.centre.actor, unit=estate.unit(home), certificates=stated, printed_on=on
        )
    return made


def bring(estate: Estate, made: list[MadeCertificate], on: date = BROUGHT) -> None:
    items = [row.item for row in made if row.item is not None]
    manifest = send(estate, estate.cast.centre, estate.cast.township, items, ManifestPurpose.CERTIFICATES, on)
    take(estate.cast.township, manifest, items, on)


def signed(**more: Any) -> Signed:
    words = {
        "way": HandOverWay.COUNTER, "is_known": True, "identity_tail": "0011", "is_read": True, "sheet_no": "签7号",
    }  # fmt: skip
    return Signed(**{**words, **more})


def hand(
    estate: Estate, made: list[MadeCertificate], words: Signed | None = None, on: date = HANDED, **more: Any
) -> Any:
    actor = more.pop("actor", estate.cast.township.actor)
    with on_day(on):
        return hand_over_certificates(
            actor=actor, project=estate.project, certificates=made, signed=words or signed(), on=on, **more
        )


def faults() -> list[str]:
    return [
        f"{each.subject} {each.found}" for code in ("I33", "I54", "I57") for each in INVARIANTS[code].violations(None)
    ]


@pytest.fixture
def recorded(story: Estate) -> Estate:
    """Three homes are recorded."""
    bring_to(story, story.homes[:3], "recorded", RECORDED)
    return story


def test_a_certificate_goes_from_the_centre_to_its_owner_and_the_home_is_issued(recorded: Estate) -> None:
    made = make(recorded, 0, paper(1, remark="共同共有"))
    assert recorded.unit(0).certificate == "printed"
    assert certificates_kept(recorded.homes) == {recorded.homes[0]: number(1)}
    bring(recorded, made)
    assert lying_here(recorded.cast.township.actor) == (1, BROUGHT, 0)

    done = hand(recorded, made, uploads=[Upload("签收.png", PNG)])

    home = recorded.unit(0)
    assert (home.certificate, home.certificate_no, home.certificate_on) == ("issued", number(1), HANDED)
    assert UnitCertificate.objects.get(unit=home).issued_on == HANDED
    assert (done.relation, done.way, done.sheet_no, done.identity_tail) == ("holder", "counter", "签7号", "0011")
    assert waiting_certificates(recorded.cast.district.actor, {}).count() == 0
    body = sign_in(recorded.cast.district).get(f"/office/custody/CY-9001/units/{home.pk}/").content.decode()
    assert "共同共有" in body
    assert "签收.png" in body
    assert faults() == []


def test_co_owners_with_a_certificate_each_make_one_issued_home(recorded: Estate) -> None:
    """The home is 已发证 with the last of its certificates, and in the ledger with both numbers."""
    made = make(recorded, 0, paper(1), paper(2))
    bring(recorded, made)
    hand(recorded, made[:1])
    assert recorded.unit(0).certificate == "printed"
    hand(recorded, made[1:], signed(relation=Receiver.CO_OWNER))
    assert recorded.unit(0).certificate_no == f"{number(1)}、{number(2)}"
    assert faults() == []


@pytest.mark.parametrize(
    ("words", "field", "said"),
    [
        ({"is_known": False}, "is_known", "尚未核对领证人的身份证件"),
        ({"identity_tail": "12"}, "identity_tail", "后四位应为4位数字"),
        ({"relation": Receiver.PROXY, "name": "演示甲"}, "paper_no", "受托人未提交授权委托书，不能领证"),
        ({"relation": Receiver.PROXY, "paper_no": "公证1号"}, "name", "未填写领证人姓名"),
        ({"relation": Receiver.FAMILY, "name": "演示甲"}, "basis", "须填写变更事由和依据的文号"),
        ({"is_read": False}, "is_read", "尚未核对姓名、坐落、面积、附记，不能签收"),
        ({"sheet_no": " "}, "sheet_no", "没有签收，不能发证"),
        ({"way": HandOverWay.COURIER}, "courier_no", "邮寄发证须填写邮寄单号"),
        ({"way": HandOverWay.ELECTRONIC}, "way", "是纸质证书，须签收领取"),
    ],
)  # fmt: skip
def test_nothing_is_handed_over_out_of_order(recorded: Estate, words: dict[str, Any], field: str, said: str) -> None:
    made = make(recorded, 0, paper(1))
    bring(recorded, made)
    with refused(said, field=field):
        hand(recorded, made, signed(**words))


def test_a_proxy_a_changed_holder_and_a_courier_bring_what_proves_it(recorded: Estate) -> None:
    made = [make(recorded, at, paper(at + 1)) for at in range(3)]
    bring(recorded, [row for rows in made for row in rows])
    hand(recorded, made[0], signed(relation=Receiver.PROXY, name="演示甲乙", paper_no="公证〔2022〕3号"))
    hand(
        recorded, made[1],
        signed(relation=Receiver.FAMILY, name="演示丙", change=ChangeBasis.INHERITANCE, basis="继公〔2022〕8号"),
    )  # fmt: skip
    hand(recorded, made[2], signed(way=HandOverWay.COURIER, courier_no="EX123"))
    assert list(
        HandOver.objects.order_by("pk").values_list("relation", "receiver_masked", "paper_no", "courier_no")
    ) == [
        ("proxy", "演**乙", "公证〔2022〕3号", ""),
        ("family", "演*丙", "", ""),
        ("holder", recorded.unit(2).holders_masked, "", "EX123"),
    ]
    change = HolderChange.objects.get()
    assert (change.unit_id, change.basis, change.document_no) == (recorded.homes[1], "inheritance", "继公〔2022〕8号")


def test_an_electronic_certificate_needs_no_visit(recorded: Estate) -> None:
    made = make(recorded, 0, StatedCertificate(number(1), CertificateForm.ELECTRONIC))
    with refused("是电子证照，核发即可，无需领取", field="way"):
        hand(recorded, made)
    hand(recorded, made, Signed(way=HandOverWay.ELECTRONIC), actor=recorded.cast.centre.actor)
    assert recorded.unit(0).certificate == "issued"
    assert faults() == []


def test_a_certificate_is_handed_over_where_it_lies_and_once(recorded: Estate) -> None:
    made = make(recorded, 0, paper(1))
    with refused("现由登记中心保管，不在本单位，不能发证"):
        hand(recorded, made)
    items = [row.item for row in made if row.item]
    manifest = send(
        recorded, recorded.cast.centre, recorded.cast.township, items, ManifestPurpose.CERTIFICATES, BROUGHT
    )
    with refused("已列入移交清单CY-9001-YJ-0001，尚未接收，不能发证"):
        hand(recorded, made)
    with on_day(BROUGHT), pytest.raises(AdvanceRefused, match=r"的证书京.*尚未签收，不能办理至“已发证”"):
        move(recorded, recorded.homes[:1], "issued", BROUGHT)
    take(recorded.cast.township, manifest, items, BROUGHT)
    with refused("领证日期不得早于该日", field="on"):
        hand(recorded, made, on=PRINTED - timedelta(1))
    hand(recorded, made)
    with refused("已发，不能再发", field="certificates"):
        hand(recorded, made)
    with on_day(HANDED), pytest.raises(PermissionRefused, match="税务不能发证"):
        hand(recorded, made, actor=recorded.cast.tax.actor)


@pytest.mark.parametrize(
    ("stated", "field", "said"),
    [
        (StatedCertificate("京朝1号", CertificateForm.PAPER, "D00000000009"), "number", "不动产权证书号应写成"),
        (StatedCertificate(number(9), CertificateForm.PAPER, "9"), "blank_no", "1个字母加11位数字"),
        (StatedCertificate(number(9), CertificateForm.PAPER), "blank_no", "须填写印制编号"),
        (StatedCertificate(number(9), CertificateForm.ELECTRONIC, "D00000000009"), "blank_no", "电子证照没有印制编号"),
        (StatedCertificate(number(1), CertificateForm.PAPER, "D00000000009"), "number", "已登记在另一本证书上"),
        (StatedCertificate(number(9), CertificateForm.PAPER, "D00000000001"), "blank_no", "已用于另一本证书"),
        (paper(9, remark="共有人19900012345"), "remark", "附记中有证件号码或电话"),
    ],
)
def test_what_is_wrong_with_a_certificate_is_said_on_its_field(
    recorded: Estate, stated: StatedCertificate, field: str, said: str
) -> None:
    make(recorded, 0, paper(1))
    with pytest.raises(Exception, match=said) as refusal:
        make(recorded, 1, stated)
    assert refusal.value.field == field  # type: ignore[attr-defined]


def test_a_certificate_is_made_after_record_and_by_the_centre(recorded: Estate) -> None:
    with refused("现在是“待办”，登簿后、发证前才能登记证书"):
        make(recorded, 5, paper(1))
    with refused("填了两次", field="number"):
        make(recorded, 0, paper(1), paper(1))
    with on_day(PRINTED), pytest.raises(PermissionRefused, match="乡镇、街道不缮证"):
        note_certificates(
            actor=recorded.cast.township.actor, unit=recorded.unit(0), certificates=[paper(1)], printed_on=PRINTED
        )


def test_blanks_are_counted_spoiled_by_one_and_destroyed_by_another(recorded: Estate) -> None:
    cast, centre = recorded.cast, recorded.cast.centre.actor
    person = lay_person(username="centre.second", name="戊二", organisation=cast.centre.organisation)
    second = actor_of(lay_assignment(person, cast.centre.organisation, Role.REGISTRATION_CENTRE), on=TODAY)
    with on_day(RECORDED):
        assert take_in_blanks(actor=centre, first="D00000000001", last="D00000000005", on=RECORDED) == 5
    with on_day(RECORDED), refused("编号D00000000001已领入", field="first"):
        take_in_blanks(actor=centre, first="D00000000000", last="D00000000003", on=RECORDED)
    with refused("不在本中心领入的空白证书中", field="blank_no"):
        make(recorded, 0, paper(8))
    [made] = make(recorded, 0, paper(1))

    with on_day(PRINTED):
        spoil_blank(actor=centre, number="D00000000001", reason=SpoilReason.MISPRINT, on=PRINTED)
        spoil_blank(actor=centre, number="D00000000002", reason=SpoilReason.DAMAGED, on=PRINTED)
    made.refresh_from_db()
    assert made.ended_act_id is not None
    [again] = make(recorded, 0, StatedCertificate(number(1), CertificateForm.PAPER, "D00000000003"))
    with refused("已作废，待销毁，不能使用", field="blank_no"):
        make(recorded, 1, StatedCertificate(number(2), CertificateForm.PAPER, "D00000000002"))
    bring(recorded, [again])
    with on_day(BROUGHT), refused("不在本中心。请先收回证书", field="number"):
        spoil_blank(actor=centre, number="D00000000003", reason=SpoilReason.RECALLED, on=BROUGHT)
    both = ["D00000000001", "D00000000002"]
    with on_day(BROUGHT), refused("本人登记作废的，须由本中心另一名人员", code="second_person"):
        destroy_blanks(actor=centre, numbers=both, record_no="销1号", on=BROUGHT)
    with on_day(BROUGHT), refused("D00000000004空白，不能销毁", field="numbers"):
        destroy_blanks(actor=second, numbers=["D00000000004"], record_no="销1号", on=BROUGHT)
    with on_day(BROUGHT):
        destroy_blanks(actor=second, numbers=both, record_no="销1号", on=BROUGHT)
    assert [row.state for row in Blank.objects.order_by("number")] == ["已销毁", "已销毁", "已使用", "空白", "空白"]
    assert faults() == []
    page = sign_in(cast.centre).get(reverse("office:blanks"))
    assert [figure["value"] for figure in page.context["figures"]] == ["5", "2", "1", "0", "2"]
    assert sign_in(cast.township).get(reverse("office:blanks")).context["rows"] == []


def test_an_issued_home_without_its_signature_and_a_blank_unlike_its_certificate_are_named(recorded: Estate) -> None:
    with on_day(RECORDED):
        take_in_blanks(actor=recorded.cast.centre.actor, first="D00000000001", last="D00000000001", on=RECORDED)
    make(recorded, 0, paper(1))
    for model, words in ((Unit, {"certificate": "issued"}), (Blank, {"certificate_no": "另一号"})):
        with undone_unchecked(model):
            with fixture_writes():
                rows = Unit.objects.filter(pk=recorded.homes[0]) if model is Unit else Blank.objects.all()
                rows.update(**words)
            assert len(list(INVARIANTS["I57"].violations(None))) == 1


def test_the_forms_note_and_hand_over(recorded: Estate) -> None:
    key = recorded.homes[0]
    centre, office = sign_in(recorded.cast.centre), sign_in(recorded.cast.township)
    address = f"/office/custody/CY-9001/units/{key}/"
    words = {"form": "paper", "blank_no": "D00000000001", "printed_on": "2022-03-08", "remark": "", "holder": ""}
    assert "应写成" in centre.post(f"{address}note/", {**words, "number": "1"}).content.decode()
    assert centre.post(f"{address}note/", {**words, "number": number(1)}).status_code == 302
    made = MadeCertificate.objects.get()
    bring(recorded, [made], date(2022, 3, 8))
    said = {
        "certificates": made.pk, "way": "counter", "relation": "proxy", "name": "演示甲", "identity_tail": "1234",
        "is_known": "on", "is_read": "on", "sheet_no": "签1号", "paper_no": "", "on": "2022-03-08",
    }  # fmt: skip
    assert "受托人未提交授权委托书" in office.post(f"{address}hand-over/", said).content.decode()
    assert office.post(f"{address}hand-over/", {**said, "paper_no": "公证3号"}).status_code == 302
    assert "公证3号" in office.get(address).content.decode()
    assert office.get(reverse("office:waiting_certificates")).context["rows"] == []


def test_a_blank_is_spoiled_and_destroyed_on_days_that_can_be_and_goes_nowhere(recorded: Estate) -> None:
    """Taken in on 1 February, printed on the 10th: nothing of it happened before."""
    cast, centre, first = recorded.cast, recorded.cast.centre.actor, "D00000000001"
    person = lay_person(username="centre.second", name="戊二", organisation=cast.centre.organisation)
    second = actor_of(lay_assignment(person, cast.centre.organisation, Role.REGISTRATION_CENTRE), on=TODAY)
    with on_day(RECORDED):
        take_in_blanks(actor=centre, first=first, last="D00000000002", on=RECORDED)
    before = RECORDED - timedelta(1)
    with fixture_writes():
        Blank.objects.update(received_on=date(2022, 2, 5))
    with refused("于2022-02-05领入，缮证日期不得早于该日", field="printed_on"):
        make(recorded, 0, paper(1), on=date(2022, 2, 4))
    with fixture_writes():
        Blank.objects.update(received_on=RECORDED)
    made = make(recorded, 0, paper(1))

    for number_, on, said in (
        (first, RECORDED, "于2022-02-10缮证，作废日期不得早于该日"),
        ("D00000000002", before, "于2022-02-01领入，作废日期不得早于该日"),
    ):
        with on_day(PRINTED), refused(said, field="on"):
            spoil_blank(actor=centre, number=number_, reason=SpoilReason.DAMAGED, on=on)
    listed = draft(recorded, cast.centre, cast.township, ManifestPurpose.CERTIFICATES, PRINTED)
    with on_day(PRINTED, 11):
        list_items(actor=centre, manifest=listed, codes=codes([made[0].item]))
    with on_day(PRINTED, 12), refused("已列入移交清单", code="listed"):
        spoil_blank(actor=centre, number=first, reason=SpoilReason.MISPRINT, on=PRINTED)
    with on_day(PRINTED, 13):
        strike_line(actor=centre, manifest=listed, position=1, reason=StruckReason.WRONG)
        spoil_blank(actor=centre, number=first, reason=SpoilReason.MISPRINT, on=PRINTED)
    with on_day(PRINTED, 14), refused("已作废，不能移交", code="scan", field="code"):
        list_items(actor=centre, manifest=listed, codes=codes([made[0].item]))
    with on_day(BROUGHT), refused("于2022-02-10作废，销毁日期不得早于该日", field="on"):
        destroy_blanks(actor=second, numbers=[first], record_no="销1号", on=RECORDED)


def test_a_home_that_stands_still_is_given_no_second_certificate(recorded: Estate) -> None:
    """Two co-owners; the home is held after both were printed: neither goes out, and no third is made."""
    made = make(recorded, 0, paper(1), paper(2))
    bring(recorded, made)
    with fixture_writes():
        Unit.objects.filter(pk=recorded.homes[0]).update(standing="held")
    with refused("1号楼1单元201是“暂缓”，不能办理"):
        hand(recorded, made[:1])
    with refused("1号楼1单元201是“暂缓”，不能办理"):
        make(recorded, 0, paper(3), on=HANDED)
    with fixture_writes():
        Unit.objects.filter(pk=recorded.homes[0]).update(standing="active")
    hand(recorded, made[:1])


def test_one_more_certificate_is_not_printed_before_the_record(recorded: Estate) -> None:
    make(recorded, 0, paper(1))
    with refused("于2022-02-01登簿，缮证日期不得早于该日", field="printed_on"), on_day(HANDED):
        note_certificates(
            actor=recorded.cast.centre.actor, unit=recorded.unit(0), certificates=[paper(2)],
            printed_on=RECORDED - timedelta(1),
        )  # fmt: skip


def test_a_family_takes_the_certificates_of_its_homes_at_once_and_another_family_does_not(story: Estate) -> None:
    family = story.homes[:2]
    bring_to(story, story.homes[:3], "recorded", RECORDED)
    made = [row for at in range(3) for row in make(story, at, paper(at + 1))]
    with on_day(PRINTED):
        join_homes(actor=story.cast.township.actor, unit=story.unit(0), other=story.unit(1), reason="户口簿载明夫妻")
    bring(story, made)
    words: dict[str, Any] = {"actor": story.cast.township.actor, "unit": unit_of(family[0]), "on": HANDED}
    proxy = signed(relation=Receiver.PROXY, name="演示甲乙", paper_no="公证〔2022〕3号")
    with on_day(HANDED):
        with refused("未选择证书", field="certificates"):
            hand_over_family(certificates=[], signed=proxy, **words)
        with refused("所选证书有的不是这一家的", field="certificates"):
            hand_over_family(certificates=made, signed=proxy, **words)
        with refused("受托人未提交授权委托书", field="paper_no"):
            hand_over_family(certificates=made[:2], signed=signed(relation=Receiver.PROXY, name="演示甲"), **words)
        done = hand_over_family(certificates=made[:2], signed=proxy, **words)

    assert [row.unit_id for row in done] == family[:2]
    assert {unit_of(key).certificate for key in family[:2]} == {"issued"}
    assert story.unit(2).certificate == "printed"
    assert faults() == []


def test_the_card_leads_to_the_hand_over_of_what_lies_here(recorded: Estate) -> None:
    made, key = make(recorded, 0, paper(1)), recorded.homes[0]
    card = reverse("office:family", args=[recorded.project.code, key])
    page = reverse("office:hand_over_family", args=[recorded.project.code, key])
    office = sign_in(recorded.cast.township)
    assert "已缮证，证书到服务点后领取" in office.get(card).content.decode()
    bring(recorded, made)
    body = office.get(card).content.decode()
    assert page in body
    assert "证书1本在本服务点，可以发证" in body
    said = {
        "certificates": made[0].pk, "way": "counter", "relation": "holder", "identity_tail": "1234", "is_known": "on",
        "is_read": "on", "sheet_no": "签1号", "on": f"{BROUGHT}",
    }  # fmt: skip
    assert "尚未核对领证人的身份证件" in office.post(page, {**said, "is_known": ""}).content.decode()
    assert office.post(page, said).headers["Location"] == card
    assert recorded.unit(0).certificate == "issued"
