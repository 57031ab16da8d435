"""A strained city in which everything happens, with a probe from its first week."""

from __future__ import annotations

import pytest
from worlds import FROM_THE_START, city

from govsim.explain import Probe
from govsim.policies import INSTRUMENTS

BUSY = ("place.residents=9000", "warmup=6", "weeks=30", f"policy=[{','.join(INSTRUMENTS)}]")
STRAINED = {
    "behaviour.rate_scale": 1.5,
    "behaviour.work_scale": 1.5,
    "behaviour.return_days": 10,
    "before.target_pressure": 0.4,
    "before.district_hours": 10,
    "before.community_hours": 40,
    "policy.committee.meeting_hours": 10,
    "policy.home_visits.compensation": 500,
    **{f"policy.{name}.start": FROM_THE_START for name in INSTRUMENTS},
}
"""Queues last for days, offices close on paper, the district hears cases, and every instrument is in force."""


@pytest.fixture(scope="session")
def busy() -> Probe:
    """A probe of a city to the end of its run."""
    probe = Probe(city(*BUSY, values=STRAINED))
    probe.city.run_model()
    return probe
