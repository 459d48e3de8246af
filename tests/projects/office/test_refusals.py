"""Refusals of the office that no other test meets: the act, its words, its code and field."""

from datetime import date, time, timedelta
from typing import Any

import pytest

from projects.ledger.models import Holder, Unit
from projects.office.models import KeptReason, ManifestPurpose, SpoilReason, StruckReason
from projects.office.services.blanks import destroy_blanks, spoil_blank, take_in_blanks
from projects.office.services.bookings import book, end_booking, end_preference, prefer, shut_day
from projects.office.services.families import join_homes, part_homes
from projects.office.services.manifest_receipt import account_for_line, sign_manifest
from projects.office.services.manifests import list_items, send_manifest, strike_line
from projects.office.services.queue import call_next, take_ticket
from projects.progress.models import ReturnKind
from projects.progress.services import change_standing
from registry.accounts.selectors import actor_of
from registry.kernel.authority import Role
from registry.kernel.errors import NotFound, PermissionRefused
from registry.kernel.stages import Standing
from registry.store.guard import fixture_writes
from tests.factories.accounts import lay_assignment, lay_person
from tests.factories.projects import TODAY, Estate, bring_to, on_day
from tests.factories.trials import refused
from tests.projects.office.custody import BACK, DUE, GOT, SENT, codes, draft, lay_bags, send, take
from tests.projects.office.test_certificates import BROUGHT, RECORDED, bring, hand, make, paper

P = ManifestPurpose
FIRST, SECOND, LAST = "D00000000001", "D00000000002", "D00000000009"


@pytest.fixture
def recorded(story: Estate) -> Estate:
    bring_to(story, story.homes[:3], "recorded", RECORDED)
    return story


@pytest.mark.parametrize(
    ("words", "field", "said"),
    [
        ({"first": FIRST, "last": "E00000000002"}, "last", "起止编号应为同一字母，且止号不小于起号"),
        ({"first": SECOND, "last": FIRST}, "last", "起止编号应为同一字母，且止号不小于起号"),
        ({"first": FIRST, "last": "D00000010001"}, "last", "一次最多领入10,000本，所填为10,001本"),
        ({"first": "D1", "last": FIRST}, "first", "证书印制编号应为1个字母加11位数字"),
    ],
)
def test_blanks_come_in_one_series_by_their_numbers(estate: Estate, words: Any, field: str, said: str) -> None:
    code = "refused" if field == "last" else "BLANK_FORMAT"
    with on_day(TODAY), refused(said, field=field, code=code):
        take_in_blanks(actor=estate.cast.centre.actor, on=TODAY, **words)


def test_blanks_are_kept_by_the_centre_alone(estate: Estate) -> None:
    with on_day(TODAY), pytest.raises(PermissionRefused, match="乡镇、街道不保管空白证书"):
        take_in_blanks(actor=estate.cast.township.actor, first=FIRST, last=LAST, on=TODAY)


def test_a_blank_is_spoiled_once_and_destroyed_under_a_number(estate: Estate) -> None:
    centre = estate.cast.centre
    person = lay_person(username="centre.second", name="戊二", organisation=centre.organisation)
    second = actor_of(lay_assignment(person, centre.organisation, Role.REGISTRATION_CENTRE), on=TODAY)

    def spoil(number: str) -> None:
        spoil_blank(actor=centre.actor, number=number, reason=SpoilReason.MISPRINT, on=TODAY)

    def destroy(*numbers: str, record_no: str = "销1号") -> None:
        destroy_blanks(actor=second, numbers=numbers, record_no=record_no, on=TODAY)

    with on_day(TODAY):
        take_in_blanks(actor=centre.actor, first=FIRST, last=SECOND, on=TODAY)
        spoil(FIRST)
        with refused(f"{FIRST}已作废，待销毁，不能再次作废", field="number"):
            spoil(FIRST)
        with pytest.raises(NotFound, match=f"编号{LAST}不在本中心领入的空白证书中"):
            spoil(LAST)
        with refused("未填写销毁记录编号", field="record_no"):
            destroy(FIRST, record_no=" ")
        with refused("未填写印制编号。请填写要销毁的编号", field="numbers"):
            destroy()
        with refused(f"编号{LAST}不在本中心领入的空白证书中", field="numbers"):
            destroy(FIRST, LAST)


def test_a_booking_and_a_shut_day_say_why(story: Estate) -> None:
    actor, tomorrow = story.cast.township.actor, TODAY + timedelta(1)
    with on_day(TODAY):
        booking = book(actor=actor, unit=story.unit(), day=tomorrow, at=time(9))

        def end(ended_as: str = "cancelled", note: str = "家中有事改期") -> None:
            end_booking(actor=actor, booking=booking, ended_as=ended_as, note=note)

        with refused("请选择取消或未到", field="ended_as"):
            end("kept")
        with refused("请写明原因", field="note"):
            end(note="有事")
        with refused("预约时间2022-03-09 09:00未到，不能记未到", field="ended_as"):
            end("missed")
        end()
        with refused("已经到场、取消或改期", code="booking_over"):
            end()
        with refused("请写明停办原因", field="reason"):
            shut_day(actor=actor, project=story.project, day=tomorrow, reason="停")
        with refused("停办日期不得早于今日", field="day"):
            shut_day(actor=actor, project=story.project, day=TODAY - timedelta(1), reason="窗口搬迁停办一日")


def test_going_first_and_not_any_more_have_their_ground(story: Estate) -> None:
    actor = story.cast.township.actor
    with on_day(TODAY):
        with refused("请写明优先的依据", field="reason"):
            prefer(actor=actor, unit=story.unit(), ground="aged", reason="老")
        preference = prefer(actor=actor, unit=story.unit(), ground="aged", reason="身份证载明1901年生")
        with refused("请写明撤销优先的原因", field="reason"):
            end_preference(actor=actor, preference=preference, reason="错")
        link = join_homes(actor=actor, unit=story.unit(), other=story.unit(1), reason="户口簿载明夫妻")
        with refused("请写明撤销合并的原因", field="reason"):
            part_homes(actor=actor, link=link, reason="错")


def test_a_number_is_of_this_office_and_of_this_day(story: Estate, stranger: Estate) -> None:
    actor, tomorrow = story.cast.township.actor, TODAY + timedelta(1)
    with on_day(TODAY):
        with refused("今日尚未取号", code="nobody_waits"):
            call_next(actor=actor, project=story.project, window="1")
        with refused("不在本项目内，不能在本窗口取号", code="foreign"):
            take_ticket(actor=actor, project=story.project, unit=stranger.unit())
        booking = book(actor=actor, unit=story.unit(), day=tomorrow, at=time(9))
        with refused(f"这个预约是{tomorrow}的，今日不能取预约号", code="other_day"):
            take_ticket(actor=actor, project=story.project, booking=booking)


def test_a_certificate_is_of_a_holder_of_its_home_and_has_a_number(recorded: Estate) -> None:
    other = Holder.objects.filter(holdings__unit=recorded.homes[5]).first()
    with refused("所选持证人不是本户的权利人", field="holder"):
        make(recorded, 0, paper(1, holder=other))
    with refused("未填写产权证号", field="number"):
        make(recorded, 0)
    with refused("早于", field=None):
        make(recorded, 0, paper(1), on=RECORDED - timedelta(1))


def test_certificates_are_handed_over_home_by_home(recorded: Estate) -> None:
    first, other = (make(recorded, at, paper(at + 1)) for at in range(2))
    bring(recorded, [*first, *other])
    with refused("未选择证书", field="certificates"):
        hand(recorded, [])
    with refused("不是本项目一户的证书。请逐户发证", field="certificates"):
        hand(recorded, [*first, *other])
    with on_day(BROUGHT):
        change_standing(
            actor=recorded.cast.district.actor, project=recorded.project, unit_ids=recorded.homes[:1],
            standing=Standing.HELD, reason="unreachable", evidence="电话记录", on=BROUGHT, review_on=DUE,
        )  # fmt: skip
    with refused("暂缓", field=None):
        hand(recorded, first)


def test_a_home_stepped_back_behind_its_certificate_is_not_issued(recorded: Estate) -> None:
    made = make(recorded, 0, paper(1))
    bring(recorded, made)
    with fixture_writes():
        Unit.objects.filter(pk=recorded.homes[0]).update(certificate="accepted")
    with refused("现在是“已受理”，不能直接办理至“已发证”", field=None):
        hand(recorded, made)


def test_a_receiver_signs_and_accounts_for_what_there_is(story: Estate) -> None:
    cast, bags = story.cast, lay_bags(story, 3)

    def account(manifest: Any, position: int = 1) -> None:
        with on_day(BACK, 15):
            account_for_line(actor=cast.tax.actor, manifest=manifest, position=position, reason=KeptReason.ARCHIVED)

    def sign(manifest: Any, on: date) -> None:
        with on_day(BACK, 14):
            sign_manifest(actor=cast.tax.actor, manifest=manifest, on=on)

    kept = send(story, cast.township, cast.tax, bags[:1], is_lent=False, due_on=None)
    take(cast.tax, kept, bags[:1])
    with refused(f"清单{kept.number}不须退还，无需说明未退原因"):
        account(kept)
    lent = send(story, cast.township, cast.tax, bags[1:2])
    with refused(f"清单{lent.number}没有第9项", field=None):
        account(lent, 9)
    take(cast.tax, lent, bags[1:2], BACK, sign=False)
    with refused(f"最后接收的材料是{BACK}，签收日期不得早于该日", field="on"):
        sign(lent, GOT)
    bare = send(story, cast.township, cast.tax, bags[2:])
    with on_day(GOT, 13):
        strike_line(actor=cast.township.actor, manifest=bare, position=1, reason=StruckReason.NOT_SENT)
    with refused(f"清单{bare.number}没有接收任何材料，不能签收"):
        sign(bare, BACK)


def test_a_sender_strikes_and_sends_what_there_is(story: Estate) -> None:
    cast, bags = story.cast, lay_bags(story, 2)
    manifest = draft(story, cast.township, cast.tax, P.TAX, is_lent=True, due_on=DUE)
    with on_day(SENT, 11):
        list_items(actor=cast.township.actor, manifest=manifest, codes=codes(bags))
    with on_day(SENT, 12), refused(f"清单{manifest.number}没有第9项"):
        strike_line(actor=cast.township.actor, manifest=manifest, position=9, reason=StruckReason.WRONG)
    with on_day(SENT, 12), refused("才到本单位，移交日期不得早于该日", field="on"):
        send_manifest(actor=cast.township.actor, manifest=manifest, on=date(2022, 2, 6))


def test_what_was_not_handed_in_is_not_given_back(story: Estate) -> None:
    """A bag whose home was accepted meanwhile lies at the centre, and is no more to be given back."""
    cast, bags = story.cast, lay_bags(story, 2)
    sent = send(story, cast.township, cast.centre, bags, P.SUBMIT)
    take(cast.centre, sent, bags)
    bring_to(story, story.homes[:1], "accepted", GOT)
    back = draft(story, cast.centre, cast.township, P.RETURN, BACK, return_kind=ReturnKind.INCOMPLETE.value)
    with on_day(BACK, 11):
        list_items(actor=cast.centre.actor, manifest=back, codes=codes(bags), note="共有人身份证明")
    with on_day(BACK, 12), refused("清单中有1户不能退回：.*请先划去"):
        send_manifest(actor=cast.centre.actor, manifest=back, on=BACK)
