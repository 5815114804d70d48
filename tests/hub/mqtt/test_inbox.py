import aiomqtt
from structlog.testing import capture_logs

from hub.mqtt.inbox import MAX_PAYLOAD_BYTES, MAX_WAITING, Inbox


def message(topic: str = "a", payload: bytes = b"x") -> aiomqtt.Message:
    return aiomqtt.Message(topic, payload, qos=0, retain=False, mid=0, properties=None)


async def test_it_has_a_bound_of_its_own() -> None:
    assert Inbox().maxsize == MAX_WAITING


async def test_when_it_is_full_the_newest_is_dropped_and_that_is_logged_once() -> None:
    inbox = Inbox(2)
    with capture_logs() as logs:
        for number in range(5):
            inbox.put_nowait(message(f"t/{number}"))
    assert [inbox.get_nowait().topic.value for _ in range(inbox.qsize())] == ["t/0", "t/1"]
    assert [entry["event"] for entry in logs] == ["mqtt messages come too fast, dropping"]


async def test_what_is_too_large_is_dropped_and_logged_once_a_topic() -> None:
    inbox = Inbox()
    huge = b"x" * (MAX_PAYLOAD_BYTES + 1)
    with capture_logs() as logs:
        for topic in ("a", "a", "b"):
            inbox.put_nowait(message(topic, huge))
    assert inbox.empty()
    assert [entry["topic"] for entry in logs] == ["a", "b"]
