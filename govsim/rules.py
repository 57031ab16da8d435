"""The rules in force: what policies and shocks may change and processes may read.

The rules of a week are built anew from the policies whose dates cover it, and from the shock if it covers it,
``min(cap, (base + sum of adds) * product of scales)``, policies sorted by name. What ends needs no undoing, and two
policies on one rule combine.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from govsim.calendar import monday, week_of
from govsim.config.arrangements import Arrangements
from govsim.config.scenario import Scenario
from govsim.policies.base import ADD, Instrument

__all__ = ["RULES", "Rule", "Rules", "Timeline"]


@dataclass(frozen=True)
class Rule:
    """A rule that policies and shocks may write: its unit, meaning and cap."""

    unit: str
    meaning: str
    cap: float
    base: str | float = 0.0  # a field of Arrangements, or a number


RULES: dict[str, Rule] = {
    "committee_departments": Rule("departments", "departments under the coordinating committee", 44),
    "committee_hours": Rule("hours a week", "meeting time in which the committee rules on classes of cases", 80),
    "committee_authority": Rule("1", "how much a ruling counts for those whom it goes against", 1),
    "committee_joint": Rule("1", "whether the committee orders departments to act at once", 1),
    "leading_group": Rule("1", "how fully a leading group above the committee backs what is not heeded", 1),
    "list_coverage": Rule("1", "share of ambiguity that a published responsibility list removes", 1),
    "fund_yuan": Rule("yuan per community and year", "earmarked community fund", 1e7),
    "workers_per_grid": Rule("workers per grid", "full-time workers", 5, "workers_per_grid"),
    "grid_integrated": Rule("1", "one patrol looks for all kinds, instead of one line's inspectors each", 1),
    "branch_hours": Rule("1", "branch working time relative to before", 10, 1.0),
    "office_hours": Rule("1", "street and community working time relative to before", 10, 1.0),
    "worker_hours": Rule("hours a week", "working week of a grid worker", 100, "worker_hours"),
    "demand": Rule("1", "how often new cases arise relative to before", 10, 1.0),
    "party_hours": Rule("hours per community and week", "organisers who find members and found organisations", 200),
    "party_links": Rule("1", "share of compounds whose owners and property company the street brings together", 1),
    "pledge_drive": Rule("1", "how strongly work units ask their members to pledge where they live", 2),
    "owners_support": Rule("hours per community and week", "organised help with votes for owners' committees", 100),
    "covenant_drive": Rule("hours per community and week", "organised work on neighbourhood covenants", 100),
    "channels": Rule("1", "share of projects that residents choose", 1),
    "visits": Rule("visits per 1,000 residents and week", "most visits to households that are in the way", 20),
    "visit_pressure": Rule("1", "how hard visitors press", 1),
    "visit_compensation": Rule("yuan", "what a household that gives in is paid", 1e5),
    "pilots": Rule("buildings per community", "pilot buildings that are renovated first", 10),
    "works_yuan": Rule("yuan per resident and year", "money for renovating compounds", 5_000),
    "platform": Rule("1", "share of services that the citizens' platform has online", 1),
    "venues": Rule("venues per 10,000 residents", "free venues for culture groups", 40),
    "stations": Rule("1", "share of compounds large enough that have a service station", 1),
    "alliance_hours": Rule("hours per community and week", "time that partner units give", 400),
    "gates": Rule("1", "share of compounds with security gates", 1),
    "sunk_share": Rule("1", "share of the steps that streets could take which they finish themselves", 1),
    "sunk_hours": Rule("1", "branch time for such steps that moves to streets, 1 = all of it", 2),
    "fund_by_reported": Rule("1", "whether the fund follows what residents report", 1),
    "fund_by_patrol": Rule("1", "whether the fund follows what patrols find per hour", 1),
    "fund_by_true_need": Rule("1", "whether the fund follows true unmet need", 1),
    "match_rate": Rule("1", "yuan that enterprises of mean weight are asked for, for each yuan of a project", 5),
    "certificates": Rule("items", "certificates a community must issue", 400, "certificates"),
}

Rules = namedtuple("Rules", list(RULES))  # pyright: ignore[reportUntypedNamedTuple]
"""One float a rule, in the order of :data:`RULES`; handed to kernels as it is."""


class Timeline:
    """Dated policies and a dated shock, and the rules they add up to in any week.

    An instrument may be changed under way: then it stands here several times, each with the dates of its own.

    Attributes:
        policies: dated instruments, sorted by name and date.
    """

    def __init__(
        self, policies: Mapping[str, Instrument], before: Arrangements, scenario: Scenario | None = None
    ) -> None:
        self._before = before
        self._shock = scenario or Scenario()
        self._shocked = self._shock.during
        self._campaigns_end = week_of(self._shock.campaigns_end) if self._shock.campaigns_end else None
        self._last: tuple[list[Instrument], bool] | None = None
        self._set(policies.values())

    def running(self, week: int) -> list[Instrument]:
        """The policies whose dates cover a week, sorted by name; none in the warm-up, no campaign once these ended."""
        over = self._campaigns_end is not None and week >= self._campaigns_end
        return [
            p
            for p, (start, end) in zip(self.policies, self._weeks, strict=True)
            if max(start, 0) <= week and (end is None or week < end) and not (p.campaign and over)
        ]

    def change(self, week: int, name: str, instrument: Instrument | None) -> None:
        """From a week on another form of an instrument is in force, or none of it, whatever was to come.

        What was in force before that week stays, and ends there. A form that is in force already goes on undivided.

        Args:
            week: week of the timeline.
            name: which instrument.
            instrument: its new form; it begins in this week and ends on its own date.
        """
        week = max(week, 0)
        day = monday(week).isoformat()
        of_it = [policy for policy in self.policies if policy.name == name and week_of(policy.start) < week]
        lasts = bool(of_it) and (not of_it[-1].end or week_of(of_it[-1].end) >= week)
        if instrument and lasts and replace(instrument, start=of_it[-1].start, end=of_it[-1].end) == of_it[-1]:
            of_it[-1] = replace(of_it[-1], end=instrument.end)
        else:
            if lasts:
                of_it[-1] = replace(of_it[-1], end=day)
            of_it += [replace(instrument, start=day)] if instrument else []
        self._set([*(policy for policy in self.policies if policy.name != name), *of_it])

    def in_force(self, week: int) -> Rules:
        """The rules of one week; weeks before 0 are the warm-up, in which no policy runs.

        They are summed again only when other policies run, or other forms of them, than when last asked.
        """
        now = (self.running(week), week in self._shocked)
        if now != self._last:
            self._last, self._rules = now, self._sum(*now)
        return self._rules

    def _set(self, policies: Iterable[Instrument]) -> None:
        self.policies = sorted(policies, key=lambda p: (p.name, p.start))
        self._weeks = [(week_of(p.start), week_of(p.end) if p.end else None) for p in self.policies]

    def _sum(self, policies: list[Instrument], shocked: bool) -> Rules:
        base = {k: getattr(self._before, r.base) if isinstance(r.base, str) else r.base for k, r in RULES.items()}
        factor = dict.fromkeys(RULES, 1.0)
        terms = [term for policy in policies for term in policy.rules(self._before)]
        terms += self._shock.rules() if shocked else []
        for rule, how, value in terms:
            if how == ADD:
                base[rule] += value
            else:
                factor[rule] *= value
        return Rules(*(float(max(0.0, min(r.cap, base[k] * factor[k]))) for k, r in RULES.items()))
