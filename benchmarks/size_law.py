"""The size law at full scale: do the two largest places agree in six outcomes and in the effect of the policy?

The method is that of ``tests/laws/test_size.py``, where a street is held against a district: two one-sided Welch tests,
so that the 90% interval of the relative difference of the means over seeds must lie inside 10%.
"""

from __future__ import annotations

from argparse import Namespace

from report import Report
from test_size import WITHIN, Samples, interval, measured


def measure(asked: Namespace, report: Report) -> None:
    """Twice as many seeds of the smaller place, which has more luck in it."""
    small, large = asked.places[-2:]
    samples: dict[str, Samples] = {small: {}, large: {}}
    for place, seeds in ((small, 2 * asked.repeats), (large, asked.repeats)):
        for seed in range(1, seeds + 1):
            found = measured(place, [seed])
            report.row(f"Outcomes of {place}", f"seed {seed}", {name: value for name, (value,) in found.items()})
            for name, value in found.items():
                samples[place].setdefault(name, []).extend(value)
    for name, values in samples[small].items():
        low, high = interval(values, samples[large][name])
        report.row(
            f"Do {small} and {large} agree within {WITHIN:.0%}?",
            name,
            {
                small: sum(values) / len(values),
                large: sum(samples[large][name]) / len(samples[large][name]),
                "difference from": f"{low:+.2%}",
                "to": f"{high:+.2%}",
                "agree": "yes" if -WITHIN < low <= high < WITHIN else "not shown",
            },
        )
