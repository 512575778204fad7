"""The button trains with the widget's settings, shows how far it is, and is free again whatever happens."""

import pytest

from utils.errors import FrugalError
from utils.widgets.base import pack
from utils.widgets.retrain import Retrain
from utils.widgets.ternary_threshold import TernaryThreshold


def test_training_sees_the_settings_and_changes_the_picture():
    seen = []

    def work(state):
        seen.append((state["measure"], box.button.disabled, box.bar.layout.visibility))
        yield 0.5
        seen.append(box.bar.value)
        yield {"trained": pack([1.0, -2.0]), "weights": "trained"}

    box = Retrain(TernaryThreshold(measure="median"), work)
    before = box.widget.numbers()
    box.button.click()
    assert seen == [("median", True, "visible"), 0.5]
    assert box.widget.weights == "trained"
    assert box.widget.numbers() != before
    assert (box.button.disabled, box.bar.layout.visibility, box.bar.value) == (False, "hidden", 0.0)
    assert box.said.value


@pytest.mark.parametrize("error", [FrugalError("the width must be even."), ZeroDivisionError()])
def test_a_failure_frees_the_button(error):
    def work(state):
        yield 0.1
        raise error

    box = Retrain(TernaryThreshold(), work)
    if isinstance(error, FrugalError):
        box.run()
        assert box.said.value == "the width must be even."
    else:
        with pytest.raises(ZeroDivisionError):
            box.run()
    assert not box.button.disabled


def test_a_page_without_a_kernel_gets_the_widget_alone():
    box = Retrain(TernaryThreshold(), lambda state: iter(()))
    page = box._repr_mimebundle_()["text/html"]
    assert 'data-widget="ternary_threshold"' in page
    assert "<button" not in page
