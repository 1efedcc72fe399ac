"""How numbers and people's words are written on a page. Does not belong here: sentences (sentences.py)."""

import unicodedata

UNCATEGORISED = "unknown"


def plain(text: str | None, longest: int = 120) -> str:
    """One printable line of somebody else's text.

    Control, format (bidi, zero-width) and surrogate characters go: they break charts, hide text or turn it round.
    Price: an emoji joined from several falls apart into them.
    """
    kept = "".join(" " if c in "\t\n\r" else c for c in text or "")
    kept = "".join(c for c in kept if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
    kept = " ".join(kept.split())
    return kept if len(kept) <= longest else kept[: longest - 1].rstrip() + "…"


def words(code: str) -> str:
    """A word of a vocabulary as people read it."""
    return plain(code).replace("_", " ")


def category(code: str) -> str:
    """A category begins a line, so it begins with a capital; `unknown` is what nobody categorised."""
    if code == UNCATEGORISED:
        return "Not categorised"
    return words(code)[:1].upper() + words(code)[1:]


def category_said(code: str) -> str:
    """The same inside a sentence."""
    name = "incidents not categorised" if code == UNCATEGORISED else category(code)
    return name[:1].lower() + name[1:]


def rate(value: float) -> str:
    return f"{value:.2f}" if value < 1 else f"{value:.1f}"


def amount(value: float) -> str:
    """A ratio or an expected count, with no more digits than it bears."""
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}" if value >= 0.1 or value == 0 else "<0.1"


def part(share: float) -> str:
    return f"{100 * share:.0f} %"


def hours(minutes: float | None) -> str:
    return "–" if minutes is None else f"{minutes / 60:,.0f} h" if minutes >= 600 else f"{minutes / 60:.1f} h"


def span_of(n: int, of: int) -> str:
    return f"{n} of {of}"


def team(name: str | None) -> str:
    return plain(name, 80) if name and plain(name) else "no team stated"


def count(n: int, noun: str, plural: str = "") -> str:
    return f"{n:,} {noun if n == 1 else plural or noun + 's'}"


def duration(minutes: float | None) -> str:
    """In the unit people would say, three digits at most; never a mix of two units, which columns hide."""
    if minutes is None:
        return "–"
    if minutes < 120:
        return f"{minutes:.0f} min"
    if minutes < 48 * 60:
        return f"{_three_digits(minutes / 60)} h"
    return f"{_three_digits(minutes / 1440)} d"


def _three_digits(value: float) -> str:
    return f"{value:.1f}" if value < 100 else f"{value:,.0f}"


def span(low: float, high: float) -> str:
    return f"{low:g}–{high:g}"


def listed(names: list[str]) -> str:
    """a, b and c."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
