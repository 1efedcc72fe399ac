"""Mutants: a worked record, one way to break it, one of four forms of file; and where the defect then stands.

Here: files and places. The place is looked up in PyYAML's nodes, not by the readers that are to find it. Not here: the
ways (shapes.py, rules.py).
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import cycle, islice
from pathlib import Path
from random import Random

import yaml

from pipelines.ingest.readers import yaml_events
from pipelines.settings import ROOT
from tests.mutated import rules, shapes

FORMS = ("block.yml", "flow.yml", "front.md", "json")
WORKED = sorted((ROOT / "examples" / "records").glob("*.yml"))
WAYS = shapes.SHAPES | {rule: rules.broken(rule) for rule in rules.ALL}


@dataclass(frozen=True)
class Mutant:
    """One file with one defect: its name, its text, and the code and place that must be named."""

    name: str
    text: str
    way: str
    code: str
    line: int
    column: int


def mutants(count: int, seed: int) -> list[Mutant]:
    """So many mutants, each way in turn, the same for the same seed."""
    return [mutant(way, number, seed) for number, way in enumerate(islice(cycle(WAYS), count))]


def mutant(way: str, number: int, seed: int) -> Mutant:
    """The mutant of this number: the first of the worked records, in an order by chance, that has a place for it."""
    chance = Random(f"{seed} {number}")
    for path in chance.sample(WORKED, len(WORKED)):
        record = copy.deepcopy(_worked(path))
        record["id"] = f"{record['id']}-M{number:03d}"
        if (defect := WAYS[way](chance, record)) is not None:
            code, where = defect
            form = chance.choice(FORMS)
            text, first_line = written(record, form)
            name = f"{number:03d}-{way}.{form}"
            return Mutant(name, text, way, code, *place(text.removeprefix("---\n"), where, first_line))
    raise AssertionError(f"no worked record has a place for {way}")


@cache
def _worked(path: Path) -> dict:
    return yaml_events.load(path.read_text(encoding="utf-8"))


def twin(one: Mutant) -> str | None:
    """The file beside a mutant without which its rule is not broken; most need none."""
    record = yaml_events.load(one.text.removeprefix("---\n").removesuffix("---\n"))
    if one.way == "PM601":  # the same number, another content
        record["title"] = "Another text of the same number"
    elif one.way == "PM314":  # both are there
        record |= {"id": record.pop("related")[0]["id"]}
    elif one.way == "PM309":  # each calls the other its cause
        (link,) = record["related"]
        record |= {"id": link["id"], "related": [link | {"id": record["id"]}]}
    else:
        return None
    return written(record, "block.yml")[0]


def written(record: dict, form: str) -> tuple[str, int]:
    """The record's file in one form, and the line on which the record begins in it."""
    if form == "json":
        return json.dumps(record, indent=1, ensure_ascii=False) + "\n", 1
    is_flow = form == "flow.yml"
    style = {"default_flow_style": None if is_flow else False, "width": 140}
    text = yaml.dump(record, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True, **style)
    return (f"---\n{text}---\n", 2) if form == "front.md" else (text, 1)


def place(text: str, path: shapes.Path, first_line: int) -> tuple[int, int]:
    """Line and column of the last step of a path that is written, by PyYAML's own nodes."""
    node = yaml.compose(text.split("\n---\n")[0], Loader=yaml.CSafeLoader)
    mark = node.start_mark
    for step in path:
        found = _under(node, step)
        if found is None:
            break
        mark, node = found
    return mark.line + first_line, mark.column + 1


def _under(node: yaml.Node, step: str | int) -> tuple[yaml.Mark, yaml.Node] | None:
    if isinstance(node, yaml.SequenceNode):
        return (node.value[step].start_mark, node.value[step]) if isinstance(step, int) else None
    if isinstance(node, yaml.MappingNode):
        return next(((key.start_mark, value) for key, value in node.value if key.value == step), None)
    return None


def files(folder: Path, made: list[Mutant]) -> Callable[[str], Path]:
    """Write them, and the twins some need."""
    for one in made:
        (folder / one.name).write_text(one.text, encoding="utf-8")
        if beside := twin(one):
            (folder / f"twin-{one.name.split('.')[0]}.yml").write_text(beside, encoding="utf-8")
    return folder.joinpath
