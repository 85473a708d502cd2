"""Do the labels of an item, in the order of its codes, climb or fall along one scale that is known here? Then it is ordinal.

    1 Strongly disagree  2 Disagree  3 Neither  4 Agree  5 Strongly agree        agreement, satisfaction, likelihood ...
    1 Never  2 Sometimes  3 Often                                                frequency

Conservative: one label that is no step of the scale, or one out of its order, and nothing is said. A proposal for a person.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

FEWEST = 3
# A statement that people hold to some degree, its opposite first because it contains the other; and how strongly they do.
AGAINST = (
    r"disagree|dissatisf|unsatisf|unlikely|unimportant|oppose|distrust|unfavou?rabl|\bbad|\bnot\b|negativ|"
    r"не соглас|несоглас|неудовлетвор|не довер|маловероят|неважно|не важно|плохо|"
    r"stimme .*nicht|nicht zu|unzufrieden|unwichtig|schlecht|unwahrscheinlich"
)
FOR = (
    r"agree|satisf|likely|important|support|trust|favou?rabl|\bgood|positiv|соглас|удовлетвор|довер|вероят|важно|хорошо|"
    r"stimme .*zu|trifft .*zu|zufrieden|wichtig|\bgut|wahrscheinlich"
)
BETWEEN = r"^neither|^neutral|^undecided|ни да,? ни нет|нейтральн|отчасти|^teils|^weder|^unentschieden|in the middle"
STRONGLY = (
    r"strongly|very|completely|fully|totally|extremely|absolutely|at all|полностью|совершенно|абсолютно|очень|совсем|"
    r"voll|völlig|sehr|überhaupt"
)
WEAKLY = r"somewhat|rather|slightly|tend to|mostly|fairly|скорее|немного|eher|etwas"
FREQUENCY: tuple[str, ...] = (
    r"^never|^никогда|^nie\b",
    r"almost never|hardly ever|почти никогда|fast nie",
    r"^(very )?rarely|^seldom|^(очень )?редко|^selten",
    r"^sometimes|^occasionally|^иногда|^время от времени|^manchmal|^gelegentlich",
    r"^often|^frequently|^часто|^oft\b|^häufig",
    r"^very often|almost always|^usually|^очень часто|^обычно|^почти всегда|^sehr oft|^fast immer|^meistens",
    r"^always|^всегда|^постоянно|^immer",
)


def is_scale(labels: Sequence[str]) -> bool:
    """Whether ``labels``, in the order of their codes, are steps of one scale, all up or all down."""
    if len(labels) < FEWEST:
        return False
    texts = [label.strip().lower() for label in labels]
    return any(_one_way([step(text) for text in texts]) for step in (_degree, _frequency))


def _one_way(steps: Sequence[float | None]) -> bool:
    known = [step for step in steps if step is not None]
    pairs = list(pairwise(known))
    return len(known) == len(steps) and (all(a < b for a, b in pairs) or all(a > b for a, b in pairs))


def _degree(text: str) -> float | None:
    """From -3 (strongly against) over 0 (neither) to 3 (strongly for), None for anything else."""
    if re.search(BETWEEN, text):
        return 0
    side = -1 if re.search(AGAINST, text) else 1 if re.search(FOR, text) else 0
    strength = 3 if re.search(STRONGLY, text) else 1 if re.search(WEAKLY, text) else 2
    return side * strength if side else None


def _frequency(text: str) -> float | None:
    found = [step for step, pattern in enumerate(FREQUENCY) if re.search(pattern, text)]
    return max(found, default=None)
