import itertools
import math

import pytest

from hub.conversation.completeness import Completeness
from hub.conversation.patience import INFLUENCE, LEAST_OBSERVATIONS, Patience, Pauses


def closed(probability: float) -> Completeness:
    return Completeness(probability, open=False)


def opened(probability: float) -> Completeness:
    return Completeness(probability, open=True)


def learned(*pauses_ms: float) -> Pauses:
    pauses = Pauses()
    for pause_ms in pauses_ms:
        pauses.observe(pause_ms)
    return pauses


def test_a_sure_end_waits_the_least_and_a_sure_pause_the_most() -> None:
    patience = Patience(min_ms=250, max_ms=2000)
    assert patience.delay_ms(closed(1)) == 250
    assert patience.delay_ms(closed(0)) == 2000
    assert patience.delay_ms(closed(0.5)) == 687.5


@pytest.mark.parametrize("is_open", [False, True])
@pytest.mark.parametrize("pauses", [None, learned(*[2500] * 30), learned(*[200] * 30)])
@pytest.mark.parametrize("speed", [0.5, 1.0, 3.0])
def test_the_wait_shrinks_with_the_probability_without_a_step_and_within_its_limits(
    is_open: bool, pauses: Pauses | None, speed: float
) -> None:
    patience = Patience(speed=speed)
    waits = [
        patience.delay_ms(Completeness(step / 1000, open=is_open), pauses) for step in range(1001)
    ]
    steps = [before - after for before, after in itertools.pairwise(waits)]
    assert min(steps) >= 0
    assert max(steps) < 10
    assert 250 <= waits[-1] <= waits[0] <= 3000


def test_something_open_is_waited_for_longer_up_to_the_longest_wait() -> None:
    patience = Patience()
    assert patience.delay_ms(opened(1)) == 2000
    assert patience.delay_ms(opened(0)) == 3000
    assert patience.delay_ms(opened(0.7)) > patience.delay_ms(closed(0.7))


def test_a_brisk_setting_waits_less_but_never_less_than_the_least() -> None:
    assert Patience(speed=2).delay_ms(closed(0)) == 1000
    assert Patience(speed=2).delay_ms(closed(1)) == 250
    assert Patience(speed=0.5).delay_ms(closed(0)) == 3000


def test_probabilities_outside_0_and_1_count_as_the_nearest() -> None:
    assert Patience().delay_ms(closed(7)) == 250
    assert Patience().delay_ms(closed(-7)) == 2000


@pytest.mark.parametrize(
    "values",
    [
        {"min_ms": 2100},
        {"min_ms": -1},
        {"open_ms": 3100},
        {"max_ms": 4000},
        {"open_max_ms": math.inf},
        {"speed": 0},
        {"speed": math.nan},
    ],
)
def test_limits_out_of_order_are_refused(values: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="must"):
        Patience(**values)


def test_a_few_pauses_teach_nothing() -> None:
    few = learned(*[2500] * (LEAST_OBSERVATIONS - 1))
    assert few.factor == 1
    assert Patience().delay_ms(closed(0.5), few) == Patience().delay_ms(closed(0.5))


def test_influence_grows_with_observations_without_a_step() -> None:
    factors = [learned(*[2500] * count).factor for count in range(30)]
    steps = [after - before for before, after in itertools.pairwise(factors)]
    assert min(steps) >= 0
    assert 0 < max(steps) < 0.04


@pytest.mark.parametrize("pause_ms", [150, 400, 800, 3000])
def test_a_persons_pauses_shift_the_wait_by_a_bounded_part(pause_ms: float) -> None:
    patience, pauses = Patience(), learned(*[pause_ms] * 50)
    plain = patience.delay_ms(closed(0.4))
    shifted = patience.delay_ms(closed(0.4), pauses)
    assert abs(shifted / plain - 1) <= INFLUENCE
    assert (shifted > plain) is (pause_ms > 700)


def test_long_and_uneven_pauses_make_waits_longer_than_short_and_even_ones() -> None:
    factors = [learned(*pauses).factor for pauses in ([300] * 20, [700] * 20, [300, 1100] * 10)]
    assert factors == sorted(factors)
    assert factors[0] < factors[1] < factors[2]


def test_quick_speakers_do_not_shorten_the_wait_for_something_open() -> None:
    assert Patience().delay_ms(opened(1), learned(*[200] * 50)) == 2000


def test_only_gaps_that_are_pauses_are_learned() -> None:
    assert learned(149, 3001, -1, math.nan, math.inf).count == 0
    assert learned(150, 3000).count == 2


def test_mean_and_deviation_follow_a_person_who_changes() -> None:
    pauses = learned(*[300] * 40)
    assert (pauses.mean_ms, pauses.deviation_ms) == (300, 0)
    for _ in range(100):
        pauses.observe(1500)
    assert pauses.mean_ms == pytest.approx(1500, abs=10)
    assert pauses.deviation_ms < 100


def test_pauses_survive_storing() -> None:
    pauses = learned(300, 500, 700, 900, 400, 600)
    again = Pauses.from_dict(pauses.to_dict())
    assert again.count == pauses.count
    assert again.factor == pytest.approx(pauses.factor, abs=1e-3)


@pytest.mark.parametrize(
    "stored",
    [
        None,
        [],
        "pauses",
        {},
        {"count": "9", "mean_ms": 500, "deviation_ms": 100},
        {"count": True, "mean_ms": 500, "deviation_ms": 100},
        {"count": -4, "mean_ms": 500, "deviation_ms": 100},
        {"count": 9, "mean_ms": math.nan, "deviation_ms": 100},
        {"count": 9, "mean_ms": 1e12, "deviation_ms": 100},
        {"count": 9, "mean_ms": 500, "deviation_ms": -1},
        {"count": math.inf, "mean_ms": 500, "deviation_ms": 100},
        {"count": 9, "mean_ms": 500},
    ],
)
def test_bad_data_counts_as_nothing_known(stored: object) -> None:
    assert Pauses.from_dict(stored).to_dict() == Pauses().to_dict()
