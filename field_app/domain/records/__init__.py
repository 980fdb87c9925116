"""Every record type, by its wire name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from field_app.domain.declaration import Record
from field_app.domain.records.anonymous_contact import AnonymousContact
from field_app.domain.records.assessment import Assessment
from field_app.domain.records.directory_entry import DirectoryEntry
from field_app.domain.records.encounter import Encounter
from field_app.domain.records.health_note import HealthNote
from field_app.domain.records.housing_period import HousingPeriod
from field_app.domain.records.matter import Matter
from field_app.domain.records.navigation_step import NavigationStep
from field_app.domain.records.person import Person
from field_app.domain.records.task import Task

__all__ = [
    "RECORD_TYPES",
    "AnonymousContact",
    "Assessment",
    "DirectoryEntry",
    "Encounter",
    "HealthNote",
    "HousingPeriod",
    "Matter",
    "NavigationStep",
    "Person",
    "Task",
]

RECORD_TYPES: Mapping[str, type[Record]] = MappingProxyType(
    {
        record.record_type: record
        for record in (
            Person,
            Matter,
            Encounter,
            AnonymousContact,
            HealthNote,
            Assessment,
            NavigationStep,
            Task,
            HousingPeriod,
            DirectoryEntry,
        )
    }
)
