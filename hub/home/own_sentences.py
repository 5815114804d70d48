"""Sentences beyond those of home-assistant-intents, in hassil's notation, and their answers.

Each is something that people say and that the package leaves out. The <rules> and {lists} are the
package's own where a block brings none.
"""

from collections.abc import Mapping

from hub.home import own_sentences_de, own_sentences_en, own_sentences_es, own_sentences_fr
from hub.home.sentence_block import OwnAnswers, Sentences

_LANGUAGES = {
    "en": own_sentences_en,
    "de": own_sentences_de,
    "fr": own_sentences_fr,
    "es": own_sentences_es,
}
OWN_SENTENCES: Mapping[str, Sentences] = {
    language: module.SENTENCES for language, module in _LANGUAGES.items()
}
"""By language and intent."""
OWN_ANSWERS: Mapping[str, OwnAnswers] = {
    language: module.ANSWERS for language, module in _LANGUAGES.items()
}
"""By language, intent and response; they stand before the package's."""
