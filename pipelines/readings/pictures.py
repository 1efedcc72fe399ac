"""Inline SVG of a reading: the phases on one scale, and a mark for each cell of the matrix.

Here: where a mark stands. Every word, number and text alternative comes from the facts. As in report/charts.py widths
are percentages, heights pixels and colours classes, so that one drawing serves screen, phone, dark and print.
"""

from __future__ import annotations

from markupsafe import Markup, escape

ROW, BAR = 36, 22  # pixels of a phase's row, and from its top to the middle of its line
# A fault that lay unseen for months would leave the rest of an incident a hair: what lies further back than the rest is
# long stands at the left edge, with a break in its line.
BREAK = 1.0
EDGE = 6.0  # percent of the width before the break
NARROWEST = 1.2  # percent of the width at which dashes are still seen as such
MARKS = {
    "strongly_for": "M-6 0h12M0 -6v12",
    "for": "M-3.5 0h7M0 -3.5v7",
    "neutral": "M-2.5 0h5",
    "against": "M-3.2 -3.2l6.4 6.4M3.2 -3.2l-6.4 6.4",
    "strongly_against": "M-5.5 -5.5l11 11M5.5 -5.5l-11 11",
}


def phases(rows: list[dict], text: str) -> Markup:
    """One line for each moment that is known, from the moment before it to itself; ≈ where it is an estimate."""
    shown = [row for row in rows if row["start"] is not None]
    if not shown:
        return Markup("")
    place = _scale(shown)
    parts = []
    before = place(shown[0]["start"])
    for n, row in enumerate(shown):
        top = n * ROW
        x, end = place(row["start"]), place(row["end"])
        said = ("≈ " if row["is_estimated"] else "") + "".join(run["text"] for run in row["value"])
        parts.append(
            f'<text class="phase" x="0" y="{top + 12}">{escape(row["name"])}</text>'
            f'<text class="axis" x="100%" y="{top + 12}" text-anchor="end">{escape(said)}</text>'
            f'<line class="grid" x1="0" x2="100%" y1="{top + BAR}" y2="{top + BAR}"/>'
            f'<line class="wait" x1="{min(before, x):.2f}%" x2="{x:.2f}%" y1="{top + BAR}" y2="{top + BAR}"/>'
        )
        if row["end"] > row["start"]:  # a day or month: the moment may lie anywhere in it
            width = max(end - x, NARROWEST)
            parts.append(f'<rect class="open" x="{x:.2f}%" y="{top + BAR - 4}" width="{width:.2f}%" height="8"/>')
        else:
            parts.append(f'<circle class="moment" cx="{x:.2f}%" cy="{top + BAR}" r="4"/>')
        before = x
    if _breaks(shown):
        x = f"{EDGE * 0.6:.2f}%"
        parts.append(f'<svg x="{x}" y="{ROW + BAR}" class="over"><path class="break" d="M-3 5l3 -10M1 5l3 -10"/></svg>')
    return _svg("".join(parts), len(shown) * ROW, text, "chart phases")


def mark(cell: dict, text: str) -> Markup:
    """+ for, × against, – neutral, larger where strongly; nothing where it is not stated."""
    drawn = MARKS.get(cell["consistency"])
    if not drawn:
        return Markup("")
    kind = "against" if "against" in cell["consistency"] else "neutral" if cell["consistency"] == "neutral" else "for"
    return (
        Markup('<svg class="mark" width="16" height="16" viewBox="-8 -8 16 16" role="img" aria-label="')
        + text
        + Markup(f'"><path class="{kind}" d="{drawn}"/></svg>')
    )


def _breaks(shown: list[dict]) -> bool:
    first, *others = shown
    if first["field"] != "introduced_at" or len(others) < 2:
        return False
    start, end = others[0]["start"], max(row["end"] for row in others)
    return start - first["start"] > BREAK * (end - start)


def _scale(shown: list[dict]):
    """Minutes → percent of the width."""
    is_broken = _breaks(shown)
    start = shown[1]["start"] if is_broken else min(row["start"] for row in shown)
    length = max(max(row["end"] for row in shown) - start, 1)
    left, right = (EDGE + 2 if is_broken else 1), 99

    def place(minutes: float) -> float:
        if is_broken and minutes < start:
            return 1.0
        return left + (right - left) * (minutes - start) / length

    return place


def _svg(content: str, height: int, text: str, kind: str) -> Markup:
    opening = Markup('<svg class="{}" height="{}" role="img" aria-label="{}">').format(kind, height, text)
    return opening + Markup(content + "</svg>")
