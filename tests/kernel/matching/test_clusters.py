"""Clusters of what fits no project: against labelled histories, in any order, and never across towns without reason."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from registry.kernel.matching.clusters import Cluster, UnmatchedText, cluster_texts
from tests.kernel.matching import thresholds
from tests.kernel.matching.histories import Unplaced, history
from tests.kernel.matching.judging import b_cubed, syllable
from tests.kernel.matching.world import TOWNSHIPS

SMALL = history(5, 60)


def clusters(tickets: list[Unplaced]) -> list[Cluster]:
    texts = [UnmatchedText(each.key, each.text, each.address, each.township) for each in tickets]
    return cluster_texts(texts, syllable=syllable, towns=TOWNSHIPS)


def test_clusters_are_those_of_the_labelled_history() -> None:
    tickets = history(4, 1000)
    truth = {each.key: each.estate for each in tickets}
    made = clusters(tickets)
    assert sorted(key for cluster in made for key in cluster.keys) == list(range(1000))
    assert b_cubed([cluster.keys for cluster in made], truth)[2] >= thresholds.B_CUBED


@given(st.integers(0, 10**6))
@settings(max_examples=25)
def test_order_of_arrival_does_not_matter(seed: int) -> None:
    shuffled = SMALL.copy()
    Random(seed).shuffle(shuffled)
    assert clusters(shuffled) == clusters(SMALL)


def test_two_towns_are_joined_by_an_address_only() -> None:
    tickets = history(6, 1500)
    towns = {each.key: each.town for each in tickets}
    for cluster in clusters(tickets):
        if len({towns[key] for key in cluster.keys}) > 1:
            assert cluster.address
    ask = "的房产证一直办不下来"
    apart = [UnmatchedText(1, f"星河湾花园{ASK}", "", "石门镇") for ASK in [ask]]
    apart.append(UnmatchedText(2, f"星河湾花园{ask}", "", "柳河镇"))
    assert [each.keys for each in cluster_texts(apart, syllable=syllable, towns=TOWNSHIPS)] == [(1,), (2,)]
    house = [UnmatchedText(3, f"枣林路8号{ask}", "", "石门镇"), UnmatchedText(4, f"枣林路8号{ask}", "", "柳河镇")]
    assert [each.keys for each in cluster_texts(house, syllable=syllable, towns=TOWNSHIPS)] == [(3, 4)]


def test_evidence_says_by_what_they_were_put_together() -> None:
    ask = "的房产证一直办不下来"
    texts = [
        UnmatchedText(1, f"枣林路8号星河湾花园{ask}", "", "石门镇"),
        UnmatchedText(2, f"星河弯花园3号楼{ask}", "", "石门镇"),
        UnmatchedText(3, f"家住星河湾花园{ask}"),
        UnmatchedText(4, f"枣林路8号{ask}"),
    ]
    [cluster] = cluster_texts(texts, syllable=syllable, towns=TOWNSHIPS)
    assert cluster.keys == (1, 2, 3, 4)
    assert (cluster.name, cluster.township, cluster.address) == ("星河湾花园", "石门", "枣林路8号")
    assert cluster.evidence == ("2件写作“星河湾花园”", "1件写作“星河弯花园”", "2件写门牌枣林路8号", "2件写在石门")
