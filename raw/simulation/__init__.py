"""Stand-in respondents of the reference project. Invented, calibrated to printed numbers, never evidence about people.

The order of reading: ``questionnaire`` (what is asked, where, with which codes), ``outrush``, ``okr``, ``gmf`` and ``interviews``
(who answers what), ``encode`` (answers to raw cells), ``platforms`` (raw cells to files as the platforms write them).
Project code, not engine code: it may name countries and items, and the engine never imports it.
"""
