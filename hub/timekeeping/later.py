"""Which sentences can be carried out later."""

from typing import Protocol

from hub.origin import Origin


class Later(Protocol):
    """What is known of a sentence before it is promised."""

    def understands(self, text: str, origin: Origin) -> bool:
        """Return whether a sentence is one that the home can carry out."""

    def needs_yes(self, text: str, origin: Origin) -> bool:
        """Return whether somebody would be asked first; later nobody is there to be asked."""
