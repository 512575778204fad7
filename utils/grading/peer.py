"""One end of the talk between judge and student's process: calls in both directions, with gradients."""

import builtins
import socket
from collections.abc import Callable
from typing import Any

import torch

from utils.grading import wire
from utils.grading.codec import Decoder, Encoder, kind_of, pack_tensor, raw, same, unpack_tensor
from utils.grading.proxies import OPTIMIZER_METHODS, Handle, Remote
from utils.grading.wire import ProtocolError

MOST_CALLS = 100_000  # of the judge's functions, in one check


class StudentError(Exception):
    """An exception raised by the student's code; ``kind`` names its class."""

    kind = "Exception"


class Peer:
    """One end. The trusted one answers only for what it has handed out, and only what fits its kind."""

    def __init__(self, sock: socket.socket, trusted: bool, wait: Callable[[], None] = lambda: None):
        self.sock, self.trusted, self.wait = sock, trusted, wait
        self.follows = False  # whether PyTorch's global generator is the same on both sides
        self.failed: AssertionError | None = None
        self.serves: dict[str, Callable] = {}
        self.kept: list[Any] = []
        self.graphs: list[tuple] = []
        self.depth = self.calls = 0
        self.random = b""
        self._forget()

    # --- requests ---

    def request(self, verb: str, *values: Any, files: tuple[int, ...] = ()) -> Any:
        """Ask the other side and answer its questions meanwhile.

        Raises
        ------
        StudentError
            when the other side raised; also of the builtin class of the same name.
        AssertionError
            one that a function of the judge raised while the student's code called it.
        """
        self.depth += 1
        try:
            self._send([verb, torch.is_grad_enabled()], values, files)
            while (answer := self._receive())[0] == "ask":
                self._answer(*answer[1:])
        finally:
            self.depth -= 1
            if not self.depth:
                self._forget()
        if self.trusted and self.failed:
            raise self.failed
        if answer[0] == "error":
            raise _exception(*answer[1])
        return answer[1]

    def serve(self) -> None:
        """Answer until the other side closes."""
        while True:
            answer = self._receive()
            if answer[0] != "ask":
                raise ProtocolError("an answer without a question")
            self._answer(*answer[1:])
            self._forget()

    def _answer(self, verb: str, gradients: bool, values: list, files: list[int]) -> None:
        self.calls += 1
        if self.trusted and self.calls > MOST_CALLS:
            raise ProtocolError("too many calls")
        self.depth += 1
        try:
            with torch.set_grad_enabled(gradients):
                result = self._do(verb, values, files)
            reply = ["ok", False], (result,)
        except wire.Gone:
            raise
        except ProtocolError as error:
            if self.trusted:
                raise
            reply = ["error", False], (type(error).__name__, str(error))
        except BaseException as error:
            if self.trusted and isinstance(error, AssertionError):
                self.failed = self.failed or error
            reply = ["error", False], (type(error).__name__, str(error)[:400])
        finally:
            self.depth -= 1
        try:
            self._send(*reply)
        except (ValueError, RuntimeError) as error:
            self._send(["error", False], (type(error).__name__, str(error)[:400]))

    def _do(self, verb: str, values: list, files: list[int]) -> Any:
        if verb in self.serves:
            return self.serves[verb](*values, *files)
        try:
            if verb == "gradient":
                return self._gradient(*values)
            target, *rest = values
            kind = kind_of(target)
            if not any(target is kept for kept in self.kept):
                raise ProtocolError("asked for what was never handed out")
        except (TypeError, ValueError):
            raise ProtocolError("a question cannot be read") from None
        if verb == "call" and kind in ("function", "class"):
            return target(*rest[0], **rest[1])
        if verb == "next" and kind == "iterator":
            return next(target, _END)
        if verb == "method" and kind == "optimizer" and rest[0] in OPTIMIZER_METHODS:
            return getattr(target, rest[0])() and None
        if verb == "attribute" and not self.trusted:
            return getattr(target, rest[0])
        raise ProtocolError(f"no {verb} for this {kind}")

    # --- handles ---

    def keep(self, value: Any) -> list:
        """Keep an object here, and give what names it to the other side."""
        if isinstance(value, Handle):
            return ["known", False, value._ref]
        place = next((i for i, kept in enumerate(self.kept) if kept is value), len(self.kept))
        self.kept[place:] = [*self.kept[place:]] or [value]
        return ["handle", place, kind_of(value), str(getattr(value, "__name__", type(value).__name__))]

    def handle(self, ref: int, kind: str, name: str) -> Any:
        """A stand-in for an object of the other process."""
        return Handle.of(self, ref, kind, str(name)[:80])

    def known(self, mine: bool, ref: int) -> Any:
        """What the sender calls the receiver's, or (``mine``) its own that has travelled before."""
        if isinstance(ref, int) and not mine:
            return self.kept[ref]
        return (self.received if mine else self.sent)[str(ref)][0]

    # --- tensors and generators ---

    def send_tensor(self, tensor: torch.Tensor, blobs: list) -> list:
        """A tensor as the message holds it: by its name if the other side knows it, else by its bytes."""
        known = self._named(tensor)
        if known:
            return known
        usual = type(tensor) in (torch.Tensor, torch.nn.Parameter)
        ref, plain = f"t{len(self.sent)}", tensor if usual else tensor.as_subclass(torch.Tensor)
        if plain.layout != torch.strided or plain.device.type != "cpu":
            raise ValueError("a tensor is sparse or not on the CPU")
        graph = None
        if plain.requires_grad and not plain.is_leaf and torch.is_grad_enabled():
            inputs = [(r, self.received[r][0]) for r in self.asked if _differentiable(self.received[r][0])]
            self.graphs.append((plain, [t for _, t in inputs]))
            graph = [len(self.graphs) - 1, [r for r, _ in inputs]]
        packed = pack_tensor(plain, blobs)
        self.sent[ref] = [tensor, raw(plain), None]
        return ["tensor", ref, packed, plain.requires_grad, graph]

    def receive_tensor(self, decode: Decoder, ref: str, packed: list, needs: bool, graph: list | None) -> Any:
        """The tensor of a message."""
        tensor = unpack_tensor(packed, decode.blobs)
        if graph and graph[1]:
            number, names = graph
            inputs = [self.sent[name][0] for name in names]
            if any(isinstance(t, torch.Tensor) and t.requires_grad for t in inputs):
                tensor = Remote.apply(self, int(number), tensor, *inputs)
        elif needs:
            tensor.requires_grad_()
        self.received[str(ref)] = [tensor, raw(tensor), None]
        self.asked += [str(ref)] if self.is_question else []
        return tensor

    def send_generator(self, generator: torch.Generator, blobs: list) -> list:
        """A generator as the message holds it: its state."""
        known = self._named(generator)
        if known:
            return known
        ref, state = f"g{len(self.sent)}", raw(generator.get_state())
        blobs.append(state)
        self.sent[ref] = [generator, state, None]
        return ["generator", ref, len(blobs) - 1]

    def receive_generator(self, decode: Decoder, ref: str, place: int) -> torch.Generator:
        """The generator of a message."""
        state = bytes(decode.blobs[place])
        generator = _with_state(torch.Generator(), state)
        self.received[str(ref)] = [generator, state, None]
        return generator

    def _named(self, value: Any) -> list | None:
        for mine, table in ((True, self.sent), (False, self.received)):
            for ref, entry in table.items():
                if entry[0] is value:
                    return ["known", mine, ref]
        return None

    def _gradient(self, number: int, upstream: torch.Tensor) -> list:
        output, inputs = self.graphs[number]
        return list(
            torch.autograd.grad(
                output, inputs, upstream, allow_unused=True, retain_graph=True, create_graph=False
            )
        )

    # --- messages ---

    def _send(self, head: list, values: tuple, files: tuple = ()) -> None:
        encode = Encoder(self)
        sent = dict(self.sent)
        body = [encode(value) for value in values]
        changes = [
            *self._changes(True, sent, encode.blobs),
            *self._changes(False, self.received, encode.blobs),
        ]
        state = raw(torch.get_rng_state()) if self.follows else self.random
        if state != self.random:
            encode.blobs.append(state)
            changes.append(["random", len(encode.blobs) - 1])
            self.random = state
        wire.send(self.sock, [head, body, changes, len(files)], encode.blobs, files)

    def _receive(self) -> tuple:
        message, blobs, files = wire.receive(self.sock, self.wait, 0 if self.trusted else 4)
        try:
            (verb, gradients), body, changes, _ = message
            for change in changes:
                self._apply(change, blobs)
            decode, self.is_question = Decoder(self, blobs), verb not in ("ok", "error")
            values = [decode(part) for part in body]
            if verb == "ok":
                return "ok", values[0]
            return (
                ("error", values) if verb == "error" else ("ask", str(verb), bool(gradients), values, files)
            )
        except (TypeError, ValueError, LookupError, RuntimeError, AttributeError) as error:
            raise ProtocolError(f"a message cannot be read ({type(error).__name__})") from None

    def _changes(self, mine: bool, table: dict, blobs: list) -> list:
        changes = []
        for ref, entry in table.items():
            value, old, slope = entry
            if isinstance(value, torch.Generator):
                new = raw(value.get_state())
                if new != old:
                    blobs.append(new)
                    changes.append(["state", mine, ref, len(blobs) - 1])
                    entry[1] = new
                continue
            if not same(value, old):
                changes.append(["data", mine, ref, pack_tensor(value, blobs)])
                entry[1] = raw(value)
            gradient = value.grad if value.is_leaf else None
            if gradient is not None and raw(gradient) != slope:
                changes.append(["grad", mine, ref, pack_tensor(gradient, blobs)])
                entry[2] = raw(gradient)
        return changes

    def _apply(self, change: list, blobs: list) -> None:
        what, *rest = change
        if what == "random":
            self.random, self.follows = bytes(blobs[rest[0]]), True
            torch.set_rng_state(torch.frombuffer(bytearray(self.random), dtype=torch.uint8))
            return
        mine, ref, content = rest
        entry = (self.received if mine else self.sent)[ref]
        if what == "state":
            entry[1] = bytes(blobs[content])
            _with_state(entry[0], entry[1])
            return
        new = unpack_tensor(content, blobs)
        if new.shape != entry[0].shape or new.dtype != entry[0].dtype:
            raise ProtocolError("a tensor changed its shape")
        if what == "data":
            entry[0].data.copy_(new)
            entry[1] = raw(entry[0])
        else:
            entry[0].grad = new
            entry[2] = raw(new)

    def _forget(self) -> None:
        self.sent: dict[str, list] = {}
        self.received: dict[str, list] = {}
        self.asked: list[
            str
        ] = []  # what came with questions: an answer's gradient leads to these, and no further


_END = "end of the iterator, which is no value of a lab"


def _with_state(generator: torch.Generator, state: bytes) -> torch.Generator:
    generator.set_state(torch.frombuffer(bytearray(state), dtype=torch.uint8))
    return generator


def _differentiable(value: Any) -> bool:
    return isinstance(value, torch.Tensor) and value.requires_grad


def _exception(kind: Any = "Exception", text: Any = "") -> StudentError:
    """A StudentError that is also of the builtin class of this name, so that a check can expect it."""
    known = getattr(builtins, str(kind), None)
    fits = isinstance(known, type) and issubclass(known, Exception) and known is not AssertionError
    bases = (StudentError, known) if fits and known is not Exception else (StudentError,)
    try:
        made = type(
            "StudentError", bases, {"kind": str(kind)[:60], "__str__": lambda self: str(self.args[0])}
        )
        return made(str(text)[:400])
    except TypeError:
        error = StudentError(str(text)[:400])
        error.kind = str(kind)[:60]
        return error
