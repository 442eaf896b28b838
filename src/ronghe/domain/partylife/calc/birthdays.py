"""Political birthdays: the day on which somebody joined the Party, year by year."""

from __future__ import annotations

from datetime import date

ROUND = 10
HALF_CENTURY = 50
"""“光荣在党50年”: whoever has reached it is honoured for it."""


def birthday_in(joined_on: date, year: int) -> date:
    """Return the political birthday in `year`; of 29 February it is 28 February where there is none."""
    try:
        return joined_on.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def years_in(joined_on: date, year: int) -> int:
    """Return how many years in the Party the birthday of `year` is: nought in the year of joining, never less."""
    return max(0, year - joined_on.year)


def is_round(years: int) -> bool:
    """Tell whether a birthday is a round one: every ten years."""
    return years > 0 and years % ROUND == 0


def age_on(joined_on: date, day: date) -> int:
    """Return the full years in the Party on `day`."""
    years = years_in(joined_on, day.year)
    return max(0, years - 1) if day < birthday_in(joined_on, day.year) else years
