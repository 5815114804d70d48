"""What understands sentences about the home and carries them out, put together."""

from collections.abc import Mapping, Sequence

from hub.conversation.home_mind import HomeMind, OwnCommands
from hub.engines.base import Toolbox
from hub.home.actions import Actions, Deed
from hub.home.confirmations import Confirmations
from hub.home.gate import PolicyGate
from hub.home.intents import IntentRecognizer
from hub.home.model import CommandSink, Home
from hub.home.policy import Policy
from hub.home.sentence_block import OwnAnswers, Sentences
from hub.settings import HubSettings
from hub.store.database import Store
from hub.tools.audit import Audit
from hub.tools.home_tools import HomeTools
from hub.tools.stored_audit import StoredAudit
from hub.tools.toolbox import JoinedToolbox


class Acting:
    """The home's own mind, and the tools that a model may use beside it."""

    def __init__(
        self,
        settings: HubSettings,
        home: Home,
        sink: CommandSink,
        store: Store,
        *,
        deeds: Mapping[str, Deed],
        sentences: Mapping[str, Sentences],
        answers: Mapping[str, OwnAnswers],
        boxes: Sequence[Toolbox] = (),
        own: OwnCommands | None = None,
    ) -> None:
        """`sentences` and `answers` are by language; they and `deeds` are about no devices.

        `boxes` are tools beside those of the home. Takes a moment: every sentence is parsed.
        """
        self.audit = Audit(StoredAudit(store))
        confirmations = Confirmations()
        policy = Policy(home, settings.policy.made())
        gate = PolicyGate(home, policy, confirmations, noted=self.audit.stopped)
        recognizers = [
            IntentRecognizer(home, language, more=(sentences.get(language, {}),))
            for language in settings.spoken_languages
        ]
        for recognizer in recognizers:
            recognizer.warm_up()
        self.actions = Actions(home, sink, deeds=deeds, more_answers=(answers,), gate=gate)
        self.mind = HomeMind(
            home,
            recognizers,
            self.actions,
            confirmations=confirmations,
            own=own,
            audit=self.audit,
        )
        home_tools = HomeTools(home, self.actions)
        self.toolbox = JoinedToolbox((home_tools, *boxes), gate, self.audit)
