"""No reader of the language can say anything that no broken declaration shows: messages are found in the source, not listed by hand."""

from __future__ import annotations

import re

from broken_beyond import MUTATIONS as BEYOND
from broken_declarations import MUTATIONS as DECLARATIONS
from broken_variables import MUTATIONS as VARIABLES
from spoken import SCHEMAS, messages

SAID = [mutation[5] for mutation in (*VARIABLES, *DECLARATIONS, *BEYOND)]
KNOWN = [message for path in sorted(SCHEMAS.glob("*.py")) for message in messages(path)]


def test_every_message_of_the_readers_is_shown_by_a_broken_declaration() -> None:
    assert len(KNOWN) > 170
    silent = [f"{place}: {form}" for place, form in KNOWN if not any(re.fullmatch(form, said, re.S) for said in SAID)]
    assert silent == []


def test_no_broken_declaration_waits_for_a_message_that_nobody_says() -> None:
    assert [said for said in SAID if not any(re.fullmatch(form, said, re.S) for _, form in KNOWN)] == []
