"""Time by process, before the reform and under it."""

from __future__ import annotations

from argparse import Namespace

from report import Report
from timing import BEFORE, UNDER, Clock, city_at, go_to, quarters


def measure(asked: Namespace, report: Report) -> None:
    """Each place, one thread."""
    for place in asked.places:
        city = city_at(place, BEFORE)
        clock, people = Clock(city), len(city.residents)
        for when, week in (("before the reform", BEFORE), ("under the reform", UNDER)):
            go_to(city, week)
            spent = quarters(clock, asked.repeats)
            for process, each in [("the whole week", spent.sum()), *spent.sort_values(ascending=False).items()]:
                report.row(
                    f"Time by process: {place}, {people:,} residents, {when}",
                    str(process),
                    {
                        "ms a week": 1e3 * each,
                        "ns per resident-week": 1e9 * each / people,
                        "share": f"{each / spent.sum():.1%}",
                    },
                )
