"""Settings of the home: its broker, its rooms, and what its owner calls things."""

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    Field,
    SecretStr,
    StringConstraints,
    field_validator,
    model_validator,
)

from hub.loopback import is_loopback
from hub.setting_section import Section

_BROKER_URL = re.compile(r"^mqtts?://[^\s/]+/?$")


def _a_filter(topic_filter: str) -> str:
    """Return a topic filter. Raises ValueError for what is none."""
    levels = topic_filter.split("/")
    if any("#" in level and level != "#" for level in levels) or "#" in levels[:-1]:
        raise ValueError("in a topic filter # stands alone, as the last level")
    if any("+" in level and level != "+" for level in levels):
        raise ValueError("in a topic filter + stands alone in its level")
    return topic_filter


Filter = Annotated[str, StringConstraints(min_length=1, max_length=1000), AfterValidator(_a_filter)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


class BrokerUser(Section):
    """Somebody who may use the hub's own broker."""

    name: str = Field(min_length=1, max_length=100)
    """What it logs in as."""
    password: SecretStr | None = None
    """Its password."""
    password_file: Path | None = None
    """A file that holds the password, instead of `password`."""
    publish: tuple[Filter, ...] = Field(default=("#",), max_length=1000)
    """Topics that it may write, as filters; by default all."""
    subscribe: tuple[Filter, ...] = Field(default=("#",), max_length=1000)
    """Topics that it may read, as filters; by default all."""

    @model_validator(mode="after")
    def _has_one_password(self) -> "BrokerUser":
        given = bool(self.password and self.password.get_secret_value())
        if given == (self.password_file is not None):
            raise ValueError("a user needs password or password_file, and not both")
        return self


class Mqtt(Section):
    """The broker that the home's devices talk to."""

    url: SecretStr = SecretStr("")
    """mqtt://user:password@host:1883 or mqtts://...; empty: the hub runs a broker itself."""
    password_file: Path | None = None
    """A file that holds the password, instead of the one in `url`."""
    version: Literal["auto", "5", "3.1.1"] = "auto"
    """The MQTT version to speak; `auto`: 5, or 3.1.1 where the broker does not know 5."""
    ca_file: Path | None = None
    """With mqtts://, the certificate of who signed the broker's one, as PEM; by default those that
    this machine trusts."""
    certificate_file: Path | None = None
    """With mqtts://, the hub's own certificate, as PEM, for brokers that ask for one."""
    key_file: Path | None = None
    """The key of that certificate, as PEM, without a passphrase."""
    server_name: str = Field(default="", max_length=253)
    """With mqtts://, the name in the broker's certificate, where it is not the host in `url`."""
    discovery_prefix: str = Field(default="homeassistant", min_length=1, pattern=r"^[^#+]+$")
    """The topic below which devices announce themselves."""
    topic: str = Field(default="", max_length=200, pattern=r"^([^#+/\x00]+(/[^#+/\x00]+)*)?$")
    """The topic below which the hub can be driven, and tells of itself; by default `sotto/` and the
    beginning of the hub's id. Two hubs on one broker need two."""
    publish_words: bool = False
    """Whether what was heard and said last is published, where whoever may read the broker's topics
    reads along."""
    embedded_host: str = "127.0.0.1"
    """Address that the hub's own broker listens on; one that others can reach needs `users`."""
    embedded_port: int = Field(default=1883, ge=0, le=65_535)
    """Port of the hub's own broker; 0 takes a free one."""
    embedded_certificate_file: Path | None = None
    """Certificate of the hub's own broker, as PEM; with it, that broker speaks TLS."""
    embedded_key_file: Path | None = None
    """The key of that certificate, as PEM, without a passphrase."""
    users: tuple[BrokerUser, ...] = Field(default=(), max_length=1000)
    """Who may use the hub's own broker, a table each, with `name`, `password` or `password_file`,
    and the topic filters that it may `publish` and `subscribe`; none: everybody on this machine."""

    @field_validator("url")
    @classmethod
    def _names_a_broker(cls, url: SecretStr) -> SecretStr:
        if url.get_secret_value() and not _BROKER_URL.match(url.get_secret_value()):
            raise ValueError(
                "a broker is named like mqtt://user:password@host:1883 or mqtts://host"
            )
        return url

    @model_validator(mode="after")
    def _files_in_pairs(self) -> "Mqtt":
        if (self.certificate_file is None) != (self.key_file is None):
            raise ValueError("certificate_file and key_file are needed together")
        if (self.embedded_certificate_file is None) != (self.embedded_key_file is None):
            raise ValueError("embedded_certificate_file and embedded_key_file are needed together")
        return self

    @model_validator(mode="after")
    def _users_where_others_can_connect(self) -> "Mqtt":
        if not is_loopback(self.embedded_host) and not self.users:
            raise ValueError(
                f"embedded_host {self.embedded_host} can be reached from other machines, so the "
                "broker needs users: [[mqtt.users]] with name and password; or leave embedded_host "
                "at 127.0.0.1"
            )
        names = [user.name for user in self.users]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise ValueError(f"there are two users called {twice!r}")
        return self


class OwnFloor(Section):
    """A floor of the home."""

    aliases: tuple[Name, ...] = Field(default=(), max_length=20)
    """What else it is called."""


class OwnRoom(Section):
    """A room of the home."""

    aliases: tuple[Name, ...] = Field(default=(), max_length=20)
    """What else it is called."""
    floor: Name | None = None
    """The floor that it is on."""


class OwnDevice(Section):
    """What the owner says of a device."""

    name: Name | None = None
    """What it is called, instead of what it calls itself."""
    aliases: tuple[Name, ...] = Field(default=(), max_length=20)
    """What else it is called."""
    room: Name | None = None
    """The room that it is in, instead of the one that it suggests."""
    hidden: bool = False
    """Whether nobody is to speak of it."""
    code: SecretStr | None = Field(default=None, max_length=100)
    """The code of a lock or an alarm panel; with it, a spoken yes is enough."""
    code_file: Path | None = None
    """A file that holds the code, instead of `code`."""

    @model_validator(mode="after")
    def _has_one_code(self) -> "OwnDevice":
        if self.code is not None and not self.code.get_secret_value().strip():
            raise ValueError("the code is empty; leave it out to have it said each time")
        if self.code is not None and self.code_file is not None:
            raise ValueError("a device has code or code_file, and not both")
        return self


class OwnHome(Section):
    """What the owner says of the home; it counts more than what devices say of themselves."""

    floors: dict[Name, OwnFloor] = Field(default_factory=dict, max_length=100)
    """By name, such as `{"Ground Floor" = {aliases = ["downstairs"]}}`; those that rooms name are
    there anyway."""
    rooms: dict[Name, OwnRoom] = Field(default_factory=dict, max_length=1000)
    """By name, such as `{Kitchen = {aliases = ["Cookery"], floor = "Ground Floor"}}`."""
    devices: dict[str, OwnDevice] = Field(default_factory=dict, max_length=20_000)
    """By id, the component and the device's unique_id, such as `{"light.desk" = {name = "Lamp",
    aliases = ["Reading Lamp"], room = "Study", hidden = false}}`; of a lock or an alarm panel
    also its `code`, or a `code_file` that holds it."""
