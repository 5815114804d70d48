"""What understands sentences and carries them out, put together."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hub.adding import Adding
from hub.conversation.home_mind import HomeMind
from hub.engines.base import Toolbox
from hub.events import ToolAnswered, ToolCalled
from hub.home.actions import ActionResult, Actions, Deed, Sense
from hub.home.intents import IntentRecognizer
from hub.home.model import Home
from hub.home.sentence_block import OwnAnswers, Sentences
from hub.home_rules import HomeRules
from hub.household import Household
from hub.origin import Origin
from hub.settings import HubSettings
from hub.store.database import Store
from hub.tooling import Tooling
from hub.tools.additions import Additions
from hub.tools.stored_additions import StoredAdditions
from hub.tools.stored_audit import StoredAudit
from hub.tools.weather_sentences import ASKED
from hub.tools.weather_tools import WeatherTools


class Acting:
    """The home's own mind, and the tools that a model may use beside it."""

    def __init__(
        self,
        settings: HubSettings,
        home: Home,
        household: Household,
        store: Store,
        *,
        deeds: Mapping[str, Deed],
        sentences: Mapping[str, Sentences],
        answers: Mapping[str, OwnAnswers],
        senses: Mapping[str, Sense] | None = None,
        boxes: Sequence[Toolbox] = (),
        publish: Callable[[ToolCalled | ToolAnswered], None] = lambda _: None,
        changed: Callable[[], None] = lambda: None,
        additions: Additions | None = None,
    ) -> None:
        """`sentences` and `answers` are by language; they and `deeds` are about no devices.
        `publish` is told of what is done.

        `boxes` are tools beside those of the home; `changed` is called when a model has to be told
        of other tools; `additions` are what was made in the dashboard. Takes a moment: every
        sentence is parsed.
        """
        rules = HomeRules(settings.policy, home, StoredAudit(store))
        self.rules = rules
        """What has a say before anything is done."""
        recognizers = [
            IntentRecognizer(home, language, more=(sentences.get(language, {}),))
            for language in settings.spoken_languages
        ]
        for recognizer in recognizers:
            recognizer.warm_up()
        weather = None if settings.weather.url is None else WeatherTools(settings.weather, home)
        if weather is not None:
            deeds = {**deeds, ASKED: weather.answer}
        self.actions = Actions(
            home,
            household,
            deeds=deeds,
            senses=senses,
            more_answers=(answers,),
            gate=rules.gate,
        )
        self.tooling = Tooling(
            settings,
            home,
            household.link,
            self.actions,
            rules,
            perform=self._perform,
            boxes=boxes,
            weather=weather,
            changed=changed,
            additions=additions,
        )
        self.adding = Adding(self.tooling, StoredAdditions(store))
        """Makes tools, rules and automations."""
        self.mind = HomeMind(
            home,
            recognizers,
            self.actions,
            confirmations=rules.confirmations,
            own=self.tooling.commands,
            audit=rules.audit,
            publish=publish,
        )

    @classmethod
    async def opened(
        cls, settings: HubSettings, home: Home, household: Household, store: Store, **more: Any
    ) -> "Acting":
        """Return it with what was made in the dashboard. Raises StoreError."""
        additions = await StoredAdditions(store).load()
        return cls(settings, home, household, store, additions=additions, **more)

    async def _perform(self, text: str, origin: Origin) -> ActionResult | None:
        """Do what a text says; None if it means nothing."""
        understanding = self.mind.understand(text, origin)
        if understanding is None:
            return None
        reply = await self.mind.act(understanding, origin)
        return ActionResult(reply.text, ok=reply.ok, code=reply.details.get("code"))
