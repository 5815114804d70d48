"""What a user may do, in steps."""

from enum import IntEnum


class Role(IntEnum):
    """Each may do what those below it may, and more."""

    PANEL = 1
    """A panel on the wall: looks at the home, and changes nothing."""
    GUEST = 2
    """Talks, and switches devices."""
    MEMBER = 3
    """Lives here: sees conversations, announces, changes how satellites sound."""
    OWNER = 4
    """Decides: users, settings, backups."""


SCOPES = ("read", "talk", "home", "satellites", "admin")
"""What a token may be limited to; `admin` is all of it."""
