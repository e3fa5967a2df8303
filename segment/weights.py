"""How much each sign of an opening tells, in log odds: fitted, not chosen.

Made by `python -m bench.fit_items` from made-up meetings (`bench/simulation`) and ten meetings of each
real kind; the order is that of `segment.openings.SIGNS`.
"""

from __future__ import annotations

WEIGHTS = (
    -7.146,  # always
    5.084,  # number
    4.465,  # number bare
    1.25,  # number misheard
    -0.99,  # another number
    -0.16,  # number of no item
    -1.332,  # no number
    4.722,  # title
    -1.108,  # whole title
    3.539,  # title begins
    1.569,  # title alone
    -3.653,  # title and number
    -0.354,  # item word
    -0.302,  # next
    2.489,  # moves on
    0.054,  # sentence begins
    1.588,  # pause
    -2.572,  # mentions
    1.723,  # closed before
    0.267,  # floor after
    0.492,  # closed after
    2.149,  # chair
    -1.232,  # quick after
    -2.583,  # quick before
    -2.522,  # read out
    -2.225,  # again later
    -1.56,  # said before
    0.127,  # debate after
    -0.901,  # debate before
    -1.792,  # withdrawn
    -0.491,  # agenda
    1.097,  # several numbers
    -2.953,  # approval
)
ANY_WEIGHTS = (
    -4.385,  # always
    0.0,  # number
    0.0,  # number bare
    0.0,  # number misheard
    0.0,  # another number
    0.0,  # number of no item
    -2.2,  # no number
    0.0,  # title
    0.0,  # whole title
    0.0,  # title begins
    0.0,  # title alone
    0.0,  # title and number
    -2.785,  # item word
    2.562,  # next
    1.065,  # moves on
    0.149,  # sentence begins
    1.768,  # pause
    -0.45,  # mentions
    1.176,  # closed before
    0.736,  # floor after
    1.335,  # closed after
    1.593,  # chair
    0.0,  # quick after
    0.0,  # quick before
    0.0,  # read out
    0.0,  # again later
    0.0,  # said before
    0.0,  # debate after
    0.0,  # debate before
    0.019,  # withdrawn
    0.089,  # agenda
    1.079,  # several numbers
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
    -0.219,  # together
    -0.77,  # its number
    0.248,  # its title
    -2.48,  # called off
)
