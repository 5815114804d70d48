"""What topic filters match."""


def matches(topic_filter: str, topic: str) -> bool:
    """Return whether a filter matches a topic. Wildcards leave out topics that begin with $."""
    if topic.startswith("$") and topic_filter[:1] in {"#", "+"}:
        return False
    return covers(topic_filter, topic)


def covers(topic_filter: str, other: str) -> bool:
    """Return whether a filter matches all that another one matches."""
    wanted, levels = topic_filter.split("/"), other.split("/")
    for index, level in enumerate(wanted):
        if level == "#":  # matches the level above it as well
            return True
        if index == len(levels) or levels[index] == "#":
            return False
        if level not in {"+", levels[index]}:
            return False
    return len(wanted) == len(levels)
