"""Who may use the broker of our own, and for what: users and their access list."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from amqtt.contexts import Action
from amqtt.plugins.base import BaseAuthPlugin, BaseTopicPlugin
from amqtt.session import Session

from hub.mqtt.filters import covers, matches


@dataclass(frozen=True, slots=True)
class Account:
    """One user of the broker."""

    name: str
    password: str = field(repr=False)
    publish: tuple[str, ...] = ("#",)
    """Filters of the topics that it may write."""
    subscribe: tuple[str, ...] = ("#",)
    """Filters of the topics that it may read."""

    def may_publish(self, topic: str) -> bool:
        """Return whether it may write a topic."""
        return any(matches(allowed, topic) for allowed in self.publish)

    def may_subscribe(self, topic_filter: str) -> bool:
        """Return whether it may read everything that a filter matches."""
        return any(covers(allowed, topic_filter) for allowed in self.subscribe)


@dataclass
class _Config:
    """What the library hands to a plugin."""

    accounts: dict[str, Any] = field(default_factory=dict)


class UsersPlugin(BaseAuthPlugin):  # type: ignore[misc]  # the library has no types
    """Lets in the users it is configured with, or everybody when it is configured with none."""

    Config = _Config

    async def authenticate(self, *, session: Session) -> bool | None:
        """Tell whether this client may connect."""
        accounts: Mapping[str, Account] = self.config.accounts
        if not accounts:
            return True
        account = accounts.get(session.username or "")
        expected = account.password if account else ""
        right = hmac.compare_digest(expected.encode(), (session.password or "").encode())
        if account is None or not expected or not right:
            return False
        # The library publishes a last will without asking the access list.
        return not session.will_flag or account.may_publish(session.will_topic or "")


class AccessPlugin(BaseTopicPlugin):  # type: ignore[misc]  # the library has no types
    """Lets each user write and read what its account allows."""

    Config = _Config

    async def topic_filtering(
        self,
        *,
        session: Session | None = None,
        topic: str | None = None,
        action: Action | None = None,
    ) -> bool | None:
        """Tell whether a client may do this with a topic, or with all that a filter matches."""
        account = self.config.accounts.get((session and session.username) or "")
        if account is None or topic is None:
            return False
        if action == Action.PUBLISH:
            return bool(account.may_publish(topic))
        # Nobody is subscribed to what it may not read, so that receiving needs no check.
        return action == Action.RECEIVE or bool(account.may_subscribe(topic))
