"""Chance has names: every draw is a hash of (seed, name of the decision, identity, attempt or week).

There is no generator and no order. Whatever a policy does, it cannot shift anybody else's luck: the
same case before the same department at the same attempt meets the same draw in every world of a
seed. Names are module constants, ``ACCEPT = draws.name("branch.accept")``, and are unique.

The hash chains the SplitMix64 finaliser (Steele, Lea & Flood 2014) over the four parts. Its
uniformity and independence across seeds, names, identities and attempts are tested in
``tests/test_draws.py``.
"""

from __future__ import annotations

import hashlib
import math

import numpy as np

from govsim.jit import kernel

__all__ = [
    "NAMES", "bits", "exponential", "exponential_up_to", "exponentials", "name", "normal", "poisson", "poisson_count",
    "reached", "uniform", "uniforms",
]  # fmt: skip

NAMES: dict[str, np.uint64] = {}
"""Every decision that draws, with its number."""

_A = np.uint64(0xBF58476D1CE4E5B9)
_B = np.uint64(0x94D049BB133111EB)
_IDENTITY = np.uint64(0x9E3779B97F4A7C15)
_ATTEMPT = np.uint64(0xD1342543DE82EF95)
_S30, _S27, _S31, _S11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)
_UNIT = 2.0**-53


def name(decision: str) -> np.uint64:
    """Register the name of a decision and return its number.

    Raises:
        ValueError: the name is taken; two decisions that shared one would share their luck.
    """
    if decision in NAMES:
        raise ValueError(f"two decisions draw under the name {decision!r}")
    NAMES[decision] = np.uint64(int.from_bytes(hashlib.blake2b(decision.encode(), digest_size=8).digest()))
    return NAMES[decision]


@kernel
def _mix(z):
    z = (z ^ (z >> _S30)) * _A
    z = (z ^ (z >> _S27)) * _B
    return z ^ (z >> _S31)


@kernel
def bits(seed, decision, identity, attempt):
    """64 random bits for one decision; all arguments are integers."""
    z = _mix(np.uint64(seed) * _IDENTITY + decision)
    z = _mix(z ^ (np.uint64(identity) * _IDENTITY))
    return _mix(z + (np.uint64(attempt) + np.uint64(1)) * _ATTEMPT)


@kernel
def uniform(seed, decision, identity, attempt):
    """One float64 in [0, 1), a multiple of 2**-53."""
    return np.float64(bits(seed, decision, identity, attempt) >> _S11) * _UNIT


@kernel
def exponential(seed, decision, identity, attempt):
    """One draw from the exponential distribution with mean 1."""
    return -math.log1p(-uniform(seed, decision, identity, attempt))


@kernel
def exponential_up_to(most, seed, decision, identity, attempt):
    """``exponential`` where it is at most ``most``, and infinity beyond.

    -log(1 - u) is never below u + u²/2: where that is too much already, there is no need of a logarithm.
    """
    u = uniform(seed, decision, identity, attempt)
    if u + 0.5 * u * u > most:
        return np.inf
    return -math.log1p(-u)


@kernel
def reached(level, seed, decision, identity, attempt):
    """Whether a level that rises has come to the threshold that ``exponential`` draws."""
    return level >= exponential_up_to(level, seed, decision, identity, attempt)


@kernel
def normal(seed, decision, identity, attempt):
    """One standard normal draw (Box and Muller, from the two halves of one hash)."""
    z = bits(seed, decision, identity, attempt)
    u = (np.float64(z >> np.uint64(32)) + 0.5) * 2.0**-32
    v = np.float64(z & np.uint64(0xFFFFFFFF)) * 2.0**-32
    return math.sqrt(-2.0 * math.log(u)) * math.cos(2.0 * math.pi * v)


@kernel
def poisson(seed, decision, identity, attempt, mean):
    """A Poisson count by inversion of one uniform (for means up to some hundreds)."""
    return poisson_count(uniform(seed, decision, identity, attempt), mean, math.exp(-mean))


@kernel
def poisson_count(u, mean, nothing):
    """The Poisson count that a uniform stands for, where the probability of none is known."""
    probability = nothing
    cumulative = probability
    count = 0
    while u >= cumulative and probability > 0.0:
        count += 1
        probability *= mean / count
        cumulative += probability
    return count


@kernel
def uniforms(seed, decision, identities, attempt):
    """``uniform`` for an array of identities: (n,) <- (n,)."""
    out = np.empty(identities.shape[0])
    for i in range(identities.shape[0]):
        out[i] = uniform(seed, decision, identities[i], attempt)
    return out


@kernel
def exponentials(seed, decision, identities, attempt):
    """``exponential`` for an array of identities: (n,) <- (n,)."""
    out = np.empty(identities.shape[0])
    for i in range(identities.shape[0]):
        out[i] = exponential(seed, decision, identities[i], attempt)
    return out
