"""The picture: every building and every resident has a place in it, and the colours say what the tables hold."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from PIL import Image
from small_place import SMALL

from govsim import cases as c
from govsim.app import picture
from govsim.app.ground import COMMUNITY, GRID, PAPER, Ground
from govsim.app.shown import SHOWN
from govsim.app.twins import Twins


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("govsim.app.twins.default_folder", lambda: tmp_path_factory.mktemp("warmups"))
        twins = Twins(overrides=SMALL)
    for _ in range(6):
        twins.step()
    return twins


@pytest.fixture(scope="module")
def ground(model):
    return Ground(model.cities["policy"].places)


def pixels(url: str) -> np.ndarray:
    """The image that a page is shown: (height, width, 3)."""
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))).convert("RGB"))


def test_every_building_has_pixels_of_its_own_in_the_cell_of_its_compound(model, ground):
    places = model.cities["policy"].places
    buildings = ground.index[(ground.index >= ground.buildings_from) & (ground.index < ground.yards_from)]
    assert set(buildings - ground.buildings_from) == set(range(len(places.buildings)))
    for row in range(len(places.settlements)):
        top = (ground.rows - 1 - places.settlements.y[row]) * ground.cell
        left = places.settlements.x[row] * ground.cell
        cell = ground.index[top : top + ground.cell, left : left + ground.cell]
        here = cell[(cell >= ground.buildings_from) & (cell < ground.yards_from)] - ground.buildings_from
        assert set(here) == set(places.buildings_of(row))


def test_buildings_hold_every_resident_once(model, ground):
    places = model.cities["policy"].places
    assert ground.residents.sum() == places.population
    residents = np.arange(places.population)
    building = places.building_of(places.household_of(residents))
    assert np.array_equal(np.bincount(building), ground.residents)
    trust = model.cities["policy"].residents.trust
    means = np.bincount(building, trust) / np.bincount(building)
    assert ground.of_residents(trust) == pytest.approx(means)


def test_buildings_are_in_the_grids_in_which_their_residents_live(model, ground):
    city = model.cities["policy"]
    for building in range(0, len(city.places.buildings), 7):
        people = range(ground.first_resident[building], ground.first_resident[building] + ground.residents[building])
        grids = {city.residents[i].grid.row for i in people}
        assert ground.grid[building] in grids


def test_lines_part_communities_and_grids(model, ground):
    assert ground.borders == ("grids", "communities")
    assert (ground.index == GRID).any()
    assert (ground.index == COMMUNITY).any()
    for column in range(ground.columns):
        for row in range(ground.rows):
            middle = ground.index[(ground.rows - 1 - row) * ground.cell + 1, column * ground.cell + ground.cell // 2]
            assert (ground.at(column, row) is None) == (middle == PAPER)


@pytest.mark.parametrize("key", SHOWN)
def test_colour_follows_the_value_from_end_to_end_of_the_scale(ground, key):
    what, n = SHOWN[key], ground.yards_from - ground.buildings_from
    low, high = (pixels(picture.image(ground, key, np.full(n, value))) for value in (what.low, what.high))
    building = ground.index == ground.buildings_from
    colours = picture.gradient(key, n=100)
    for image, colour in ((low, colours[0]), (high, colours[-1])):
        assert {tuple(rgb) for rgb in image[building]} == {tuple(bytes.fromhex(colour[1:]))}


def test_a_building_shows_its_own_residents_and_its_yard_their_mean(ground):
    shown = np.full(ground.yards_from - ground.buildings_from, 0.2)
    shown[0] = 0.8
    image = pixels(picture.image(ground, "satisfaction", shown))
    at = [image[ground.index == ground.buildings_from + i][0].tolist() for i in (0, 1)]
    assert at[0] == list(bytes.fromhex(picture.gradient("satisfaction", n=100)[-1][1:]))
    assert at[1] == list(bytes.fromhex(picture.gradient("satisfaction", n=100)[0][1:]))


def test_worlds_that_agree_differ_in_no_colour(ground):
    none = np.zeros(ground.yards_from - ground.buildings_from)
    image = pixels(picture.difference(ground, "satisfaction", none))
    buildings = (ground.index >= ground.buildings_from) & (ground.index < ground.yards_from)
    assert np.ptp(image[buildings], axis=1).max() < 12  # as good as grey


def test_what_is_shown_is_what_the_tables_hold(model, ground):
    city = model.cities["policy"]
    people = ground.residents
    there = (city.cases.stage >= c.LATENT) & (city.cases.stage <= c.PAPER)
    opened = picture.values(city, ground, "open")
    assert (opened * people).sum() / 100.0 == pytest.approx(there.sum())
    joined = picture.values(city, ground, "joined")
    assert (joined * people).sum() == pytest.approx(city.residents.joined.sum())
    party = picture.values(city, ground, "party")
    organised = city.places.settlements.party[city.places.buildings.settlement]
    assert np.array_equal(party == 3.0, organised)
    structures = picture.values(city, ground, "structures")
    table = city.places.settlements
    standing = (table.structures * table.residents).sum() / 1_000.0
    assert (structures * people).sum() / 100.0 == pytest.approx(standing)


def test_unmet_need_is_that_of_the_compound_table(model, ground):
    from govsim.measures.record import compound_table

    city = model.cities["policy"]  # six weeks and a warm-up of eight: shorter than either memory
    shown = picture.values(city, ground, "unmet")
    quarter = compound_table(city)["unmet_per_1000"].to_numpy()[city.places.buildings.settlement]
    assert np.isfinite(shown).all()
    assert np.corrcoef(shown, quarter)[0, 1] > 0.95
