"""From an interval to one of four words. The rule is fixed here so that nobody can choose a verdict."""

SUPPORTED, NOT_SUPPORTED, CONTRADICTED, UNDECIDED = "supported", "not supported", "contradicted", "undecided"
CONFIDENCE = 0.95
CANNOT_TELL = "the task cannot tell"  # the power arm does not differ: no verdict
NOT_MEASURED = "not measured at this scale"
HOLDS, FAILS = "prediction holds", "prediction fails"  # arithmetic fixed it: checked, no evidence
WORDS = (SUPPORTED, NOT_SUPPORTED, CONTRADICTED, UNDECIDED, CANNOT_TELL, NOT_MEASURED, HOLDS, FAILS)


def decide(kind: str, low: float, high: float, smallest_effect: float) -> str:
    """The verdict on a claim whose effect lies in ``[low, high]``, positive in the claim's direction.

    With d the smallest effect that counts:

    ================  ============  ============  ===============  ==========
    kind              supported     contradicted  not supported    undecided
    ================  ============  ============  ===============  ==========
    better            low >= d      high <= -d    high < d         otherwise
    as good           low > -d      high <= -d                     otherwise
    no difference     -d < low and  low >= d or                    otherwise
                      high < d      high <= -d
    ================  ============  ============  ===============  ==========

    "As good" and "no difference" are non-inferiority and equivalence tests read off the interval
    (Schuirmann 1987, two one-sided tests): lack of a significant difference alone supports nothing.
    """
    rules = {"better": _better, "as good": _as_good, "no difference": _no_difference}
    return rules[kind](low, high, smallest_effect)


def _better(low: float, high: float, d: float) -> str:
    if low >= d:
        return SUPPORTED
    if high <= -d:
        return CONTRADICTED
    return NOT_SUPPORTED if high < d else UNDECIDED


def _as_good(low: float, high: float, d: float) -> str:
    if low > -d:
        return SUPPORTED
    return CONTRADICTED if high <= -d else UNDECIDED


def _no_difference(low: float, high: float, d: float) -> str:
    if -d < low and high < d:
        return SUPPORTED
    return CONTRADICTED if low >= d or high <= -d else UNDECIDED
