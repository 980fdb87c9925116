"""Every vocabulary of the work, by name.

A `CodeSystem` is the list of codes; `declaration.Vocabulary("outcome")` is the mark on a field
that says which list its codes come from. Labels for people are catalogue entries
`<vocabulary>.<code>`; the Finnish term stands beside each code for whoever reads the source.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from field_app.domain.vocabularies import case, contact, housing, navigation, needs, work
from field_app.domain.vocabularies.code_system import (
    ARA,
    FLAT_ONLY,
    SENSITIVE,
    Code,
    CodeSystem,
)
from field_app.domain.vocabularies.navigation import stages_of

__all__ = [
    "ARA",
    "FLAT_ONLY",
    "SENSITIVE",
    "VOCABULARIES",
    "Code",
    "CodeSystem",
    "stages_of",
]

VOCABULARIES: Mapping[str, CodeSystem] = MappingProxyType(
    {
        system.name: system
        for module in (contact, case, housing, navigation, needs, work)
        for system in module.SYSTEMS
    }
)
