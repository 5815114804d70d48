"""Which broker the settings name, and how the hub gets there."""

from dataclasses import replace

import platformdirs

from hub.home_settings import BrokerUser, Mqtt
from hub.mqtt.accounts import Account
from hub.mqtt.address import BrokerAddress, Trust
from hub.mqtt.broker import Certificate, EmbeddedBroker
from hub.secret_file import read_secret
from hub.settings import SettingsError


def named_broker(mqtt: Mqtt) -> BrokerAddress | None:
    """Return where the broker is; None for our own. Raises SettingsError."""
    url = mqtt.url.get_secret_value()
    if not url:
        return None
    try:
        address = BrokerAddress.parse(url)
    except ValueError as error:
        raise SettingsError(f"mqtt.url: {error}") from None
    if mqtt.password_file is not None:
        if address.username is None or address.password is not None:
            raise SettingsError(
                "mqtt.password_file: then mqtt.url names the user alone, mqtt://user@host"
            )
        address = replace(address, password=read_secret("mqtt.password_file", mqtt.password_file))
    trust = Trust(mqtt.ca_file, mqtt.certificate_file, mqtt.key_file, mqtt.server_name or None)
    if trust != Trust() and not address.tls:
        raise SettingsError(
            "mqtt.url: with ca_file, certificate_file or server_name it must begin with mqtts://"
        )
    return replace(address, trust=trust, version=mqtt.version)


def own_broker(mqtt: Mqtt) -> EmbeddedBroker:
    """Return a broker of our own, not yet started. Raises SettingsError."""
    certificate, key = mqtt.embedded_certificate_file, mqtt.embedded_key_file
    file = platformdirs.user_data_path("sotto") / f"retained-{mqtt.embedded_port}.jsonl"
    return EmbeddedBroker(
        mqtt.embedded_host,
        mqtt.embedded_port,
        [_account(user) for user in mqtt.users],
        certificate=Certificate(certificate, key) if certificate and key else None,
        # A broker on a port that is another one each time is nobody's home.
        retained=file if mqtt.embedded_port else None,
    )


def _account(user: BrokerUser) -> Account:
    if user.password is not None:
        password = user.password.get_secret_value()
    else:
        assert user.password_file is not None
        password = read_secret(f"mqtt.users, {user.name}, password_file", user.password_file)
    return Account(user.name, password, user.publish, user.subscribe)
