"""The evidence of a chapter: from its claims file to its results, with equal care for every arm.

A notebook uses it in seven calls::

    study = Study("16_maestro", profile, device, seed)          # device, one thread, global seed
    size = study.sizes(smoke=dict(...), quick=dict(...), full=dict(...), cpu=dict(...))
    study.claims()                                              # arms and claims, before the experiment
    found = study.run(train, arms, grid={"rate": size.rates})   # tunes on its own seeds, judges on others
    study.budgets()                                             # what each arm was given, side by side
    verdicts = study.judge()                                    # every claim that this run can answer
    study.save()

``train(arm, settings, seeds)`` measures one arm for all settings and seeds at once and returns an
:class:`Outcome` (or only the values, shape (seeds, settings)): so an ensemble of networks trains in one
batched product. Where that is of no use, ``one_by_one(f)`` calls ``f(arm, setting, seed)`` in a loop. Nothing
asks that ``f`` trains: a search in a table or a selection of examples is an arm like any other.

The study sees to it that no seed both chooses and judges, that every arm gets equally many settings, that
unequal budgets are named, and that a verdict is refused where a power arm shows that the task cannot tell.
What is written down beforehand lies in ``book/claims/`` (:mod:`utils.evidence.claims`).
"""

from utils.evidence.arm_run import Outcome, one_by_one
from utils.study.study import Study

__all__ = ["Outcome", "Study", "one_by_one"]
