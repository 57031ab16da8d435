"""Tables: one declaration a column, arrays for kernels, state that can be put away and taken back."""

from __future__ import annotations

import copy
import pickle
import weakref

import numpy as np
import pytest

from govsim.cases import FREE, Cases, Ways
from govsim.columns import Table, column
from govsim.institutions.queue import Desks
from govsim.jit import kernel
from govsim.places import Communities, Districts, Grids, Settlements, Streets
from govsim.residents import Residents


class Wells(Table):
    """A small table with each kind of column."""

    depth = column("f8", "m", "how deep it is", fixed=True)
    water = column("f4", "m", "how much water stands in it", fill=2.5)
    owner = column("i4", "", "row of its owner; -1 for none", fill=-1)
    taps = column("u1", "", "which taps work", width=3)


TABLES = [Wells, Cases, Ways, Desks, Settlements, Communities, Streets, Districts, Grids, Residents]


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.__name__)
def test_every_table_is_built_from_its_declaration(table):
    rows = table(3)
    assert len(rows) == rows.rows == 3
    assert set(table.declared) == set(rows.columns._fields if table.by_column else rows.columns.dtype.names)
    for name, spec in table.declared.items():
        array = getattr(rows, name)
        assert array is getattr(rows.columns, name)
        assert array.dtype == np.dtype(spec.dtype)
        assert array.shape == ((3,) if spec.width == 1 else (3, spec.width))
        assert (array == np.asarray(spec.fill, dtype=spec.dtype)).all()
        assert spec.meaning
    told = sum(3 * spec.width * np.dtype(spec.dtype).itemsize for spec in table.declared.values())
    assert told <= rows.nbytes() < told + 3 * 8  # a record ends where the next can begin


def test_columns_given_at_the_start_take_the_declared_type():
    wells = Wells(2, depth=np.array([3, 4]), taps=np.ones((2, 3)))
    assert wells.depth.dtype == np.float64
    assert wells.taps.dtype == np.uint8
    assert wells.taps.shape == (2, 3)
    assert (wells.owner == -1).all()
    assert Wells(2).taps.shape == (2, 3)


def test_a_wrong_column_is_refused_by_name():
    with pytest.raises(ValueError, match=r"Wells\.depth: 3 rows, expected 2"):
        Wells(2, depth=np.zeros(3))
    with pytest.raises(ValueError, match="Wells has no column bucket, rope"):
        Wells(2, rope=np.zeros(2), bucket=np.zeros(2))


def test_a_column_is_written_into_and_not_replaced():
    wells = Wells(2)
    wells.water += 1.0
    assert wells.columns["water"].tolist() == [3.5, 3.5]
    with pytest.raises(AttributeError, match=r"Wells\.water: write into the column"):
        wells.water = np.zeros(2)


def test_new_rows_hold_fill_values_and_old_rows_stay():
    wells = Wells(2, depth=np.array([3, 4]), taps=np.ones((2, 3)))
    wells.grow(5)
    assert len(wells) == 5
    assert list(wells.depth) == [3, 4, 0, 0, 0]
    assert list(wells.owner) == [-1] * 5
    assert (wells.water == 2.5).all()
    assert wells.taps.tolist() == [[1, 1, 1]] * 2 + [[0, 0, 0]] * 3
    wells.grow(1)
    assert len(wells) == 5
    cases = Cases(0)
    cases.grow(4)
    assert (cases.stage == FREE).all()
    assert (cases.desk == -1).all()


def test_state_is_what_processes_move_and_comes_back_bit_for_bit():
    wells = Wells(2, depth=np.array([3, 4]))
    state = wells.state()
    assert set(state) == {"water", "owner", "taps"} == set(Wells.moving())
    wells.water[:], wells.owner[0], wells.depth[:] = 0.1, 7, 9.0
    wells.restore(state)
    assert (wells.water == 2.5).all()
    assert (wells.owner == -1).all()
    assert (wells.depth == 9.0).all()
    wells.water[0] = 1.0  # what is taken back is a copy: two worlds branch from one state
    assert state["water"][0] == 2.5


def test_state_brings_its_number_of_rows():
    cases = Cases(4)
    state = cases.state()
    cases.grow(9)
    cases.restore(state)
    assert len(cases) == len(cases.id) == 4


@kernel
def _draw_water(wells, row):
    wells.water[row] -= 0.5
    return wells.depth[row] - wells.water[row]


def test_a_kernel_reads_and_writes_the_table_itself():
    wells = Wells(2, depth=np.array([3, 4]))
    assert _draw_water(wells.columns, 1) == 2.0
    assert list(wells.water) == [2.5, 2.0]


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda table: pickle.loads(pickle.dumps(table))])
def test_a_copy_has_records_of_its_own(copied):
    wells = Wells(2, depth=np.array([3, 4]))
    again = copied(wells)
    assert _draw_water(again.columns, 1) == 2.0
    assert list(again.water) == list(again.columns.water) == [2.5, 2.0]
    assert list(wells.water) == [2.5, 2.5]


def test_tables_do_not_share_arrays():
    a, b = Wells(2), Wells(2)
    a.water[0] = 0.0
    assert b.water[0] == 2.5


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.__name__)
def test_what_a_table_held_is_free_again_once_it_is_gone(table):
    rows = table(3)
    held = [weakref.ref(array) for array in (rows.columns if table.by_column else [rows.columns])]
    rows.grow(5)
    assert not [array for array in held if array() is not None]
    held = [weakref.ref(array) for array in (rows.columns if table.by_column else [rows.columns])]
    del rows
    assert not [array for array in held if array() is not None]
