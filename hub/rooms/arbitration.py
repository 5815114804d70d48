"""Which of several satellites that heard a wake word answers."""

from hub.rooms.arbiter import Candidate
from hub.rooms.house import House
from protocol.sotto_messages import Wake


async def answers(house: House, satellite: str, wake: Wake) -> bool:
    """Find out whether this satellite answers the wake word, or another that heard it too."""
    if wake.trigger != "wake-word":
        return True
    hearing = house.directory.hearing()
    candidate = Candidate(
        satellite,
        wake.candidate,
        house.clock(),
        age_ms=wake.age_ms,
        score=wake.score,
        loudness_dbfs=wake.loudness_dbfs,
        noise_dbfs=wake.noise_dbfs,
        wake_word=wake.wake_word,
    )
    # As was known before: two that wake at once by chance are not near because of that.
    near = house.neighbours.near(satellite, hearing)
    apart = house.neighbours.apart(satellite)
    house.neighbours.woke(satellite, candidate.spoken_at, wake.wake_word, hearing)
    return await house.arbiter.ask(candidate, near, apart)
