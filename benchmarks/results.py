"""results.md: what was measured, as a page a person can read; written whole, so that nothing old stays in it.

Here: medians, ratios, tables. Not here: measuring.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Iterator

from benchmarks.measure import MB, Measured
from benchmarks.rounds import CASES, Size
from benchmarks.stages import LEAST_REST, Profile, Stage

HEAD = """\
# What a run costs

Measured {date} by `make bench`, which writes this file. `make bench SIZES="2000 100000 1000000"` names other sizes; a
million lines take about half an hour and 20 GB in the folder for temporary files, and stand in results-1000000.md.

{machine}

Each figure is the median of its rounds, in which `faultlines run` and plain DuckDB take turns; a ratio is the median of
the rounds' own ratios. CPU is that of all processes. Peak memory is the greatest sum of resident memory over the whole
tree of processes at one moment, looked at every 50 ms; what two processes share counts twice.

**Plain DuckDB** reads the same lines into the same raw tables (sections, revisions, events, presence of fields), runs
the same rules as SQL over what is new, and builds every mart from the SQL that dbt compiled, in one process. It does
not validate, find duplicates and conflicts, set aside, make pseudonyms, keep bytes and receipts, ask Great
Expectations, test, write Parquet, hash, publish or write a page. For one new record it appends it and builds every mart
anew. It may hold 16 GB: with our own limit of 1.2 GB it dies over a million lines.
"""


def page(date: str, machine: dict, sizes: Iterable[tuple[str, Size | None, dict, str]], more: Iterable[str]) -> str:
    """The whole file. Of each size: its name, what was measured, profiles by case, and what failed."""
    parts = [HEAD.format(date=date, machine=table(("what", "is"), machine.items()))]
    for name, size, profiles, failed in sizes:
        parts.append(f"\n## {name}\n")
        if failed:
            parts.append(f"**Not measured to the end:** {failed}\n")
        if size:
            parts += [_figures(size), _same(size), _baseline(size)]
        parts += [_profile(case, profile) for case, profile in profiles.items()]
    return "\n".join([*parts, *more])


def table(head: tuple[str, ...], rows: Iterable[Iterable[object]], numbers: int = 0) -> str:
    """A Markdown table; the last `numbers` columns stand to the right."""
    rule = ["---"] * (len(head) - numbers) + ["---:"] * numbers
    lines = [head, rule, *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines) + "\n"


def median(found: list[Measured], of: Callable[[Measured], float]) -> float:
    return statistics.median(map(of, found))


def ratios(ours: list[Measured], theirs: list[Measured], of: Callable[[Measured], float]) -> float:
    """The median of the rounds' own ratios: a machine that drifts drifts for both."""
    return statistics.median(of(one) / of(other) for one, other in zip(ours, theirs, strict=True))


def _figures(size: Size) -> str:
    head = ("", "", "rounds", "wall s", "CPU s", "peak MB", "largest process MB")
    rows = []
    for case in CASES:
        found = size.found.get(case, {})
        for who, each in found.items():
            figures = [f"{median(each, of):.2f}" for of in (_wall, _cpu)]
            peaks = [f"{median(each, of) / MB:.0f}" for of in (_peak, lambda one: one.largest)]
            rows.append((case, who, len(each), *figures, *peaks))
        if len(found) == 2:
            shown = [f"{ratios(*found.values(), of):.2f}" for of in (_wall, _cpu, _peak)]
            rows.append((case, "**ours / plain DuckDB**", "", *(f"**{ratio}**" for ratio in shown), ""))
    return table(head, rows, 5)


def _wall(one: Measured) -> float:
    return one.wall


def _cpu(one: Measured) -> float:
    return one.cpu


def _peak(one: Measured) -> float:
    return one.peak


def _same(size: Size) -> str:
    """Whether the two built the same marts, by their rows."""
    if not size.rows:
        return ""
    other = [f"{name} {ours} against {theirs}" for name, (ours, theirs) in size.rows.items() if ours != theirs]
    said = f"{len(size.rows) - len(other)} of {len(size.rows)} marts have as many rows in both"
    return said + (f"; ours against plain DuckDB's: {', '.join(other)}" if other else "") + ".\n"


def _baseline(size: Size) -> str:
    found = {case: by["plain DuckDB"] for case, by in size.found.items() if "plain DuckDB" in by}
    names = next(iter(found.values()))[0].parts() if found else {}
    rows = [
        (name, *(f"{statistics.median(one.parts()[name]['cpu'] for one in found[case]):.2f}" for case in found))
        for name in names
    ]
    return table(("plain DuckDB, CPU s of each part", *found), rows, len(found))


def _profile(case: str, profile: Profile) -> str:
    head = ("part", "wall s", "CPU s", "share of wall")
    lines = table(head, _lines(profile.whole, profile.whole.wall, 0), 3)
    note = f"\nNot in the code any more: {', '.join(profile.missing)}.\n" if profile.missing else ""
    if profile.nodes:
        total = sum(seconds for _, seconds in profile.nodes)
        rows = [(name.partition(".")[2], f"{seconds:.2f}") for name, seconds in profile.slowest()]
        note += f"\ndbt: {len(profile.nodes)} nodes, {total:.2f} s in them over its threads; the slowest:\n\n"
        note += table(("node", "s"), rows, 1)
    return f"### Where the time goes: {case}\n\n{lines}{note}"


def _lines(stage: Stage, all_of_it: float, depth: int) -> Iterator[tuple[str, ...]]:
    indent = "&emsp;" * depth
    cpu = "" if stage.cpu is None else f"{stage.cpu:.2f}"
    yield f"{indent}{stage.name}", f"{stage.wall:.2f}", cpu, f"{stage.wall / all_of_it:.0%}"
    for part in stage.parts:
        yield from _lines(part, all_of_it, depth + 1)
    if stage.parts and stage.rest >= LEAST_REST:
        yield f"{indent}&emsp;everything else in it", f"{stage.rest:.2f}", "", f"{stage.rest / all_of_it:.0%}"
