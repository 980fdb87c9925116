"""Needs (kartoitus) and health observations: areas, the scale, the nurse's chips.

The scale's codes are the digits "0" to "4" and two answers that are not scores; there is never
a total over areas.
"""

from __future__ import annotations

from field_app.domain.vocabularies.code_system import Code, code_system, sensitive

NEED_SOCIAL = code_system(
    "need_social",
    Code("housing", "asuminen"),
    Code("money", "raha-asiat"),
    Code("errands", "asiointi"),
    Code("daily_life", "arki"),
    Code("relations", "ihmissuhteet"),
    sensitive("safety", "turvallisuus"),
    Code("participation", "osallisuus"),
    Code("children", "lapset"),
)
NEED_HEALTH = code_system(
    "need_health",
    sensitive("physical", "fyysinen terveys"),
    sensitive("mental", "mieli"),
    sensitive("substances", "päihteet"),
    sensitive("medication", "lääkitys"),
    sensitive("wounds", "haavat"),
    sensitive("infections", "infektiot"),
    sensitive("sleep_food", "uni ja ravinto"),
    sensitive("teeth", "suu"),
    sensitive("cognition", "muisti"),
)
NEED_SCORE = code_system(
    "need_score",
    Code("0", "ei tuen tarvetta"),
    Code("1", "pärjää pienellä tuella"),
    Code("2", "tarvitsee säännöllistä tukea"),
    Code("3", "tarvitsee paljon tukea"),
    Code("4", "tarvitsee apua heti"),
    Code("not_asked", "ei kysytty"),
    Code("declined", "ei halua kertoa"),
)
CONDITION = code_system(
    "condition",
    sensitive("fine", "hyvä"),
    sensitive("concern", "huoli"),
    sensitive("urgent", "kiireellinen"),
)
HEALTH_OBSERVATION = code_system(
    "health_observation",
    sensitive("wound", "haava"),
    sensitive("pain", "kipu"),
    sensitive("fever", "kuume"),
    sensitive("breathing", "hengitys"),
    sensitive("withdrawal", "vieroitusoireet"),
    sensitive("suicidality", "itsetuhoisuus"),
    sensitive("cold_exposure", "kylmettyminen"),
    sensitive("medication_out", "lääkkeet loppu"),
)
NURSE_DONE = code_system(
    "nurse_done",
    sensitive("treated", "hoidettu"),
    sensitive("guided", "ohjattu"),
    sensitive("emergency_112", "112"),
)

SYSTEMS = (NEED_SOCIAL, NEED_HEALTH, NEED_SCORE, CONDITION, HEALTH_OBSERVATION, NURSE_DONE)
