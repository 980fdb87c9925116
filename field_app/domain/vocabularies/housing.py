"""Housing: the situation with the survey's classes, why a home was lost, the way to eviction."""

from __future__ import annotations

from field_app.domain.vocabularies.code_system import ARA, Code, code_system, sensitive

_SURVEYED = frozenset({ARA})

HOUSING_SITUATION = code_system(
    "housing_situation",
    Code("outdoors", "ulkona, porrashuoneessa, ensisuojassa", _SURVEYED),
    Code("hostel", "asuntolassa, majoitusliikkeessä", _SURVEYED),
    Code("institution", "laitoksessa asunnon puutteen vuoksi", _SURVEYED),
    Code("with_others", "tilapäisesti tuttavien, sukulaisten luona", _SURVEYED),
    Code("form_unknown", "muoto ei tiedossa", _SURVEYED),
    Code("at_risk", "asunnottomuusuhka"),
    Code("supported", "tuettu asuminen"),
    Code("own_home", "oma asunto"),
)
CAUSE_TRIGGER = code_system(
    "cause_trigger",
    Code("lease_ended", "vuokrasopimus päättyi"),
    Code("evicted_arrears", "häätö, vuokravelka"),
    Code("evicted_disturbance", "häätö, häiriöt"),
    Code("separation", "ero"),
    sensitive("violence", "lähisuhdeväkivalta"),
    sensitive("release", "vapautuminen vankilasta"),
    Code("fire_renovation", "tulipalo, remontti"),
)
CAUSE_BACKGROUND = code_system(
    "cause_background",
    Code("daily_life", "arjen hallinta"),
    Code("finances", "talous, velat"),
    sensitive("mental_health", "mielenterveys"),
    sensitive("substances", "päihteet"),
    Code("supply", "kohtuuhintaisten asuntojen puute"),
    Code("prejudice", "ennakkoluulot"),
)
EVICTION_STAGE = code_system(
    "eviction_stage",
    Code("reminder", "maksuhuomautus"),
    Code("termination", "purku"),
    Code("summons", "haaste"),
    Code("judgment", "häätötuomio"),
    Code("removal_notice", "muuttokehotus"),
    Code("eviction", "häätö"),
)

SYSTEMS = (HOUSING_SITUATION, CAUSE_TRIGGER, CAUSE_BACKGROUND, EVICTION_STAGE)
