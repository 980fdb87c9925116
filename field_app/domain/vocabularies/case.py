"""The case: who the person is, how the matter (asia) began and ended, consent, roles, tasks."""

from __future__ import annotations

from field_app.domain.vocabularies.code_system import Code, code_system, sensitive

LANGUAGE = code_system(
    "language",
    Code("fi", "suomi"),
    Code("sv", "ruotsi"),
    Code("en", "englanti"),
    Code("ru", "venäjä"),
    Code("et", "viro"),
    Code("ar", "arabia"),
    Code("so", "somali"),
    Code("ku", "kurdi"),
    Code("fa", "persia, dari"),
    Code("uk", "ukraina"),
    Code("ro", "romania"),
    Code("rom", "romani"),
    Code("se", "saame"),
    Code("sign", "viittomakieli"),
    Code("other", "muu kieli"),
)
PHONE_KIND = code_system(
    "phone_kind",
    Code("subscription", "liittymä"),
    Code("prepaid", "prepaid"),
    Code("shared", "lainapuhelin, yhteinen"),
    Code("none", "ei puhelinta"),
)
PAUSE_REASON = code_system(
    "pause_reason",
    sensitive("hospital", "sairaalassa"),
    sensitive("prison", "vankilassa"),
    sensitive("rehabilitation", "kuntoutuksessa"),
    Code("away", "muualla"),
    Code("client_wish", "asiakkaan toive"),
)
BANK_ACCESS = code_system(
    "bank_access",
    Code("has", "pankkitunnukset on"),
    Code("locked", "tunnukset lukossa"),
    Code("no_credentials", "tili, ei tunnuksia"),
    Code("no_account", "ei pankkitiliä"),
)
ID_DOCUMENT = code_system(
    "id_document",
    Code("valid", "voimassa"),
    Code("expired", "vanhentunut"),
    Code("lost", "kadonnut, ei ole"),
    Code("applied", "haettu"),
)
CLIENT_GROUP = code_system(
    "client_group",
    Code("adult", "aikuinen"),
    Code("family", "lapsiperhe"),
    Code("older", "ikäihminen"),
)
INTAKE_CHANNEL = code_system(
    "intake_channel",
    Code("street", "jalkautuminen, katu"),
    Code("phone", "puhelu"),
    Code("web_form", "verkkolomake"),
    Code("chat", "chat"),
    Code("walk_in", "päivystys ilman ajanvarausta"),
    Code("referral", "lähete, ohjaus"),
)
INTAKE_BY = code_system(
    "intake_by",
    Code("self", "henkilö itse"),
    Code("relative", "läheinen"),
    Code("partner_organisation", "yhteistyökumppani"),
    Code("landlord", "vuokranantaja"),
    Code("own_outreach", "oma havainto"),
)
URGENCY = code_system(
    "urgency",
    Code("now", "heti"),
    Code("today", "tänään"),
    Code("two_days", "1–2 arkipäivää"),
    Code("agreed", "sovitusti"),
)
PREVENTION_TIER = code_system(
    "prevention_tier",
    Code("early", "varhainen interventio"),
    Code("targeted", "kohdennettu preventio"),
)
MATTER_STATUS = code_system(
    "matter_status",
    Code("open", "vireillä"),
    Code("closed", "päättynyt"),
)
CLOSING_REASON = code_system(
    "closing_reason",
    Code("goals_met", "tuen tarve päättyi"),
    Code("own_home", "muutti omaan kotiin"),
    Code("other_service", "siirtyi muuhun palveluun"),
    Code("client_wish", "asiakkaan toive"),
    Code("moved_away", "muutti muualle"),
    Code("contact_lost", "yhteys katkesi"),
    sensitive("died", "kuoli"),
)
TASK_STATUS = code_system(
    "task_status",
    Code("open", "avoin"),
    Code("done", "tehty"),
    Code("dropped", "ei tarpeen"),
)
ROLE = code_system(
    "role",
    Code("social_instructor", "sosiaaliohjaaja"),
    Code("social_worker", "sosiaalityöntekijä"),
    Code("nurse", "sairaanhoitaja"),
    Code("lead", "johtava sosiaaliohjaaja"),
    Code("administrator", "pääkäyttäjä"),
    Code("own_worker", "omatyöntekijä"),
    Code("housing_advisor", "asumisneuvoja"),
)
CONSENT = code_system(
    "consent",
    Code("disclosure", "suostumus tietojen luovuttamiseen"),
    Code("joint_work", "lupa verkostoyhteistyöhön"),
    Code("message", "lupa jättää viesti"),
    Code("mandate", "valtakirja"),
    Code("photo", "lupa valokuvaan"),
    Code("refusal", "kielto"),
)

SYSTEMS = (
    LANGUAGE,
    PHONE_KIND,
    PAUSE_REASON,
    BANK_ACCESS,
    ID_DOCUMENT,
    CLIENT_GROUP,
    INTAKE_CHANNEL,
    INTAKE_BY,
    URGENCY,
    PREVENTION_TIER,
    MATTER_STATUS,
    CLOSING_REASON,
    TASK_STATUS,
    ROLE,
    CONSENT,
)
