import pytest

from satellite.lights.look import (
    BLINK_S,
    BREATH_S,
    CHASE_S,
    LOOKS,
    Look,
    Motion,
    level,
    looks_with,
    picture,
)
from satellite.sign import Sign


def test_every_sign_has_a_look_and_no_two_are_told_apart_by_colour_alone() -> None:
    assert set(LOOKS) == set(Sign)
    lit = [look for look in LOOKS.values() if not look.dark]
    still = [look for look in lit if look.motion is Motion.STILL]
    # Blue and red: of all pairs the one that nearly everybody tells apart.
    assert len({look.motion for look in lit}) >= len(lit) - 1
    assert {LOOKS[Sign.LISTENING], LOOKS[Sign.MUTED]} == set(still)
    assert len({look.colour for look in lit}) == len(lit)


def test_only_at_rest_it_is_dark() -> None:
    assert [sign for sign, look in LOOKS.items() if look.dark] == [Sign.IDLE]


def test_disconnected_is_one_small_light_all_night() -> None:
    assert picture(LOOKS[Sign.DISCONNECTED], 4, 100.0) == [(90, 40, 0), *[(0, 0, 0)] * 3]
    assert not LOOKS[Sign.DISCONNECTED].moves


def test_a_chase_goes_round_once_in_its_time() -> None:
    look = Look((200, 0, 0), Motion.CHASE)

    def brightest(at_s: float) -> int:
        reds = [red for red, _, _ in picture(look, 12, at_s)]
        return reds.index(max(reds))

    seen = [brightest((step + 0.01) * CHASE_S / 12) for step in range(12)]
    assert sorted(seen) == list(range(12))
    assert brightest(0.01) == brightest(0.01 + CHASE_S)


def test_a_blink_is_on_as_long_as_off() -> None:
    assert [level(Motion.BLINK, at) for at in (0, BLINK_S - 0.01, BLINK_S, 2 * BLINK_S)] == [
        *(1, 1, 0, 1)
    ]


@pytest.mark.parametrize("motion", [Motion.BREATHE, Motion.CHASE])
def test_what_breathes_is_never_dark(motion: Motion) -> None:
    levels = [level(motion, step * BREATH_S / 50) for step in range(50)]
    assert min(levels) > 0.1
    assert max(levels) == 1.0


def test_a_chase_of_one_light_breathes() -> None:
    look = Look((200, 0, 0), Motion.CHASE)
    assert picture(look, 1, 0.0) == [(200, 0, 0)]
    assert picture(look, 1, BREATH_S / 2)[0][0] < 50


def test_a_flash_is_short_and_comes_again() -> None:
    lit = [level(Motion.FLASH, step * 0.01) for step in range(100)]
    assert 0.2 < sum(lit) / 100 < 0.3


def test_colours_and_motion_are_the_owners_and_what_rings_blinks_anyway() -> None:
    looks = looks_with({"listening": "#0a0B0c"}, moving=False)
    assert looks[Sign.LISTENING] == Look((10, 11, 12), Motion.STILL)
    assert looks[Sign.MUTED] == LOOKS[Sign.MUTED]
    assert looks[Sign.SPEAKING] == Look(LOOKS[Sign.SPEAKING].colour, Motion.STILL)
    assert looks[Sign.RINGING].motion is Motion.BLINK
    assert looks_with({}, moving=True) == LOOKS
