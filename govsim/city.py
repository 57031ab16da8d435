"""The city: a Mesa model whose step is the week of model time, top-down, on one screen."""

from __future__ import annotations

import logging
from collections.abc import Callable
from operator import methodcaller
from typing import Any

import mesa
import numpy as np

from govsim import cases as c
from govsim import draws, views
from govsim.calendar import WEEKS_A_YEAR, WORKING_DAYS
from govsim.cases import Archive, Cases, HandOffs, Ways
from govsim.columns import Table
from govsim.config.behaviour import values
from govsim.config.compose import Composed, compose, overrides_from_kwargs
from govsim.flows import FLOWS
from govsim.institutions.committee import Committee, Department, District
from govsim.institutions.offices import Offices, build_desks
from govsim.jit import in_ranges, threads_for
from govsim.kinds import kinds_table
from govsim.places import WORK_UNIT
from govsim.population import build, enlist
from govsim.processes.community import Community
from govsim.processes.compound import Compound
from govsim.processes.covenant import Covenant
from govsim.processes.culture import Culture
from govsim.processes.departments import Departments
from govsim.processes.detection import Detection
from govsim.processes.experience import Experience
from govsim.processes.facilities import Facilities
from govsim.processes.funding import Funding, kept_up
from govsim.processes.grid_work import GridWork
from govsim.processes.incidence import Incidence
from govsim.processes.owners import Owners
from govsim.processes.participation import Participation
from govsim.processes.party import Party
from govsim.processes.persuasion import Persuasion
from govsim.processes.platform import Platform
from govsim.processes.reckoning import Reckoning
from govsim.processes.renovation import Renovation
from govsim.processes.street import Street
from govsim.processes.survey import Survey
from govsim.recorder import Collector, Recorder
from govsim.rules import Timeline

__all__ = ["City"]

logging.getLogger("mesa").setLevel(logging.WARNING)  # it logs a line a step

ENVIRONMENT = draws.name("start.environment")
TERM = draws.name("start.owners_term")
BLOCK_ORDER = draws.name("engine.block_order")
_BLOCK = 16_384  # residents in a block: small enough to balance two threads, large enough to hide overhead


class City(mesa.Model):
    """A place and everybody in it, under one set of policies.

    Built from keyword arguments alone, which are the names of a config::

        City(place="street", policy="chengdu_2019", rng=1, **{"policy.fund.yuan": 2e5})

    One step is a week. The model starts at the first week of the warm-up and sets ``running`` to False
    after its last week. ``rng`` names the luck of the run; no generator is ever drawn from.

    Attributes:
        week: week of the timeline (negative in the warm-up, 0 from 4 September 2017).
        places, residents, members, cases, desks, kinds: the tables.
        rules: the rules in force this week.
        p: the numbers of behaviour.
        committee, departments, districts: those above the branches; committee and districts decide in Python.
        compounds, grids, communities, streets: agents of these levels, by row; ``residents[i]``, ``members[m]``,
            ``cases[id]`` and ``desks[d]`` give views of rows too (see :mod:`govsim.views`).
        lattice: Mesa's grid, on which settlements stand as agents; None in a place larger than a district.
        datacollector: every series of :data:`govsim.recorder.SERIES`, a row a week.

    Raises:
        ConfigError: a keyword or value that no config allows.
    """

    def __init__(self, *, composed: Composed | None = None, rng: int | None = None, **config: Any) -> None:
        self.composed = composed or compose(overrides_from_kwargs(rng=rng, **config))
        self.config = self.composed.config
        super().__init__(rng=self.config.seed)
        self.seed = np.uint64(self.config.seed)
        self.p = values(self.config.behaviour)
        self.threads = self.config.engine.threads or threads_for(self.config.place.residents)

        self.places, self.residents = build(self.config.place, self.config.behaviour, self.config.seed, self.threads)
        self.members = enlist(self.places, self.residents)
        self.kinds = kinds_table(self.config.kinds, self.config.departments)
        self.n_departments = len(self.config.departments)
        self.cases = Cases(1024)
        self.ways = Ways(c.HORIZON * len(self.places.districts))
        self.archive = Archive()
        self.handoffs = HandOffs(self.config.keeps_handoffs)
        self.desks = build_desks(self.config, self.places)
        self.background = np.zeros(len(self.desks))
        self.blocks, self.block_order = self._blocks()
        self.tally = np.zeros(len(FLOWS))
        self.week = -self.config.warmup
        self.timeline = Timeline(self.config.policy, self.config.before, self.config.scenario)
        self.rules = self.timeline.in_force(self.week)

        self.committee = Committee(self, len(self.kinds), self.n_departments)
        self.departments = [Department(self, row, name) for row, name in enumerate(self.config.departments)]
        self.districts = [District(self, row) for row in range(len(self.places.districts))]
        self.lattice = views.attach(self, enlist=self.is_small)
        self.compounds = views.compounds(self)
        self.grids, self.communities, self.streets = self.places.grids, self.places.communities, self.places.streets

        self.incidence = Incidence(self)
        self.detection = Detection(self)
        self.grid_workers = GridWork(self)
        self.in_compounds = Compound(self)
        self.community_desks = Community(self)
        self.street_desks = Street(self)
        self.branch_desks = Departments(self)
        self.offices = Offices(self)
        self.reckoning = Reckoning(self)
        self.funding = Funding(self)
        self.renovation = Renovation(self)
        self.party = Party(self)
        self.owners = Owners(self)
        self.facilities = Facilities(self)
        self.persuasion = Persuasion(self)
        self.covenant = Covenant(self)
        self.participation = Participation(self)
        self.platform = Platform(self)
        self.culture = Culture(self)
        self.experience = Experience(self)
        self.survey = Survey(self)
        self.recorder = Recorder(self)
        self.datacollector: mesa.DataCollector = Collector(self.recorder)
        self._start()

    def step(self) -> None:
        """One week."""
        self.tally[:] = 0.0
        self.rules = self.timeline.in_force(self.week)

        self.facilities.open_the_week()
        self.grid_workers.plan_the_week()
        self.community_desks.open_the_week()
        self.street_desks.open_the_week()
        self.branch_desks.open_the_week()
        self.offices.open_the_week()

        self.incidence.raise_cases()
        self.handoffs.make_room(c.STEPS_A_WEEK * self.cases.rows)
        self.reckoning.wake()
        self.detection.find()
        self.grid_workers.settle_on_the_spot()
        for day in range(self.day, self.day + WORKING_DAYS):
            self.in_compounds.settle(day)
            self.community_desks.handle(day)
            self.street_desks.dispatch(day)
            self.branch_desks.serve(day)
        self.committee.meet()
        self.branch_desks.learn()
        disputed = self.street_desks.up_for_districts()
        for district in self.districts:
            district.meet(disputed)
            district.steer()

        self.funding.spend()
        self.funding.change_the_environment()
        self.renovation.build()
        self.persuasion.visit()
        self.party.build()
        self.owners.vote_and_pay()
        self.covenant.keep()
        self.participation.join()
        self.platform.spread()
        self.culture.meet()
        self.reckoning.close_the_week()
        self.experience.live_through_the_week()
        self.survey.ask()
        self.committee.close_the_week()
        self.offices.close_the_week()
        self.recorder.collect()
        self.datacollector.collect(self)

        self.week += 1
        self.running = self.week < self.config.weeks

    @property
    def is_small(self) -> bool:
        """Up to district size: it can keep every hand-off, and have an agent of Mesa for every settlement."""
        return self.config.place.is_small

    @property
    def clock_week(self) -> int:
        """Weeks since the start of the warm-up."""
        return self.week + self.config.warmup

    @property
    def day(self) -> int:
        """First working day of this week, counted from the start of the warm-up."""
        return WORKING_DAYS * self.clock_week

    @property
    def stage_counts(self) -> np.ndarray:
        """How many cases are in each stage: (stages,)."""
        cases = self.cases.columns
        counts = in_ranges(self.threads, self.cases.rows, lambda first, end: c.count_stages(cases, first, end))
        return np.sum(counts, axis=0)

    # --- set-up -------------------------------------------------------------------------------------

    def _blocks(self) -> tuple[np.ndarray, np.ndarray]:
        """Starts of blocks of settlements with about equal residents, and the order in which they are taken."""
        until = np.cumsum(self.places.settlements.residents, dtype=np.int64)
        wanted = np.arange(1, until[-1] // _BLOCK + 1) * _BLOCK
        cuts = np.searchsorted(until, wanted, side="right")
        starts = np.unique(np.concatenate([[0], cuts, [len(until)]]))
        order = np.arange(len(starts) - 1)
        if self.config.engine.block_order:
            order = np.argsort(draws.uniforms(self.config.engine.block_order, BLOCK_ORDER, order, 0), kind="stable")
        return starts, order

    def _start(self) -> None:
        """States at the start of the warm-up, which it then forgets."""
        settlements, residents, p = self.places.settlements, self.residents, self.p
        kept = kept_up.py_func(settlements.archetype, settlements.property_quality, p) / p.environment_decay
        luck = draws.uniforms(self.seed, ENVIRONMENT, np.arange(len(settlements)), 0) - 0.5
        settlements.environment[:] = np.clip(kept + 0.3 * luck, 0.05, 0.95)
        settlements.need[:] = 0.5
        settlements.responsiveness[:] = 0.4
        settlements.mean_satisfaction[:] = 0.45
        settlements.mean_trust[:] = 0.4
        settlements.fees[:] = p.fee_needed * (settlements.property_own > 0.0)
        settlements.conflict[:] = p.conflict_base * (1.0 - settlements.property_own) * (settlements.property_own > 0.0)
        term = np.int64(p.committee_years * WEEKS_A_YEAR)
        settlements.owners_until[:] = self.week + draws.uniforms(self.seed, TERM, np.arange(len(settlements)), 0) * term
        settlements.ties[:] = p.ties_base - p.ties_migrants * settlements.migrants
        settlements.ties += p.ties_work_unit * (settlements.archetype == WORK_UNIT)
        settlements.remembered[:] = settlements.environment
        communities = self.places.communities
        communities.groups_outside[:] = p.groups_in_the_open * communities.residents / 1_000.0
        residents.satisfaction[:] = np.clip(0.45 + residents.taste, 0.0, 1.0)
        residents.expectation[:] = residents.satisfaction
        residents.trust[:] = np.clip(0.4 + residents.taste, 0.0, 1.0)

    # --- branching ----------------------------------------------------------------------------------

    _TABLES = ("cases", "ways", "desks", "residents", "members")
    _TIERS = ("districts", "streets", "communities", "settlements", "grids")

    def state(self) -> dict[str, Any]:
        """Everything that a week can change, as copies: enough for another world to go on from here."""
        return self._everything(methodcaller("state"))

    def held(self) -> dict[str, Any]:
        """What :meth:`state` copies, as it stands: of use until the next week, and it takes no memory."""
        return self._everything(methodcaller("held"))

    def _everything(self, of: Callable[[Table], dict[str, np.ndarray]]) -> dict[str, Any]:
        tables = {name: of(getattr(self, name)) for name in self._TABLES}
        tables |= {name: of(getattr(self.places, name)) for name in self._TIERS}
        return {
            "week": self.week,
            "tables": tables,
            "handoffs": of(self.handoffs),
            "archive": list(self.archive.chunks),
            "committee": self.committee.state(),
            "survey": self.survey.state(),
            "recorder": self.recorder.state(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from another world's state (same place, seed and behaviour; other policies).

        Raises:
            ValueError: the state was taken in another place.
        """
        tables = state["tables"]
        if len(tables["residents"]["trust"]) != len(self.residents):
            raise ValueError("this state belongs to another place")
        for name in self._TABLES:
            getattr(self, name).restore(tables[name])
        for name in self._TIERS:
            getattr(self.places, name).restore(tables[name])
        self.week = state["week"]
        self.handoffs.restore(state["handoffs"])
        self.archive.chunks = list(state["archive"])
        self.committee.restore(state["committee"])
        self.survey.restore(state["survey"])
        self.recorder.restore(state["recorder"])
        self.running = self.week < self.config.weeks
