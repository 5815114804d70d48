import pytest

from hub.mqtt.filters import covers, matches


@pytest.mark.parametrize(
    ("topic_filter", "topic", "expected"),
    [
        ("#", "a/b", True),
        ("a/#", "a", True),
        ("a/#", "a/b/c", True),
        ("a/#", "ab", False),
        ("+", "a", True),
        ("+", "a/b", False),
        ("a/+/c", "a/b/c", True),
        ("a/+", "a", False),
        ("a", "a/b", False),
        ("#", "$SYS/x", False),
        ("$SYS/#", "$SYS/x", True),
    ],
)
def test_a_filter_matches_topics(topic_filter: str, topic: str, expected: bool) -> None:
    assert matches(topic_filter, topic) is expected


@pytest.mark.parametrize(
    ("topic_filter", "other", "expected"),
    [
        ("#", "#", True),
        ("a/#", "#", False),
        ("a/#", "a/+/c", True),
        ("a/#", "a/#", True),
        ("a/+", "a/#", False),
        ("a/+", "a/+", True),
        ("a/b", "a/+", False),
        ("+/b", "a/b", True),
    ],
)
def test_a_filter_covers_another_when_it_matches_all_of_it(
    topic_filter: str, other: str, expected: bool
) -> None:
    assert covers(topic_filter, other) is expected
