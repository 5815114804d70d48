"""Where the microphone's sound belongs, by times that wander, drift and jump."""

import numpy as np
import pytest

from satellite.steady_place import STEP, WIDEST, SteadyPlace

PIECE = 320


def ahead(told: np.ndarray, wandering: float) -> np.ndarray:
    """Return how far ahead the places are, one for each told one, a piece apart."""
    place = SteadyPlace()
    counted = range(0, told.size * PIECE, PIECE)
    return np.array(
        [
            place.of(count, count + one, wandering) - count
            for count, one in zip(counted, told, strict=True)
        ]
    )


def test_times_that_wander_leave_the_place_where_it_is() -> None:
    told = 1000 + 80 * np.sin(np.arange(3000) / 200)
    assert np.ptp(ahead(told, 25.0)) == 0.0


def test_times_that_do_not_wander_are_followed() -> None:
    told = 1000 + 0.03 * np.arange(3000)  # a clock that is 100 parts in a million faster
    assert ahead(told, 0.0) == pytest.approx(told, abs=1e-6)


def test_times_that_drift_for_long_are_followed_at_the_edge_of_the_belt() -> None:
    told = 1000 + 0.2 * np.arange(3000)
    places = ahead(told, 1e9)
    assert np.abs(places - told).max() == pytest.approx(WIDEST)
    assert np.abs(np.diff(places)).max() == pytest.approx(0.2)


def test_it_tells_that_sound_was_lost() -> None:
    place = SteadyPlace()
    stepped = []
    for number, told in enumerate([1000.0, 1000.0 + 0.9 * STEP, 1000.0 + 2 * STEP, 1000.0]):
        place.of(number * PIECE, number * PIECE + told, 10.0)
        stepped.append(place.stepped)
    assert stepped == [False, False, True, True]


@pytest.mark.parametrize("step", [1.5 * STEP, -4000.0])
def test_lost_sound_moves_the_place_by_as_much_at_once(step: float) -> None:
    told = np.full(200, 1000.0)
    told[100:] += step
    assert np.diff(ahead(told, 10.0))[99] == pytest.approx(step)
