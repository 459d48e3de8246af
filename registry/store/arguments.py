"""Paths into the arguments of a service: `on="apart.one"`, `first="session.uploaded_by"`; checked at import."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any


class UnknownPath(TypeError):
    """A service names an argument, or an attribute of one, that is not there. A fault of the program, at import."""


def argument_path(service: Callable[..., Any], path: str) -> Callable[[Mapping[str, Any]], Any]:
    """Return the reader of a dotted path in the arguments of a call; "" reads None.

    The argument must be one that the service takes; if its annotation is a class, the next step must be on it. An
    argument left out reads as its default; None ends the path.
    """
    if not path:
        return lambda given: None
    name, *steps = path.split(".")
    parameter = inspect.signature(service).parameters.get(name)
    if parameter is None:
        raise UnknownPath(f"{service.__name__} takes no {name!r}: {path!r}")
    owner = parameter.annotation
    if steps and isinstance(owner, type) and not hasattr(owner, steps[0]):
        raise UnknownPath(f"{owner.__name__} has no {steps[0]!r}: {path!r} of {service.__name__}")
    default = None if parameter.default is inspect.Parameter.empty else parameter.default

    def read(given: Mapping[str, Any]) -> Any:
        value = given.get(name, default)
        for step in steps:
            value = None if value is None else getattr(value, step)
        return value

    return read
