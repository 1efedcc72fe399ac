"""An invented organisation with known truths, to try everything on: records, evidence, late filing, spoilt files.

In reading order: organisation (names), weeks (how often, how late), planted and plan with plan_lines and plan_fixes
(what is planted where), facts (what happened in one record), context, levers, analysis, evidence, actions, forward and
people (the sections, in the words of words_causes, words_factors and words_effects), record (its revisions), broken
(what does not fit), tally and truth (what is known of it all), writer (files in plain_yaml, or NDJSON in shards).
Nothing here knows how a query finds anything, and nothing reads the clock.
"""

from __future__ import annotations

from pathlib import Path

FEWEST, SHORTEST, LONGEST = 30, 26, 520  # incidents; weeks


def simulate(out: Path, incidents: int, seed: int, weeks: int, is_null: bool, as_ndjson: bool) -> dict:
    """Write the organisation into a new folder; returns its truth, which is written last, as truth.json.

    FileExistsError where the folder holds something: a mixture of two organisations would be true of neither.
    """
    import json

    from pipelines.simulate import plan, truth, writer
    from pipelines.simulate.tally import Tally

    if incidents < FEWEST or not SHORTEST <= weeks <= LONGEST:
        raise ValueError(f"at least {FEWEST} incidents, and {SHORTEST} to {LONGEST} weeks")
    out = Path(out)
    if out.exists() and any(out.iterdir()):
        raise FileExistsError(f"{out} is not empty; name a folder that does not exist yet")
    made, tally = plan.make(incidents, seed, weeks, is_null), Tally()
    for shard in writer.write(made, out, as_ndjson):
        tally.take(shard)
    found = truth.build(made, tally, writer.write_broken(made, out, as_ndjson))
    (out / "truth.json").write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return found
