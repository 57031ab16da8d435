"""Outcomes: each declared once, with what it counts, over whom and when, and the measure that computes it.

The table, ``summary.json``, ``govsim list outcomes`` and the data dictionary are all made from here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from govsim import cases as c
from govsim.calendar import QUARTER
from govsim.measures import cost
from govsim.measures.durations import LIMIT, restricted_mean
from govsim.measures.inequality import gini
from govsim.measures.rates import (
    Measure,
    Per1000,
    a_year,
    day_reached,
    extra,
    fund_unspent,
    inequality,
    last_quarter,
    last_survey,
    ratio,
    share_of_raised,
    social_hours,
    spent,
    theil_beyond_chance,
    total,
    turnover,
    visits_to_success,
    worker_utilisation,
)
from govsim.measures.record import MEMORY, Record

__all__ = ["GROUPS", "OUTCOMES", "Outcome", "evaluate"]

HEADLINE, CHECK, REACH, COST, SURVEY = "headline", "check", "reach", "cost", "survey"
GROUPS = {
    HEADLINE: "Headline outcomes",
    CHECK: "Manipulation checks: what levers move first",
    REACH: "How far arrangements reach into compounds",
    COST: "What it cost",
    SURVEY: "What the survey says, and what adults feel",
}
WINDOW = "week 0 to the end"


@dataclass(frozen=True)
class Outcome:
    """An outcome and all one must know to read it.

    Attributes:
        name: key in ``summary.json``.
        label: name for a reader.
        unit: unit of the value; ``1`` for a share.
        group: a key of :data:`GROUPS`.
        meaning: one line.
        numerator, denominator: what is divided by what; no denominator where nothing is divided.
        measure: the value in a record; None where it is undefined.
        window: when it is counted.
        cohort: whom or which cases it is about.
        unfinished: how cases count that are open at the end, lapsed, or closed on paper.
        better: ``lower`` or ``higher``; empty where that depends on other outcomes.
    """

    name: str
    label: str
    unit: str
    group: str
    meaning: str
    numerator: str
    denominator: str
    measure: Measure
    window: str = WINDOW
    cohort: str = "the whole place"
    unfinished: str = ""
    better: str = ""


def evaluate(record: Record) -> dict[str, float | None]:
    """All outcomes of one world, in the order of declaration; undefined is None."""
    values = {name: outcome.measure(record) for name, outcome in OUTCOMES.items()}
    return {k: float(v) if v is not None and math.isfinite(v) else None for k, v in values.items()}


_STOCK = f"mean of the last {QUARTER} weeks"
_LAST_SURVEY = "the last quarterly survey in the window; undefined before the first"
_HALF_A_YEAR = f"week 0 to the end; undefined below {MEMORY} weeks or for a single one"
_RAISED = "cases raised in the window, found or not"
_PRESENT = "cases there in the window, whenever raised"
_OPEN = "cases that are open"
_GONE = "lapsed ones are gone"
_COMPETE = "lapse competes with cure, open ones are censored at the end"
_EVENTS = "events are counted when they happen, whenever the case was raised"
_ASKED = "a sample of adults: the content answer more readily, and all answer kindly"
_COMPLAINED = "adults who reported a case themselves that was found so in the last 52 weeks"
_A_WEEK, _AT_ONCE = "residents / 1,000 x weeks", "residents / 1,000"
_PER_WEEK = "per 1,000 residents and week"
_CASES_A_WEEK = f"cases {_PER_WEEK}"
_CASES_AT_ONCE = "cases per 1,000 residents"
_YUAN, _YEARS = "yuan per resident and year", "residents x years of 52 weeks"
_LOWER, _HIGHER = "lower", "higher"
_BOOKS = ("in_compounds", "at_communities", "at_streets", "at_branches")

# fmt: off
_HEADLINES = (
    Outcome("unmet_case_days_per_1000", "Unmet need", f"case-days {_PER_WEEK}", HEADLINE,
            "days that people live with a problem, weighted by its severity, whatever the books say",
            "severity x working days on which a problem was there, found or not", _A_WEEK,
            Per1000(("unmet",)), cohort=_PRESENT,
            unfinished="open and closed on paper count to the end, lapsed ones to the day they lapse", better=_LOWER),
    Outcome("cured_share", "Truly cured, of all problems", "1", HEADLINE,
            "of all problems raised, relapses included, those truly solved by the end",
            "truly cured by the end", "all raised",
            share_of_raised(lambda r: r.ends.cured), cohort=_RAISED,
            unfinished="open, lapsed and closed on paper count as not cured", better=_HIGHER),
    Outcome("recorded_share", "Closed in the books, of all problems", "1", HEADLINE,
            "of all problems raised, those that the books show as solved at the end",
            "found and truly cured, or closed on paper and not complained of since", "all raised",
            share_of_raised(lambda r: r.ends.cured | r.ends.on_paper), cohort=_RAISED,
            unfinished="open ones count as not closed, lapsed ones as closed if they were closed on paper"),
    Outcome("lapsed_share", "Gone by themselves, of all problems", "1", HEADLINE,
            "of all problems raised, those that went away by themselves before anybody solved them",
            "lapsed by the end", "all raised",
            share_of_raised(lambda r: r.ends.stage == c.LAPSED), cohort=_RAISED,
            unfinished="open ones count as not lapsed"),
    Outcome("days_to_cure_restricted_mean", f"Days to a true cure, at most {LIMIT}", "working days", HEADLINE,
            f"mean of min(days from the day it arose to its true cure, {LIMIT})",
            f"sum of min(days, {LIMIT})", "cases",
            restricted_mean, cohort=f"{_RAISED}, at least {LIMIT} working days before the end",
            unfinished=f"open, lapsed and closed on paper count as {LIMIT}", better=_LOWER),
    Outcome("days_to_cure_median", "Days until half are truly cured", "working days", HEADLINE,
            "first day after it arose by which half of all problems were truly cured",
            "cumulative incidence of cure (Aalen-Johansen) at or above 0.5", "",
            day_reached(0.5), cohort=_RAISED,
            unfinished=f"{_COMPETE}; null where half never are", better=_LOWER),
    Outcome("days_to_cure_p90", "Days until nine in ten are truly cured", "working days", HEADLINE,
            "first day after it arose by which nine in ten problems were truly cured",
            "cumulative incidence of cure (Aalen-Johansen) at or above 0.9", "",
            day_reached(0.9), cohort=_RAISED,
            unfinished=f"{_COMPETE}; null where nine in ten never are", better=_LOWER),
    Outcome("latent_per_1000", "Open, and nobody knows", _CASES_AT_ONCE, HEADLINE,
            "problems that nobody has found",
            "latent cases at the end of a week", _AT_ONCE,
            Per1000(("latent",), stock=True), _STOCK, _OPEN, _GONE, better=_LOWER),
    Outcome("backlog_per_1000", "Open and known", _CASES_AT_ONCE, HEADLINE,
            "problems found and neither solved nor closed on paper",
            "cases with a compound, community, street or branch at the end of a week", _AT_ONCE,
            Per1000(_BOOKS, stock=True), _STOCK, _OPEN, f"{_GONE}, closed on paper are apart: on_paper_per_1000"),
    Outcome("on_paper_per_1000", "Closed on paper, still there", _CASES_AT_ONCE, HEADLINE,
            "problems still there that the books show as solved",
            "cases closed on paper at the end of a week", _AT_ONCE,
            Per1000(("on_paper",), stock=True), _STOCK, _OPEN, _GONE, better=_LOWER),
    Outcome("satisfaction", "Satisfaction", "0..1", HEADLINE,
            "how content residents are with their community, as they feel",
            "sum of satisfaction at the end of a week", "residents",
            last_quarter("satisfaction"), _STOCK, better=_HIGHER),
    Outcome("trust", "Trust", "0..1", HEADLINE,
            "residents' trust that problems are dealt with, as they feel",
            "sum of trust at the end of a week", "residents",
            last_quarter("trust"), _STOCK, better=_HIGHER),
    Outcome("joining", "Residents who take part", "1", HEADLINE,
            "residents who take part in community affairs",
            "residents who take part at the end of a week", "residents",
            last_quarter("joining"), _STOCK, better=_HIGHER),
    *(Outcome(name, f"Inequality between {units}", "Theil's T", HEADLINE,
              f"inequality of unmet need per resident between {units}, beyond what luck alone would show",
              "Theil's T of unmet need, less its expectation under equal risk", "",
              theil_beyond_chance(tier), _HALF_A_YEAR, f"{units}, each by its residents",
              "as in unmet_case_days_per_1000; below zero: less than luck would make it", better=_LOWER)
      for name, tier, units in (("theil_unmet_need", "community", "communities"),
                                ("theil_unmet_need_streets", "street", "streets"),
                                ("theil_unmet_need_districts", "district", "districts"))),
    Outcome("gini_unmet_need", "Gini between communities", "0..1", HEADLINE,
            "inequality of unmet need per resident between communities, luck not taken out",
            "area between the Lorenz curve and equality", "area below equality",
            inequality("community", gini), _HALF_A_YEAR, "communities, each by its residents",
            "as in unmet_case_days_per_1000", better=_LOWER),
)

_CHECKS = (
    Outcome("raised_per_1000", "Problems that arise", _CASES_A_WEEK, CHECK,
            "new problems, relapses after a true cure included", "cases raised", _A_WEEK,
            Per1000(("raised",)), cohort=_RAISED, unfinished=_EVENTS),
    Outcome("found_share", "Ever found, of all problems", "1", CHECK,
            "of all problems raised, those found by the end, by whomever", "found by the end", "all raised",
            share_of_raised(lambda r: r.ends.known), cohort=_RAISED,
            unfinished="open and lapsed ones count as found if anybody found them"),
    Outcome("found_by_grid_per_1000", "Found by grid workers", _CASES_A_WEEK, CHECK,
            "problems that grid workers find", "cases found by grid workers", _A_WEEK,
            Per1000(("found_by_grid",)), unfinished=_EVENTS),
    *(Outcome(f"found_by_grid_{name}_per_1000", f"  of these, {label}", _CASES_A_WEEK, CHECK,
              f"problems of {label} that grid workers find", "cases found by grid workers", _A_WEEK,
              Per1000((f"found_by_grid_{name}",)), cohort=f"kinds that are published as {name}", unfinished=_EVENTS)
      for name, label in (("security", "public security"), ("safety", "fire, traffic and food safety"))),
    Outcome("days_to_reply", "Days to a reply", "working days", CHECK,
            "days from the day a problem was found until the books first show it as closed, truly or on paper",
            "working days from found to the first closing", "cases closed for the first time",
            ratio("reply_days", "replies"),
            unfinished="events are counted when they happen; what is never closed is left out: read it beside backlog"),
    Outcome("misrouted_share", "Sent to the wrong branch", "1", CHECK,
            "dispatches by streets to another branch than the one needed",
            "misrouted dispatches", "dispatches, repeated ones included",
            ratio("misrouted", "dispatched"), unfinished=_EVENTS),
    Outcome("bounce_rate", "Passed on though responsible", "1", CHECK,
            "decisions by which a responsible branch passes its own case on",
            "bounces", "branches' decisions on cases of their own",
            ratio("bounces", "own_decisions"), unfinished=_EVENTS),
    Outcome("wrongly_accepted_share", "Accepted though not responsible", "1", CHECK,
            "decisions by which a branch accepts a case that is not its own",
            "wrong acceptances", "branches' decisions on cases that are not their own",
            ratio("wrongly_accepted", lambda r: total(r, "decisions") - total(r, "own_decisions")),
            unfinished=_EVENTS),
    Outcome("hops_per_case", "Hand-offs between branches", "hand-offs per case", CHECK,
            "hand-offs between branches, directly or by way of the street, per case that reaches a branch",
            "hand-offs, those to the next department needed included", "cases dispatched for the first time",
            ratio("hops", "first_dispatched"), unfinished=_EVENTS),
    Outcome("paper_share", "On paper, of all closings", "1", CHECK,
            "of all closings in the books, those that leave the problem there",
            "closings on paper, repeated ones included", "closings on paper and true cures",
            ratio("closed_on_paper", lambda r: total(r, "closed_on_paper", "cured")), unfinished=_EVENTS),
    Outcome("reopened_share", "Complained of, of closings on paper", "1", CHECK,
            "of all closings on paper, those after which the same case comes back",
            "cases reopened", "closings on paper",
            ratio("reopened", "closed_on_paper"), unfinished=_EVENTS),
    Outcome("relapsed_share", "Back again, of true cures", "1", CHECK,
            "of all true cures, those followed by a new case of the same problem",
            "relapses", "true cures",
            ratio("relapsed", "cured"), unfinished=_EVENTS),
    Outcome("environment", "Environment", "0..1", CHECK,
            "state of courtyards, wires, facilities and greenery where people live",
            "sum over residents of the state around them", "residents",
            last_quarter("environment"), _STOCK),
    Outcome("certificate_hours_per_1000", "Community time on certificates", f"hours {_PER_WEEK}", CHECK,
            "staff time of communities that goes to certificates", "hours", _A_WEEK,
            Per1000(("certificate_hours",))),
    Outcome("meeting_hours", "Committee meetings", "hours a week", CHECK,
            "officials' time in the committee's meetings, prorated to the place",
            "departments x hours", "weeks",
            lambda r: float(r.series["meeting_hours"].mean())),
    Outcome("precedents", "Precedents in force", "classes", CHECK,
            "classes of disputed cases under a ruling, each by its remaining force", "sum of force", "",
            last_quarter("precedents"), _STOCK),
    Outcome("worker_utilisation", "Grid workers' time off patrol", "1", CHECK,
            "grid workers' time on cases, mediation, paperwork, collecting and publicity; above 1 is overload",
            "hours on cases and duties", "working hours", worker_utilisation),
    Outcome("overtime_share", "Grid workers' overtime", "1", CHECK,
            "grid workers' overtime, relative to their working time",
            "hours of overtime", "working hours", ratio("overtime_hours", "worker_hours")),
    Outcome("turnover_rate", "Grid workers who leave", "1 per year", CHECK,
            "grid workers who leave in a year, relative to those there are",
            "workers who left x 52", "workers x weeks", turnover),
    Outcome("vacancy_share", "Vacant posts of grid workers", "1", CHECK,
            "posts of grid workers that are vacant",
            "vacant posts x weeks", "posts x weeks",
            ratio("vacancies", lambda r: total(r, "vacancies", "workers"))),
    Outcome("mediated_per_1000", "Settled by grid workers' mediation", _CASES_A_WEEK, CHECK,
            "disputes that grid workers settle by mediation", "cases", _A_WEEK,
            Per1000(("settled_by_mediation",)), unfinished=_EVENTS),
    Outcome("publicity", "Reached by publicity", "1", CHECK,
            "residents whom grid workers' publicity reached of late", "sum over residents", "residents",
            last_quarter("publicity"), _STOCK),
    Outcome("sunk_share_of_cases", "Finished by streets themselves", "1", CHECK,
            "of the cases that leave communities, those that streets take on themselves",
            "cases taken on by a street for the first time", "these, and cases sent to a branch for the first time",
            ratio("sunk", lambda r: total(r, "sunk", "first_dispatched")), unfinished=_EVENTS),
    Outcome("district_coordinated", "Assigned by districts", "1", CHECK,
            "of the cases coordinated by streets, those that a district's meeting assigns in the end",
            "cases assigned by a district", "assignments by street coordination",
            ratio("district_coordinated", "coordinated"), unfinished=_EVENTS),
    Outcome("matched_per_resident", "Matched by enterprises", _YUAN, CHECK,
            "what enterprises pay for projects of communities, apart from public money",
            "yuan paid by enterprises", _YEARS, a_year(lambda r: total(r, "matched_yuan"))),
    Outcome("fund_inequality", "Gini of the fund", "0..1", CHECK,
            "how unequally the fund was dealt between communities, per resident, since week 0",
            "area between the Lorenz curve and equality", "area below equality",
            lambda r: float(r.series["fund_gini"][-1]), "the end; undefined without a fund or for one community",
            "communities, each by its residents"),
    Outcome("chosen_projects_share", "Projects chosen by residents", "1", CHECK,
            "of the projects of the fund, those that residents chose",
            "projects chosen", "projects committed", ratio("chosen_projects", "projects")),
    Outcome("deliberation_hours_per_1000", "Residents' deliberation", f"hours {_PER_WEEK}", CHECK,
            "residents' time in choosing projects", "hours", _A_WEEK, Per1000(("deliberation_hours",))),
    Outcome("branch_utilisation", "Branches' time at work", "1", CHECK,
            "branch time at work of branch time offered, the rest of the district included",
            "hours worked", "hours offered, less meetings and what overload slows",
            ratio("branch_hours_used", "branch_hours")),
    Outcome("clipped_share", "Attitudes at a bound", "1", CHECK,
            "moves of satisfaction or trust that hit 0 or 1: a sign that the model leaves its range",
            "clipped moves", "residents x weeks x 2 attitudes",
            ratio("clipped", lambda r: 2.0 * r.residents * r.weeks)),
)

_REACH = (
    *(Outcome(name, label, unit, REACH, meaning, over, under, last_quarter(series), _STOCK)
      for name, series, label, unit, meaning, over, under in (
          ("party_organised_share", "party_organised", "Compounds with a Party organisation", "1",
           "compounds in which a Party organisation is alive", "compounds with one at the end of a week", "compounds"),
          ("owners_committee_share", "owners_organised", "Compounds with an owners' committee", "1",
           "compounds that have an owners' committee", "compounds with one at the end of a week", "compounds"),
          ("owners_party_share", "owners_party", "Owners' committees with a Party organisation", "1",
           "compounds whose owners' committee has a Party organisation of its own", "such compounds", "compounds"),
          ("property_quality", "property_quality", "Quality of property companies", "0..1",
           "quality of the property company where people live, 0 without one", "sum over residents", "residents"),
          ("conflict", "conflict", "Conflict of owners and property", "0..1",
           "conflict between owners and property company where people live", "sum over residents", "residents"),
          ("covenant_compliance", "covenant", "Compliance with covenants", "0..1",
           "how far the covenant is kept where people live, 0 without one", "sum over residents", "residents"),
          ("structures_per_1000", "structures", "Unauthorised structures", _CASES_AT_ONCE,
           "unauthorised structures that stand, found or not", "open cases of that kind", _AT_ONCE),
          ("breaches_per_1000", "breaches", "Breaches of order", _CASES_AT_ONCE,
           "open problems that come from conduct, each as far as it does, found or not", "such cases", _AT_ONCE),
          ("shown", "shown", "What pilots show", "0..1",
           "how much residents can see of pilots and renovated compounds nearby", "sum over residents", "residents"),
          ("renovated", "works", "Renovated", "0..1",
           "how new renovated courtyards, wires and facilities are, 0 where there are none", "sum over residents",
           "residents"),
          ("ties", "ties", "Ties between neighbours", "0..1",
           "share of their neighbours whom residents know", "sum over residents", "residents"),
          ("platform_users_share", "registered", "Registered on the platform", "1",
           "residents registered on the citizens' platform", "registered residents", "residents"),
          ("gated_share", "gated", "Behind gates", "1",
           "residents who live behind security gates", "residents behind gates", "residents"))),
    *(Outcome(name, label, unit, REACH, meaning, over, under, Per1000(series, stock), _STOCK if stock else WINDOW)
      for name, series, stock, label, unit, meaning, over, under in (
          ("pledged_members_per_1000", ("pledged",), True, "Members who pledged", "members per 1,000 residents",
           "in-service Party members who pledged and are active", "active pledged members", _AT_ONCE),
          ("pledges_per_1000", ("pledges",), False, "New pledges", f"members {_PER_WEEK}",
           "in-service Party members who declare themselves and pledge", "pledges", _A_WEEK),
          ("member_hours_per_1000", ("member_hours",), False, "Members' time", f"hours {_PER_WEEK}",
           "time that Party members give to cases and visits", "hours", _A_WEEK),
          ("culture_groups_per_1000", ("groups",), True, "Culture groups in venues", "groups per 1,000 residents",
           "culture groups that meet in venues", "groups at the end of a week", _AT_ONCE),
          ("platform_uses_per_1000", ("platform_uses",), False, "Services on the platform", f"uses {_PER_WEEK}",
           "services taken on the citizens' platform", "uses", _A_WEEK),
          ("settled_at_station_per_1000", ("settled_at_station",), False, "Settled at stations", _CASES_A_WEEK,
           "cases that the staff of service stations settle", "cases", _A_WEEK),
          ("partner_hours_per_1000", ("partner_hours",), False, "Partners' time", f"hours {_PER_WEEK}",
           "time that partner units give to communities", "hours", _A_WEEK),
          ("visits_per_1000", ("visits",), False, "Home visits", f"visits {_PER_WEEK}",
           "visits to households that are in the way", "visits", _A_WEEK),
          ("gave_in_per_1000", ("gave_in",), False, "Households that gave in", f"households {_PER_WEEK}",
           "households that ended their case at a visit", "households", _A_WEEK))),
    Outcome("visits_per_success", "Visits for each that gave in", "visits", REACH,
            "visits to households for each household that gave in",
            "visits, those in vain included", "households that gave in",
            ratio("visits", "gave_in"), unfinished="visits to open cases count"),
    Outcome("structures_back_share", "Structures back, of those removed", "1", REACH,
            "of all unauthorised structures removed, those that came back", "structures that came back",
            "structures removed",
            ratio("structures_back", "structures_removed"), unfinished=_EVENTS, better=_LOWER),
    Outcome("hardened_share", "Visits that harden", "1", REACH,
            "visits after which a household is harder to move than before", "hardenings", "visits",
            ratio("hardened", "visits")),
    Outcome("gave_in_at_fourth_share", "Gave in at the fourth visit", "1", REACH,
            "of the households that gave in, those that did at the fourth visit",
            "households", "households that gave in",
            visits_to_success(lambda visits: visits == 4), cohort=_RAISED),
    Outcome("gave_in_before_fourth_share", "Gave in before the fourth visit", "1", REACH,
            "of the households that gave in, those that did at the first, second or third visit", "households",
            "households that gave in", visits_to_success(lambda visits: visits < 4), cohort=_RAISED),
    Outcome("votes_won_share", "Votes for owners' committees won", "1", REACH,
            "votes by owners that found an owners' committee or keep it", "votes won", "votes",
            ratio("votes_won", "votes")),
)

_COSTS = (
    Outcome("cost_per_resident", "Public money, all of it", _YUAN, COST,
            "grid workers, branches, communities, streets, the fund and new bodies, as paid",
            "yuan spent", _YEARS, a_year(spent), better=_LOWER),
    *(Outcome(f"cost_{item}_per_resident", f"  {label}", _YUAN, COST, meaning, "yuan spent", _YEARS,
              a_year(lambda r, item=item: spent(r, item)))
      for item, label, meaning in (
          ("grid_workers", "grid workers", "wages of grid workers"),
          ("branches", "branches of departments", "working time of branches, prorated to the place"),
          ("offices", "communities and streets", "working time of community committees and street offices"),
          ("fund", "community fund, paid out", "the community fund, as paid out"),
          ("works", "pilots and renovation", "pilot buildings and renovated compounds, as paid"),
          ("compensation", "compensation", "paid to households that gave in"),
          ("bodies", "committee, organisers, platform, …", "instruments that buy no workers, hours or works"))),
    Outcome("extra_cost_per_resident", "Beyond the arrangements before", _YUAN, COST,
            "actual spending, less what the arrangements before the reform would have cost",
            "yuan spent, less yuan that would have been", _YEARS, a_year(extra), better=_LOWER),
    Outcome("planned_cost_per_resident", "Planned for the instruments", _YUAN, COST,
            "what the instruments are planned to cost in a full year in force",
            "planned yuan a year", "residents",
            lambda r: cost.planned(r) / r.residents, "a full year in force, whatever the dates", better=_LOWER),
    Outcome("cost_per_cure", "Public money per true cure", "yuan per case", COST,
            "all public money over all true cures",
            "yuan spent", "cases truly cured in the window, whenever raised",
            ratio(spent, "cured"), better=_LOWER),
    Outcome("fund_unspent_share", "Fund not paid out by the end", "1", COST,
            "of the fund made available, what was not paid out by the end; undefined without a fund",
            "yuan accrued and not paid", "yuan accrued", ratio(fund_unspent, "fund_accrued")),
    Outcome("social_hours_per_resident", "People's own time", "hours per resident and year", COST,
            "time of volunteers, members, partner units, residents (certificates, gates) and officials in meetings",
            "hours", _YEARS, a_year(social_hours), better=_LOWER),
)

_SURVEYED = tuple(
    Outcome(name, label, "1", SURVEY, meaning, over, under, last_survey(name), _LAST_SURVEY, cohort)
    for name, label, meaning, over, under, cohort in (
        ("approval", "Approve, as answered", "respondents who approve of how communities are built",
         "approving respondents", "respondents", _ASKED),
        ("true_approval", "Approve, as felt", "adults who approve of how communities are built, as they feel",
         "approving adults", "adults", "all adults"),
        ("perceived_change", "See a change, as answered", "respondents who see a change for the better",
         "respondents who see one", "respondents", _ASKED),
        ("true_change", "See a change, as felt", "adults who feel a change for the better",
         "adults who feel one", "adults", "all adults"),
        ("approval_complainants", "Complainants approve, as answered",
         "respondents who approve, of those who complained in the last year", "approving complainants",
         "respondents who complained", f"{_COMPLAINED}: {_ASKED}"),
        ("true_approval_complainants", "Complainants approve, as felt",
         "adults who approve as they feel, of those who complained in the last year", "approving complainants",
         "complainants", _COMPLAINED),
    )
)
# fmt: on

OUTCOMES: dict[str, Outcome] = {o.name: o for o in (*_HEADLINES, *_CHECKS, *_REACH, *_COSTS, *_SURVEYED)}
"""Every outcome by name, in the order of reports; the first is the one that matters most."""
