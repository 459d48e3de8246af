"""What a commitment letter says on paper."""

from commitments.models import Instrument, Letter
from commitments.selectors import instrument_by_code
from documents.papers.selectors.papers import letter_snapshot
from projects.ledger.models import Developer
from registry.store.guard import fixture_writes
from tests.factories.projects import Estate


def test_a_letter_names_who_performs_who_watches_and_whose_money_it_is(story: Estate) -> None:
    old = story.letter
    assert old is not None
    with fixture_writes():
        developer = Developer.objects.create(name="演示房地产开发有限公司")
        Instrument.objects.filter(pk=old.pk).update(basis="×政发〔2021〕1号。")
        Letter.objects.filter(instrument=old).update(
            undertaking_no="×企承〔2021〕3号",
            advance_source="机动经费",
            supervisor=story.cast.district.organisation,
            performer=developer,
        )
    paper = letter_snapshot(instrument=instrument_by_code(story.cast.district.actor, old.code))

    assert (
        paper["lead"]
        == "依据×政发〔2021〕1号，为保障无过错购房人的合法权益，按照“无错优先”原则，现就有关事项承诺如下："
    )
    performed, watched = paper["supervision"][0], paper["supervision"][-1]
    assert performed.startswith("整改由演示房地产开发有限公司实施，并已向我单位出具企业承诺书（×企承〔2021〕3号）")
    assert watched == f"本承诺事项由{story.cast.district.organisation.name}监督检查。"
    assert paper["liability"][-1] == "需要先行垫付的，资金来源：机动经费。"


def test_a_letter_without_them_does_not_speak_of_them(story: Estate) -> None:
    with fixture_writes():
        Letter.objects.filter(instrument=story.letter).update(performer=None, supervisor=None, advance_source="")
    assert story.letter is not None
    paper = letter_snapshot(instrument=instrument_by_code(story.cast.district.actor, story.letter.code))

    assert paper["lead"].startswith("为保障无过错购房人的合法权益，按照“无错优先”原则")
    assert len(paper["supervision"]) == 1
    assert len(paper["liability"]) == 1
