"""How much each sign of an opening tells, in log odds: fitted, not chosen.

Made by `python -m bench.fit_items` from made-up meetings (`bench/simulation`) and ten meetings of each
real kind; the order is that of `segment.openings.SIGNS`.
"""

from __future__ import annotations

WEIGHTS = (
    -7.136,  # always
    5.073,  # number
    4.457,  # number bare
    1.237,  # number misheard
    -0.992,  # another number
    -0.161,  # number of no item
    -1.33,  # no number
    4.664,  # title
    -1.097,  # whole title
    3.573,  # title begins
    1.565,  # title alone
    -3.64,  # title and number
    -0.357,  # item word
    -0.3,  # next
    2.483,  # moves on
    0.058,  # sentence begins
    1.583,  # pause
    -2.571,  # mentions
    1.724,  # closed before
    0.268,  # floor after
    0.492,  # closed after
    2.155,  # chair
    -1.231,  # quick after
    -2.583,  # quick before
    -2.523,  # read out
    -2.223,  # again later
    -1.559,  # said before
    0.127,  # debate after
    -0.902,  # debate before
    -1.794,  # withdrawn
    -0.492,  # agenda
    1.097,  # several numbers
    -2.949,  # approval
)
ANY_WEIGHTS = (
    -4.248,  # always
    0.0,  # number
    0.0,  # number bare
    0.0,  # number misheard
    0.0,  # another number
    0.0,  # number of no item
    -2.114,  # no number
    0.0,  # title
    0.0,  # whole title
    0.0,  # title begins
    0.0,  # title alone
    0.0,  # title and number
    -2.941,  # item word
    2.565,  # next
    1.047,  # moves on
    0.161,  # sentence begins
    1.739,  # pause
    -0.486,  # mentions
    1.193,  # closed before
    0.724,  # floor after
    1.348,  # closed after
    1.61,  # chair
    0.0,  # quick after
    0.0,  # quick before
    0.0,  # read out
    0.0,  # again later
    0.0,  # said before
    0.0,  # debate after
    0.0,  # debate before
    0.017,  # withdrawn
    0.087,  # agenda
    1.073,  # several numbers
    0.0,  # approval
)
CONFIDENCE_WEIGHTS = (
    -1.391,  # always
    2.723,  # worth
    1.898,  # much worth
    1.96,  # another place
    -0.053,  # another item
    1.16,  # item before
    1.399,  # item after
    -0.014,  # which is next
    -0.218,  # together
    -0.77,  # its number
    0.248,  # its title
    -2.48,  # called off
)
