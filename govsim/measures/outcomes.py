"""Outcomes: each declared once, with what it counts, over whom and when, and computed by a pure function.

The table, ``summary.json``, ``govsim list outcomes`` and the data dictionary are all made from here.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from govsim import cases as c
from govsim.measures import cost
from govsim.measures.durations import LIMIT, days_to_cure, first_day, restricted_mean
from govsim.measures.inequality import gini, theil, theil_of_chance
from govsim.measures.record import MEMORY, Record, case_days
from govsim.processes.survey import QUARTER

__all__ = ["GROUPS", "OUTCOMES", "Outcome", "Per1000", "evaluate"]

GROUPS = {
    "headline": "Headline outcomes",
    "check": "Manipulation checks: what each lever is meant to move first",
    "cost": "What it cost",
    "survey": "What the survey says, beside what all adults feel",
}

Measure = Callable[[Record], float | None]


@dataclass(frozen=True)
class Outcome:
    """An outcome and everything one must know to read it.

    Attributes:
        name: key in ``summary.json``.
        label: name for a reader.
        unit: unit of the value.
        group: a key of :data:`GROUPS`.
        meaning: one line.
        numerator, denominator: what is divided by what.
        measure: value in a record; None where it is undefined.
        window: when it is counted.
        cohort: over which cases or people.
        unfinished: how cases that are still open or lapsed are treated.
    """

    name: str
    label: str
    unit: str
    group: str
    meaning: str
    numerator: str
    denominator: str
    measure: Measure
    window: str
    cohort: str = "everybody in the place"
    unfinished: str = "not applicable"


def evaluate(record: Record) -> dict[str, float | None]:
    """All outcomes of one world, in the order of declaration; undefined is None."""
    values = ((name, outcome.measure(record)) for name, outcome in OUTCOMES.items())
    return {name: None if v is None or not math.isfinite(v) else float(v) for name, v in values}


# --- measures of weekly series


def _total(record: Record, *names: str) -> float:
    return float(sum(record.series[name].sum() for name in names))


def _ratio(over: str, under: str) -> Measure:
    """One flow over another, both summed over the window."""

    def measure(record: Record) -> float | None:
        return _divide(_total(record, over), _total(record, under))

    return measure


def _divide(over: float, under: float) -> float | None:
    return over / under if under else None


def _mean(weekly: np.ndarray) -> float | None:
    return float(weekly.mean()) if len(weekly) else None


def _last_quarter(name: str) -> Measure:
    """A stock, averaged over the last quarter so that one week's luck does not decide."""
    return lambda record: _mean(record.series[name][-QUARTER:])


@dataclass(frozen=True)
class Per1000:
    """Weekly series, added up, per 1,000 residents: a flow over the window, a stock over its last quarter."""

    names: tuple[str, ...]
    stock: bool = False

    def weekly(self, series: dict[str, np.ndarray], residents: int) -> np.ndarray:
        """Its value in each week: (weeks,)."""
        return np.sum([series[name] for name in self.names], axis=0) / (residents / 1_000.0)

    def __call__(self, record: Record) -> float | None:
        weekly = self.weekly(dict(record.series), record.residents)
        return _mean(weekly[-QUARTER:] if self.stock else weekly)


def _surveyed(name: str) -> Measure:
    """The last survey in the window; None where it was before."""
    return lambda record: float(record.series[name][-1]) if record.weeks >= QUARTER else None


# --- measures of cases and places


def _share_of_raised(which: Callable[[Record], np.ndarray]) -> Measure:
    def measure(record: Record) -> float | None:
        return _divide(float((which(record) & record.raised).sum()), float(record.raised.sum()))

    return measure


def _in_the_books(record: Record) -> np.ndarray:
    return record.ends.cured | record.ends.on_paper


def _lapsed(record: Record) -> np.ndarray:
    return record.ends.stage == c.LAPSED


def _day_reached(share: float) -> Measure:
    return lambda record: first_day(days_to_cure(record).cured, share)


def _between(tier: str, index: Callable[[np.ndarray, np.ndarray], float | None]) -> Measure:
    """An index of inequality in unmet need between the units of a tier."""

    def measure(record: Record) -> float | None:
        unit = record.tiers[tier]
        if record.weeks < MEMORY:
            return None
        return index(np.bincount(unit, record.unmet), np.bincount(unit, record.people))

    return measure


def _theil(tier: str) -> Measure:
    """Theil's T, less what luck alone would show."""
    raw = _between(tier, theil)

    def measure(record: Record) -> float | None:
        value = raw(record)
        if value is None:
            return None
        weights = record.severity() * case_days(record.ends, 0, record.end)
        chance = theil_of_chance(weights, len(np.unique(record.tiers[tier])))
        return None if chance is None else value - chance

    return measure


# --- measures of money and time


def _yearly(total: Callable[[Record], float]) -> Measure:
    """Yuan of the window per resident and year."""
    return lambda record: yuan(record) / record.residents / (record.weeks / cost.WEEKS_A_YEAR)


def _spent(record: Record) -> float:
    return sum(cost.spending(record).values())


def _item(item: str) -> Measure:
    return _yearly(lambda record: cost.spending(record)[item])


def _extra(record: Record) -> float:
    return _spent(record) - sum(cost.before_reform(record).values())


def _social_hours(record: Record) -> float:
    return _total(record, "volunteer_hours", "queue_hours", "meeting_hours")


def _worker_utilisation(record: Record) -> float | None:
    casework = _divide(_total(record, "casework_hours"), _total(record, "worker_hours"))
    p = record.config.behaviour
    return None if casework is None else casework + p.paperwork_share + p.collect_share


def _unspent(record: Record) -> float | None:
    accrued = _total(record, "fund_accrued")
    return _divide(accrued - _total(record, "fund_spent"), accrued)


def _clipped(record: Record) -> float:
    return _total(record, "clipped") / (2.0 * record.residents * record.weeks)


# --- declarations

_WHOLE = "week 0 to the end"
_QUARTER = f"mean of the last {QUARTER} weeks"
_LAST_SURVEY = "the last quarterly survey in the window; undefined before the first"
_RAISED = "cases raised in the window, found or not"
_WEEKLY = "residents / 1,000 x weeks"
_THOUSAND = "residents / 1,000"
_YEARS = "residents x years (of 52 weeks)"
_EVENTS = "counted when it happens, whenever the case was raised"
_YEARLY = "yuan per resident and year"

_DECLARED = (
    Outcome(
        "unmet_case_days_per_1000",
        "Unmet need",
        "case-days per 1,000 residents and week",
        "headline",
        "days that people live with a problem, weighted by severity, whatever the books say",
        "severity x working days with the problem there, found or not, closed on paper or not",
        _WEEKLY,
        Per1000(("unmet",)),
        _WHOLE,
        "all cases there in the window, also those raised before it",
        "open cases count until the end, lapsed ones until the day they lapse",
    ),
    Outcome(
        "cured_share",
        "Truly cured",
        "share",
        "headline",
        "of all problems raised, those truly solved by the end",
        "truly cured by the end",
        "all raised",
        _share_of_raised(lambda record: record.ends.cured),
        _WHOLE,
        _RAISED,
        "open, lapsed and closed on paper count as not cured",
    ),
    Outcome(
        "recorded_share",
        "Closed in the books",
        "share",
        "headline",
        "of all problems raised, those that the books show as solved at the end",
        "truly cured, or closed on paper and not complained of since",
        "all raised",
        _share_of_raised(_in_the_books),
        _WHOLE,
        _RAISED,
        "open ones count as not closed; lapsed ones as closed only where they were closed on paper before",
    ),
    Outcome(
        "days_to_cure_restricted_mean",
        f"Days to a true cure, cut off at {LIMIT}",
        "working days",
        "headline",
        f"mean of min(days from the day it arose to its true cure, {LIMIT})",
        f"sum of min(days, {LIMIT})",
        "cases",
        restricted_mean,
        _WHOLE,
        f"cases raised in the window and at least {LIMIT} working days before its end, found or not",
        f"open, lapsed and closed on paper count as {LIMIT}",
    ),
    Outcome(
        "days_to_cure_median",
        "Days until half are cured",
        "working days",
        "headline",
        "first day by which half of all problems were truly cured (cumulative incidence)",
        "days from the day it arose",
        "none",
        _day_reached(0.5),
        _WHOLE,
        _RAISED,
        "lapse competes with cure; open ones are censored at the end; null where half is never reached",
    ),
    Outcome(
        "days_to_cure_p90",
        "Days until nine in ten are cured",
        "working days",
        "headline",
        "first day by which nine in ten problems were truly cured (cumulative incidence)",
        "days from the day it arose",
        "none",
        _day_reached(0.9),
        _WHOLE,
        _RAISED,
        "lapse competes with cure; open ones are censored at the end; null where nine in ten are never reached",
    ),
    Outcome(
        "lapsed_share",
        "Gone by themselves",
        "share",
        "headline",
        "of all problems raised, those that went away by themselves before anybody solved them",
        "lapsed by the end",
        "all raised",
        _share_of_raised(_lapsed),
        _WHOLE,
        _RAISED,
        "open ones count as not lapsed",
    ),
    Outcome(
        "latent_per_1000",
        "Open and unknown",
        "cases per 1,000 residents",
        "headline",
        "problems that nobody has found",
        "latent cases at the end of a week",
        _THOUSAND,
        Per1000(("latent",), stock=True),
        _QUARTER,
        "open cases",
        "lapsed ones are not counted",
    ),
    Outcome(
        "backlog_per_1000",
        "Open and known",
        "cases per 1,000 residents",
        "headline",
        "problems found and neither solved nor closed on paper",
        "cases with a compound, community, street or branch at the end of a week",
        _THOUSAND,
        Per1000(("in_compounds", "at_communities", "at_streets", "at_branches"), stock=True),
        _QUARTER,
        "open cases",
        "closed on paper (see on_paper_per_1000) and lapsed ones are not counted",
    ),
    Outcome(
        "on_paper_per_1000",
        "Closed on paper only",
        "cases per 1,000 residents",
        "headline",
        "problems still there that the books show as solved",
        "cases closed on paper at the end of a week",
        _THOUSAND,
        Per1000(("on_paper",), stock=True),
        _QUARTER,
        "open cases",
        "lapsed ones are not counted",
    ),
    Outcome(
        "satisfaction",
        "Satisfaction",
        "0..1",
        "headline",
        "how content residents are with their community, as they feel",
        "sum of satisfaction",
        "residents",
        _last_quarter("satisfaction"),
        _QUARTER,
    ),
    Outcome(
        "trust",
        "Trust",
        "0..1",
        "headline",
        "residents' trust that problems are dealt with, as they feel",
        "sum of trust",
        "residents",
        _last_quarter("trust"),
        _QUARTER,
    ),
    Outcome(
        "joining",
        "Taking part",
        "share",
        "headline",
        "residents who take part in community affairs",
        "residents who take part",
        "residents",
        _last_quarter("joining"),
        _QUARTER,
    ),
    Outcome(
        "theil_unmet_need",
        "Inequality between communities",
        "Theil's T",
        "headline",
        "inequality of unmet need per resident between communities, beyond what luck alone would show",
        "Theil's T of unmet case-days per resident, less its expectation under equal risk",
        "each community weighted by its residents",
        _theil("community"),
        f"{_WHOLE}; undefined below {MEMORY} weeks or for one community",
        "all cases there in the window",
        "as in unmet_case_days_per_1000; below zero: less unequal than luck would make them",
    ),
    Outcome(
        "theil_unmet_need_streets",
        "Inequality between streets",
        "Theil's T",
        "headline",
        "the same between streets",
        "Theil's T of unmet case-days per resident, less its expectation under equal risk",
        "each street weighted by its residents",
        _theil("street"),
        f"{_WHOLE}; undefined below {MEMORY} weeks or for one street",
        "all cases there in the window",
        "as in unmet_case_days_per_1000; below zero: less unequal than luck would make them",
    ),
    Outcome(
        "theil_unmet_need_districts",
        "Inequality between districts",
        "Theil's T",
        "headline",
        "the same between districts",
        "Theil's T of unmet case-days per resident, less its expectation under equal risk",
        "each district weighted by its residents",
        _theil("district"),
        f"{_WHOLE}; undefined below {MEMORY} weeks or for one district",
        "all cases there in the window",
        "as in unmet_case_days_per_1000; below zero: less unequal than luck would make them",
    ),
    Outcome(
        "gini_unmet_need",
        "Gini between communities",
        "0..1",
        "headline",
        "Gini coefficient of unmet need per resident between communities; luck is not taken out",
        "area between the Lorenz curve and equality",
        "area below equality",
        _between("community", gini),
        f"{_WHOLE}; undefined below {MEMORY} weeks or for one community",
        "all cases there in the window",
        "as in unmet_case_days_per_1000",
    ),
    # --- manipulation checks
    Outcome(
        "raised_per_1000",
        "Problems that arose",
        "cases per 1,000 residents and week",
        "check",
        "new problems, relapses after a true cure included",
        "cases raised",
        _WEEKLY,
        Per1000(("raised",)),
        _WHOLE,
        _RAISED,
        "counted when they arise",
    ),
    Outcome(
        "found_share",
        "Ever found",
        "share",
        "check",
        "of all problems raised, those found by the end, by whomever",
        "found by the end",
        "all raised",
        _share_of_raised(lambda record: record.ends.known),
        _WHOLE,
        _RAISED,
        "open and lapsed ones count as found if anybody found them",
    ),
    Outcome(
        "found_by_grid_per_1000",
        "Found by grid workers",
        "cases per 1,000 residents and week",
        "check",
        "problems that grid workers found",
        "cases found by grid workers",
        _WEEKLY,
        Per1000(("found_by_grid",)),
        _WHOLE,
        unfinished=_EVENTS,
    ),
    Outcome(
        "misrouted_share",
        "Sent to the wrong branch",
        "share",
        "check",
        "dispatches by streets to a branch that is not the one needed",
        "misrouted dispatches",
        "dispatches, repeated ones included",
        _ratio("misrouted", "dispatched"),
        _WHOLE,
        unfinished=_EVENTS,
    ),
    Outcome(
        "bounce_rate",
        "Passed on although responsible",
        "share",
        "check",
        "decisions by which a responsible branch passed its own case on",
        "bounces",
        "branch decisions on cases of their own",
        _ratio("bounces", "own_decisions"),
        _WHOLE,
        unfinished=_EVENTS,
    ),
    Outcome(
        "wrongly_accepted_share",
        "Accepted although not responsible",
        "share",
        "check",
        "decisions by which a branch accepted a case that is not its own",
        "wrong acceptances",
        "branch decisions on cases not their own",
        lambda record: _divide(
            _total(record, "wrongly_accepted"), _total(record, "decisions") - _total(record, "own_decisions")
        ),
        _WHOLE,
        unfinished=_EVENTS,
    ),
    Outcome(
        "hops_per_case",
        "Hand-offs per case",
        "hand-offs per case",
        "check",
        "hand-offs between branches, directly or by way of the street, for each case that reached one",
        "hand-offs, those to the next department needed included",
        "cases sent to a branch for the first time",
        _ratio("hops", "first_dispatched"),
        _WHOLE,
        unfinished=_EVENTS,
    ),
    Outcome(
        "paper_share",
        "Closings that are on paper",
        "share",
        "check",
        "of all closings in the books, those that left the problem there",
        "closings on paper, repeated ones included",
        "closings on paper and true cures",
        lambda record: _divide(
            _total(record, "closed_on_paper"), _total(record, "closed_on_paper") + _total(record, "cured")
        ),
        _WHOLE,
        unfinished=_EVENTS,
    ),
    Outcome(
        "reopened_share",
        "Closings on paper complained of",
        "share",
        "check",
        "of all closings on paper, those after which the same case came back",
        "cases reopened",
        "closings on paper",
        _ratio("reopened", "closed_on_paper"),
        _WHOLE,
        unfinished=_EVENTS,
    ),
    Outcome(
        "relapsed_share",
        "Cures that did not last",
        "share",
        "check",
        "of all true cures, those followed by a new case of the same problem",
        "relapses",
        "true cures",
        _ratio("relapsed", "cured"),
        _WHOLE,
        unfinished=_EVENTS,
    ),
    Outcome(
        "environment",
        "Environment",
        "0..1",
        "check",
        "state of courtyards, wires, facilities and greenery where people live",
        "sum over residents of the state around them",
        "residents",
        _last_quarter("environment"),
        _QUARTER,
    ),
    Outcome(
        "certificate_hours_per_1000",
        "Community time on certificates",
        "hours per 1,000 residents and week",
        "check",
        "staff hours of communities that go to certificates",
        "hours",
        _WEEKLY,
        Per1000(("certificate_hours",)),
        _WHOLE,
    ),
    Outcome(
        "meeting_hours",
        "Committee meetings",
        "hours a week",
        "check",
        "officials' hours in the committee's meetings, prorated to the place",
        "departments x hours",
        "weeks",
        lambda record: _mean(record.series["meeting_hours"]),
        _WHOLE,
    ),
    Outcome(
        "precedents",
        "Precedents in force",
        "classes",
        "check",
        "classes of disputed cases under a ruling, each weighted by its remaining force",
        "sum of force",
        "none",
        _last_quarter("precedents"),
        _QUARTER,
    ),
    Outcome(
        "worker_utilisation",
        "Grid workers' time not on patrol",
        "share",
        "check",
        "grid workers' hours on cases, paperwork and collecting; above 1 is overload",
        "hours on cases, paperwork and collecting",
        "working hours",
        _worker_utilisation,
        _WHOLE,
    ),
    Outcome(
        "branch_utilisation",
        "Branches' time at work",
        "share",
        "check",
        "branch hours worked, the rest of the district included, of hours offered",
        "hours worked",
        "hours offered, less meetings and what overload slows",
        _ratio("branch_hours_used", "branch_hours"),
        _WHOLE,
    ),
    Outcome(
        "clipped_share",
        "Attitudes at a bound",
        "share",
        "check",
        "moves of satisfaction or trust that hit 0 or 1 (a sign that the model leaves its range)",
        "clipped moves",
        "residents x weeks x 2 attitudes",
        _clipped,
        _WHOLE,
    ),
    # --- cost
    Outcome(
        "cost_per_resident",
        "Public money, all of it",
        _YEARLY,
        "cost",
        "what grid workers, branches, communities, streets, the fund and new bodies cost, as paid",
        "yuan spent",
        _YEARS,
        _yearly(_spent),
        _WHOLE,
    ),
    Outcome(
        "extra_cost_per_resident",
        "  beyond the arrangements before",
        _YEARLY,
        "cost",
        "actual spending less what the arrangements before the reform would have cost",
        "yuan spent, less yuan before",
        _YEARS,
        _yearly(_extra),
        _WHOLE,
    ),
    Outcome(
        "planned_cost_per_resident",
        "  planned for the instruments",
        _YEARLY,
        "cost",
        "what the instruments are planned to cost in a full year in force",
        "planned yuan a year",
        "residents",
        lambda record: cost.planned(record) / record.residents,
        "a full year, whatever the dates",
    ),
    *(
        Outcome(
            f"cost_{item}_per_resident",
            f"  {label}",
            _YEARLY,
            "cost",
            meaning,
            "yuan spent",
            _YEARS,
            _item(item),
            _WHOLE,
        )
        for item, label, meaning in (
            ("grid_workers", "grid workers", "wages of grid workers"),
            ("branches", "branch hours", "working time of departments' branches, prorated to the place"),
            ("offices", "community and street hours", "working time of community committees and street offices"),
            ("fund", "community fund paid out", "community fund, as paid out"),
            ("bodies", "committee, list, training", "instruments that buy neither workers, hours nor projects"),
        )
    ),
    Outcome(
        "cost_per_cure",
        "Public money per true cure",
        "yuan per case",
        "cost",
        "all public money over all true cures",
        "yuan spent",
        "cases truly cured in the window, whenever raised",
        lambda record: _divide(_spent(record), _total(record, "cured")),
        _WHOLE,
        unfinished="not counted in the denominator",
    ),
    Outcome(
        "fund_unspent_share",
        "Fund not yet paid out",
        "share",
        "cost",
        "of the fund made available, what was not paid out by the end",
        "yuan accrued and not paid",
        "yuan accrued",
        _unspent,
        f"{_WHOLE}; undefined without a fund",
    ),
    Outcome(
        "social_hours_per_resident",
        "People's time",
        "hours per resident and year",
        "cost",
        "time of volunteers, of residents who need certificates, and of officials in the committee's meetings",
        "hours",
        _YEARS,
        _yearly(_social_hours),
        _WHOLE,
    ),
    # --- survey
    Outcome(
        "approval",
        "Approval, as answered",
        "share",
        "survey",
        "respondents who approve of how communities are built",
        "approving respondents",
        "respondents",
        _surveyed("approval"),
        _LAST_SURVEY,
        "a sample of adults; the more content answer more readily and all answer kindly",
    ),
    Outcome(
        "true_approval",
        "Approval, as felt",
        "share",
        "survey",
        "adults who approve as they feel",
        "approving adults",
        "adults",
        _surveyed("true_approval"),
        _LAST_SURVEY,
        "all adults",
    ),
    Outcome(
        "perceived_change",
        "Change for the better, as answered",
        "share",
        "survey",
        "respondents who see a change for the better",
        "respondents who see one",
        "respondents",
        _surveyed("perceived_change"),
        _LAST_SURVEY,
        "a sample of adults; the more content answer more readily and all answer kindly",
    ),
    Outcome(
        "true_change",
        "Change for the better, as felt",
        "share",
        "survey",
        "adults who feel a change for the better",
        "adults who feel one",
        "adults",
        _surveyed("true_change"),
        _LAST_SURVEY,
        "all adults",
    ),
)

OUTCOMES: dict[str, Outcome] = {outcome.name: outcome for outcome in _DECLARED}
"""Every outcome by name, in the order of reports; the first is the headline of headlines."""
