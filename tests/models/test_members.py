"""Members: the order of seeds and settings, and that every member gets what is its seed's."""

import torch

from utils.models.members import Members


def test_seeds_vary_slower_than_settings():
    members = Members([{"rate": 0.1}, {"rate": 0.2}], [7, 8, 9])
    assert members.seeds == [7, 7, 8, 8, 9, 9]
    torch.testing.assert_close(members.rates, torch.tensor([0.1, 0.2] * 3))
    assert members.table(torch.arange(6)).tolist() == [[0, 1], [2, 3], [4, 5]]


def test_every_member_gets_what_its_seed_has():
    members = Members([{"rate": 0.1}, {"rate": 0.2}], [7, 8])
    per_seed = [torch.full((3,), 7.0), torch.full((3,), 8.0)]
    assert members.give(per_seed)[:, 0].tolist() == [7, 7, 8, 8]
    assert members.give(per_seed, dim=1)[0].tolist() == [7, 7, 8, 8]


def test_parameters_are_their_own_leaves():
    start = torch.ones(2, 3)
    (owned,) = Members([{"rate": 0.1}], [7, 8]).own([start])
    assert owned.is_leaf
    assert owned.requires_grad
    assert torch.equal(owned, start)
