import pytest
import torch

from utils.data import digits


def test_split_sizes_and_standardization():
    split = digits.load(0)
    assert split.x_train.shape == (1347, 64)
    assert split.x_test.shape == (450, 64)
    assert split.x_train.dtype == torch.float32
    assert split.y_train.dtype == torch.int64
    assert abs(split.x_train.mean()) < 1e-5
    assert abs(split.x_train.std() - 1) < 1e-4


def test_validation_images_come_from_the_training_part():
    outer, inner = digits.load(7), digits.load(7, validation=True)
    assert len(inner.x_train) + len(inner.x_test) == len(outer.x_train)
    # Standardized by other constants, images still have one and the same pattern of inked pixels.
    pixels = lambda part: {tuple(row.tolist()) for row in (part > part.min()).int()}  # noqa: E731
    assert not pixels(inner.x_test) - pixels(outer.x_train)


def test_seeds_give_other_splits():
    assert not torch.equal(digits.load(0).y_test, digits.load(1).y_test)


def test_batches_visit_every_row_once_an_epoch():
    rows = digits.batches(count=10, steps=5, batch=5, seed=0)
    assert rows.shape == (5, 5)
    for epoch in (rows[0:2], rows[2:4]):
        assert sorted(epoch.flatten().tolist()) == list(range(10))


def test_batches_refuse_too_few_rows():
    with pytest.raises(ValueError, match="do not fill a batch"):
        digits.batches(count=3, steps=1, batch=5, seed=0)


def test_negatives_change_signs_alone_and_half_of_them():
    as_they_are, turned = digits.load(3), digits.negatives(3)
    for before, after in ((as_they_are.x_train, turned.x_train), (as_they_are.x_test, turned.x_test)):
        signs = (after / before).mean(1).round()
        torch.testing.assert_close(after, before * signs[:, None])
        # A fair coin for each image: three standard deviations around one half.
        assert abs((signs < 0).double().mean() - 0.5) < 1.5 / len(signs) ** 0.5
    assert torch.equal(turned.y_test, as_they_are.y_test)
