"""Inline SVG from facts: weekly bars with their routine range, duration ticks, stacked bars by team.

Belongs here: where a mark stands. Every number, word and text alternative comes from the facts. Widths are percentages
and heights pixels, so that a chart fits a phone and a sheet of paper and its letters stay the size of the page's.
Colours are classes of the style sheet: both themes and print come from one drawing. No chart tells by colour alone.
"""

from datetime import date
from math import log10

from markupsafe import Markup

from pipelines.report import weeks

SLOTS = 26
STOPS = {
    1: "1 min", 10: "10 min", 60: "1 h", 360: "6 h", 1440: "1 d", 10080: "1 wk", 43200: "30 d", 525600: "1 y",
    5256000: "10 y",
}  # fmt: skip
DIAMOND = '<path class="signal" d="M0 0l5 5-5 5-5-5z"/>'
TOP, PLOT = 15, 56  # pixels above the bars for a label or a ◆, and of the bars
SHARE_STEPS = 400  # ticks nearer than a quarter of a percent are one mark; keeps a page of 2,000 incidents small


def weekly_bars(card: dict, cards: list[dict]) -> Markup:
    """One category; the scale is that of the largest count or range of all of them."""
    highest = max(_highest(week) for other in cards for week in other["weeks"])
    scale = _nice(highest)
    shown = card["weeks"][-SLOTS:]
    first_slot = SLOTS - len(shown)
    parts = [
        f'<line class="grid" x1="0" x2="100%" y1="{TOP}" y2="{TOP}"/>'
        f'<text class="axis" x="0" y="{TOP - 4}">{scale}</text>',
        f'<svg y="{TOP}" width="100%" height="{PLOT}" viewBox="0 0 {SLOTS * 10} {PLOT}" preserveAspectRatio="none">',
        _ribbon(shown, first_slot, scale),
        *(_bar(week, first_slot + i, scale) for i, week in enumerate(shown)),
        *(_likely(week, first_slot + i, scale) for i, week in enumerate(shown)),
        "</svg>",
        f'<line class="base" x1="0" x2="100%" y1="{TOP + PLOT}" y2="{TOP + PLOT}"/>',
        *(_diamond(first_slot + i, week, scale) for i, week in enumerate(shown) if week["is_signal"]),
        _bracket(card, shown, first_slot),
        _dates(shown, first_slot),
    ]
    return _svg("".join(parts), TOP + PLOT + 20, card["chart_text"])


def _highest(week: dict) -> int:
    return max(week["incidents"], week["routine_high"] or 0, week["likely_high"] or 0)


def _nice(highest: int) -> int:
    """The smallest 4, 5, 6, 8, 10, 12, 15, 20, 30, 40 … that holds it."""
    steps = [4, 5, 6, 8, 10, 12, 15] + [n * 10**power for power in range(1, 7) for n in (2, 3, 4, 5, 6, 8, 10)]
    return next(step for step in steps if step >= highest)


def _y(value: float, scale: int) -> float:
    return round(PLOT - PLOT * value / scale, 1)


def _ribbon(shown: list[dict], first_slot: int, scale: int) -> str:
    """The routine range as a stepped band, broken where a week was not judged."""
    runs: list[list[tuple[int, dict]]] = [[]]
    for slot, week in enumerate(shown, start=first_slot):
        if week["routine_high"] is None:
            runs.append([])
        else:
            runs[-1].append((slot, week))
    drawn = ""
    for run in filter(None, runs):
        top = "".join(f"V{_y(week['routine_high'], scale)}H{slot * 10 + 10}" for slot, week in run)
        bottom = "".join(f"V{_y(week['routine_low'], scale)}H{slot * 10}" for slot, week in reversed(run))
        start = f"M{run[0][0] * 10} {_y(run[0][1]['routine_high'], scale)}"
        drawn += f'<path class="band" d="{start}{top}{bottom}Z"/><path class="edge" d="{start}{top}"/>'
    return drawn


def _bar(week: dict, slot: int, scale: int) -> str:
    if not week["incidents"]:
        return ""
    kind = "signal" if week["is_signal"] else "bar" if _is_final(week) else "sofar"
    y = _y(week["incidents"], scale)
    return f'<rect class="{kind}" x="{slot * 10 + 2}" y="{y}" width="6" height="{round(PLOT - y, 1)}"/>'


def _is_final(week: dict) -> bool:
    return week["is_full"] and week["likely_high"] is None


def _likely(week: dict, slot: int, scale: int) -> str:
    """From the least to the most that is likely once all is filed."""
    if week["likely_high"] is None or week["likely_high"] == week["likely_low"]:
        return ""
    x = slot * 10 + 5
    return f'<path class="likely" d="M{x} {_y(week["likely_low"], scale)}V{_y(week["likely_high"], scale)}"/>'


def _at(slot: float) -> str:
    return f"{100 * slot / SLOTS:.2f}%"


def _diamond(slot: int, week: dict, scale: int) -> str:
    y = max(TOP + _y(week["incidents"], scale) - 12, 0)
    return f'<svg x="{_at(slot + 0.5)}" y="{y:.1f}" class="over">{DIAMOND}</svg>'


def _bracket(card: dict, shown: list[dict], first_slot: int) -> str:
    """A signal over several weeks has no bar of its own: a line under the weeks it covers, with the same ◆."""
    ends = [slot for slot, week in enumerate(shown, start=first_slot) if week["week"] == card["judged_week"]]
    if (card["signal_weeks"] or 1) == 1 or not ends:
        return ""
    y = TOP + PLOT + 5
    left, right = max(ends[0] + 1 - card["signal_weeks"], 0), ends[0] + 1
    return (
        f'<line class="span" x1="{_at(left)}" x2="{_at(right)}" y1="{y}" y2="{y}"/>'
        f'<svg x="{_at((left + right) / 2)}" y="{y - 5}" class="over">{DIAMOND}</svg>'
    )


def _dates(shown: list[dict], first_slot: int) -> str:
    first, last = (weeks.short_day(date.fromisoformat(shown[i]["week_on"])) for i in (0, -1))
    y = TOP + PLOT + 17
    end = f'<text class="axis" x="100%" y="{y}" text-anchor="end">{last}</text>'
    if first_slot > SLOTS - 8:
        return end  # the two would touch
    return f'<text class="axis" x="{_at(first_slot)}" y="{y}">{first}</text>{end}'


def duration_axis(rows: list[dict]) -> list[int]:
    """The stops of the logarithmic axis that hold every value of every row."""
    values = [max(minutes, 1) for row in rows for minutes in row["minutes"]]
    stops = list(STOPS)
    low = max((stop for stop in stops if stop <= min(values)), default=stops[0])
    high = min((stop for stop in stops if stop >= max(values) and stop > low), default=stops[-1])
    return [stop for stop in stops if low <= stop <= high]


def duration_ticks(row: dict, stops: list[int]) -> Markup:
    """One tick where there are values; ▲ the median, ▽ the 90th percentile."""
    places = sorted({round(_share(minutes, stops) * SHARE_STEPS) for minutes in row["minutes"]})
    path = "".join(f"M{place} 0v12" for place in places)
    parts = [_grid(stops, 16)]
    parts.append(
        f'<svg y="2" width="100%" height="12" viewBox="0 0 {SHARE_STEPS} 12" preserveAspectRatio="none" class="over">'
        f'<path class="tick" d="{path}"/></svg>'
    )
    for key, kind, shape in (("p50_minutes", "median", "M0 0l5 8h-10z"), ("p90_minutes", "p90", "M-4.5 .5h9l-4.5 7z")):
        if row[key] is not None:
            x = f"{100 * _share(row[key], stops):.2f}%"
            parts.append(f'<svg x="{x}" y="16" class="over"><path class="{kind}" d="{shape}"/></svg>')
    return _svg("".join(parts), 26, row["chart_text"])


def duration_scale(stops: list[int]) -> Markup:
    labels = ""
    for stop in stops:
        share = _share(stop, stops)
        if 0 < share < 0.12 or 0.88 < share < 1:
            continue  # its label would touch that of the end on a phone
        anchor = "start" if stop == stops[0] else "end" if stop == stops[-1] else "middle"
        x = f"{100 * share:.2f}%"
        labels += f'<text class="axis" x="{x}" y="10" text-anchor="{anchor}">{STOPS[stop]}</text>'
    return Markup(f'<svg class="chart" height="13" aria-hidden="true">{labels}</svg>')


def _share(minutes: float, stops: list[int]) -> float:
    low, high = log10(stops[0]), log10(stops[-1])
    return min(max((log10(max(minutes, 1)) - low) / (high - low), 0), 1)


def _grid(stops: list[int], height: int) -> str:
    places = [f"{100 * _share(stop, stops):.2f}%" for stop in stops]
    return "".join(f'<line class="grid" x1="{x}" x2="{x}" y1="0" y2="{height}"/>' for x in places)


def team_bar(row: dict, most: int) -> Markup:
    """Stacked, late first: solid, hatched, plain and dotted, so that it reads without colour."""
    x, parts = 0.0, []
    for key in ("late_over_30", "late", "on_time", "no_due_date"):
        if row[key]:
            width = 100 * row[key] / most
            parts.append(f'<rect class="{key}" x="{x:.2f}%" width="{width:.2f}%" height="9"/>')
            x += width
    return _svg("".join(parts), 10, row["text"])


def _svg(content: str, height: int, text: str) -> Markup:
    opening = Markup('<svg class="chart" height="{}" role="img" aria-label="{}">').format(height, text)
    return opening + Markup(content + "</svg>")
