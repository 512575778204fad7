"""The front-end modules compute what their Python references compute, in a real browser, on random states."""

import json

import numpy as np
import pytest

from utils.widgets import static
from utils.widgets.base import plain

DRAWS = 25
CALL = """async ([stem, state]) => {
    const { decode } = await import('./host.js');
    const { compute } = await import(`./${stem}.js`);
    const typed = (key, value) => (ArrayBuffer.isView(value) ? Array.from(value) : value);
    return JSON.parse(JSON.stringify(compute(decode(state)), typed));
}"""


def assert_same(ours, theirs, where, length=1):
    """Equal structure; numbers equal to 1e-12 relative, times the length of the sums behind them."""
    if isinstance(ours, dict):
        assert ours.keys() == theirs.keys(), where
        for key in ours:
            assert_same(ours[key], theirs[key], f"{where}.{key}", length)
    elif isinstance(ours, list) and None in ours:
        assert len(ours) == len(theirs), where
        for i, pair in enumerate(zip(ours, theirs, strict=True)):
            assert_same(*pair, f"{where}[{i}]", length)
    elif isinstance(ours, list | int | float) and not isinstance(ours, bool):
        scale = np.max(np.abs(ours), initial=0)
        np.testing.assert_allclose(theirs, ours, rtol=1e-12 * length, atol=1e-12 * scale, err_msg=where)
    else:
        assert theirs == ours, where


@pytest.mark.parametrize("stem", static.stems())
def test_python_and_the_browser_agree(stem, site, random_states):
    site.goto("http://book.test/sub/")
    random = np.random.default_rng(0)
    for _ in range(DRAWS):
        widget = static.widget_class(stem)(**random_states[stem](random))
        state = json.loads(json.dumps(widget.state(), default=static.encode))
        ours = plain(widget.numbers())
        length = max((len(v) for v in ours.values() if isinstance(v, list)), default=1)
        assert_same(ours, site.evaluate(CALL, [stem, state]), stem, length)
