"""ISO weeks and days as the page writes them, in English whatever the locale of the machine.

Belongs here: the reading of `2026-W47` and the words for days. Does not belong here: which week is judged.
"""

import re
from datetime import UTC, date, datetime, timedelta

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def monday(week: str) -> date:
    """The first day of an ISO week; anything but YYYY-Www that the calendar holds is a ValueError."""
    match = re.fullmatch(r"(\d{4})-W(\d{2})", week, flags=re.ASCII)
    try:
        return date.fromisocalendar(int(match[1]), int(match[2]), 1)
    except (TypeError, ValueError):
        raise ValueError(f"{week!r} is not an ISO week of the calendar; write it as 2026-W47") from None


def sunday(week: str) -> date:
    return monday(week) + timedelta(days=6)


def number(week: str) -> int:
    return int(week[-2:])


def day(value: date) -> str:
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def short_day(value: date) -> str:
    return f"{value.day} {MONTHS[value.month - 1][:3]}"


def dated(value: date) -> str:
    """Where a column is narrow."""
    return f"{short_day(value)} {value.year}"


def span(first: date) -> str:
    """Monday to Sunday, with no more months and years than it takes."""
    last = first + timedelta(days=6)
    if first.year != last.year:
        return f"{day(first)} – {day(last)}"
    if first.month != last.month:
        return f"{first.day} {MONTHS[first.month - 1]} – {day(last)}"
    return f"{first.day}–{day(last)}"


def instant(value: datetime) -> str:
    """To the minute and with its zone; the exact instant stands in the parameters of each figure."""
    utc = value.astimezone(UTC)
    return f"{day(utc.date())}, {utc:%H:%M} UTC"
