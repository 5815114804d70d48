"""What has a say before anything is done in the home, and takes note of all that is."""

from collections.abc import Iterable

from hub.home.confirmations import Confirmations
from hub.home.gate import PolicyGate
from hub.home.model import Home
from hub.home.policy import Hours, Policy, Rule
from hub.policy_settings import PolicyRule, PolicySection
from hub.tools.audit import Audit, AuditRepository

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class HomeRules:
    """The policy, the questions that are open, and the audit."""

    def __init__(self, section: PolicySection, home: Home, audit: AuditRepository) -> None:
        self.confirmations = Confirmations()
        self.audit = Audit(audit)
        self.gate = PolicyGate(
            home, Policy(home, made(section)), self.confirmations, noted=self.audit.stopped
        )
        self._in_file = section.rules

    def put(self, rules: Iterable[PolicyRule]) -> None:
        """Have these rules asked before those of the settings file, in place of such before."""
        self.gate.policy.put(rules_of((*rules, *self._in_file)))


def made(section: PolicySection) -> tuple[Rule, ...]:
    """Return the rules of the settings as the policy takes them."""
    return rules_of(section.rules)


def rules_of(rules: Iterable[PolicyRule]) -> tuple[Rule, ...]:
    """Return rules as the policy takes them."""
    return tuple(_rule(one) for one in rules)


def _rule(one: PolicyRule) -> Rule:
    return Rule(
        one.then,
        one.tools,
        one.verbs,
        one.domains,
        one.devices,
        one.rooms,
        one.persons,
        Hours.parse(one.hours) if one.hours else None,
        frozenset(map(_DAYS.index, one.weekdays)) if one.weekdays else frozenset(range(7)),
        one.words,
    )
