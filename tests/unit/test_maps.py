"""The maps a stranger reads by are whole and true: a folder's docstring names its modules, a docstring names files that
are there.

Not here: README and CONTRIBUTING (tests/integration/test_docs.py), and whether what is said of a module is so.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from pipelines.settings import ROOT

PIPELINES = ROOT / "pipelines"
MODULES = sorted([*PIPELINES.rglob("*.py"), *(ROOT / "benchmarks").rglob("*.py"), *(ROOT / "tests").rglob("*.py")])
# Made at set-up, or told of as an example.
MADE = {"_generated.sql", "_generated.yml"}
NAMED = re.compile(r"(?<![\w/.*-])((?:[\w.]+/)*[a-z_]\w*\.(?:py|sql))\b")


def said(path: Path) -> str:
    return ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""


def folders() -> list[Path]:
    return [path.parent for path in sorted(PIPELINES.rglob("__init__.py")) if said(path)]


@pytest.mark.parametrize("folder", folders(), ids=lambda folder: str(folder.relative_to(ROOT)))
def test_the_docstring_of_a_folder_names_each_module_in_it(folder: Path) -> None:
    text = said(folder / "__init__.py")
    inside = {path.stem for path in folder.glob("*.py")} | {path.parent.name for path in folder.glob("*/__init__.py")}
    assert sorted(name for name in inside - {"__init__", "__main__"} if not re.search(rf"\b{name}\b", text)) == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_that_a_docstring_names_is_there(path: Path) -> None:
    from_here = (path.parent, path.parent.parent, ROOT, PIPELINES)
    named = {name for name in NAMED.findall(said(path)) if Path(name).name not in MADE}
    assert sorted(name for name in named if not any((folder / name).exists() for folder in from_here)) == []
