"""The arrangements before the reform: the base of the rules in force, the same in every world."""

from __future__ import annotations

from dataclasses import dataclass

from govsim.config.parameters import param

__all__ = ["OWNERS_LAWS", "Arrangements", "Prices"]

OWNERS_LAWS = ("before_2021", "from_2021")


@dataclass
class Arrangements:
    """What was in force before any policy, and what no policy of this version changes."""

    workers_per_grid: float = param(
        0.55, "workers per grid", "line inspectors and helpers before grids were staffed", range=(0.2, 0.9)
    )
    certificates: float = param(
        313,
        "items",
        "certificates a community must issue",
        range=(0, 400),
        source="burden.certificates",
        grade="A",
    )
    worker_hours: float = param(38, "hours a week", "working week of a grid worker", range=(35, 44))
    community_hours: float = param(
        52, "hours per 1,000 residents and week", "working time of community committees", range=(35, 80)
    )
    community_admin: float = param(
        0.35,
        "1",
        "share of community time that goes to duties other than cases and certificates",
        range=(0.2, 0.5),
    )
    street_hours: float = param(
        5.5,
        "hours per 1,000 residents and week",
        "street office time for dispatch and coordination",
        range=(3.5, 9),
    )
    owners_law: str = param(
        "before_2021",
        "",
        "how owners found a committee: a majority of all (Property Law art. 76), or two thirds voting and "
        "a majority of these (Civil Code art. 278)",
        choices=OWNERS_LAWS,
        source="statutes",
        grade="C",
    )
    district_hours: float = param(
        2.0,
        "hours a week",
        "time in which the leaders of a whole district hear single disputed cases",
        range=(0, 10),
    )
    target_pressure: float = param(
        0.15, "1", "pressure to show overdue cases as closed; the same dial in every world", range=(0, 0.6)
    )


@dataclass
class Prices:
    """What an hour or a year of work costs."""

    worker: float = param(60_000, "yuan a year", "a grid worker with overheads", range=(40_000, 90_000))
    clerk_hour: float = param(45, "yuan an hour", "an hour of community or street staff", range=(25, 80))
    official_hour: float = param(80, "yuan an hour", "an hour of a department's branch", range=(50, 140))
    committee_staff: float = param(60, "people", "staff of the coordinating committee, city-wide", range=(30, 120))
    official: float = param(
        150_000, "yuan a year", "an official of the committee with overheads", range=(100_000, 250_000)
    )
    organiser_hour: float = param(
        45, "yuan an hour", "an hour of a Party organiser or of help with votes", range=(25, 80)
    )
    pilot: float = param(400_000, "yuan", "renovating one building as a pilot", range=(150_000, 1_500_000))
    venue: float = param(60_000, "yuan a year", "a free venue with rent and keeper", range=(20_000, 200_000))
    station: float = param(180_000, "yuan a year", "a service station with its staff", range=(80_000, 300_000))
    gate: float = param(40_000, "yuan a year", "gates of a compound, with upkeep", range=(10_000, 120_000))
    platform: float = param(60_000_000, "yuan a year", "the citizens' platform, city-wide", range=(20e6, 200e6))
