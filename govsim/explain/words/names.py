"""Names of things and phrases that all stories use.

Names of departments, kinds and the like are data; they are looked up as they read, ``urban management`` for
``urban_management``.
"""

from __future__ import annotations

from collections.abc import Sequence

from govsim.explain.story import Home, Office, Person
from govsim.language import _, _n, names_in_words

__all__ = [
    "account", "after", "any_of", "area", "branch", "capital", "days", "kind", "listed", "name", "number", "of_hundred",
    "office", "ordinal", "person", "place", "share", "text", "weeks", "world",
]  # fmt: skip

_READ = {
    "culture_tourism": "culture and tourism",
    "disability_federation": "the federation of the disabled",
    "culture_venues": "venues for culture",
    "economy_information": "economy and information",
    "enterprise_cobuilding": "co-building with enterprises",
    "fire_rescue": "fire and rescue",
    "neighbour_disputes": "neighbour dispute",
    "owners_committee_support": "support for owners' committees",
    "parking_order": "parking and order",
    "participation_channels": "channels of participation",
    "political_legal": "political and legal affairs",
    "service_requests": "service request",
    "unauthorised_structures": "unauthorised structure",
    "wires_facilities": "wires and facilities",
}
"""English names that read otherwise than without their underscore."""


def name(key: str) -> str:
    """How the name of a department, a kind or an instrument in a data file reads."""
    plain = key.replace("_", " ")
    words = _(plain)
    return _READ.get(key, plain) if words == plain else words


kind = name


def branch(department: str) -> str:
    """A department as it acts in a story."""
    return _("{department}", department=name(department))


def world(label: str) -> str:
    """The name of a world, made of the names of policies."""
    return names_in_words(label)


def text(*sentences: str) -> str:
    """Sentences in a row; empty ones are left out."""
    first, *others = [sentence for sentence in sentences if sentence] or [""]
    for sentence in others:
        first = _("{first} {then}", first=first, then=sentence)
    return first


def listed(names: Sequence[str]) -> str:
    """Names as people list them: a, b and c; empty for none."""
    first, last = _but_last(names)
    return _("{first} and {last}", first=first, last=last) if first else last


def any_of(names: Sequence[str]) -> str:
    """Names of which one would do: a, b or c; empty for none."""
    first, last = _but_last(names)
    return _("{first} or {last}", first=first, last=last) if first else last


def _but_last(names: Sequence[str]) -> tuple[str, str]:
    """All names but the last, with commas, and the last."""
    *others, last = names or [""]
    first = ""
    for other in others:
        first = _("{first}, {then}", first=first, then=other) if first else other
    return first, last


def capital(sentence: str) -> str:
    """A sentence with a capital at its beginning."""
    return sentence[:1].upper() + sentence[1:]


def days(n: int) -> str:
    """A span of working days."""
    return _n("{n} day", "{n} days", n)


def after(n: int) -> str:
    """After how many working days."""
    return _("the same day") if n == 0 else _("after {days}", days=days(n))


def weeks(n: int) -> str:
    """A span of weeks."""
    return _n("{n} week", "{n} weeks", n)


ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def ordinal(n: int) -> str:
    """Which one in a row, from 1."""
    return _(ORDINALS[n - 1]) if n <= len(ORDINALS) else _("{n}th", n=n)


def share(value: float) -> str:
    """A share in per cent, small ones with a decimal."""
    return f"{100 * value:.1f}%" if 0.0 < value < 0.095 else f"{100 * value:.0f}%"


def of_hundred(chance: float) -> str:
    """A chance as so many of a hundred."""
    n = round(100 * chance)
    if n == 0:
        return _("fewer than 1 of 100")
    return _("more than 99 of 100") if n == 100 else _("{n} of 100", n=n)


def number(value: float) -> str:
    """An attitude or another number between 0 and 1."""
    return f"{value:.2f}"


def area(home: Home) -> str:
    """A settlement by its number."""
    if home.is_compound:
        return _("compound {number}", number=home.settlement)
    return _("the open part of community {number}", number=home.community)


def place(home: Home) -> str:
    """A settlement and where it is."""
    if home.is_compound:
        return _(
            "compound {number} (community {community}, street {street}, district {district})",
            number=home.settlement, **home._asdict(),
        )  # fmt: skip
    return _("the open part of community {community} (street {street}, district {district})", **home._asdict())


def office(which: Office) -> str:
    """An office as it acts in the story of a case, where there is one of each tier."""
    if which.tier == "branch":
        return branch(which.department)
    return _("the community") if which.tier == "community" else _("the street")


PEOPLE = {
    ("child", "owner"): "a child of owners",
    ("child", "renter"): "a child of renters",
    ("child", "migrant"): "a child of migrants",
    ("adult", "owner"): "an owner",
    ("adult", "renter"): "a renter",
    ("adult", "migrant"): "a migrant",
    ("elderly", "owner"): "an elderly owner",
    ("elderly", "renter"): "an elderly renter",
    ("elderly", "migrant"): "an elderly migrant",
}


def person(who: Person) -> str:
    """Who a resident is, in a few words."""
    words = _(PEOPLE[who.age, who.tenure])
    return _("{person} and Party member", person=words) if who.member else words


def account(resident: int) -> str:
    """A resident by number."""
    return _("resident {number}", number=resident)
