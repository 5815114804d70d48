"""What is counted and timed, and how the machine is."""

from pathlib import Path

from hub.events import Stage, TurnEnded
from hub.figures import LATELY, Figures, Gauge
from hub.machine_state import look, parse
from hub.samples import KEPT, Samples


def turn(ms: float) -> TurnEnded:
    return TurnEnded("pi", 1, "answered", stages=(Stage("transcript", 0.0, ms),))


def test_a_stage_is_as_fast_as_it_was_lately() -> None:
    figures = Figures()
    assert figures.speed("transcript") is None
    for _ in range(LATELY):
        figures.add(turn(5000.0))
    for ms in range(1, LATELY + 1):
        figures.add(turn(float(ms)))
    speed = figures.speed("transcript")
    assert speed is not None
    assert (speed.count, speed.p50_ms, speed.p95_ms) == (LATELY, 50.0, 95.0)


def test_outcomes_and_stages_that_nobody_knows_do_not_grow_without_end() -> None:
    figures = Figures()
    for number in range(200):
        figures.add(TurnEnded("pi", 1, f"odd {number}", stages=(Stage(f"s{number}", 0, 1),)))
    text = figures.text().decode()
    assert text.count("sotto_turns_total{") == 20
    assert text.count("sotto_stage_seconds_count{") == 40


def test_gauges_are_told_with_their_labels() -> None:
    gauges = [Gauge("sotto_x", "X.", {('a "b"',): 2.0}, ("name",)), Gauge("sotto_y", "Y.", {(): 1})]
    lines = Figures().text(gauges).decode().splitlines()
    assert 'sotto_x{name="a \\"b\\""} 2.0' in lines
    assert "sotto_y 1.0" in lines


def test_samples_of_more_than_an_hour_are_forgotten() -> None:
    samples = Samples()
    waiting = iter(range(KEPT + 5))
    samples.waiting = lambda: next(waiting)
    for _ in range(KEPT + 5):
        samples.take()
    assert [one.waiting for one in samples.all] == list(range(5, KEPT + 5))


def test_the_machine_is_looked_at_and_what_a_gpu_does_not_tell_is_not_known(
    tmp_path: Path,
) -> None:
    found = look(tmp_path / "not" / "there")
    assert found.cores >= 1
    assert 0 < found.memory_free_bytes <= found.memory_bytes
    assert 0 < found.disk_free_bytes <= found.disk_bytes
    one, other = parse("NVIDIA H100, 1024, 81559, 37, 41\nrubbish\nOrin, [N/A], [N/A], 5, [N/A]\n")
    assert (one.name, one.memory_used_bytes, one.used_percent, one.celsius) == (
        "NVIDIA H100",
        1024 * 1024**2,
        37.0,
        41.0,
    )
    assert (other.name, other.memory_bytes, other.celsius) == ("Orin", None, None)
    assert parse("") == ()
