"""Residents as columns, contiguous by household, building and settlement."""

from __future__ import annotations

from govsim.columns import Table, column

__all__ = ["AGES", "ELDERLY", "MIGRANT", "OWNER", "RENTER", "TENURES", "TYPES", "Members", "Residents"]

TENURES = ("owner", "renter", "migrant")
OWNER, RENTER, MIGRANT = range(3)
AGES = ("child", "adult", "elderly")
CHILD, ADULT, ELDERLY = range(3)
TYPES = ("conditional cooperator", "free rider", "hump-shaped")
CONDITIONAL, FREE_RIDER, HUMP = range(3)

NEVER_COMPLAINED = -10_000
"""A week so far back that it counts as never."""


class Residents(Table, by_column=True):
    """One row a resident. float32 holds attitudes: their weekly moves (above 1e-5) are far above its rounding."""

    member = column("?", "", "is a Party member", fixed=True)
    tenure = column("u1", "", "owner, renter or migrant", fixed=True)
    age = column("u1", "", "child, adult or elderly", fixed=True)
    type = column("u1", "", "how readily others' example moves them to take part", fixed=True)
    voice = column("f4", "1", "readiness to report, 1 = median", fixed=True)
    taste = column("f4", "1", "lasting difference in how content they are with the same place", fixed=True)
    threshold = column("f4", "1", "pull at which they take part", fixed=True)
    turn = column("u1", "weeks", "when in each period they reconsider whether to take part", fixed=True)
    satisfaction = column("f4", "0..1", "satisfaction with the community")
    expectation = column("f4", "0..1", "what they have come to expect of the place")
    trust = column("f4", "0..1", "trust that problems are dealt with")
    joined = column("?", "", "takes part in community affairs")
    registered = column("?", "", "is registered on the citizens' platform")
    complained = column(
        "i2", "week", "when a case they reported was last found, from the start of the warm-up", fill=NEVER_COMPLAINED
    )


PLEDGES = ("none", "active", "withdrawn")
UNPLEDGED, ACTIVE, WITHDRAWN = range(3)


class Members(Table):
    """One row a Party member, in the order of residents."""

    resident = column("i4", "", "row of the resident", fixed=True)
    in_service = column("?", "", "still at work, organised there (else retired, organised where they live)", fixed=True)
    known = column("?", "", "the community knows that they are a member")
    pledge = column("u1", "", "their pledge to the compound: none, active or withdrawn")
    tired = column("f4", "1", "tiredness from what they gave")
