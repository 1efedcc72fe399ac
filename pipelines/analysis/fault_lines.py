"""Recurring fault lines: combinations of facet values that more incidents share than chance would give.

    dbt (int_facet_sets)   every pair and triple of three incidents and more, with what chance would give
    here                   p, q, EB05 of each; which of them are lines; which third value belongs to a pair
    lines.py               the door: reads the sets, looks up their incidents, writes the lines

An incident is evidence once: triples before pairs, the stronger before the weaker, and each must stand out by what is
left. So a pair inside a triple is no second finding, while an incident may stand on several lines that each earn their
place. A triple has to add something over its pairs (its expected count starts from them), so it may go first; one that
adds too little for that still names the pair it is in, when nearly all of the pair's incidents share the third value.
Lines are associations; nothing here says that one thing causes another.
"""

from __future__ import annotations

from pipelines.analysis.many_looks import q_values
from pipelines.analysis.shrinkage import fit, shrunk

FACETS = ("root_cause", "factor", "trigger", "artifact", "service")
LEAST_INCIDENTS, LEAST_OWNERS = 3, 2  # owners: teams or projects
Q_LIMIT = 0.05
NEARLY_ALL = 2 / 3  # 2026-11-25: of a pair's incidents share a third value, or it is no name for them
LEAST_EXPECTED = 1e-6  # what SQL rounded away


def chance(incidents, expected, looks: int) -> tuple:
    """(p, q) of each set: a Poisson count of mean `expected` is at least this large; over all looks.

    incidents, expected: arrays of one length; looks: how many sets occur at all, kept or not.
    """
    import numpy as np
    from scipy.special import gammainc

    p = gammainc(incidents, np.maximum(expected, LEAST_EXPECTED))
    return p, q_values(p, max(looks, len(p)))


def strength(incidents, expected, some) -> tuple:
    """(EBGM, EB05) of the sets at the places `some`, drawn towards all of them."""
    import numpy as np

    expected = np.maximum(expected, LEAST_EXPECTED)
    return shrunk(incidents[some], expected[some], *fit(incidents, expected, LEAST_INCIDENTS))


def ratio_interval(incidents, expected) -> tuple:
    """The exact 95 % Poisson interval of incidents / expected."""
    import numpy as np
    from scipy.special import gammaincinv

    expected = np.maximum(expected, LEAST_EXPECTED)
    return gammaincinv(incidents, 0.025) / expected, gammaincinv(incidents + 1, 0.975) / expected


def third_values(pair, pair_incidents, incidents, expected):
    """For each pair the triple that names it better: pair -> place of the triple in the arrays.

    Arrays over triples that contain a pair: the pair's number, its incidents, the triple's incidents and expected.
    Given the pair, each of its incidents has the third value with chance expected / pair_incidents; the binomial tail
    is corrected for as many values as the pair's incidents can name in the facets left over.
    """
    import numpy as np
    from scipy.special import betainc

    share = np.clip(expected / pair_incidents, LEAST_EXPECTED, 1.0)
    tail = betainc(incidents, pair_incidents - incidents + 1, share)
    p = tail * pair_incidents * (len(FACETS) - 2)
    chosen: dict[int, int] = {}
    for place in np.lexsort((np.arange(len(p)), p)).tolist():
        if p[place] <= Q_LIMIT and incidents[place] >= NEARLY_ALL * pair_incidents[place]:
            chosen.setdefault(int(pair[place]), place)
    return chosen


def choose(order, expected, members: dict, owners: dict, p_limit: float) -> dict:
    """Which sets are lines: set -> the records it is the first to explain.

    order: sets, in the order in which they may explain; members: set -> array of record numbers; owners: set -> how
    many teams or projects.
    """
    import numpy as np
    from scipy.special import gammainc

    records = 1 + max((int(numbers.max()) for numbers in members.values()), default=-1)
    explained, lines = np.zeros(records, dtype=bool), {}
    for one in order:
        fresh = members[one][~explained[members[one]]]
        enough = len(fresh) >= LEAST_INCIDENTS and owners.get(one, 0) >= LEAST_OWNERS
        if enough and gammainc(len(fresh), max(expected[one], LEAST_EXPECTED)) <= p_limit:
            lines[one] = fresh
            explained[fresh] = True
    return lines
