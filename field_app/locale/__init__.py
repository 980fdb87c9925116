"""Every text people read, in Finnish, Swedish and English.

    from field_app.locale import Translator
    say = Translator("fi")
    say.t("unlock.title")
    say.n("sync.only_here", 3)
    say.vocabulary("outcome", "reached")
    say.field("encounter", "outcome")
    say.error(problem)
    say.date("2026-11-22")

Texts live in `<language>/LC_MESSAGES/<area>.po`, with the compiled `.mo` beside each; after an
edit run `python -m field_app.locale compile`. A text's id is a stable key, never a sentence, and
is written out at the call, so that a test can find missing and unused ones.
"""

from field_app.locale.catalogues import LANGUAGES, Language, best_language
from field_app.locale.translator import Key, MissingText, Translator, key

__all__ = ["LANGUAGES", "Key", "Language", "MissingText", "Translator", "best_language", "key"]
