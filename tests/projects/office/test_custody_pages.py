"""Pages of custody: from the bag to both signatures by form, each refusal on the field, who sees which page."""

from datetime import date

from django.urls import reverse

from projects.office.models import CustodyItem, Manifest
from tests.factories.accounts import assert_asks, sign_in
from tests.factories.projects import Estate, move
from tests.projects.office.custody import GOT, SENT, TAKEN, codes, lay_bags, send, take


def page(client, name: str, *args: object):  # type: ignore[no-untyped-def]
    return client.get(reverse(f"office:{name}", args=args))


def post(client, name: str, *args: object, **words: object):  # type: ignore[no-untyped-def]
    return client.post(reverse(f"office:{name}", args=args), words)


def test_a_bag_goes_to_the_tax_office_by_forms_alone(story: Estate) -> None:
    move(story, story.homes[:3], "collected", TAKEN)
    code, office, tax = story.project.code, sign_in(story.cast.township), sign_in(story.cast.tax)

    words = {"building": "1", "on": "2022-03-08", "contents": "合同", "copies": 2, "originals": 1}
    assert "“999”未找到，或尚未收材料、已装袋" in post(office, "fill_bags", code, rooms="999", **words).content.decode()
    assert post(office, "fill_bags", code, rooms="1单元201、301", **words).status_code == 302
    assert post(office, "fill_bags", code, rooms="", **words).status_code == 302
    bags = list(CustodyItem.objects.order_by("pk"))
    assert [bag.contents for bag in bags] == ["合同"] * 3
    assert page(office, "labels", code).content.decode().count('class="barcode"') == 3

    to = story.cast.tax.organisation.pk
    answer = post(office, "draft_manifest", code, purpose="tax", receiver=to, is_lent="on", due_on="", way="专人")
    assert "请填写退还期限" in answer.content.decode()
    answer = post(
        office, "draft_manifest", code, purpose="tax", receiver=to, is_lent="on", due_on="2022-04-01", way="专人"
    )
    manifest = Manifest.objects.get()
    assert answer.url == reverse("office:manifest", args=[manifest.pk])

    answer = post(office, "manifest", manifest.pk, code="123", note="")
    body = answer.content.decode()
    assert "扫到的不是本系统的条码" in body
    assert 'value="123"' not in body, "the field is empty again"
    assert "autofocus" in body
    assert post(office, "manifest", manifest.pk, code=codes(bags)[0], note="").status_code == 302
    assert post(office, "list_held", manifest.pk, building="").status_code == 302
    manifest.refresh_from_db()
    assert manifest.listed == 3
    assert page(tax, "manifest", manifest.pk).status_code == 404
    assert post(office, "strike_line", manifest.pk, 3, reason="wrong").status_code == 302
    assert post(office, "send_manifest", manifest.pk, on="2022-03-08").status_code == 302

    scans = "\n".join(codes(bags[:2]))
    assert post(tax, "manifest", manifest.pk, code=scans, on="2022-03-08").status_code == 302
    assert post(tax, "sign_manifest", manifest.pk, on="2022-03-08").status_code == 302
    body = page(tax, "manifest", manifest.pk).content.decode()
    assert "待退还" in body
    assert "登记未退原因" in body
    answer = post(tax, "account_for_line", manifest.pk, 1, reason="lost", note="")
    assert "须写明文书编号或查找情况" in answer.content.decode()
    assert post(tax, "account_for_line", manifest.pk, 1, reason="archived", note="").status_code == 302
    assert "由接收方留存归档" in page(office, "manifest", manifest.pk).content.decode()


def test_the_sentence_of_one_missing_stands_on_the_form(story: Estate) -> None:
    bags = lay_bags(story, 2)
    manifest = send(story, story.cast.township, story.cast.tax, bags)
    take(story.cast.tax, manifest, bags[:1], sign=False)

    answer = post(sign_in(story.cast.tax), "sign_manifest", manifest.pk, on=f"{GOT}")

    assert answer.status_code == 200
    assert "共2项，已接收1项，未接收：第2项1号楼1单元301的材料袋" in answer.content.decode()


def test_who_held_a_home_is_asked_on_the_page_of_the_project(story: Estate) -> None:
    [bag, *_] = lay_bags(story)
    take(story.cast.tax, send(story, story.cast.township, story.cast.tax, [bag]), [bag])
    client, address = sign_in(story.cast.district), reverse("office:custody", args=[story.project.code])

    def said(room: str, on: date) -> str:
        body = client.get(address, {"room": room, "on": f"{on}"}).content.decode()
        return "".join(body.split())

    assert "2022年2月10日，1号楼1单元201的材料袋由<b>十八里店乡</b>保管" in said("1-1-201", SENT)
    assert "2022年2月11日，1号楼1单元201的材料袋由<b>区税务局</b>保管" in said("1号楼1单元201", GOT)
    assert "没有在保管的材料袋或证书" in said("1-1-201", TAKEN)
    assert "本项目未找到该户" in said("9-3-502", GOT)
    assert page(client, "custody_item", bag.pk).content.decode().count("<tr>") == 3
    assert page(sign_in(story.cast.department), "custody_item", bag.pk).status_code == 404
    assert page(sign_in(story.cast.strange_district), "custody", story.project.code).status_code == 404


def test_an_owner_gets_his_papers_back_by_form_and_a_list_is_withdrawn(story: Estate) -> None:
    bags, client = lay_bags(story, 2), sign_in(story.cast.township)
    assert "未填写签收凭证" in post(client, "return_bag", bags[0].pk, on="2022-03-08", basis="").content.decode()
    assert post(client, "return_bag", bags[0].pk, on="2022-03-08", basis="签收1号").status_code == 302
    manifest = send(story, story.cast.township, story.cast.tax, bags[1:])
    assert post(client, "withdraw_manifest", manifest.pk, reason="税务当日不收").status_code == 302
    manifest.refresh_from_db()
    assert manifest.state == "已撤回"
    rows = client.get(reverse("office:manifests"), {"state": "open"}).context["rows"]
    assert rows == []


def test_a_page_of_lines_costs_the_same_for_one_and_for_three(story: Estate) -> None:
    bags, client = lay_bags(story, 4), sign_in(story.cast.tax)
    first = send(story, story.cast.township, story.cast.tax, bags[:1])
    second = send(story, story.cast.township, story.cast.tax, bags[1:])
    page(client, "manifest", first.pk)
    for manifest in (first, second):
        with assert_asks(7):
            page(client, "manifest", manifest.pk)
    for _ in range(2):
        with assert_asks(6):
            page(client, "manifests")
