"""The week, top-down: what happens when, and who does it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import mesa
import numpy as np

from govsim import draws
from govsim.flows import FLOWS
from plain import (
    committee,
    community,
    compound,
    covenant,
    culture,
    departments,
    detection,
    districts,
    experience,
    facilities,
    funding,
    grid_work,
    incidence,
    offices,
    owners,
    participation,
    party,
    persuasion,
    platform,
    reckoning,
    record,
    renovation,
    rules,
    street,
    survey,
)
from plain.agents import (
    Case,
    Committee,
    Community,
    Desk,
    District,
    Grid,
    Household,
    Kind,
    Member,
    Resident,
    Settlement,
    Street,
    Survey,
)

__all__ = ["WORKING_DAYS", "City"]

WORKING_DAYS = 5


class City(mesa.Model):
    """A place and everybody in it, as objects.

    Made by ``docking.take`` from a city of ``govsim``, at whatever week that one is.

    Attributes:
        seed: of all draws.
        p: the numbers of behaviour by name; choices between theories as the row of the choice.
        config: the whole configuration, as ``govsim`` has it.
        rules: the rules in force, by name.
        week, clock_week: of the timeline (negative in the warm-up), and since the start of the warm-up.
        cases: open cases by identity, with those that have ended and still stand in a queue or on a list.
        archive: the cases that have ended since it was made; ``ended_before`` is how many had before.
        arrivals: cases on their way, by (tier, day of arrival): ``compound``, ``community``, ``street``, ``branch``,
            and ``district`` for those that are up for a district's meeting.
        log: steps (day, row of the desk or -1, why) of each case by its identity, since it was made; ``noted_before``
            is how many had been noted before.
        background: work a working day that is not simulated, by desk.
        tally: flows of the week by name.
        series: what was recorded: a dict a week.
    """

    residents: list[Resident]
    members: list[Member]
    households: list[Household]
    settlements: list[Settlement]
    grids: list[Grid]
    communities: list[Community]
    streets: list[Street]
    districts: list[District]
    desks: list[Desk]
    kinds: list[Kind]
    committee: Committee
    survey: Survey

    def __init__(self, config: Any, p: SimpleNamespace, seed: int) -> None:
        super().__init__(rng=seed)
        self.config, self.p, self.seed = config, p, np.uint64(seed)
        self.week = -config.warmup
        self.rules = SimpleNamespace()
        self.cases: dict[int, Case] = {}
        self.archive: list[Case] = []
        self.ended_before = self.noted_before = 0
        self.arrivals: dict[tuple[str, int], list[Case]] = {}
        self.log: dict[int, list[tuple[int, int, int]]] = {}
        self.background: list[float] = []
        self.tally: dict[str, float] = dict.fromkeys(FLOWS, 0.0)
        self.series: list[dict[str, float]] = []
        self.answers: list[tuple[Settlement, Resident, float]] = []
        self.complaints: list[Case] = []
        self.hardened: list[Resident] = []

    def step(self) -> None:
        """One week."""
        self.tally = dict.fromkeys(FLOWS, 0.0)
        self.rules = rules.in_force(self)

        facilities.open_the_week(self)
        grid_work.plan_the_week(self)
        community.open_the_week(self)
        street.open_the_week(self)
        departments.open_the_week(self)
        offices.open_the_week(self)

        incidence.raise_cases(self)
        reckoning.wake(self)
        detection.find(self)
        grid_work.settle_on_the_spot(self)
        for day in self.days:
            compound.settle(self, day)
            community.handle(self, day)
            street.dispatch(self, day)
            departments.serve(self, day)
        committee.meet(self)
        departments.learn(self)
        districts.meet_and_steer(self)

        funding.spend(self)
        funding.change_the_environment(self)
        renovation.build(self)
        persuasion.visit(self)
        party.build(self)
        owners.vote_and_pay(self)
        covenant.keep(self)
        participation.join(self)
        platform.spread(self)
        culture.meet(self)
        reckoning.close_the_week(self)
        experience.live_through_the_week(self)
        survey.ask(self)
        committee.close_the_week(self)
        offices.close_the_week(self)
        record.collect(self)
        self.week += 1

    @property
    def clock_week(self) -> int:
        """Weeks since the start of the warm-up."""
        return self.week + self.config.warmup

    @property
    def day(self) -> int:
        """First working day of this week."""
        return WORKING_DAYS * self.clock_week

    @property
    def days(self) -> range:
        """Working days of this week."""
        return range(self.day, self.day + WORKING_DAYS)

    # --- chance, by name

    def luck(self, decision: str, identity: int, attempt: int = 0) -> float:
        """A uniform draw between 0 and 1."""
        return draws.uniform(self.seed, draws.NAMES[decision], identity, attempt)

    def threshold(self, decision: str, identity: int, attempt: int = 0) -> float:
        """An exponential draw of mean 1: the hazard at which something happens."""
        return draws.exponential(self.seed, draws.NAMES[decision], identity, attempt)

    def normal(self, decision: str, identity: int, attempt: int = 0) -> float:
        """A standard normal draw."""
        return draws.normal(self.seed, draws.NAMES[decision], identity, attempt)

    def count(self, decision: str, identity: int, attempt: int, mean: float) -> int:
        """A Poisson draw."""
        return draws.poisson(self.seed, draws.NAMES[decision], identity, attempt, mean)

    # --- cases on their way, and what is noted of them

    def send(self, case: Case, tier: str, stage: int, day: int) -> None:
        """Put a case on its way; it arrives at a tier on a day."""
        case.stage, case.desk, case.under_way = stage, None, True
        self.arrivals.setdefault((tier, day), []).append(case)

    def note(self, case: Case, day: int, desk: int, why: int) -> None:
        """Note a step of a case: at the row of which desk (-1: in the place itself), and why."""
        self.log.setdefault(case.id, []).append((day, desk, why))
