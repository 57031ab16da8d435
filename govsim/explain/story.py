"""What all stories share: a title, and sentences with their dates."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import date, timedelta
from typing import NamedTuple

from govsim.calendar import WORKING_DAYS, monday
from govsim.language import date_in_words

__all__ = ["Days", "Home", "Line", "Office", "Person", "Story"]


class Line(NamedTuple):
    """A sentence or two of a story, in the language that was spoken when it was told.

    Attributes:
        date: day on which it happened; None for what is said of the whole.
        text: the words.
    """

    date: date | None
    text: str

    def __str__(self) -> str:
        return f"{date_in_words(self.date)}: {self.text}" if self.date else self.text


class Story(ABC):
    """Something that happened, without language until it is asked for."""

    @abstractmethod
    def title(self) -> str:
        """Its title, in the language spoken."""

    @abstractmethod
    def lines(self) -> list[Line]:
        """Its sentences in order, in the language spoken."""

    def text(self) -> str:
        """Title and sentences as plain text, a line each."""
        return "\n".join([self.title(), *map(str, self.lines())])


class Days(NamedTuple):
    """The calendar of a run: dates of working days and of weeks.

    Attributes:
        warmup: weeks before week 0.
    """

    warmup: int

    def date(self, day: int) -> date:
        """Date of a working day since the start of the warm-up."""
        return monday(self.week(day)) + timedelta(days=day % WORKING_DAYS)

    def week(self, day: int) -> int:
        """Week of the timeline of a working day."""
        return day // WORKING_DAYS - self.warmup


class Home(NamedTuple):
    """A compound, or the open part of a community, and what it belongs to (rows of their tables)."""

    settlement: int
    is_compound: bool
    community: int
    street: int
    district: int


class Office(NamedTuple):
    """A desk.

    Attributes:
        tier: ``community``, ``street`` or ``branch``.
        place: row of the community, street or district that it serves.
        department: whose branch it is; empty for the others.
    """

    tier: str
    place: int
    department: str = ""


class Person(NamedTuple):
    """A resident: row, age, tenure, whether a Party member."""

    resident: int
    age: str
    tenure: str
    member: bool
