"""Sentences beyond those of home-assistant-intents, in hassil's notation, and their answers.

Each is something that people say and that the package leaves out. The <rules> and {lists} are the
package's own where a block brings none.
"""

from collections.abc import Mapping, Sequence
from types import ModuleType

from hub.home import (
    own_sentences_de,
    own_sentences_en,
    own_sentences_es,
    own_sentences_fr,
    value_sentences_de,
    value_sentences_en,
    value_sentences_es,
    value_sentences_fr,
)
from hub.home.sentence_block import Block, OwnAnswers, Sentences

_LANGUAGES = {
    "en": (own_sentences_en, value_sentences_en),
    "de": (own_sentences_de, value_sentences_de),
    "fr": (own_sentences_fr, value_sentences_fr),
    "es": (own_sentences_es, value_sentences_es),
}


def _joined(modules: Sequence[ModuleType]) -> Sentences:
    """Return the blocks of several modules, which may share intents."""
    blocks: dict[str, tuple[Block, ...]] = {}
    for module in modules:
        for intent, own in module.SENTENCES.items():
            blocks[intent] = (*blocks.get(intent, ()), *own)
    return blocks


OWN_SENTENCES: Mapping[str, Sentences] = {
    language: _joined(modules) for language, modules in _LANGUAGES.items()
}
"""By language and intent."""
OWN_ANSWERS: Mapping[str, OwnAnswers] = {
    language: {intent: answers for module in modules for intent, answers in module.ANSWERS.items()}
    for language, modules in _LANGUAGES.items()
}
"""By language, intent and response; they stand before the package's."""
