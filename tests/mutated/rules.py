"""One way to break each rule of schemas/rules.yml.

Each takes a record of examples/records, changes it, and gives back the path of the defect; None where the record has no
place for it. A rule without a way in `WAYS` is broken by its own example, which schemas/rules.yml holds as `fails`. Not
here: shape.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from random import Random

from pipelines.checking.codes import codes
from pipelines.ingest.readers import yaml_events
from pipelines.ingest.validate import Contract
from pipelines.quality import rules
from tests.mutated.shapes import SCHEMA, STAGES, Defect, Path, places, put

CONTRACT = Contract(SCHEMA)

TOKEN = "ghp_" + "a1B2" * 9
# What ingestion takes out can be found by no gate: what it leaves instead is.
LEFT = {"PM501": "PM503", "PM502": "PM504"}
Way = Callable[[Random, dict], Path | None]


def moved(name: str, beside: str, days: int) -> Way:
    """One time of the chronology put so many days after another one."""

    def way(chance: Random, record: dict) -> Path | None:
        times = record["chronology"]
        if len(times.get(beside, "")) != len("2026-11-05T03:34Z") or record.get("record_kind") == "maintenance":
            return None
        then = datetime.fromisoformat(times[beside]) + timedelta(days=days, minutes=-chance.randrange(60))
        times[name] = then.strftime("%Y-%m-%dT%H:%MZ")
        return "chronology", name

    return way


def outside(name: str, text: str) -> Way:
    """A time of the chronology far from all others: the rule speaks of the chronology, and not of one time."""

    def way(chance: Random, record: dict) -> Path | None:
        record["chronology"][name] = text
        return ("chronology",)

    return way


def entry(*steps: str, fits: Callable[[dict], bool] = lambda one: True) -> Callable[[Random, dict], Path | None]:
    """The path of some entry of a list."""

    def path(chance: Random, record: dict) -> Path | None:
        held = record
        for step in steps:
            held = held.get(step, {})
        found = [n for n, one in enumerate(held or ()) if fits(one)]
        return (*steps, chance.choice(found)) if found else None

    return path


def at(record: dict, path: Path) -> dict:
    for step in path:
        record = record[step]
    return record


def within(where: Callable, change: Callable[[dict, dict], str | None]) -> Way:
    """Some entry changed; `change` gives the field that is then wrong, None where the entry does not serve."""

    def way(chance: Random, record: dict) -> Path | None:
        path = where(chance, record)
        field = path and change(at(record, path), record)
        return (*path, field) if field else None

    return way


def published(way: Way) -> Way:
    """Of rules that speak of published records."""
    return lambda chance, record: way(chance, record) if record["stage"] in ("published", "verified") else None


def verified(way: Way) -> Way:
    return lambda chance, record: way(chance, record) if record["stage"] == "verified" else None


def given(name: str, value: object) -> Callable[[dict, dict], str]:
    def change(one: dict, record: dict) -> str:
        one[name] = value
        return name

    return change


def taken(name: str) -> Callable[[dict, dict], str]:
    def change(one: dict, record: dict) -> str:
        one.pop(name, None)
        return name

    return change


def unprevented(cause: dict, record: dict) -> str:
    for action in record.get("actions", []):
        action["prevents"] = [name for name in action.get("prevents", []) if name != cause["id"]]
    return "id"


def never_looked_at(action: dict, record: dict) -> str:
    action |= {"status": "done", "verify_on": ["2026-01-05"], "verifications": []}
    return "verifications"


def unmeasured(action: dict, record: dict) -> str | None:
    return "success" if action.get("success", {}).pop("baseline", None) else None


def each_calls_the_other(chance: Random, record: dict) -> Path:
    record["related"] = [{"id": f"INC-1998-{chance.randrange(1000, 9999)}", "relation": "caused_by"}]  # its twin does
    return "related", 0, "relation"


def filed_twice(chance: Random, record: dict) -> Path:
    record.pop("exclude_from_metrics", None)
    record["related"] = [{"id": f"INC-1998-{chance.randrange(1000, 9999)}", "relation": "duplicate"}]
    return "related", 0, "relation"


def due_before(action: dict, record: dict) -> str | None:
    action["due_on"] = "2020-05-04"
    return "due_on" if record["chronology"].get("impact_started_at", "").startswith("20") else None


def failed_alone(action: dict, record: dict) -> str | None:
    if not action.get("verifications"):
        return None
    for other in record["actions"]:
        other["prevents"] = []
    action |= {"status": "done", "prevents": [record["root_causes"][0]["id"]]}
    action["verifications"][-1]["result"] = "did_not_hold"
    return "verifications"


def unfindable(chance: Random, record: dict) -> Path | None:
    path = entry("evidence", fits=lambda one: one["kind"] != "interview")(chance, record)
    for name in ("uri", "path", "query", "expected"):
        at(record, path or ()).pop(name, None)
    return path


def unweighed(names: str, field: str) -> Callable[[dict, dict], str | None]:
    """A symptom or hypothesis of which the matrix has no cell; of a refuted one nothing else speaks either."""

    def change(one: dict, record: dict) -> str | None:
        analysis = record["analysis"]
        if not analysis.get("matrix"):
            return None
        analysis["matrix"] = [cell for cell in analysis["matrix"] if cell[names] != one["id"]]
        if field == "state":
            one["state"] = "refuted"
            analysis["tests"] = [test for test in analysis.get("tests", []) if test.get("hypothesis") != one["id"]]
            for interview in record.get("interviews", []):
                for statement in interview.get("statements", []):
                    statement.pop("contradicts", None)
        return field

    return change


def of_one_source(hypothesis: dict, record: dict) -> str:
    hypothesis.pop("single_source_reason", None)
    for cell in record["analysis"].get("matrix", []):
        if cell["hypothesis"] == hypothesis["id"]:
            cell["evidence"] = []
    for interview in record.get("interviews", []):
        for statement in interview.get("statements", []):
            statement.pop("supports", None)
    return "state"


def twice(chance: Random, record: dict) -> Path | None:
    lists = [path for path, _, value in places(record) if path[0] in ("actions", "evidence", "triggers")
             and isinstance(value, list) and len(value) > 1 and "id" in value[0]]  # fmt: skip
    if not lists:
        return None
    path = chance.choice(lists)
    last = len(at(record, path)) - 1
    at(record, path)[last]["id"] = at(record, path)[0]["id"]
    return (*path, last, "id")


def spoken(words: str) -> Way:
    """Words put behind some text that people write."""

    def way(chance: Random, record: dict) -> Path | None:
        prose = [(path, value) for path, node, value in places(record)
                 if isinstance(value, str) and node.get("pattern") == r"\S" and " " in value]  # fmt: skip
        path, text = chance.choice(prose)
        put(record, path, f"{text.rstrip('.')}. {words}")
        return path

    return way


def recurring(chance: Random, record: dict) -> Path:
    record["related"] = [{"id": f"INC-1999-{chance.randrange(1000, 9999)}", "relation": "recurrence"}]
    return "related", 0, "id"


def numbered(chance: Random, record: dict) -> Path:
    record["revision"] = "7"  # its twin has the number too (making.py)
    return ("revision",)


def led_by_an_owner(chance: Random, record: dict) -> Path | None:
    """A facilitator of a team that owns a cause: which teams do is the record's, and not the example's."""
    owners = [cause["owner_team"] for cause in record.get("root_causes", ()) if "owner_team" in cause]
    if not owners:
        return None
    others = [one for one in record.get("participants", ()) if one.get("role") != "facilitator"]
    record["participants"] = [*others, {"role": "facilitator", "function": "quality", "team": chance.choice(owners)}]
    return "participants", len(others), "team"


LISTED = entry("actions")
CAUSES = entry("root_causes")
WAYS: dict[str, Way] = {
    "PM101": moved("resolved_at", "impact_started_at", -1),
    "PM102": moved("mitigated_at", "impact_started_at", -1),
    "PM103": moved("detected_at", "impact_started_at", -1),
    "PM104": moved("acknowledged_at", "detected_at", -1),
    "PM105": moved("mitigated_at", "acknowledged_at", -1),
    "PM106": moved("resolved_at", "mitigated_at", -1),
    "PM107": moved("closed_at", "resolved_at", -1),
    "PM108": moved("introduced_at", "impact_started_at", 2),
    "PM109": outside("resolved_at", "2031-05-04T06:40Z"),
    "PM110": outside("introduced_at", "1970-01-01"),
    "PM111": within(entry("timeline"), given("at", "1970-01-01")),
    "PM112": outside("impact_started_at", "1996-05-04"),
    "PM116": within(LISTED, due_before),
    "PM201": published(within(CAUSES, given("evidence", ["unknown"]))),
    "PM202": published(within(CAUSES, unprevented)),
    "PM203": published(within(LISTED, never_looked_at)),
    "PM204": published(within(entry("actions", fits=lambda one: one.get("status") != "rejected"), taken("scope"))),
    "PM208": published(within(LISTED, unmeasured)),
    "PM209": published(within(LISTED, failed_alone)),
    "PM210": verified(within(entry("actions", fits=lambda one: one["status"] == "done"), given("verifications", []))),
    "PM216": published(within(entry("scenarios"), taken("expected"))),
    "PM301": within(entry("analysis", "matrix"), given("symptom", "S99")),
    "PM302": within(entry("analysis", "matrix"), given("hypothesis", "H99")),
    "PM303": within(CAUSES, given("evidence", ["E99"])),
    "PM304": within(LISTED, given("prevents", ["RC99"])),
    "PM305": within(entry("context", "artifacts"), given("derived_from", ["AR99"])),
    "PM306": within(entry("scenarios"), given("signal", "SG99")),
    "PM307": twice,
    "PM309": each_calls_the_other,
    "PM313": published(led_by_an_owner),
    "PM314": filed_twice,
    "PM401": within(entry("evidence", fits=lambda one: "query" in one), taken("expected")),
    "PM402": within(entry("analysis", "hypotheses", fits=lambda one: one["state"] == "supported"), of_one_source),
    "PM403": recurring,
    "PM404": published(unfindable),
    "PM405": within(entry("analysis", "hypotheses"), unweighed("hypothesis", "state")),
    "PM406": published(within(entry("analysis", "hypotheses"), unweighed("hypothesis", "id"))),
    "PM407": published(within(entry("analysis", "symptoms"), unweighed("symptom", "id"))),
    "PM501": spoken("Ask jo@example.com."),
    "PM502": spoken(f"It was called with {TOKEN}."),
    "PM503": spoken("Ask jo@example.com."),
    "PM504": spoken(f"It was called with {TOKEN}."),
    "PM505": spoken("It was human error."),
    "PM506": spoken("Call +45 20 45 67 81."),
    "PM601": numbered,
}


def by_example(rule: str) -> Way:
    """The rule's `fails` laid over the record; of the fields it changes the one that the rule names."""

    def way(chance: Random, record: dict) -> Path | None:
        entry = codes()[rule]
        if STAGES.index(record["stage"]) < STAGES.index(entry["stage"]):
            return None
        changed: list[Path] = []
        laid = laid_over(copy.deepcopy(record), yaml_events.load(entry["fails"]), (), changed)
        defect = named(entry["field"], changed)
        if defect not in changed:
            leave_out(laid, defect)  # the example breaks the rule by what it does not say
        if not CONTRACT.is_valid(CONTRACT.typed(copy.deepcopy(laid))):
            return None  # a second defect, which would be found first
        record |= laid
        return defect

    return way


def leave_out(record: dict, path: Path) -> None:
    holder: object = record
    for step in path[:-1]:
        holder = holder[step] if isinstance(step, int) else (holder or {}).get(step)
    if isinstance(holder, dict):
        holder.pop(path[-1], None)


def laid_over(value: object, fragment: object, path: Path, changed: list[Path]) -> object:
    """Groups are merged, an entry with an id of the record is laid over that entry, all else takes its place."""
    if isinstance(fragment, dict) and isinstance(value, dict):
        return value | {key: laid_over(value.get(key), child, (*path, key), changed) for key, child in fragment.items()}
    changed.append(path)
    if not (isinstance(fragment, list) and isinstance(value, list) and all("id" in one for one in fragment)):
        changed += [place for place, *_ in walked(fragment, path)]
        return fragment
    held = list(value)
    for one in fragment:
        n = next((n for n, other in enumerate(held) if other.get("id") == one["id"]), len(held))
        held[n:] = [laid_over(held[n] if n < len(held) else {}, one, (*path, n), changed), *held[n + 1 :]]
        changed.append((*path, n))
    return held


def walked(value: object, path: Path) -> Iterator[tuple[Path, object]]:
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, child in below:
        yield (*path, step), child
        yield from walked(child, (*path, step))


def named(field: str, changed: list[Path]) -> Path:
    """`actions[].due_on` with the number of the entry that was changed; a field that SQL names is the last of all."""
    if "{" in field:
        return changed[-1]
    steps = [step for part in field.split(".") for step in ((part[:-2], None) if part.endswith("[]") else (part,))]
    best = max(changed, key=lambda path: sum(step in (None, here) for step, here in zip(steps, path, strict=False)))
    return tuple(best[n] if step is None and n < len(best) else step or 0 for n, step in enumerate(steps))


ALL = {rule.id: WAYS.get(rule.id) or by_example(rule.id) for rule in rules.load().rules}


def broken(rule: str) -> Callable[[Random, dict], Defect]:
    """The way to break a rule, in the form of shapes.py."""

    def way(chance: Random, record: dict) -> Defect:
        path = ALL[rule](chance, record)
        return (LEFT.get(rule, rule), path) if path else None

    return way
