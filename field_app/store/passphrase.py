"""The passphrase: six generated words that anyone can say, hear, read and type.

The words follow a rule instead of a dictionary, so they are of no language and need no list to be
shipped: three syllables of one consonant and one vowel, the third syllable being a check of the
first two. One wrong letter, or two neighbours of a kind exchanged, never makes another word of the
list: what was misread is found before it is used. 2,884 words, 6 of them: 69 bits.

The consonants are the eleven that Finnish, Swedish and English share without being confused with
one another when spoken (no b/p, d/t, g/k pairs); letters that look alike (l and i, v and u) never
stand where the other could.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from itertools import product
from math import log2

from field_app.domain.clock import Entropy
from field_app.domain.errors import PassphraseNotAllowed

WORDS_IN_PASSPHRASE = 6
LETTERS_IN_WORD = 6
CONSONANTS = "hjklmnprstv"
VOWELS = "aeiou"

_UNFIT = (  # noqa: SIM905 (a list a line each hides what is in it)
    # Crude, insulting, frightening in Finnish, Swedish or English, whole or as a part of a word.
    "hapa hitle homo hora hore horo hulu humala isis japo juti kaka kike kuk kuli kula kuse kusi "
    "kuso lesi lesu lutu mamu mulu muna naku narise nasi naru neke neki niku nusi paki pano pasi "
    "peni pilu pimu pipi pisi poka popo pora puna pupe puta puti puto rapa rape rasi ruma rumi "
    "ruto satan seko sika suti suru tapa tapo tisi tita tite titi tuho vatu vihaa vitu voho vika"
).split()


def _check(first: int, second: int, size: int) -> int:
    """The third index: `size` is prime, so any one change or exchange changes the check."""
    return -(first + 2 * second) * pow(3, -1, size) % size


@cache
def words() -> tuple[str, ...]:
    """Every word of the list, in alphabetical order of its rule; the same on every device."""
    found = []
    letters = range(len(CONSONANTS)), range(len(VOWELS))
    for c1, v1, c2, v2 in product(*letters, *letters):
        c3 = _check(c1, c2, len(CONSONANTS))
        v3 = _check(v1, v2, len(VOWELS))
        syllables = ((c1, v1), (c2, v2), (c3, v3))
        word = "".join(CONSONANTS[consonant] + VOWELS[vowel] for consonant, vowel in syllables)
        if not any(part in word for part in _UNFIT):
            found.append(word)
    return tuple(found)


def entropy_bits() -> float:
    """The strength of a passphrase in bits."""
    return WORDS_IN_PASSPHRASE * log2(len(words()))


def generate_passphrase(entropy: Entropy) -> str:
    """Six words, each drawn evenly, with spaces between them."""
    return " ".join(_draw(entropy) for _ in range(WORDS_IN_PASSPHRASE))


def _draw(entropy: Entropy) -> str:
    """One word; numbers past the last whole multiple are thrown away, so none is likelier."""
    known = words()
    fair = 2**16 // len(known) * len(known)
    while True:
        number = int.from_bytes(entropy.bytes(2), "big")
        if number < fair:
            return known[number % len(known)]


def normalise_passphrase(typed: str) -> str:
    """What was typed, as it is stretched: words of six letters with single spaces.

    Case, kinds of spaces and hyphens, commas, full stops and missing spaces make no difference.
    """
    letters = typed
    for _ in range(3):  # each step can undo another's work; after three rounds nothing moves
        letters = unicodedata.normalize("NFKC", letters.casefold())
        letters = "".join(c for c in letters if not _is_separator(c))
    parts = range(0, len(letters), LETTERS_IN_WORD)
    return " ".join(letters[at : at + LETTERS_IN_WORD] for at in parts)


def _is_separator(character: str) -> bool:
    return unicodedata.category(character)[0] in "ZCP"


def misread_words(typed: str) -> list[int]:
    """Which words (0 = the first) are not of the list: those to look at again."""
    known = frozenset(words())
    return [at for at, word in enumerate(normalise_passphrase(typed).split()) if word not in known]


def choose_passphrase(typed: str) -> str:
    """Normalise a passphrase that is to open the store from now on.

    Raises:
        PassphraseNotAllowed: not six words of the list.
    """
    passphrase = normalise_passphrase(typed)
    if len(passphrase.split()) != WORDS_IN_PASSPHRASE or misread_words(passphrase):
        raise PassphraseNotAllowed("a passphrase is six generated words")
    return passphrase
