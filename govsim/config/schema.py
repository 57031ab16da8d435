"""The root of every configuration. Its fields, and theirs, are the only keys there are."""

from __future__ import annotations

from dataclasses import dataclass, field

from govsim.config.arrangements import Arrangements, Prices
from govsim.config.behaviour import Behaviour
from govsim.config.kinds import Department, Kind
from govsim.config.parameters import param
from govsim.config.place import CITY, Place
from govsim.config.scenario import Scenario
from govsim.policies import Instrument

__all__ = ["Checkpoint", "Config", "Engine", "Record"]


@dataclass
class Record:
    """What a run writes besides its summary, series and compounds."""

    cases: bool = param(False, "", "write every case of both worlds (cases.parquet)")
    handoffs: str = param(
        "auto",
        "",
        "keep each hand-off of each case; auto: up to district size",
        choices=("auto", "on", "off"),
    )


@dataclass
class Engine:
    """How the work is done. Nothing here may change a result."""

    threads: int = param(
        0,
        "count",
        "threads; 0: one for each 2 million residents, at most as many as the machine has",
        range=(0, 1_024),
    )
    block_order: int = param(
        0,
        "",
        "0: blocks of compounds in their own order; else the seed of another order",
        range=(0, 2**31 - 1),
    )


@dataclass
class Checkpoint:
    """How a long run survives a kill. Nothing here may change a result."""

    every: int = param(
        0,
        "weeks",
        "weeks of each world after which its state is kept; the same command goes on from there; 0: never",
        range=(0, 1_000),
    )


@dataclass
class Config:
    """One run: a place, how people behave there, what a policy changes, and what it is compared with."""

    place: Place = field(default_factory=Place)
    behaviour: Behaviour = field(default_factory=Behaviour)
    kinds: dict[str, Kind] = field(default_factory=dict)
    departments: dict[str, Department] = field(default_factory=dict)
    before: Arrangements = field(default_factory=Arrangements)
    prices: Prices = field(default_factory=Prices)
    scenario: Scenario = field(default_factory=Scenario)
    policy: dict[str, Instrument] = field(default_factory=dict)
    baseline: dict[str, Instrument] | None = field(default_factory=dict)
    """The other world; None where there is none."""

    background: str = param(
        "mirrored",
        "",
        "the rest of the district: mirrored raises cases as the simulated place does, fixed stays as it was",
        choices=("mirrored", "fixed"),
    )
    seed: int = param(1, "", "names the luck of both worlds", range=(0, 2**63 - 1))
    weeks: int = param(116, "weeks", "length after the warm-up; 116 reach 25 November 2019", range=(1, 1_000))
    warmup: int = param(52, "weeks", "weeks under the rules before any policy", range=(0, 520))
    out: str = param("", "", "folder to write; empty: a fresh one under results/")
    record: Record = field(default_factory=Record)
    engine: Engine = field(default_factory=Engine)
    checkpoint: Checkpoint = field(default_factory=Checkpoint)

    @property
    def keeps_handoffs(self) -> bool:
        """Whether each hand-off of each case is kept."""
        wanted = self.record.handoffs
        return wanted == "on" or (wanted == "auto" and self.place.is_small)

    @property
    def city_residents(self) -> int:
        """Residents of the whole city, of which a place bears its part of what the city pays for."""
        return CITY.residents
