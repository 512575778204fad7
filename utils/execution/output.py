"""What a cell prints is kept up to a stated size: nobody reads more, and pages carry it."""

import json

CELL_BYTES = 4 << 20
CUT = "\n[The output of this cell is cut here: it is larger than 4 MiB.]\n"


def limit_output() -> None:
    """From here on papermill keeps at most ``CELL_BYTES`` of a cell's output, then one sentence."""
    from nbformat.v4 import new_output
    from papermill import engines

    class Limited(engines.PapermillNotebookClient):
        """Papermill's client, which counts what each cell has put out so far."""

        spent: dict[int, int]

        def output(self, outs, msg, display_id, cell_index):
            self.spent = getattr(self, "spent", {})
            before = self.spent.get(cell_index, 0)
            self.spent[cell_index] = before + len(json.dumps(msg["content"], default=str))
            if self.spent[cell_index] <= CELL_BYTES or msg["msg_type"] == "error":
                return super().output(outs, msg, display_id, cell_index)
            if before <= CELL_BYTES:
                outs.append(new_output("stream", name="stderr", text=CUT))
            return None

    engines.PapermillNotebookClient = Limited
