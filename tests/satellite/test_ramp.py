import numpy as np

from satellite.ramp import Ramp


def shaped(ramp: Ramp, count: int) -> list[float]:
    samples = np.ones(count, dtype=np.float32)
    ramp.apply(samples)
    return [round(float(value), 4) for value in samples]


def test_a_ramp_at_rest_leaves_samples_alone() -> None:
    ramp = Ramp(1.0)
    assert ramp.transparent
    assert shaped(ramp, 3) == [1, 1, 1]


def test_a_ramp_reaches_its_target_with_its_last_sample() -> None:
    ramp = Ramp(0.0)
    ramp.aim(1.0, 4)
    assert shaped(ramp, 6) == [0.25, 0.5, 0.75, 1, 1, 1]
    assert ramp.settled


def test_a_ramp_goes_on_where_the_last_block_ended() -> None:
    ramp = Ramp(1.0)
    ramp.aim(0.0, 4)
    assert shaped(ramp, 1) + shaped(ramp, 2) + shaped(ramp, 3) == [0.75, 0.5, 0.25, 0, 0, 0]


def test_a_ramp_that_turns_around_starts_from_where_it_is() -> None:
    ramp = Ramp(1.0)
    ramp.aim(0.0, 4)
    shaped(ramp, 2)
    ramp.aim(1.0, 2)
    assert shaped(ramp, 2) == [0.75, 1]


def test_aiming_at_where_it_is_takes_no_time() -> None:
    ramp = Ramp(0.5)
    ramp.aim(0.5, 100)
    assert ramp.settled
    assert not ramp.transparent
