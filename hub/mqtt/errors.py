"""What can go wrong with MQTT.

MqttError
 ├── MqttUnavailable    a message could not be sent now; nothing is sent later in its stead
 ├── BrokerUnreachable  there is no connection to the broker, and why
 ├── BrokerFailed       our own broker could not start
 └── DiscoveryError     a device announced itself in a way that can not be understood
"""


class MqttError(Exception):
    """Something about MQTT failed. `code` is stable, the text is one line for a person."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


class MqttUnavailable(MqttError):
    """A message was not sent. Codes: "mqtt-unavailable"."""

    def __init__(self, text: str) -> None:
        super().__init__("mqtt-unavailable", text)


class BrokerUnreachable(MqttError):
    """No connection to the broker.

    Codes: "broker-unreachable", "broker-credentials", "broker-refused", "broker-closed",
    "broker-version", "broker-tls".
    """


class BrokerFailed(MqttError):
    """Our own broker could not start.

    Codes: "port-in-use", "needs-users", "bad-address", "bad-certificate", "broker-failed".
    """


class DiscoveryError(MqttError):
    """A discovery message is unusable, or what a device is told is nothing that it announced.

    Codes: "bad-json", "bad-config", "bad-topic", "bad-template", "unsupported", "duplicate-id",
    "too-large", "flapping", "out-of-range" (of a command's value),
    "needs-code", "wrong-code".
    """
