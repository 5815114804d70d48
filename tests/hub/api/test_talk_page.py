"""docs/api-talk.md and the code say the same."""

import re
from pathlib import Path

from hub.api import wake_words
from hub.api.talk import limits, upward
from hub.api.talk.messages import DOWNS, Down
from hub.api.talk.upward import UPS, Up

PAGE = (Path(__file__).parents[3] / "docs" / "api-talk.md").read_text()


def section(title: str) -> str:
    return PAGE.split(f"## {title}\n", 1)[1].split("\n## ", 1)[0]


def table(title: str) -> list[str]:
    lines = [line for line in section(title).splitlines() if line.startswith("|")]
    return lines[2:]


def rows(kind: type[Up | Down], name: str) -> list[str]:
    """Return what the page says of a message."""
    told = [f"| `{name}` | | {' '.join((kind.__doc__ or '').split())} |"]
    for key, field in kind.model_fields.items():
        if key != "type":
            mark = "" if field.is_required() else "?"
            told.append(f"| | `{key}{mark}` | {' '.join((field.description or '').split())} |")
    return told


def test_the_page_tells_every_message_of_a_client() -> None:
    names = [kind.model_fields["type"].annotation.__args__[0] for kind in UPS]  # type: ignore[union-attr]
    told = [row for kind, name in zip(UPS, names, strict=True) for row in rows(kind, name)]
    assert table("What a client says") == told


def test_the_page_tells_every_message_of_the_hub() -> None:
    told = [row for kind in DOWNS for row in rows(kind, kind.name)]
    assert table("What the hub says") == told


def test_every_field_of_every_message_is_told_in_words() -> None:
    for kind in (*UPS, *DOWNS):
        for key, field in kind.model_fields.items():
            assert key == "type" or field.description, (kind, key)


def test_the_page_tells_the_limits() -> None:
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in table("Limits")]
    assert dict(cells) == {
        "characters of a message": str(limits.MAX_MESSAGE_CHARS),
        "bytes of a frame": str(limits.MAX_FRAME_BYTES),
        "characters of a `text`": str(upward.MAX_TEXT_CHARS),
        "messages a second": f"{limits.MESSAGES_PER_S:g}, and {limits.MESSAGES_AT_ONCE:g} at once",
        "turns a second": f"{limits.TURNS_PER_S:g}, and {limits.TURNS_AT_ONCE:g} at once",
        "audio": f"twice real time, and {limits.AUDIO_BYTES_AT_ONCE / 32_000:g} s at once",
        "first message": f"within {limits.HELLO_S:g} s",
        "wake words of a client": str(wake_words.MAX_WAKE_WORDS),
        "clients whose wake words are waited for": str(wake_words.MAX_WAKING),
        "messages that make no sense": str(limits.MAX_FAULTS),
        "a client that reads nothing": f"{limits.SEND_S:g} s",
    }


def test_the_page_tells_every_fault_that_the_code_knows() -> None:
    files = (Path(wake_words.__file__), *Path(upward.__file__).parent.glob("*.py"))
    source = "".join(path.read_text() for path in files)
    known = set(re.findall(r'(?:_fault\(|Misfit\(|NotHeard\(|Fault\(code=)\s*"([a-z-]+)"', source))
    told = set(re.findall(r"^\| `([a-z-]+)` \|", section("Faults"), re.MULTILINE))
    assert known <= told
    assert told - known == {"not-logged-in", "not-allowed"}
