"""A draft as a file to go on writing: what is known, then by stage a checklist and the prompts for what it asks.

Here: the order of the file, its head and its checklists. Not here: a field's own lines (prompts.py), which stage asks
for what (outline.py), the norms (schemas/norms.yml), any prompt (schemas/sections, schemas/domains).
"""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.authoring.outline import Outline
from pipelines.authoring.prompts import WIDTH, Place, Prompts, prose

HOW = (
    "Lines with one # are fields: uncomment them and write over the examples. Lines with ## explain. In an editor, "
    "uncommenting a whole block leaves the explanations comments. Delete what you do not need."
)


def skeleton(plan: Outline, norms: dict, record: dict, upto: str, schema_line: str) -> str:
    """The text of the file of a draft; prompts reach to the stage `upto`."""
    ranks = plan.ranks
    shown = tuple(stage for stage, rank in ranks.items() if rank <= ranks[upto])
    prompts = Prompts(plan, record.get("category"), shown, norms["openings"])
    lines = [schema_line, *_head(plan, norms)]
    for stage in shown[ranks["draft"] :]:
        lines += ["", "## " + f"---- {stage} ".ljust(WIDTH - 3, "-"), *_stage(plan, prompts, record, stage)]

    def is_open(key: str) -> bool:
        return plan.stage_of(key) is None and key not in record

    properties = plan.schema["properties"].items()
    rest = [key for key, node in properties if is_open(key) and node.get("properties") != {}]
    lines += ["", *prose(f"Asked at no stage, welcome all the same: {', '.join(rest)}.")]
    return "\n".join(lines) + "\n"


def _head(plan: Outline, norms: dict) -> Iterator[str]:
    yield from prose(HOW)
    for word, entry in plan.schema["x-vocabularies"]["states"].items():
        yield from prose(f"{word}: {entry['definition']}", hanging="  ")
    yield "##"
    for norm in norms["norms"]:
        yield from prose(f"- {norm['text']} ({norm['source']})", hanging="  ")
    yield from prose(f"- {norms['roles']}", hanging="  ")
    for name, source in norms["sources"].items():
        yield from prose(f"{name}: {source['title']}, {source['url']}", hanging="  ")


def _stage(plan: Outline, prompts: Prompts, record: dict, stage: str) -> Iterator[str]:
    """What the stage means, its checklist, and the fields nothing before it asked for; a draft's own come first."""
    yield from prose(plan.schema["x-vocabularies"]["stages"][stage]["definition"])
    is_first = stage == "draft"
    if not is_first:
        for line in checklist(plan, stage):
            yield from prose(f"[ ] {line}", hanging="    ")
    for key, node in plan.schema["properties"].items():
        if (key in record) if is_first else (key not in record and plan.stage_of(key) == stage):
            if not is_first:
                yield ""
            yield from prompts.field(key, node, record.get(key), Place("", 0, stage))


def checklist(plan: Outline, stage: str) -> Iterator[str]:
    """The fields this stage is the first to ask for, by the object they lie in or the list whose entries have them."""
    held: dict[str, list[str]] = {}
    order = list(plan.schema["properties"])
    for path in sorted(plan.stages, key=lambda path: order.index(path.split(".")[0].removesuffix("[]"))):
        if plan.stage_of(path) == stage:
            head, is_entry, name = path.partition("[].")
            if not is_entry:
                head, _, name = head.rpartition(".")
            held.setdefault(head or name, []).extend([name] if head else [])
    for head, names in held.items():
        lists = {name.rpartition("[]")[0] for name in names}
        own = [name for name in names if f"{head}.{name}" not in held and name not in lists]
        if own or not names:
            yield f"{head}: {', '.join(own)}" if own else head
