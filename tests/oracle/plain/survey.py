"""Survey: in the last week of each quarter some adults are asked, and not all answer, nor all as they feel.

How all adults feel is worked out beside what is answered, and the two are never mixed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from govsim.calendar import QUARTER, WEEKS_A_YEAR
from govsim.residents import CHILD

if TYPE_CHECKING:
    from plain.agents import Resident
    from plain.city import City


def ask(city: City) -> None:
    """Ask in a survey week; else the last results stand."""
    if (city.week + 1) % QUARTER:
        return
    adults = [resident for resident in city.residents if resident.age != CHILD]
    complainants = [resident for resident in adults if complained_lately(city, resident)]
    invited = city.p.sample / len(adults)
    asked = [resident for resident in adults if is_invited(city, resident, invited) and answers(city, resident)]
    complainants_asked = [resident for resident in asked if complained_lately(city, resident)]

    def says_approves(resident: Resident) -> bool:
        return answer(city, resident) >= city.p.approve_at

    def feels_approval(resident: Resident) -> bool:
        return resident.satisfaction >= city.p.approve_at

    results = city.survey
    results.approval = share(says_approves(resident) for resident in asked)
    results.perceived_change = share(answer(city, who) - who.expectation >= city.p.change_at for who in asked)
    results.true_approval = share(feels_approval(resident) for resident in adults)
    results.true_change = share(who.satisfaction - who.expectation >= city.p.change_at for who in adults)
    results.respondents = float(len(asked))
    results.approval_complainants = share(says_approves(resident) for resident in complainants_asked)
    results.true_approval_complainants = share(feels_approval(resident) for resident in complainants)
    results.complainants = float(len(complainants_asked))


def complained_lately(city: City, resident: Resident) -> bool:
    """Whether a case that they reported was found in the last year."""
    return city.clock_week - resident.complained < WEEKS_A_YEAR


def is_invited(city: City, resident: Resident, invited: float) -> bool:
    """About as many adults as the sample is large are invited, by luck."""
    return city.luck("survey.invited", resident.row, city.clock_week) < invited


def answers(city: City, resident: Resident) -> bool:
    """Whether an invited resident answers: the more content more readily, complainants more or less so."""
    p = city.p
    ready = p.response_base + p.response_satisfied * resident.satisfaction
    ready += p.response_complained * complained_lately(city, resident)
    return city.luck("survey.answers", resident.row, city.clock_week) < ready


def answer(city: City, resident: Resident) -> float:
    """The satisfaction that a resident states: kinder than what they feel, less so if they complained."""
    return resident.satisfaction + city.p.courtesy - city.p.complaint_tone * complained_lately(city, resident)


def share(of: Iterable[bool]) -> float:
    """The share for which it is true; NaN of nobody."""
    true_or_not = list(of)
    return sum(true_or_not) / len(true_or_not) if true_or_not else float("nan")
