"""Manifests: bag by bag, signed by both, given back in parts, closed with the last; each refusal in its words."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from projects.ledger.models import Participation
from projects.ledger.selectors.participation import stated_now
from projects.ledger.services.participation import set_participation
from projects.ledger.services.projects import take_in_project
from projects.office.models import CustodyItem, KeptReason, Manifest, ManifestLine, ManifestPurpose, StruckReason
from projects.office.selectors.custody import who_held
from projects.office.services.custody import fill_bags
from projects.office.services.manifest_receipt import account_for_line, sign_manifest, take_items
from projects.office.services.manifests import (
    draft_manifest,
    list_items,
    purposes_for,
    send_manifest,
    strike_line,
    withdraw_manifest,
)
from projects.progress.models import ReturnKind, Submission
from projects.progress.services import change_standing, place_units
from registry.accounts.selectors import actor_of
from registry.audit.invariants import INVARIANTS
from registry.kernel.authority import Role
from registry.kernel.custody import CustodyRefused
from registry.kernel.errors import NotFound, Refused
from registry.kernel.identifiers import ScanCode, ScanKind
from registry.kernel.stages import Standing
from registry.store.guard import fixture_writes
from tests.factories.accounts import TODAY, lay_assignment, lay_organisation, lay_setting
from tests.factories.projects import PLACED, Estate, home, move, on_day, project_words
from tests.factories.trials import refused
from tests.projects.office.custody import BACK, DUE, GOT, SENT, codes, draft, lay_bags, send, take

P, CODES = ManifestPurpose, ("I54", "I55", "I56")


def whole(manifest: Manifest) -> tuple[str, int, int, int, int, int]:
    manifest.refresh_from_db()
    return manifest.state, manifest.listed, manifest.struck, manifest.taken, manifest.back, manifest.kept


def faults() -> list[str]:
    return [f"{fault.subject} {fault.found}" for code in CODES for fault in INVARIANTS[code].violations(None)]


def test_what_was_lent_comes_back_in_parts_and_closes_when_all_is_accounted_for(story: Estate) -> None:
    """Twelve sent; eight back today, three tomorrow, one with a coded reason: both sides see it, then it is closed."""
    cast, bags = story.cast, lay_bags(story, 12)
    lent = send(story, cast.township, cast.tax, bags)
    take(cast.tax, lent, bags)
    assert whole(lent) == ("待退还", 12, 0, 12, 0, 0)

    take(cast.township, send(story, cast.tax, cast.township, bags[:8], P.GIVE_BACK, BACK), bags[:8], BACK)
    assert whole(lent) == ("待退还", 12, 0, 12, 8, 0)
    tomorrow = BACK + timedelta(1)
    take(cast.township, send(story, cast.tax, cast.township, bags[8:11], P.GIVE_BACK, tomorrow), bags[8:11], tomorrow)
    assert whole(lent) == ("待退还", 12, 0, 12, 11, 0)
    with on_day(tomorrow, 15), refused("“查找中”须写明文书编号或查找情况", field="note"):
        account_for_line(actor=cast.tax.actor, manifest=lent, position=12, reason=KeptReason.LOST)
    with on_day(tomorrow, 15), refused("由区税务局接收，本单位不能说明", code="not_receiver"):
        account_for_line(actor=cast.township.actor, manifest=lent, position=12, reason=KeptReason.IN_HAND)
    with on_day(tomorrow, 15), refused("第1项已退还，不能登记未退原因", code="settled"):
        account_for_line(actor=cast.tax.actor, manifest=lent, position=1, reason=KeptReason.IN_HAND)
    with on_day(tomorrow, 16):
        account_for_line(actor=cast.tax.actor, manifest=lent, position=12, reason=KeptReason.ARCHIVED)

    assert whole(lent) == ("已办结", 12, 0, 12, 11, 1)
    [held] = who_held(cast.district.actor, story.unit(11), on=tomorrow)
    assert held.holder == "区税务局", "what is kept has its holder still"
    assert [line.state for line in lent.lines.order_by("-position")[:2]] == ["未退：由接收方留存归档", "已退还"]
    assert faults() == []


def test_one_bag_missing_keeps_the_manifest_open_and_is_named(story: Estate) -> None:
    cast, bags = story.cast, lay_bags(story, 12)
    manifest = send(story, cast.township, cast.centre, bags, P.SUBMIT)
    take(cast.centre, manifest, [*bags[:4], *bags[5:]], sign=False)

    with on_day(GOT, 15), refused("共12项，已接收11项，未接收：第5项.*的材料袋。请找到后扫描接收", code="missing"):
        sign_manifest(actor=cast.centre.actor, manifest=manifest, on=GOT)
    for column, value in (("signed_act_id", 1), ("closed_act_id", 1)):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE office_manifest SET {column} = %s WHERE id = %s", [value, manifest.pk])
    with on_day(GOT, 15), refused("第4项已接收，不能划去", code="settled"):
        strike_line(actor=cast.township.actor, manifest=manifest, position=4, reason=StruckReason.NOT_SENT)
    with on_day(GOT, 16):
        strike_line(actor=cast.township.actor, manifest=manifest, position=5, reason=StruckReason.NOT_SENT)
        sign_manifest(actor=cast.centre.actor, manifest=manifest, on=GOT)

    assert whole(manifest) == ("已办结", 12, 1, 11, 0, 0)
    [held] = who_held(cast.district.actor, story.unit(4), on=GOT)
    assert held.holder == "十八里店乡"
    assert faults() == []


def test_sending_to_the_centre_is_handing_in_and_giving_back_is_the_return(story: Estate) -> None:
    """Nobody types the same thing twice: the manifest's number is that of the list, what lacks is that of the line."""
    cast, bags = story.cast, lay_bags(story, 3)
    sent = send(story, cast.township, cast.centre, bags, P.SUBMIT)
    rows = Submission.objects.filter(unit__in=story.homes[:3])
    assert set(rows.values_list("handed_on", "list_no")) == {(SENT, sent.number)}
    take(cast.centre, sent, bags)

    with on_day(BACK), refused("补正须填写登记机构出具的告知书编号", code="paper_no", field="paper_no"):
        draft(story, cast.centre, cast.township, P.RETURN, BACK, return_kind="supplement")
    words = {"return_kind": ReturnKind.SUPPLEMENT.value, "paper_no": "补正〔2022〕15号"}
    bare = draft(story, cast.centre, cast.township, P.RETURN, BACK, **words)
    with on_day(BACK, 11):
        list_items(actor=cast.centre.actor, manifest=bare, codes=codes(bags[2:]))
    with on_day(BACK, 11), refused("未写明所缺材料"):
        send_manifest(actor=cast.centre.actor, manifest=bare, on=BACK)
    with on_day(BACK, 11):
        strike_line(actor=cast.centre.actor, manifest=bare, position=1, reason=StruckReason.WRONG)
        list_items(actor=cast.centre.actor, manifest=bare, codes=codes(bags[:1]), note="共有人身份证明")
        send_manifest(actor=cast.centre.actor, manifest=bare, on=BACK)

    back = rows.get(returned_on=BACK)
    assert (back.unit_id, back.kind, back.lacks, back.paper_no) == (
        story.homes[0], "supplement", "共有人身份证明", "补正〔2022〕15号",
    )  # fmt: skip


def test_what_can_not_be_handed_in_stops_the_sending(story: Estate) -> None:
    cast, bags = story.cast, lay_bags(story, 2)
    with on_day(SENT):
        change_standing(
            actor=cast.district.actor, project=story.project, unit_ids=story.homes[:1], standing=Standing.HELD,
            reason="unreachable", evidence="电话记录", on=SENT, review_on=DUE,
        )  # fmt: skip
    manifest = draft(story, cast.township, cast.centre, P.SUBMIT)
    with on_day(SENT, 11):
        list_items(actor=cast.township.actor, manifest=manifest, codes=codes(bags))
    with on_day(SENT, 12), refused("清单中有1户不能送件：.*是“暂缓”.*请先划去"):
        send_manifest(actor=cast.township.actor, manifest=manifest, on=SENT)


def test_each_wrong_scan_is_refused_in_one_sentence(story: Estate, stranger: Estate) -> None:
    cast, bags = story.cast, lay_bags(story, 3)
    manifest = draft(story, cast.township, cast.tax, P.TAX, is_lent=True, due_on=DUE)
    other = send(story, cast.township, cast.tax, bags[1:2])
    foreign = lay_foreign_bag(story)

    def said(code: str) -> str:
        with on_day(SENT, 13), pytest.raises(CustodyRefused) as refusal:
            list_items(actor=cast.township.actor, manifest=manifest, codes=[code])
        assert (refusal.value.field, refusal.value.message.count("。") <= 2) == ("code", True)
        return refusal.value.message

    with on_day(SENT, 12):
        list_items(actor=cast.township.actor, manifest=manifest, codes=codes(bags[:1]))
    assert said("不是码").startswith("扫到的不是本系统的条码")
    assert said(str(manifest.code)) == "扫到的是移交清单的条码。请扫描材料袋、证书上的条码。"
    assert said(str(ScanCode(ScanKind.BAG, 99999))) == "本项目没有这个条码的材料袋或证书。请核对条码后重新扫描。"
    assert said(str(ScanCode(ScanKind.CERTIFICATE, bags[0].pk))).startswith("本项目没有这个条码")
    assert "属于演示二区，不是本清单的项目" in said(foreign)
    assert "已在本清单第1项，不重复列入" in said(codes(bags)[0])
    assert f"已列入移交清单{other.number}，不能同时列入两份清单" in said(codes(bags)[1])
    take(cast.tax, other, bags[1:2])
    assert "现由税务机关保管，不在移交方手里" in said(codes(bags)[1])
    with on_day(GOT, 13):
        mixed = list_items(actor=cast.township.actor, manifest=manifest, codes=[foreign, codes(bags)[2], "x"])
    assert ([item.pk for item in mixed.items], len(mixed.refused)) == ([bags[2].pk], 2)


def lay_foreign_bag(estate: Estate) -> str:
    """A bag of another project of the same township."""
    cast = estate.cast
    with on_day(PLACED):
        project = take_in_project(actor=cast.district.actor, **project_words(cast, code="CY-9002", name="演示二区"))
        rows = [home("7", "1", 2, 60)]
        place_units(actor=cast.district.actor, project=project, rows=rows, placed_on=PLACED, source="清册")
    there = replace(estate, project=project)
    move(there, there.homes, "collected", SENT)
    with on_day(SENT):
        fill_bags(actor=cast.township.actor, project=project, unit_ids=there.homes, on=SENT)
    return codes(list(CustodyItem.objects.filter(unit__building__project=project)))[0]


def test_the_receiver_takes_what_is_on_the_list_once_and_signs_once(story: Estate) -> None:
    cast, bags = story.cast, lay_bags(story, 3)
    manifest = draft(story, cast.township, cast.tax, P.TAX, is_lent=True, due_on=DUE)
    with on_day(SENT, 11), refused("没有列入材料。请先扫描列入"):
        send_manifest(actor=cast.township.actor, manifest=manifest, on=SENT)
    with on_day(SENT, 11):
        list_items(actor=cast.township.actor, manifest=manifest, codes=codes(bags[:2]))
    with on_day(SENT, 11), pytest.raises(CustodyRefused, match="尚未移交。请移交方先签字移交"):
        take_items(actor=cast.tax.actor, manifest=manifest, codes=codes(bags), on=SENT)
    with on_day(SENT, 11):
        send_manifest(actor=cast.township.actor, manifest=manifest, on=SENT)

    def taking(*items: int, on=GOT, by=cast.tax):  # type: ignore[no-untyped-def]
        return take_items(actor=by.actor, manifest=manifest, codes=codes([bags[n] for n in items]), on=on)

    with on_day(SENT, 12), refused("已于2022-02-10移交，不能再改", code="sent"):
        list_items(actor=cast.township.actor, manifest=manifest, codes=codes(bags[2:]))
    with on_day(GOT, 12), refused("由区税务局接收，本单位不能接收", code="not_receiver"):
        taking(0, by=cast.township)
    with on_day(GOT, 12), refused("接收日期不得早于该日", field="on"):
        taking(0, on=SENT - timedelta(1))
    with on_day(GOT, 12), refused("不在本清单CY-9001-YJ-0001上|本项目没有这个条码", code="scan", field="code"):
        taking(2)
    with on_day(GOT, 12):
        taking(0)
    with on_day(GOT, 12), refused("已接收（第1项），无需再扫", code="scan", field="code"):
        taking(0)
    with on_day(GOT, 12):
        taking(1)
        sign_manifest(actor=cast.tax.actor, manifest=manifest, on=GOT)
    with on_day(GOT, 13), refused("已于2022-02-11由区税务局己税签收，不能再次办理", code="settled"):
        sign_manifest(actor=cast.tax.actor, manifest=manifest, on=GOT)
    with on_day(GOT, 13), refused("已于2022-02-11由区税务局己税签收", code="settled"):
        withdraw_manifest(actor=cast.township.actor, manifest=manifest, reason="错了")
    assert ManifestLine.objects.filter(manifest=manifest, move__isnull=False).count() == 2


def test_nobody_hands_over_to_himself(story: Estate) -> None:
    """One person with a seat at both organisations signs on one side only."""
    cast, bags = story.cast, lay_bags(story, 1)
    manifest = send(story, cast.township, cast.tax, bags)
    seat = actor_of(lay_assignment(cast.township.person, cast.tax.organisation, Role.TAX), on=TODAY)
    with on_day(GOT, 12), refused("移交人和接收人不得为同一人", code="second_person"):
        take_items(actor=seat, manifest=manifest, codes=codes(bags), on=GOT)


def test_a_draft_says_for_what_to_whom_and_until_when(story: Estate) -> None:
    cast = story.cast
    assert [str(purpose.label) for purpose in purposes_for(cast.centre.actor)] == ["退回补正", "退还材料", "移交证书"]
    assert purposes_for(cast.department.actor) == []
    for by, to, purpose, more, said in (
        (cast.township, cast.township, P.TAX, {}, "接收方就是本单位"),
        (cast.tax, cast.centre, P.SUBMIT, {}, "不由税务机关移交"),
        (cast.township, cast.tax, P.SUBMIT, {}, "接收方应为登记中心"),
        (cast.township, cast.department, P.TAX, {}, "接收方应为税务机关"),
        (cast.township, cast.developer, P.CERTIFICATES, {}, "接收方应为登记中心"),
        (cast.centre, cast.township, P.CERTIFICATES, {"is_lent": True}, "不须退还"),
        (cast.township, cast.tax, P.TAX, {"is_lent": True}, "请填写退还期限"),
        (cast.township, cast.tax, P.TAX, {"due_on": DUE}, "不填退还期限"),
        (cast.township, cast.tax, P.TAX, {"paper_no": "补1号"}, "只有“退回补正”才填写"),
        (cast.centre, cast.township, P.RETURN, {}, "未选择退回方式"),
    ):
        with on_day(SENT), pytest.raises(CustodyRefused, match=said):
            draft_manifest(
                actor=by.actor, project=story.project, purpose=purpose, receiver=to.organisation, **more  # type: ignore[arg-type]
            )  # fmt: skip


def test_a_withdrawn_manifest_frees_its_bags(story: Estate) -> None:
    cast, bags = story.cast, lay_bags(story, 2)
    manifest = send(story, cast.township, cast.tax, bags)
    with on_day(SENT, 13), refused("未填写撤回原因", field="reason"):
        withdraw_manifest(actor=cast.township.actor, manifest=manifest, reason=" ")
    with on_day(SENT, 13), refused("由十八里店乡移交，本单位不能撤回", code="not_sender"):
        withdraw_manifest(actor=cast.developer.actor, manifest=manifest, reason="错了")
    with on_day(SENT, 13):
        withdraw_manifest(actor=cast.township.actor, manifest=manifest, reason="税务当日不收")
    assert whole(manifest) == ("已撤回", 2, 2, 0, 0, 0)
    again = send(story, cast.township, cast.tax, bags)
    with on_day(GOT, 13), pytest.raises(CustodyRefused, match="已撤回。请另立清单"):
        take_items(actor=cast.tax.actor, manifest=manifest, codes=codes(bags), on=GOT)
    take(cast.tax, again, bags[:1], sign=False)
    with on_day(GOT, 14), refused("已接收1项，不能撤回。请将未接收的划去"):
        withdraw_manifest(actor=cast.township.actor, manifest=again, reason="错了")
    submitted = send(story, cast.township, cast.centre, lay_bags(story, 3)[2:], P.SUBMIT, GOT)
    with on_day(GOT, 15), refused("已登记送件或退回"):
        withdraw_manifest(actor=cast.township.actor, manifest=submitted, reason="错了")
    assert faults() == []


def test_another_districts_manifest_is_not_there(story: Estate) -> None:
    cast, bags = story.cast, lay_bags(story, 1)
    manifest = send(story, cast.township, cast.tax, bags)
    with on_day(GOT), pytest.raises(NotFound):
        take_items(actor=cast.strange_township.actor, manifest=manifest, codes=codes(bags), on=GOT)


def test_an_organ_of_another_district_receives_nothing_of_the_project(story: Estate) -> None:
    """The form offers it to nobody; the service holds the same."""
    far = lay_organisation(code="S-TAX", name="海淀税务所", kind="tax", area_code="110108")
    gone = lay_organisation(code="TAX-2", name="停用税务所", kind="tax", area_code="110105", is_active=False)
    for receiver in (far, gone):
        with on_day(SENT), refused("不在本项目所在的区，也不参与本项目", code="elsewhere", field="receiver"):
            draft_manifest(
                actor=story.cast.township.actor, project=story.project, purpose=ManifestPurpose.TAX, receiver=receiver
            )


def test_whom_papers_are_sent_to_sees_the_project_until_they_are_back(estate: Estate) -> None:
    """Even where the rule of its kind is off, or it was named out; and it is not named out while it has them."""
    lay_setting("sight.tax", False, area_code="110105")
    cast = estate.cast
    with fixture_writes():
        Participation.objects.filter(organisation=cast.tax.organisation).delete()
    manifest = send(estate, cast.township, cast.tax, lay_bags(estate, 1))

    assert stated_now(estate.project.pk)[cast.tax.organisation.pk] is True
    assert list(INVARIANTS["I43"].violations(estate.project.pk)) == []
    with pytest.raises(Refused, match="移交清单待接收、待退还"), on_day(GOT):
        set_participation(
            actor=cast.district.actor, project=estate.project, organisations=[cast.tax.organisation], takes_part=False,
            effective_on=GOT, reason="不再参与",
        )  # fmt: skip
    with fixture_writes():
        Participation.objects.filter(organisation=cast.tax.organisation).update(takes_part=False)
    (violation,) = INVARIANTS["I43"].violations(None)
    assert violation.expected == "看得到它要办的事（移交清单待接收、待退还）"
    assert manifest.closed_act_id is None
