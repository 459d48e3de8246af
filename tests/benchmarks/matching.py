"""Matching: 50,000 tickets against 1,000 projects on one core, one new ticket, clusters; and what it gets right."""

from time import process_time

from registry.kernel.matching.clusters import UnmatchedText, cluster_texts
from registry.kernel.matching.known import TicketText
from registry.kernel.matching.matcher import match_text
from tests.benchmarks.measure import Result
from tests.kernel.matching import thresholds
from tests.kernel.matching.halves import HALVES
from tests.kernel.matching.histories import history
from tests.kernel.matching.judging import b_cubed, index_of, judge, syllable
from tests.kernel.matching.world import TOWNSHIPS

TICKETS, UNMATCHED, DISTINCT = 50_000, 5_000, 2_500


def run() -> list[Result]:
    """Match the tickets of each generator, print its figures and curve, and time the whole."""
    results: list[Result] = []
    for each in HALVES:
        half, world = each.name, each.world(101)
        index = index_of(world)
        tickets = each.tickets(world, 101, DISTINCT)
        judged = judge(index, tickets)
        figures = judged.figures(world)
        print(f"{half}: {', '.join(f'{name} {value:.4f}' for name, value in figures.items())}")
        for gap, precision, recall in judged.curve():
            print(f"{half}: gap {gap:>3}  precision {precision:.4f}  recall {recall:.4f}")
        for name, goal in thresholds.FLOORS.items():
            results.append(Result(f"matching, {half}: {name}", figures[name], "", goal, is_floor=True))
    texts = [TicketText(each.text, each.address, each.township) for each in tickets] * (TICKETS // DISTINCT)
    started = process_time()
    for text in texts:
        match_text(index, text)
    spent = process_time() - started
    results.append(Result("matching 50,000 tickets", spent, "s CPU", 30.0))
    results.append(Result("matching one ticket", spent / TICKETS * 1000, "ms CPU", 20.0))
    unmatched = history(101, UNMATCHED)
    started = process_time()
    made = cluster_texts(
        [UnmatchedText(each.key, each.text, each.address, each.township) for each in unmatched],
        syllable=syllable, towns=TOWNSHIPS,
    )  # fmt: skip
    results.append(Result("clusters of 5,000", process_time() - started, "s CPU", 10.0))
    f1 = b_cubed([cluster.keys for cluster in made], {each.key: each.estate for each in unmatched})[2]
    results.append(Result("clusters: B-cubed F1", f1, "", thresholds.B_CUBED, is_floor=True))
    return results
