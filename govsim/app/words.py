"""What the page says of itself, and names and dates in words."""

from __future__ import annotations

from govsim import language
from govsim.app.twins import Twins
from govsim.calendar import monday
from govsim.language import _

__all__ = ["about", "date_in_words", "name_in_words"]


def about(twins: Twins) -> list[tuple[str, list[str]]]:
    """Headings and paragraphs of the panel "What am I looking at?"."""
    places = twins.cities["policy"].places
    size = {
        "residents": f"{places.population:,}",
        "compounds": f"{int(places.settlements.is_compound.sum()):,}",
        "communities": f"{len(places.communities):,}",
        "grids": f"{len(places.grids):,}",
        "buildings": f"{len(places.buildings):,}",
    }
    return [
        (
            _("The same place, twice"),
            [
                _(
                    "Both pictures show one simulated place in a city like Chengdu: {residents} residents in "
                    "{buildings} buildings, {compounds} compounds, {communities} communities and {grids} grids. "
                    "Residents, grid workers, offices and departments act week by week.",
                    **size,
                ),
                _(
                    "On the left it is governed as before the reform of 2017; on the right under the policy that you "
                    "choose and change. Both worlds have the same people, the same problems and the same luck until "
                    "the policy makes a difference: what differs, the policy did."
                ),
            ],
        ),
        (
            _("How to read the picture"),
            [
                _(
                    "A cell is a compound, or what lies outside compounds in a community; it is as full as it has "
                    "buildings. Thin lines part grids, dark lines communities. The colour is what residents of a "
                    "building live with or feel, or what holds for their compound. Click a compound to read its story."
                ),
            ],
        ),
        (
            _("What it is for, and where it ends"),
            [
                _(
                    "It is made to explore and explain how arrangements of governance work together. It predicts "
                    "nothing and advocates nothing: a policy can do nothing here, or harm."
                ),
                _(
                    "Sizes and doses come from one published report; how often problems arise, what departments can do "
                    "and how households behave are assumptions. All reported results are from after the reform, so the "
                    "data cannot say what the reform did."
                ),
                _(
                    "What you see is one draw of luck. To compare policies, run a study: it pairs many seeds and "
                    "reports intervals."
                ),
            ],
        ),
    ]


def name_in_words(name: str) -> str:
    """An instrument's name at the start of a line."""
    words = _(name.replace("_", " "))
    return words[:1].upper() + words[1:]


def date_in_words(week: int) -> str:
    """The Monday of a week, as people of the language write it."""
    return language.date_in_words(monday(week))
