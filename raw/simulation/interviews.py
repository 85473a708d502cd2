"""The list of interviews: metadata of informants who do not exist, with an id space of their own and no transcript."""

from __future__ import annotations

from datetime import date, timedelta

from simulation import draw
from simulation.identifiers import tokens

N = 523  # assumption: the documents say more than 500
START, DAYS = date(2023, 4, 3), 236
COUNTRIES = (("GE", 30), ("AM", 22), ("TR", 20), ("KZ", 18), ("KG", 10))
FROM_SURVEY = 58  # percent; the others were invited by an earlier informant


def cells(seed: int, panel_tokens: list[str]) -> tuple[list[str], dict[str, list[str]]]:
    """Interview numbers and the columns of the list, in order of the interview's date."""
    days = sorted(int(at) for at in draw.uniform(seed, "interviews/day", N) * DAYS)
    ids = [f"IV-{text[3:]}" for text in tokens(seed, "interviews", N, "IV-")]
    country = draw.systematic(seed, "interviews/country", N, [share for _, share in COUNTRIES])
    age = 19 + (draw.uniform(seed, "interviews/age", N) * 25 + draw.uniform(seed, "interviews/age2", N) * 22).astype(int)
    chance = 100 * draw.uniform(seed, "interviews/found", N)
    back = draw.uniform(seed, "interviews/referrer", N)
    linked = draw.pick(seed, "interviews/link", N, panel_tokens)
    found = ["survey" if chance[at] < FROM_SURVEY or at < 20 else "snowball" for at in range(N)]
    return ids, {
        "date": [(START + timedelta(days=at)).isoformat() for at in days],
        "country": [COUNTRIES[at][0] for at in country],
        "age": [str(at) for at in age],
        "gender": draw.pick(seed, "interviews/gender", N, ("w", "m")),
        "recruitment": found,
        "referrer_id": [ids[int(back[at] * at)] if found[at] == "snowball" else "" for at in range(N)],
        "survey_token": [linked[at] if found[at] == "survey" else "" for at in range(N)],
    }
