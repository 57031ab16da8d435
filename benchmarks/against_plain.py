"""The city against the plain model: the same weeks of the same place, one object a resident in the other."""

from __future__ import annotations

from argparse import Namespace
from statistics import median

from docking import differences, take
from report import Report
from timing import UNDER, city_at, seconds


def measure(asked: Namespace, report: Report) -> None:
    """A community, then the largest place that the plain model does in a few minutes."""
    for place, weeks in (("community", 10 * asked.repeats), (str(asked.plain_residents), asked.repeats)):
        city = city_at(place, UNDER)
        plain = take(city)
        before = list(differences(city, plain))
        times = [(seconds(city.step), seconds(plain.step)) for _ in range(weeks)]
        after = list(differences(city, plain))
        people = len(city.residents)
        fast, slow = (1e9 * median(each) / people for each in zip(*times, strict=True))
        report.row(
            "The city and the plain model, one thread each",
            f"{people:,} residents",
            {
                "weeks": weeks,
                "city, ns per resident-week": fast,
                "plain model, ns per resident-week": slow,
                "ratio": slow / fast,
                "differences before": len(before),
                "differences after": len(after),
            },
        )
        if before or after:
            raise AssertionError(f"not docked: {(before + after)[:5]}")
