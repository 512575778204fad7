"""A button under a widget that trains again in Python, with the widget's own settings, while a bar fills."""

from collections.abc import Callable, Iterator

from ipywidgets import Button, FloatProgress, HBox, Label, VBox

from utils.errors import FrugalError
from utils.widgets.base import Widget

Work = Callable[[dict], Iterator[float | dict]]


class Retrain(VBox):
    """A widget with a button that trains. On a page without a kernel only the widget is shown.

    Parameters
    ----------
    widget : what shows the result.
    work : called with the widget's state when the button is pressed; yields shares done between 0 and 1,
        and last a dict of new trait values for the widget. A ``FrugalError`` that it raises is shown.
    text : what the button says.
    """

    def __init__(self, widget: Widget, work: Work, text: str = "Train again") -> None:
        self.widget, self.work = widget, work
        self.button = Button(description=text, layout={"width": "auto"})
        self.bar = FloatProgress(min=0, max=1, layout={"visibility": "hidden"})
        self.said = Label()
        self.button.on_click(lambda _: self.run())
        super().__init__([widget, HBox([self.button, self.bar, self.said])])

    def run(self) -> None:
        """Train now; the button waits until it is done, whatever happens."""
        self.button.disabled, self.bar.layout.visibility, self.said.value = True, "visible", ""
        try:
            self._train()
        except FrugalError as error:
            self.said.value = str(error)
        finally:
            self.button.disabled, self.bar.layout.visibility, self.bar.value = False, "hidden", 0.0

    def _train(self) -> None:
        for step in self.work(self.widget.state()):
            if isinstance(step, dict):
                for name, value in step.items():
                    setattr(self.widget, name, value)
                self.said.value = "Trained; the figure shows the result."
            else:
                self.bar.value = step

    def _repr_mimebundle_(self, **options):
        page = self.widget._repr_mimebundle_(**options)[0]
        return {**super()._repr_mimebundle_(**options), "text/html": page["text/html"]}
