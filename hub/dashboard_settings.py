"""Where the dashboard and its API are served."""

from pathlib import Path

from pydantic import Field, model_validator

from hub.setting_section import Section

DEFAULT_PORT = 10_780


class Dashboard(Section):
    """The page in the browser, and the API behind it."""

    enabled: bool = True
    """Whether to serve them."""
    host: str = "127.0.0.1"
    """Address to listen on; 0.0.0.0: every interface, so that phones and other machines can open
    it. Everybody has to log in. Browsers give a microphone only to https or this machine."""
    port: int = Field(default=DEFAULT_PORT, ge=0, le=65_535)
    """Port to listen on; 0: any free one."""
    certificate: Path | None = None
    """File with the certificate for https, in PEM, and those that signed it."""
    key: Path | None = None
    """File with its private key, in PEM."""
    proxies: tuple[str, ...] = ()
    """Addresses of proxies before it, whose word for the client's address and https is believed."""
    origins: tuple[str, ...] = ()
    """Other addresses of the page, like https://sotto.example.org behind a proxy."""

    @model_validator(mode="after")
    def _both_or_none(self) -> "Dashboard":
        if (self.certificate is None) != (self.key is None):
            raise ValueError("certificate and key belong together")
        return self
