"""The door of the weekly page: an open read-only warehouse in, three files out. Does not belong here: content."""

import os
from datetime import datetime
from pathlib import Path

from pipelines.report import facts, render_html, render_markdown


def write(con, week: str, as_of: datetime, out_dir: Path, code_version: str) -> dict[str, Path]:
    """facts.json, weekly.md and weekly.html in `out_dir`; each is whole or not there."""
    built = facts.build(con, week, as_of, code_version)
    pages = {
        "markdown": ("weekly.md", render_markdown.render(built).encode()),
        "html": ("weekly.html", render_html.render(built).encode()),
        # last: a run holds it against the warehouse to see whether the page was finished
        "facts": ("facts.json", facts.to_bytes(built)),
    }
    out_dir.mkdir(parents=True, exist_ok=True)
    _drop_drafts(out_dir)
    return {kind: _replace(out_dir / name, content) for kind, (name, content) in pages.items()}


def _replace(path: Path, content: bytes) -> Path:
    """A reader must never see half a page: written beside, then renamed."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_bytes(content)
    return draft.replace(path)


def _drop_drafts(folder: Path) -> None:
    """What processes left that died while they wrote here."""
    for draft in folder.glob(".*.*.*"):
        if draft.suffix[1:].isdigit() and not Path("/proc", draft.suffix[1:]).exists():
            draft.unlink(missing_ok=True)
