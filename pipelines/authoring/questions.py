"""What a draft must know, asked one at a time; the contract judges every answer.

Here: which fields those are, their words, and the conversation. Not here: what is wrong with an answer and how to mend
it (ingest/admit.py says it, as it does when a record is read), the terminal (cli/).
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from pipelines.authoring.outline import outline
from pipelines.contract.yaml_text import flow
from pipelines.ingest.admit import Admitted, Gatekeeper
from pipelines.ingest.faults import Fault
from pipelines.ingest.readers import yaml_events
from pipelines.ingest.readers.text import SURROGATE
from pipelines.settings import Source

GIVEN = ("schema_version", "id", "stage")  # what `new` knows by itself
SHORT = {
    "scope.summary": "scope",
    "chronology.impact_started_at": "started",
    "chronology.detected_at": "detected",
}
DOMAIN = "domain"


@dataclass(frozen=True)
class Question:
    """One field of a draft: what the contract says of it, the words it takes if it takes words, whose pack it is of."""

    field: str
    node: dict
    words: dict[str, str]
    domain: str | None = None

    @property
    def name(self) -> str:
        return SHORT.get(self.field, self.field.rsplit(".", 1)[-1])

    @property
    def is_needed(self) -> bool:
        return self.field != DOMAIN

    @property
    def option(self) -> str:
        """What gives its answer on the command line; a pack's fields have no options of their own."""
        return f"--set {self.name}=…" if self.domain else f"--{self.name}"

    def text(self, time_zone: str | None = None) -> str:
        """As it stands at the terminal: title, prompt, words by number or an example; a moment may be the source's."""
        lines = [f"{self.node['title']} ({self.option}): {self.node['markdownDescription']}"]
        width = max(map(len, self.words), default=0)
        lines += [f"  {n} {word:<{width}}  {meaning}" for n, (word, meaning) in enumerate(self.words.items(), 1)]
        if not self.words:
            zone = f"; or 2026-05-04 08:40, by the clock of {time_zone}"
            is_local = time_zone and self.node.get("format") == "instant"
            lines.append(f"  such as: {self.node['examples'][0]}{zone if is_local else ''}")
        if not self.is_needed:
            lines.append("  blank: none of these")
        return "\n".join(lines)

    def meant(self, answer: str) -> str:
        """The answer as it is written into the record: a number stands for its word."""
        answer = answer.strip()
        words = list(self.words)
        return words[int(answer) - 1] if answer.isdecimal() and 0 < int(answer) <= len(words) else answer


def of_draft(bundle: dict) -> Iterator[Question]:
    """The fields every draft is asked, in the contract's order, and the domain."""
    yield from _asked(bundle, None)
    packs = {name: pack["title"] for name, pack in bundle["x-domain-packs"].items()}
    yield Question(DOMAIN, bundle["properties"][DOMAIN], packs)


def of_pack(bundle: dict, domain: str) -> Iterator[Question]:
    """What a domain's pack asks of a draft besides; mostly nothing."""
    return (one for one in _asked(bundle, domain) if one.field.startswith("domain_fields."))


def _asked(bundle: dict, domain: str | None) -> Iterator[Question]:
    plan = outline(bundle, None, domain)
    for field, stage in plan.stages.items():
        node = plan.node_of(field)
        if stage in ("imported", "draft") and "[]" not in field and field not in GIVEN and "properties" not in node:
            yield Question(field, node, _words(bundle, node), domain)


def _words(bundle: dict, node: dict) -> dict[str, str]:
    """The words of a field with their meanings, the state words left to those who know them."""
    own = bundle["x-vocabularies"].get(node.get("x-vocabulary"), {})
    return {word: entry["definition"] for word, entry in own.items()}


class Judge:
    """Says what the contract and the source have against an answer, in the words ingestion would use."""

    def __init__(self, keeper: Gatekeeper, source: Source) -> None:
        self.keeper, self.source = keeper, source

    def problem(self, question: Question, answer: str) -> str | None:
        """What is wrong with one answer and how to mend it; None where nothing is."""
        if wrong := unreadable(answer):
            return wrong
        if question.field == DOMAIN and (near := _misspelt(answer, question.words)):
            return f"there is no pack `{answer}`; did you mean `{near}`?"
        if self.keeper.clean(answer) != answer:
            return "an address, name or secret stands in it and would be cut out; write a role or a team instead"
        # imported: of such a record nothing is asked that is not here, so whatever is wrong is wrong with the answer
        probe = {"schema_version": self.version, "id": "X", "title": "T", "stage": "imported"}
        probe |= {"domain": question.domain} if question.domain else {}
        outcome = self.keeper.admit(self.source, nested(probe, {question.field: answer}), dict)
        if isinstance(outcome, Admitted):
            return None
        return next((f"{fault.message}; {fault.fix}" for fault in outcome[0] if fault.field == question.field), None)

    @property
    def version(self) -> str:
        """The newest version of the contract."""
        return self.keeper.version


def unreadable(answer: str) -> str | None:
    """What the reader has against an answer as it would stand in the file: a key that moves the cursor, for one."""
    if SURROGATE.search(answer):
        return "it is not UTF-8"
    try:
        yaml_events.load(flow(answer))
    except Fault as fault:
        return "; ".join((fault.message, fault.fix))
    return None


def _misspelt(answer: str, words: Iterable[str]) -> str | None:
    """The word that was probably meant. A domain without a pack is allowed: only a near miss is a problem."""
    return None if answer in words else next(iter(difflib.get_close_matches(answer, words, 1)), None)


def nested(record: dict, answers: dict[str, str]) -> dict:
    """The record with answers put in at their paths."""
    record = {key: dict(value) if isinstance(value, dict) else value for key, value in record.items()}
    for field, answer in answers.items():
        *way, last = field.split(".")
        place = record
        for step in way:
            place = place.setdefault(step, {})
        place[last] = answer
    return record


def converse(
    questions: list[Question], judge: Judge, ask: Callable[[str], str], say: Callable[[str], None]
) -> dict[str, str]:
    """Ask until each answer holds. The domain may be left blank; EOFError where nobody answers any more."""
    answers = {}
    for question in questions:
        say(question.text(judge.source.time_zone))
        while True:
            answer = question.meant(ask("> "))
            if not answer and not question.is_needed:
                break
            if not answer:
                way = f"a number from 1 to {len(question.words)}, or a word" if question.words else "it"
                say(f"  this cannot stay open; write {way}, or end with Ctrl-C: no file is made")
                continue
            wrong = judge.problem(question, answer)
            if not wrong:
                answers[question.field] = answer
                break
            say(f"  {wrong}")
    return answers
