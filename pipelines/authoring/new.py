"""`faultlines new`: a draft from a few answers, as one file that was not there before.

Here: the order of things: answers, id, folder, file. Not here: the conversation (questions.py), the text (skeleton.py),
how the file comes to be (place.py), the terminal (cli/authoring.py).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import yaml

from pipelines import clock
from pipelines.authoring import ids, place
from pipelines.authoring.outline import outline
from pipelines.authoring.questions import DOMAIN, Judge, Question, converse, nested, of_draft, of_pack, unreadable
from pipelines.authoring.skeleton import skeleton
from pipelines.contract import bundle
from pipelines.contract.asked import stages
from pipelines.ingest.admit import Admitted, Gatekeeper
from pipelines.ingest.validate import Contract
from pipelines.settings import ROOT, SCHEMAS, Settings, SettingsError, Source


@dataclass(frozen=True)
class Written:
    """The file, and what its author should know: that no source reads it, for one."""

    path: Path
    remarks: tuple[str, ...]


def write(
    settings: Settings,
    given: dict[str, str],
    upto: str,
    folder: Path | None = None,
    identity: str | None = None,
    ask: Callable[[str], str] | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Written:
    """Write a draft of what was given (question's name -> answer) and, where there is somebody to `ask`, answered.

    SettingsError where an answer is missing or wrong, or the file is there already; OSError where it cannot be written:
    then there is none.
    """
    if identity and (problem := unreadable(identity)):
        raise SettingsError(f"--id: {problem}")
    source = _source(settings, folder)
    folder = folder or source.base
    schema = bundle.load(SCHEMAS)
    _check_stage(schema, upto)
    judge = Judge(Gatekeeper(Contract(schema), b""), source)
    answers = _answers(schema, given, judge, ask, say)
    with place.alone(settings.file):
        path = _written(settings, judge, answers, upto, folder, identity)
    remark = f"no source of {settings.file.name} reads {path}; name its folder in a `glob`"
    return Written(path, () if _is_read(settings, path) else (remark,))


def _written(
    settings: Settings, judge: Judge, answers: dict[str, str], upto: str, folder: Path, identity: str | None
) -> Path:
    """The draft as a file, under the id given or the next one."""
    schema = judge.keeper.contract.schema
    files = ids.files_of(settings)
    if identity and ids.is_taken(files, identity):
        raise SettingsError(f"there is a record {identity} already; choose another id, or write into that one")
    wanted = identity or ids.next_id(files, clock.now().year)
    record = _draft(judge, answers | {"id": wanted})
    _check(judge, record)
    plan = outline(schema, record.get("category"), record.get("domain"))
    norms = yaml.safe_load((SCHEMAS / "norms.yml").read_text(encoding="utf-8"))
    folder.mkdir(parents=True, exist_ok=True)

    def text(identity: str) -> str:
        return skeleton(plan, norms, record | {"id": identity}, upto, schema_line(folder))

    return place.exclusively(folder, wanted, text, is_fixed=identity is not None)


def schema_line(folder: Path) -> str:
    """The line by which editors find the schema; relative within this checkout, so that it holds in every copy."""
    target = SCHEMAS / bundle.GENERATED
    is_near = folder.resolve().is_relative_to(ROOT)
    return f"# yaml-language-server: $schema={os.path.relpath(target, folder.resolve()) if is_near else target}"


def _source(settings: Settings, folder: Path | None) -> Source:
    """The source the record will belong to: that of the folder, else the first of records people write."""
    sources = list(ids.native(settings))
    if not sources:
        raise SettingsError(
            f"{settings.file} declares no source with `reader: native`; a record needs one to be read by"
        )
    near = [one for one in sources if folder and folder.resolve().is_relative_to(one.base.resolve())]
    return (near or sources)[0]


def _check_stage(schema: dict, stage: str) -> None:
    written = stages(schema)[1:]  # `imported` is not for people to write
    if stage not in written:
        raise SettingsError(f"--stage: no stage {stage!r}; write one of {', '.join(written)}")


def _answers(
    schema: dict, given: dict[str, str], judge: Judge, ask: Callable[[str], str] | None, say: Callable[[str], None]
) -> dict[str, str]:
    """Field -> answer: of what every draft is asked, then of what the domain's pack asks of it."""
    questions = list(of_draft(schema))
    answers = _answered(questions, given, judge, ask, say)
    if DOMAIN in answers:
        questions += (own := list(of_pack(schema, answers[DOMAIN])))
        answers |= _answered(own, given, judge, ask, say)
    if unknown := given.keys() - {one.name for one in questions}:
        raise SettingsError(f"a draft is not asked for {', '.join(sorted(unknown))}; write it into the file")
    return answers


def _answered(
    questions: list[Question],
    given: dict[str, str],
    judge: Judge,
    ask: Callable[[str], str] | None,
    say: Callable[[str], None],
) -> dict[str, str]:
    """Field -> answer. What is given is judged first, so that nobody answers six questions for nothing."""
    answers = {one.field: one.meant(given[one.name]) for one in questions if one.name in given}
    wrong = [
        f"{one.option}: {problem}"
        for one in questions
        if one.field in answers and (problem := judge.problem(one, answers[one.field]))
    ]
    if wrong:
        raise SettingsError("\n".join(wrong))
    open_ones = [one for one in questions if one.field not in answers]
    if ask:
        return answers | converse(open_ones, judge, ask, say)
    if missing := [one.option for one in open_ones if one.is_needed]:
        raise SettingsError(f"still needed, since nobody can be asked here: {', '.join(missing)}")
    return answers


def _draft(judge: Judge, answers: dict[str, str]) -> dict:
    """The record in the contract's order, a number where one is asked for."""
    contract = judge.keeper.contract
    record = contract.typed(nested({"schema_version": judge.version, "stage": "draft"}, answers))
    return {key: record[key] for key in contract.schema["properties"] if key in record}


def _check(judge: Judge, record: dict) -> None:
    """SettingsError with all that stands against the record as a draft."""
    outcome = judge.keeper.admit(judge.source, nested(record, {}), dict)
    if not isinstance(outcome, Admitted):
        raise SettingsError("\n".join(f"{fault.field}: {fault.message}; {fault.fix}" for fault in outcome[0]))


def _is_read(settings: Settings, path: Path) -> bool:
    return any(found.samefile(path) for found in ids.files_of(settings))
