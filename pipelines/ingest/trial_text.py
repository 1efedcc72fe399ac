"""A trial of a source as a person reads it, and as a program does. Here: words and tables. Not here: the trial
(trial.py).

Order: what the reader gives, what the mapping makes of it, which fields it fills, what it sets aside, words it has no
counterpart for; last what to do next.
"""

from __future__ import annotations

import textwrap
from collections import Counter
from typing import Any

import yaml

from pipelines.ingest.readers.text import printable, shortened
from pipelines.ingest.trial import Trial
from pipelines.others_words import for_json, for_terminal
from pipelines.terminal import rows_as_table

MOST_CHARACTERS, MOST_LINES, MOST_LISTED = 160, 40, 20


def as_text(trial: Trial) -> str:
    """The whole of it, for a terminal."""
    parts = [_head(trial)]
    if trial.sample:
        parts += [f"The reader gives `{name}`; the first:\n{_rows(rows)}" for name, rows in trial.sample.items()]
    if trial.records:
        first = trial.records[0]
        parts.append(f"Made of {printable(first['path'])}:{first['line']}:\n{_indented(_yaml(first['record']))}")
        parts.append(_coverage(trial))
    parts += [_set_aside(trial), _words(trial), _twice(trial), _next(trial)]
    return "\n\n".join(part for part in parts if part)


def as_json(trial: Trial) -> str:
    """The same for a program; every record and fault that was read, not only the first."""
    return for_json(
        {
            "source": trial.source.name,
            "files": trial.files,
            "ignored": trial.ignored,
            "skipped": trial.skipped,
            "is_cut": trial.is_cut,
            "sample": trial.sample,
            "records": trial.records,
            "set_aside": trial.faults,
            "coverage": dict(sorted(trial.coverage.items())),
            "asked_and_in_no_record": trial.asked,
            "unmapped": [{"field": f, "word": w, "n": n} for (f, w), n in sorted(trial.unmapped.items())],
            "given_twice": trial.given_twice,
        }
    )


def _head(trial: Trial) -> str:
    source = trial.source
    counts = [f"{_counted(trial.files, 'file')} at {source.base / source.pattern}"]
    counts += [f"{trial.ignored} ignored"] if trial.ignored else []
    records = f"{_counted(len(trial.records), 'record')} fit, {trial.set_aside} set aside"
    records += f", {trial.skipped} skipped" if trial.skipped else ""
    records += "; there are more (--most reads further)" if trial.is_cut else ""
    return f"{source.name} ({source.reader}): {', '.join(counts)}. {records}. Nothing was written."


def _rows(rows: list[dict]) -> str:
    if len(rows[0]) > 8 or any(len(str(value)) > MOST_CHARACTERS for value in rows[0].values()):
        return _indented("\n".join(f"{name}: {_short(value)}" for name, value in rows[0].items()))
    return _indented(rows_as_table(list(rows[0]), [tuple(_short(value) for value in row.values()) for row in rows]))


def _short(value: Any) -> str:
    text = "∅" if value is None else printable(" ".join(str(value).split()))
    return text if len(text) <= MOST_CHARACTERS else f"{text[: MOST_CHARACTERS - 1]}…"


def _yaml(record: dict) -> str:
    lines = yaml.safe_dump(record, sort_keys=False, allow_unicode=True, width=110).splitlines()
    more = [f"… {len(lines) - MOST_LINES} more lines"] if len(lines) > MOST_LINES else []
    return for_terminal("\n".join(lines[:MOST_LINES] + more))


def _coverage(trial: Trial) -> str:
    n = len(trial.records)
    said = Counter({path: count for (path, _), count in trial.states.items()})
    shown = [path for path in dict.fromkeys([*trial.coverage, *said]) if not path.endswith("[]")]
    rows = [(path, trial.coverage[path], said[path], f"{trial.coverage[path] / n:.0%}") for path in shown]
    table = rows_as_table(
        ["field", "records", "said unknown", "share"], sorted(rows, key=lambda row: (-row[1], row[0]))
    )
    missing = ", ".join(path for path in trial.asked if "[]" not in path)
    asked = f"Asked of a published record, and in none of these: {missing}."
    return f"Fields over {_counted(n, 'record')}:\n{_indented(table)}" + (
        f"\n{textwrap.fill(asked, MOST_CHARACTERS - 40)}" if missing else ""
    )


def _set_aside(trial: Trial) -> str:
    if not trial.faults:
        return ""
    codes = Counter(fault["code"] for fault in trial.faults)
    lines = [f"Set aside, by code: {', '.join(f'{code} × {count}' for code, count in codes.most_common())}"]
    for fault in trial.faults[:MOST_LISTED]:
        place = ":".join(printable(str(part)) for part in (fault["path"], fault["line"], fault["column"]) if part)
        named = f" {fault['field']}" if fault["field"] else ""
        lines.append("  " + printable(f"{place}: {fault['code']}{named}: {fault['message']}; {fault['fix']}"))
    more = len(trial.faults) - MOST_LISTED
    return "\n".join(lines + ([f"  … {more} more (--json has all)"] if more > 0 else []))


def _words(trial: Trial) -> str:
    if not trial.unmapped:
        return ""
    found = ", ".join(
        f"{printable(field)}: {shortened(word)!r} × {n}" for (field, word), n in trial.unmapped.most_common()
    )
    return f"Words without a counterpart (left out; write them into `words` or `word_files`): {found}"


def _twice(trial: Trial) -> str:
    if not trial.given_twice:
        return ""
    named = ", ".join(trial.given_twice[:MOST_LISTED])
    return (
        f"Ids given more than once ({len(trial.given_twice)}): {named}. A run would keep both and call it a conflict."
    )


def _next(trial: Trial) -> str:
    if trial.set_aside or not trial.records:
        return f"Next: mend, and `faultlines source try {trial.source.name}` again."
    return "Next: `faultlines run` takes it in."


def _counted(n: int, thing: str) -> str:
    return f"{n} {thing}{'' if n == 1 else 's'}"


def _indented(text: str) -> str:
    return "\n".join(f"  {line}".rstrip() for line in text.splitlines())
