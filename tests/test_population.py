"""Places and residents add up to the published totals, nest, and are the same for a seed."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govsim.apportion import apportion, fill_up
from govsim.config.place import CITY, LARGE_COMPOUND, Place, check, counts, size_law
from govsim.lattice import curve, rectangle
from govsim.places import ESTATE, MIGRANT_COMPOUND, OPEN, WORK_UNIT
from govsim.population import build, enlist, stratified_sizes
from govsim.residents import ADULT, CHILD, CONDITIONAL, ELDERLY, FREE_RIDER, MIGRANT, OWNER, TYPES
from govsim.study.scenarios import Bases

BEHAVIOUR: Any = SimpleNamespace(
    conditional_share=0.5,
    free_rider_share=0.33,
    voice_sd=0.5,
    taste_sd=0.1,
    threshold_mean=0.55,
    threshold_sd=0.16,
    reconsider_weeks=20,
)
COMMUNITY, STREET, DISTRICT = 4_872, 58_500, 963_636


def built(residents: int = STREET, seed: int = 1, threads: int = 2, **stated: Any):
    return build(Place(residents=residents, **stated), BEHAVIOUR, seed, threads)


@pytest.fixture(scope="module")
def street():
    return built(STREET)


@pytest.fixture(scope="module")
def chengdu():
    return built(CITY.residents)


def assert_nested(first: np.ndarray, count: np.ndarray, below: int) -> None:
    """The intervals of one tier cover the tier below, in order and without gaps."""
    ends = first.astype(np.int64) + count
    assert first[0] == 0
    assert (count > 0).all()
    assert (first[1:] == ends[:-1]).all()
    assert ends[-1] == below


def assert_sound(places, residents, place: Place) -> None:
    """What holds in every place."""
    tiers = counts(place)
    d, s, c = places.districts, places.streets, places.communities
    g, t, b, h = places.grids, places.settlements, places.buildings, places.households
    assert (len(d), len(s), len(c), len(g)) == (
        tiers.districts,
        tiers.streets,
        tiers.communities,
        tiers.grids,
    )
    assert t.is_compound.sum() == tiers.compounds
    assert places.population == len(residents) == place.residents

    assert_nested(d.first_street, d.streets, len(s))
    assert_nested(s.first_community, s.communities, len(c))
    assert_nested(c.first_settlement, c.settlements, len(t))
    assert_nested(c.first_grid, c.grids, len(g))
    assert_nested(t.first_building, t.buildings, len(b))
    assert_nested(t.first_resident, t.residents, len(residents))
    assert_nested(b.first_household, b.households, len(h))
    assert_nested(h.first_resident, h.residents, len(residents))
    assert (np.repeat(np.arange(len(d)), d.streets) == s.district).all()
    assert (np.repeat(np.arange(len(s)), s.communities) == c.street).all()
    assert (np.repeat(np.arange(len(c)), c.settlements) == t.community).all()
    assert (c.street[t.community] == t.street).all()
    assert (s.district[t.street] == t.district).all()
    assert (np.repeat(np.arange(len(c)), c.grids) == g.community).all()
    assert (np.repeat(np.arange(len(t)), t.buildings) == b.settlement).all()
    assert (np.add.reduceat(t.residents, c.first_settlement) == c.residents).all()
    assert (np.add.reduceat(c.residents, s.first_community) == s.residents).all()
    assert (np.add.reduceat(s.residents, d.first_street) == d.residents).all()
    # households do not cross the walls of a settlement
    assert np.isin(t.first_resident, h.first_resident).all()

    # one open part a community, the last of its settlements
    assert (np.flatnonzero(~t.is_compound) == c.first_settlement + c.settlements - 1).all()
    assert t.residents[t.is_compound].min() >= place.smallest_compound
    assert (t.property_quality[~t.is_compound] == 0).all()
    assert np.count_nonzero(t.property_quality) == round(place.property_share * tiers.compounds)
    assert t.owners_committee.sum() == round(place.owners_committee_share * tiers.compounds)

    of_settlement = np.bincount(places.share_settlement, places.share, minlength=len(t))
    assert of_settlement == pytest.approx(np.ones(len(t)), abs=1e-5)
    people = places.share * t.residents[places.share_settlement]
    assert np.bincount(places.share_grid, people, minlength=len(g)) == pytest.approx(g.residents, rel=1e-4)
    assert (t.community[places.share_settlement] == g.community[places.share_grid]).all()
    assert (np.diff(places.share_settlement) >= 0).all()
    assert (np.diff(places.share_grid) >= 0).all()

    # each settlement has its cell and the next one is next door
    assert (t.x < places.width).all()
    assert (t.y < places.height).all()
    assert (np.abs(np.diff(t.x)) + np.abs(np.diff(t.y)) == 1).all()

    # members of a household share its tenure, and the first is grown up
    assert (residents.tenure == np.repeat(residents.tenure[h.first_resident], h.residents)).all()
    assert (residents.age[h.first_resident] != CHILD).all()
    assert not residents.member[residents.age == CHILD].any()


@pytest.mark.parametrize("residents", [COMMUNITY, STREET, DISTRICT])
def test_smaller_places_are_sound(residents):
    assert_sound(*built(residents), Place(residents=residents))


def test_a_place_with_one_value_at_an_end_of_its_range_is_sound():
    ends = Bases(["performance"], [f"place.residents={COMMUNITY}"]).ends()
    stated = {(key.removeprefix("place."), end) for key in ends if key.startswith("place.") for end in ends[key]}
    assert {("migrant_share", 0.0), ("household_size", 3.2)} <= stated
    for name, end in sorted(stated):
        place = Place(**{"residents": COMMUNITY, name: end})
        assert_sound(*build(place, BEHAVIOUR, 1, 1), place)


def test_chengdu_has_the_published_totals(chengdu):
    places, residents = chengdu
    assert_sound(places, residents, Place(residents=CITY.residents))
    assert places.population == 21_200_000
    assert len(places.communities) == 4_351
    assert places.settlements.is_compound.sum() == 20_000
    assert len(places.grids) == 15_329
    assert 200 <= np.count_nonzero(places.settlements.residents > LARGE_COMPOUND) <= 220
    assert residents.nbytes() <= 36 * len(residents)


@given(
    residents=st.integers(500, 20_000),
    mean_size=st.none() | st.integers(500, 3_000),
    communities=st.integers(0, 9),
    grids_each=st.integers(0, 7),
    compound_share=st.floats(0.65, 1),
    household_size=st.floats(2.3, 3.2),
    seed=st.integers(0, 2**31),
)
@settings(max_examples=150, deadline=None)
def test_odd_places_are_sound(residents, mean_size, communities, grids_each, compound_share, household_size, seed):
    compounds = max(1, int(compound_share * residents / mean_size)) if mean_size else 0
    place = Place(
        residents=residents,
        communities=communities,
        compounds=compounds,
        grids=communities * grids_each,
        compound_share=compound_share,
        household_size=household_size,
    )
    try:
        check(place)
    except ValueError:
        # too many communities, or a single compound too small for the law
        assert compounds == 1 or communities * 100 > residents
        return
    assert_sound(*build(place, BEHAVIOUR, seed), place)


@pytest.mark.parametrize(
    ("key", "stated"),
    [
        ("compounds", {"compounds": 2}),
        ("compounds", {"compounds": 900}),
        ("streets", {"streets": 4, "communities": 3}),
        ("districts", {"districts": 3, "streets": 2}),
        ("communities", {"residents": 600, "communities": 7}),
        ("grids", {"grids": 3}),
        ("owner_share", {"owner_share": 0.8, "migrant_share": 0.3}),
        ("compound_share", {"compound_share": 0.2}),
    ],
)
def test_impossible_places_are_refused_by_name(key, stated):
    with pytest.raises(ValueError, match=rf"^place\.{key}=.*: must "):
        build(Place(**stated), BEHAVIOUR, 1)


@pytest.mark.parametrize(
    ("stated", "sigma", "median"),
    [({"compound_share": 1.0, "large_share": 0.01}, 1.366, 417), ({"large_share": 0.01}, 1.74, None)],
)
def test_size_law_without_a_cut_off_is_the_textbook_lognormal(stated, sigma, median):
    law = size_law(Place(largest_compound=100_000_000, **stated))
    assert law.sigma == pytest.approx(sigma, abs=0.005)
    if median:
        assert np.exp(law.mu) == pytest.approx(median, abs=5)


def test_size_law_of_the_draws_is_the_law_of_the_slices():
    place = Place(residents=CITY.residents)
    law = size_law(place)
    z = np.random.default_rng(1).standard_normal(400_000)
    drawn = np.exp(law.mu + law.sigma * z[z < law.cut])
    assert drawn.mean() == pytest.approx(place.compound_share * CITY.residents / CITY.compounds, rel=0.02)
    assert (drawn > LARGE_COMPOUND).mean() == pytest.approx(place.large_share, abs=0.0007)
    sizes = stratified_sizes(law, CITY.compounds, 15_900_000, place.smallest_compound)
    assert sizes.max() <= place.largest_compound
    # the smallest are lifted to a few residents, and the rest pays for them
    quantiles = [0.1, 0.25, 0.5, 0.75, 0.9, 0.99]
    assert np.quantile(sizes, quantiles) == pytest.approx(np.quantile(drawn, quantiles), rel=0.03)


@given(
    weights=st.lists(st.integers(1, 10_000), min_size=1, max_size=40),
    least=st.integers(0, 5),
    more=st.integers(0, 5_000),
)
def test_apportion_is_exact_and_proportional(weights, least, more):
    total = least * len(weights) + more
    whole = apportion(np.array(weights), total, least)
    assert whole.sum() == total
    assert whole.min() >= least
    # no weight gets more than a rounding above its share, and order is kept
    assert (whole <= np.maximum(least, np.array(weights) / sum(weights) * total + 1)).all()
    assert (np.diff(whole[np.argsort(weights)]) >= -1).all()


@given(
    levels=st.lists(st.integers(0, 5_000), min_size=1, max_size=40),
    amount=st.integers(0, 50_000),
)
def test_fill_up_leaves_levels_as_even_as_possible(levels, amount):
    before = np.array(levels)
    added = fill_up(before, amount)
    after = before + added
    assert added.sum() == amount
    assert added.min() >= 0
    if amount:
        highest_filled = after[added > 0].max()
        assert (after >= highest_filled - 1).all()


@given(st.integers(1, 3_000))
def test_lattice_curve_visits_neighbour_after_neighbour(cells):
    width, height = rectangle(cells)
    assert cells <= width * height <= cells + width + height
    x, y = curve(width, height)
    assert len({*zip(x.tolist(), y.tolist(), strict=True)}) == width * height
    assert (np.abs(np.diff(x)) + np.abs(np.diff(y)) == 1).all()


def test_people_are_as_the_parameters_say(chengdu):
    places, residents = chengdu
    place, n = Place(), len(residents)
    assert n / len(places.households) == pytest.approx(place.household_size, rel=0.005)
    assert places.households.residents.max() == 6
    compounds = places.settlements.is_compound[places.buildings.settlement]
    big = places.settlements.residents[places.buildings.settlement] > 1_000
    households = places.buildings.households
    assert households[compounds & big].mean() == pytest.approx(place.households_per_building, rel=0.05)
    assert households[~compounds & big].mean() == pytest.approx(place.households_per_house, rel=0.05)

    of_first = np.bincount(residents.tenure[places.households.first_resident]) / len(places.households)
    assert of_first[OWNER] == pytest.approx(place.owner_share, abs=0.005)
    assert of_first[MIGRANT] == pytest.approx(place.migrant_share, abs=0.005)
    ages = np.bincount(residents.age) / n
    assert ages == pytest.approx([0.14, 0.66, 0.20], abs=0.002)
    grown = residents.age != CHILD
    assert residents.member[grown].mean() == pytest.approx(place.member_share, abs=0.001)
    types = np.bincount(residents.type, minlength=len(TYPES)) / n
    assert types[CONDITIONAL] == pytest.approx(0.5, abs=0.001)
    assert types[FREE_RIDER] == pytest.approx(0.33, abs=0.001)
    assert np.median(residents.voice) == pytest.approx(1, abs=0.001)
    assert np.log(residents.voice).std() == pytest.approx(0.5, abs=0.001)
    assert residents.taste.mean() == pytest.approx(0, abs=0.001)
    assert np.abs(residents.taste).max() == pytest.approx(0.3)
    assert residents.threshold.mean() == pytest.approx(0.55, abs=0.001)
    assert residents.threshold.std() == pytest.approx(0.16, abs=0.001)
    turns = np.bincount(residents.turn) / n
    assert turns == pytest.approx(np.full(20, 0.05), abs=0.001)
    # draws under different names know nothing of each other
    sample = slice(0, n, 50)
    columns = (residents.voice, residents.taste, residents.threshold, residents.type, residents.age, residents.turn)
    correlation = np.corrcoef([c[sample] for c in columns])
    assert np.abs(correlation - np.eye(len(columns))).max() < 0.01


def test_migrants_concentrate_but_their_share_is_kept(chengdu):
    places, residents = chengdu
    t = places.settlements
    migrants = np.add.reduceat(residents.tenure == MIGRANT, t.first_resident, dtype=np.int64) / t.residents
    large = t.residents > 1_000
    assert np.average(migrants, weights=t.residents) == pytest.approx(0.20, abs=0.005)
    assert migrants[large].max() > 0.8
    assert np.median(migrants[large]) < 0.2
    even, people = built(migrant_spread=0)
    assert (people.tenure == MIGRANT).mean() == pytest.approx(0.20, abs=0.01)
    t = even.settlements
    migrants = np.add.reduceat(people.tenure == MIGRANT, t.first_resident, dtype=np.int64) / t.residents
    assert migrants[t.residents > 1_000].max() < 0.3


def test_property_companies_prefer_large_compounds(chengdu):
    t = chengdu[0].settlements
    served = t.property_quality > 0
    assert t.property_quality[served].min() >= 0.3
    assert t.property_quality.max() <= 0.9
    assert t.property_quality[served].mean() == pytest.approx(0.6, abs=0.01)
    compound = t.is_compound
    assert t.residents[compound & served].mean() > 1.5 * t.residents[compound & ~served].mean()


def test_archetypes_are_as_many_as_stated_and_who_they_are_said_to_be(chengdu):
    places, residents = chengdu
    place, t = Place(), places.settlements
    kind = t.archetype
    assert ((kind == OPEN) == ~t.is_compound).all()
    assert (kind == WORK_UNIT).sum() == round(place.work_unit_share * t.is_compound.sum())
    assert ((kind == MIGRANT_COMPOUND) == (t.is_compound & (t.migrants >= place.migrant_compound))).all()
    here = np.repeat(kind, t.residents)
    grown = residents.age != CHILD

    def share(of: np.ndarray, which: int) -> float:
        return float(of[grown & (here == which)].mean())

    elderly, member = residents.age == ELDERLY, residents.member
    assert share(elderly, WORK_UNIT) / share(elderly, ESTATE) == pytest.approx(place.work_unit_elderly, rel=0.01)
    assert share(member, WORK_UNIT) / share(member, ESTATE) == pytest.approx(place.work_unit_members, rel=0.02)
    assert share(member, MIGRANT_COMPOUND) / share(member, ESTATE) == pytest.approx(place.migrant_members, rel=0.03)
    served = t.property_own > 0
    assert served[kind == WORK_UNIT].mean() < 0.6 * served[kind == ESTATE].mean()


def test_archetypes_change_where_people_live_and_not_how_many_they_are():
    alike: dict[str, Any] = {
        "work_unit_elderly": 1.0,
        "work_unit_members": 1.0,
        "migrant_members": 1.0,
        "work_unit_property": 1.0,
    }
    (places, mixed), (even_places, even) = built(DISTRICT), built(DISTRICT, **alike)
    grown = mixed.age != CHILD
    assert (grown == (even.age != CHILD)).all()
    for of in (lambda people: people.age == ELDERLY, lambda people: people.member):
        assert of(mixed)[grown].mean() == pytest.approx(of(even)[grown].mean(), abs=0.002)
        assert (of(mixed) != of(even)).any()
    assert np.count_nonzero(places.settlements.property_own) == np.count_nonzero(even_places.settlements.property_own)


def test_the_members_table_has_every_member_once():
    places, residents = built()
    members, t = enlist(places, residents), places.settlements
    assert members.resident.tolist() == np.flatnonzero(residents.member).tolist()
    assert (members.in_service == (residents.age[members.resident] == ADULT)).all()
    assert not any(column.any() for column in (members.known, members.pledge, members.tired))
    assert t.members.sum() == len(members)
    for s in range(len(t)):
        here = slice(int(t.first_member[s]), int(t.first_member[s] + t.members[s]))
        assert (places.settlement_of(members.resident[here]) == s).all()


def test_stated_sizes_are_those_of_the_compounds():
    sizes = [150, 700, 700, 2_400]
    places, residents = built(6_000, communities=2, sizes=sizes)
    t = places.settlements
    assert sorted(t.residents[t.is_compound].tolist()) == sizes
    assert len(residents) == 6_000
    assert_sound(places, residents, Place(residents=6_000, communities=2, sizes=sizes))


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        ({"sizes": [1, 500]}, "each must be at least place.smallest_compound"),
        ({"sizes": [3_000, 3_000]}, "must add up to 5,999 at most"),
        ({"sizes": [500, 500], "compounds": 3}, "place.compounds=3: must be 0, or 2"),
    ],
)
def test_sizes_that_do_not_fit_are_refused_in_one_line(stated, message):
    with pytest.raises(ValueError, match=message) as caught:
        build(Place(residents=6_000, communities=1, **stated), BEHAVIOUR, 1)
    assert "\n" not in str(caught.value)


def test_communities_are_as_even_as_compounds_allow(street):
    places, _ = street
    c, t = places.communities, places.settlements
    open_part = t.residents[~t.is_compound]
    level = c.residents[open_part > 1]
    assert level.max() - level.min() <= 1
    assert (c.residents[open_part == 1] >= level.max()).all()


def columns_of(places, residents):
    tables = [residents, *(v for v in vars(places).values() if hasattr(v, "declared"))]
    arrays = {f"{type(t).__name__}.{name}": getattr(t, name) for t in tables for name in t.declared}
    return arrays | {name: v for name, v in vars(places).items() if isinstance(v, np.ndarray)}


@pytest.mark.parametrize("threads", [1, 2, 7])
def test_same_seed_same_place_on_any_number_of_threads(street, threads):
    again = columns_of(*built(STREET, threads=threads))
    for name, array in columns_of(*street).items():
        assert np.array_equal(array, again[name]), name


def test_other_seed_other_luck_same_totals(street):
    places, residents = street
    others, people = built(STREET, seed=2)
    before, after = places.settlements, others.settlements
    assert (before.residents != after.residents).any()
    compounds = before.residents[before.is_compound], after.residents[after.is_compound]
    assert np.array_equal(np.sort(compounds[0]), np.sort(compounds[1]))
    for name in ("tenure", "age", "type", "voice", "taste", "threshold"):
        same = getattr(residents, name) == getattr(people, name)
        assert 0 <= same.mean() < 0.7, name


def test_a_small_place_is_a_piece_of_a_whole():
    shares = [(built(n)[0].street_share, built(n)[0].district_share) for n in (COMMUNITY, STREET, 500_000, DISTRICT)]
    assert shares[0] == (pytest.approx(4_872 / 56_533), pytest.approx(4_872 / 963_636))
    assert shares[1] == (1, pytest.approx(58_500 / 963_636))
    assert shares[2] == (1, pytest.approx(500_000 / 963_636))
    assert shares[3] == (1, 1)


def test_one_walks_from_a_window_to_the_district(street):
    places, residents = street
    for resident in (0, 31_415, len(residents) - 1):
        household = places.household_of(resident)
        building = places.building_of(household)
        settlement = places.settlement_of(resident)
        community = places.settlements.community[settlement]
        of_street = places.communities.street[community]
        assert resident in places.members_of(household)
        assert household in places.households_of(building)
        assert building in places.buildings_of(settlement)
        assert resident in places.residents_of(settlement)
        assert settlement in places.settlements_of(community)
        assert community in places.communities_of(of_street)
        assert of_street in places.streets_of(places.streets.district[of_street])
        grids, shares = places.grids_of(settlement)
        assert (places.grids.community[grids] == community).all()
        assert shares.sum() == pytest.approx(1)
    everyone = np.arange(len(residents))
    of = places.settlement_of(everyone)
    assert np.array_equal(np.bincount(of), places.settlements.residents)
