"""What happened in one record, before anybody writes it down: place, causes, times, numbers.

Here: the draws of one record, from the seed and its number alone, and what the plan decides of it. Not here: the
record's shape (record.py and the sections). Draws are independent of each other but for what is planted.
"""

from __future__ import annotations

import math
from bisect import bisect
from itertools import accumulate
from random import Random

from pipelines.simulate import weeks
from pipelines.simulate.organisation import ARTIFACTS, BY_NAME, MODELS, SERVICES, project_of
from pipelines.simulate.planted import Plan, Planted
from pipelines.simulate.words_causes import ROOT_CAUSES
from pipelines.simulate.words_effects import CATEGORIES, EFFECTS
from pipelines.simulate.words_factors import FACTORS, TRIGGERS

WRITTEN_FOR = "1.1"  # the version of the contract that these records are in the shape of
PREFIX = {
    "incident": "INC",
    "near_miss": "NM",
    "exercise": "EX",
    "maintenance": "MW",
    "vulnerability": "VU",
    "false_positive": "FA",
}
# The stages a record goes through: weight → stages, one revision each. About a third has more than one.
HISTORIES = {
    ("draft",): 31, ("review",): 26, ("published",): 6, ("draft", "review"): 15,
    ("draft", "published"): 6, ("draft", "review", "published"): 5, ("review", "published"): 5,
    ("review", "published", "verified"): 4, ("published", "verified"): 2,
}  # fmt: skip
FIX_HISTORY = ("review", "published", "verified")
RANK = {"draft": 1, "review": 2, "published": 3, "verified": 4}


class Draw:
    """A weighted choice that costs one random number."""

    def __init__(self, weighted: dict) -> None:
        self.values = list(weighted)
        self.ends = list(accumulate(weighted.values()))

    def __call__(self, random: Random):
        return self.values[bisect(self.ends, random.random() * self.ends[-1])]


HISTORY = Draw(HISTORIES)
CODE = Draw({code: cause.weight for code, cause in ROOT_CAUSES.items()})
FACTOR = Draw({code: factor.weight for code, factor in FACTORS.items()})
TRIGGER = Draw({code: weight for code, (weight, _) in TRIGGERS.items()})
EFFECT = {name: Draw({word: weight for word, (weight, _) in words.items()}) for name, words in EFFECTS.items()}
SEVERITY = Draw({"sev1": 4, "sev2": 18, "sev3": 48, "sev4": 30})
DETECTION = Draw({"monitor": 52, "internal_human": 24, "customer": 14, "third_party": 6, "audit": 4})
USERS = {"sev1": 40_000, "sev2": 8_000, "sev3": 900, "sev4": 90}  # the median of those affected
RICH_SHARE = 0.15
HOURS = {"sev1": 2.0, "sev2": 3.0, "sev3": 6.0, "sev4": 12.0}  # the median from impact to end


class Facts:
    """One record's truth. `random` goes on from here: the sections draw their wording from it, in a fixed order."""

    def __init__(self, plan: Plan, kind: str, number: int) -> None:
        self.kind, self.number = kind, number
        self.random = random = Random(f"{plan.seed}/{kind}/{number}")
        self.planted = plan.planted.get(number, Planted()) if kind == "incident" else Planted()
        if kind == "incident":
            self.week, category = plan.place(number)
        else:
            self.week, category = int(random.random() * plan.weeks), int(random.random() * 3)
        self.category = CATEGORIES[category]
        self.subcategory = EFFECT[self.category](random)
        self.severity, self.detection = SEVERITY(random), DETECTION(random)
        self.amount = 2 + int(random.random() * random.random() * 38)
        self._where_and_why(plan)
        self._when(plan)
        year = weeks.on(weeks.monday(self.week, plan.weeks))[:4]
        self.id = f"{PREFIX[kind]}-{year}-{number + 1:05d}"
        self.has_evidence = random.random() < plan.evidence_share or self.planted.has_signal
        self.is_rich = random.random() < RICH_SHARE and not self.planted.fix  # whose scope has one done action
        # only an incident has an effect; a near miss or a rehearsal has none to count
        least = 0 if kind != "incident" else int(USERS[self.severity] * math.exp(random.gauss(0, 0.8)))
        self.users = {"min": least, "max": int(least * (1 + 0.6 * random.random()))}
        self.drops_field = plan.drift is not None and self.project.team == plan.drift[0] and self.week >= plan.drift[1]

    def _where_and_why(self, plan: Plan) -> None:
        random, planted = self.random, self.planted
        service = int(random.random() * len(SERVICES))
        service = service if planted.service is None else planted.service
        self.service, self.project = SERVICES[service], project_of(SERVICES[service])
        self.model = MODELS[int(random.random() * len(MODELS))]
        code, self.trigger = CODE(random), TRIGGER(random)
        artifact, factors = ARTIFACTS[int(random.random() * len(ARTIFACTS))].name, [FACTOR(random)]
        if random.random() < 0.25 and (second := FACTOR(random)) != factors[0]:
            factors.append(second)
        if planted.code:
            code, artifact = planted.code, planted.artifact or artifact
            factors = [planted.factor or factors[0]]
        elif (service, code) in plan.scopes:
            code = CODE.values[(CODE.values.index(code) + 1) % len(CODE.values)]
        if not planted.factor and any((code, artifact, factor) in plan.triples for factor in factors):
            factors = [FACTOR.values[(FACTOR.values.index(factors[0]) + 1) % len(FACTOR.values)]]
        self.code, self.artifact, self.factors = code, BY_NAME[artifact], factors

    def _when(self, plan: Plan) -> None:
        random, planted = self.random, self.planted
        self.history = HISTORY(random)
        self.impact = weeks.moment_in(random, weeks.monday(self.week, plan.weeks))
        delay = weeks.filing_delay(random, self.impact)
        if planted.fix:
            delay, self.history = min(delay, 9 * weeks.DAY), FIX_HISTORY
        elif planted.has_signal:
            delay = min(delay, 9 * weeks.DAY)
            self.history = ("review", "published")
        elif planted.is_plain or (planted.code and self.history == ("draft",)):
            self.history = ("review",)
        self.filed = self.impact + delay
        # all of it is over before the first record is written: a post-mortem is about what happened
        lasts = min(60 * HOURS[self.severity] * math.exp(random.gauss(0, 0.9)), 0.9 * delay)
        seen = (0.03 + 0.4 * random.random() ** 2) * (1 if self.detection == "monitor" else 1.4)
        self.detected = self.impact + int(lasts * seen)
        self.acknowledged = self.detected + int(lasts * 0.08 * random.random())
        self.mitigated = self.acknowledged + int(lasts * (0.1 + 0.2 * random.random()))
        self.resolved = max(self.impact + int(lasts), self.mitigated)
        self.introduced = self.impact - 5 - int(weeks.DAY * math.exp(random.gauss(0, 1.6)))
        self.revisions = self._revisions(planted)

    def _revisions(self, planted: Planted) -> list[tuple[str, int]]:
        """(stage, recorded at) of each revision written by AS_OF."""
        written, found = self.filed, []
        for n, stage in enumerate(self.history):
            if n:
                days = {"review": 5, "published": 18, "verified": 120}[stage]
                written += int(weeks.DAY * days * (0.5 + 1.2 * self.random.random()))
            if stage == "verified" and planted.fix:
                written = planted.implemented + 84 * weeks.DAY
            if n and written > weeks.AS_OF:
                break
            found.append((stage, written))
        if planted.code and found[-1][0] == "draft":  # its review comes after AS_OF, and a draft names no artifact
            found[-1] = ("review", found[-1][1])
        return found
