"""Claims that the source documents make in words alone, asked of the private tables of the reference project.

``CLAIMS`` says of each claim when the answers agree with it, under the name that the list of claims gives it. ``UNTESTABLE`` are
those whose other side stands nowhere. A share is percent of those who answered; the panel is asked within the same people.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import duckdb

OUTRUSH, OKR, GMF = "outrush_responses", "okr_2022_responses", "gmf_2025_responses"
WAVES = ("w1", "w2", "w3")
HOSTS = ("AM", "DE", "GE", "IL", "KZ", "RS", "TR")
ALIKE = 3.0
"""Percentage points between two groups that a report calls almost identical."""
RUSSIANS_AGE, RUSSIANS_HIGHER = 46.0, 27.0
"""Of the population of Russia, as the documents print them."""


@dataclass(frozen=True, slots=True)
class Answers:
    """The private tables, asked for shares and means."""

    rows: duckdb.DuckDBPyConnection

    def number(self, what: str, table: str, among: str = "TRUE") -> float:
        return float(self.rows.execute(f"SELECT {what} FROM {table} WHERE {among}").fetchall()[0][0])

    def share(self, holds: str, table: str = OUTRUSH, among: str = "TRUE") -> float:
        """Percent of rows for which ``holds`` is true, of those for which it is true or false."""
        return self.number(f"100.0 * avg(CAST(({holds}) AS INTEGER))", table, among)

    def waves(self, holds: str, waves: tuple[str, ...] = WAVES) -> list[float]:
        """The share in each of ``waves`` among those who answered all of them."""
        listed = ", ".join(f"'{wave}'" for wave in waves)
        same = f"SELECT person_id FROM {OUTRUSH} WHERE wave IN ({listed}) GROUP BY 1 HAVING count(*) = {len(waves)}"
        return [self.share(holds, among=f"wave = '{wave}' AND person_id IN ({same})") for wave in waves]

    def hosts(self, holds: str) -> list[str]:
        """The named host countries by the share in wave 3, the highest first."""
        shares = {host: self.share(holds, among=f"wave = 'w3' AND host_country_group = '{host}'") for host in HOSTS}
        return sorted(HOSTS, key=lambda host: -shares[host])

    def cohorts(self, holds: str) -> tuple[float, float]:
        """The share among those abroad who left before, and who left after the announcement."""
        before, after = (self.share(holds, among=f"currently_abroad = 1 AND mobilization_group = {group}") for group in (0, 1))
        return before, after

    def commonest(self, variable: str, table: str) -> list[object]:
        found = self.rows.execute(
            f"SELECT {variable} FROM {table} WHERE {variable} IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC"
        )
        return [code for (code,) in found.fetchall()]

    def tie(self, one: str, other: str) -> float:
        return self.number(f"corr({one}, {other})", OUTRUSH)

    def moved(self, before: str) -> float:
        """Mean steps on the ladder of income from wave 2 to 3 of those who stood where ``before`` says in wave 2."""
        pairs = f"{OUTRUSH} AS old JOIN {OUTRUSH} AS new USING (person_id)"
        among = f"old.wave = 'w2' AND new.wave = 'w3' AND old.income_category {before}"
        return self.number("avg(new.income_category - old.income_category)", pairs, among)


def up(shares: list[float]) -> bool:
    return all(one < other for one, other in pairwise(shares))


def peak(shares: list[float]) -> bool:
    return shares[0] < shares[1] > shares[2]


def alike(shares: tuple[float, float]) -> bool:
    return abs(shares[0] - shares[1]) < ALIKE


def dips_and_stays(shares: list[float]) -> bool:
    return shares[0] - shares[1] > 5 and abs(shares[2] - shares[1]) < 2


def organizations_worse(said: Answers) -> bool:
    """In every named country but Georgia organizations discriminate more often than people do."""
    among = "wave = 'w3' AND host_country_group {} 'GE'"
    more = said.number(
        "min(a - b)",
        f"(SELECT avg(discrimination_institutional) AS a, avg(discrimination_interpersonal) AS b FROM {OUTRUSH} "
        f"WHERE {among.format('<>')} GROUP BY host_country_group)",
    )
    georgia = said.number("avg(discrimination_institutional) - avg(discrimination_interpersonal)", OUTRUSH, among.format("="))
    return more > 0 > georgia


LARGEST = "country_of_residence IN ('TR', 'GE', 'AM')"
CENTRAL_ASIA = "country_of_residence IN ('UZ', 'KG', 'KZ')"
IT_OR_BUSINESS = "involved_in_it = 1 OR employment_status_before = 2"
WORSE_WORK = "expect_working_conditions = 1"
UNCERTAIN = "residence_status IN (3, 4, 5)"
CIVIC, POLITICAL = "civic_engagement = 1", "political_engagement = 1"
LEARNS, AFRAID = "local_language IN (3, 4, 5)", "fear_repression_russia >= 3"
BIG_CITY = "settlement_origin <= 3"

CLAIMS: dict[str, Callable[[Answers], bool]] = {
    "okr-top3-majority-s0": lambda said: said.share(LARGEST, OKR) > 50,
    "okr-top3-majority-s1": lambda said: said.share(LARGEST, OKR) > 50,
    "okr-stay-lt-half-s1": lambda said: said.share("onward_plans = 1", OKR) < 50,
    "okr-central-asia-lt-israel-s1": lambda said: said.share(CENTRAL_ASIA, OKR) < said.share("country_of_residence = 'IL'", OKR),
    "okr-english-s1": lambda said: said.share("speaks_english = 1", OKR) > 75,
    "okr-younger-richer-s1": lambda said: (
        said.number("avg(age)", OKR) < RUSSIANS_AGE and said.number("avg(financial_situation)", OKR) > 3
    ),
    "okr-trust-high-s1": lambda said: said.share("mutual_trust >= 4", OKR) > 75,
    "okr-it-entrepreneurs-s1": lambda said: said.share(IT_OR_BUSINESS, OKR) > 50,
    "okr-activists-small-s1": lambda said: said.share("occupation_sector IN (5, 6, 8)", OKR) < 15,
    "okr-political-interest-s1": lambda said: said.share("political_interest_russia <= 2", OKR) > 75,
    "okr-gloomy-s1": lambda said: (
        said.share("expect_living_conditions = 1", OKR) > 50 and said.share("expect_political_situation = 1", OKR) > 50
    ),
    "okr-occupation-confidence-s1": lambda said: up(
        [said.share(WORSE_WORK, OKR, f"occupation_sector {sector}") for sector in ("= 1", "> 1", "= 9")]
    ),
    "gmf-young-educated-s2": lambda said: (
        said.number("avg(age)", GMF) < RUSSIANS_AGE and said.share("education_higher = 1", GMF) > RUSSIANS_HIGHER
    ),
    "gmf-sector-s2": lambda said: said.share("occupation_sector IN (1, 2, 5, 6, 7)", GMF) > 50,
    "gmf-eu-majority-s2": lambda said: (
        said.share("residence_region = 1", GMF) > 50 and said.commonest("residence_region", GMF)[:2] == [1, 2]
    ),
    "gmf-no-status-s2": lambda said: 10 < said.share("visa_runs = 1", GMF) < said.share(UNCERTAIN, GMF) < 50,
    "gmf-eu-preferred-s2": lambda said: said.commonest("preferred_destination", GMF)[0] == 1,
    "gmf-reason-econ-s2": lambda said: (
        said.share("reason_leaving_economy = 1", GMF)
        < 50
        < min(said.share(f"reason_leaving_{reason} = 1", GMF) for reason in ("politics", "war"))
    ),
    "gmf-return-s2": lambda said: (
        said.share("consider_return = 1", GMF) > 60 and said.share("return_if_political_change = 1", GMF) > 60
    ),
    "gmf-worse-s2": lambda said: said.share("expect_russia_5y >= 4", GMF) > 50,
    "gmf-civic-s2": lambda said: said.share("civic_participation_any = 1", GMF) > 60,
    "gmf-integrated-s2": lambda said: said.share("integration_self_assessment = 5", GMF) < 50,
    "or-city-majority": lambda said: said.share(BIG_CITY) > 50,
    "or-mob-nodiff": lambda said: (
        alike(said.cohorts("education_higher = 1"))
        and alike(said.cohorts("repression_any = 1"))
        and alike(said.cohorts(AFRAID))
        and said.share("political_civic_activity_any = 1", among="currently_abroad = 1") > 50
    ),
    "or-mob-poorer": lambda said: (
        said.cohorts("can_afford_car = 1")[0] > said.cohorts("can_afford_car = 1")[1] + 5
        and said.cohorts(BIG_CITY)[0] > said.cohorts(BIG_CITY)[1]
    ),
    "or-mob-identical": lambda said: all(
        alike(said.cohorts(fact)) for fact in ("education_higher = 1", BIG_CITY, "marital_status = 2", "has_children = 1")
    ),
    "or-income-bottom-stable": lambda said: said.moved("<= 2") >= 0 > said.moved(">= 5"),
    "or-unemployment-flat": lambda said: not up(said.waves("unemployed = 1", ("w2", "w3"))),
    "or-income-deteriorated": lambda said: said.number("avg(income_change)", OUTRUSH, "wave IN ('w2', 'w3')") < 0,
    "or-discr-increasing": lambda said: up(said.waves("discrimination_any = 1", ("w2", "w3"))),
    "or-inst-gt-inter": organizations_worse,
    "or-localgov-only-decline": lambda said: up(said.waves("trust_local_government <= 2")[::-1]),
    "or-legalsec-order": lambda said: (
        said.hosts("legal_security_stable = 1")[:3] == ["IL", "RS", "DE"]
        and said.hosts("legal_security_stable = 1")[-2:] == ["GE", "TR"]
    ),
    "or-legalsec-armenia": lambda said: said.hosts("legal_security_stable = 1")[3] == "AM",
    "or-lang-up": lambda said: up(said.waves(LEARNS, ("w2", "w3"))),
    "or-attach-host-up": lambda said: (
        up(said.waves("emotional_attachment_host >= 4", ("w2", "w3")))
        and up(said.waves("political_interest_host <= 2", ("w2", "w3")))
    ),
    "or-trust-stayed-bump": lambda said: peak(said.waves("trust_russians_in_russia <= 2")),
    "or-talk-down": lambda said: up(said.waves("talk_with_people_in_russia <= 3", ("w2", "w3"))[::-1]),
    "or-civic-surge": lambda said: peak(said.waves(CIVIC)),
    "or-volunteer-notrend": lambda said: abs(said.waves("volunteering = 1")[2] - said.waves("volunteering = 1")[0]) < 1,
    "or-political-down": lambda said: up(said.waves(POLITICAL)[::-1]),
    "or-rally-dip": lambda said: dips_and_stays(said.waves("rally_participation = 1")),
    "or-optim-russia-slow": lambda said: up(said.waves("optimism_russia = 3")),
    "or-optim-own-fast": lambda said: said.waves("optimism_own_life = 3")[2] - said.waves("optimism_own_life = 3")[0] > 20,
    "or-fear-russia-majority": lambda said: said.share(AFRAID, among="wave = 'w3'") > 50,
    "or-fear-russia-serbia-close": lambda said: said.hosts(AFRAID)[5] == "RS",
    "or-fear-host-lesser": lambda said: (
        said.hosts("fear_repression_host >= 3")[:3][0] == "KZ"
        and set(said.hosts("fear_repression_host >= 3")[1:3]) == {"GE", "TR"}
    ),
    "or-fear-wellbeing": lambda said: said.tie("fear_repression_russia", "wellbeing") < -0.1,
    "or-fear-activism": lambda said: said.tie("fear_repression_russia", "political_engagement") < -0.05,
}
UNTESTABLE = {
    "okr-finland-transit-s0": "said of the country, with 18 respondents there",
    "gmf23-more-active-s3": "a policy paper compares with earlier emigrants, whom nobody here was asked about",
    "or-unmarried-higher": "the Russian share is not printed",
}


def unmet(rows: duckdb.DuckDBPyConnection) -> list[str]:
    """The claims that the private tables in ``rows`` do not agree with."""
    said = Answers(rows)
    return [claim for claim, holds in CLAIMS.items() if not holds(said)]
