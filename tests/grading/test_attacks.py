"""Attacks on the grader: each earns what it deserves, and costs no neighbor anything."""

from pathlib import Path

import pytest
import yaml

from tests.grading.conftest import POINTS, points

ATTACKS = yaml.safe_load((Path(__file__).parent / "attacks.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("attack", ATTACKS)
def test_attack_earns_nothing_and_costs_no_neighbor(attack, hand_in):
    entry = ATTACKS[attack]
    others = {name: 0 if entry.get("own_loss") else full for name, full in POINTS.items()}
    marked = hand_in(triple=entry["code"])
    assert points(marked) == others | {"triple": entry["points"]}, [v.message for v in marked.verdicts]
    assert all(verdict.passed or verdict.message for verdict in marked.verdicts)
    assert points(hand_in()) == POINTS


def test_there_are_many_attacks():
    assert len(ATTACKS) >= 30
