"""What an applied stack promises beyond being there, and whether the account keeps it."""

from tooling.promises.asking import ask_promise, ask_promises, stack_promises
from tooling.promises.known import PROMISES, promise
from tooling.promises.promise import Promise

__all__ = ["PROMISES", "Promise", "ask_promise", "ask_promises", "promise", "stack_promises"]
