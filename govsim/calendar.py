"""The calendar: a step is a week of five working days; week 0 begins on 4 September 2017.

Working days count from the start of the warm-up, weeks of the timeline from the reform (so the warm-up has
negative weeks).
"""

from __future__ import annotations

from datetime import date, timedelta

__all__ = ["EPOCH", "QUARTER", "WEEKS_A_YEAR", "WORKING_DAYS", "monday", "week_of"]

EPOCH = date(2017, 9, 4)
"""Monday of week 0, in which the coordinating committee is set up (``committee.start``)."""

WORKING_DAYS = 5
QUARTER = 13
"""Weeks in a quarter."""
WEEKS_A_YEAR = 52


def week_of(day: str) -> int:
    """Week of the timeline in which an ISO date falls."""
    return (date.fromisoformat(day) - EPOCH).days // 7


def monday(week: int) -> date:
    """First day of a week of the timeline."""
    return EPOCH + timedelta(weeks=week)
