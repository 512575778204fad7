"""The one exception that users are meant to see."""


class FrugalError(Exception):
    """An expected failure: one sentence that says what is wrong and what to do about it."""
