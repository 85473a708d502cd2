"""Who asks to withdraw once three waves are published: a batch with more people of each wave than k, so that a release without
them shows nobody. Nobody of them is in the list of interviews, which would need a batch of its own.
"""

from __future__ import annotations

from simulation import interviews, outrush_people
from simulation.identifiers import tokens

# By waves taken part in. Assumed: the documents tell of no withdrawal. Whoever took part twice is protected in smaller groups
# and would need a batch of her own.
BATCH: dict[tuple[str, ...], int] = {("w1",): 14, ("w2",): 14, ("w3",): 14}


def requests(seed: int) -> list[str]:
    """The tokens of these people, one a request."""
    patterns = outrush_people.shape(seed)
    codes = tokens(seed, "outrush", len(patterns), "P-")
    interviewed = set(interviews.cells(seed, codes)[1]["survey_token"])
    asked = []
    for waves, n in BATCH.items():
        at = list(outrush_people.PATTERNS).index(waves)
        members = [codes[person] for person in (patterns == at).nonzero()[0]]
        asked += [code for code in members if code not in interviewed][:n]
    return asked
