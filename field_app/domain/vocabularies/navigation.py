"""Service navigation (palveluohjaus): kinds of steps, applications with their stages, services."""

from __future__ import annotations

from field_app.domain.vocabularies.code_system import FLAT_ONLY, Code, code_system, sensitive

_FLAT = frozenset({FLAT_ONLY})

# Yleistuki replaced these two on 1.5.2026; records from before keep the name of their time.
_UNTIL_GENERAL_BENEFIT = "2026-04-30"

STEP_KIND = code_system(
    "step_kind",
    Code("referral", "lähete, ohjaus palveluun"),
    Code("application", "hakemus"),
    Code("accompaniment", "saatto"),
    Code("network", "verkostotapaaminen"),
    Code("guidance", "ohjaus ja neuvonta"),
)
STEP_STATUS = code_system(
    "step_status",
    Code("planned", "suunniteltu"),
    Code("in_progress", "kesken"),
    Code("waiting", "odottaa muita"),
    Code("done", "tehty"),
    Code("not_realised", "ei toteutunut"),
)
APPLICATION = code_system(
    "application",
    Code("basic_assistance", "perustoimeentulotuki"),
    Code("extra_assistance", "täydentävä, ehkäisevä toimeentulotuki"),
    Code("deposit", "vuokravakuus"),
    Code("housing_allowance", "yleinen asumistuki"),
    Code("general_benefit", "yleistuki", offered_from="2026-05-01"),
    Code("labour_market_subsidy", "työmarkkinatuki", offered_until=_UNTIL_GENERAL_BENEFIT),
    Code("basic_allowance", "peruspäiväraha", offered_until=_UNTIL_GENERAL_BENEFIT),
    Code("flat", "asuntohakemus"),
    Code("supported_housing", "asumispalvelu"),
    Code("moving_notice", "muuttoilmoitus"),
    Code("electricity", "sähkösopimus"),
    Code("debt_counselling", "talous- ja velkaneuvonta"),
)
STAGE = code_system(
    "stage",
    Code("preparing", "valmistellaan"),
    Code("submitted", "jätetty"),
    Code("info_requested", "lisäselvityspyyntö"),
    Code("granted", "myönnetty"),
    Code("refused", "hylätty"),
    Code("review", "oikaisuvaatimus"),
    Code("lapsed", "rauennut"),
    Code("viewing", "asuntonäyttö", _FLAT),
    Code("queue", "jonossa", _FLAT),
    Code("offer", "tarjous", _FLAT),
    Code("keys", "avaimet saatu", _FLAT),
)
SERVICE = code_system(
    "service",
    Code("emergency_shelter", "hätämajoitus, ensisuoja"),
    Code("day_centre", "päiväkeskus"),
    Code("food_aid", "ruoka-apu"),
    Code("clothing_laundry", "vaatteet, suihku, pyykki"),
    Code("social_emergency", "sosiaalipäivystys"),
    Code("social_services", "sosiaalitoimisto"),
    Code("benefits_office", "Kela"),
    Code("housing_advice", "asumisneuvonta"),
    Code("housing_provider", "vuokranantaja, asumisyksikkö"),
    Code("debt_advice", "talous- ja velkaneuvonta"),
    sensitive("health_service", "terveyspalvelut"),
    sensitive("substance_service", "päihdepalvelut"),
    sensitive("mental_health_service", "mielenterveyspalvelut"),
    sensitive("crisis_help", "kriisiapu, turvakoti"),
    Code("church_aid", "diakonia"),
    Code("peer_group", "vertaistoiminta"),
    Code("employment", "työllisyyspalvelut"),
    Code("leisure", "vapaa-aika, kirjasto"),
)
VERIFICATION = code_system(
    "verification",
    Code("verified", "tarkistettu"),
    Code("stale", "tarkistus vanhentunut"),
    Code("unverified", "tarkistamatta"),
)


def stages_of(application: str | None) -> tuple[str, ...]:
    """The stages an application can be in; viewing, queue, offer and keys are for flats."""
    # Supported housing is queued for and moved into like a flat.
    if application in ("flat", "supported_housing"):
        return STAGE.codes
    return tuple(item.code for item in STAGE if FLAT_ONLY not in item.marks)


SYSTEMS = (STEP_KIND, STEP_STATUS, APPLICATION, STAGE, SERVICE, VERIFICATION)
