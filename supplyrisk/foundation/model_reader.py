"""YAML files read into strict models: every violation told with file, line, key path and remedy."""

from __future__ import annotations

import re
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from supplyrisk.foundation.nearest import did_you_mean
from supplyrisk.foundation.problems import Problem, ProblemCollector
from supplyrisk.foundation.words import UNKNOWN_WORD, KnownWords
from supplyrisk.foundation.yaml_reader import Keys, YamlDocument, read_yaml

Model = TypeVar("Model", bound=BaseModel)


def load_model(
    path: Path, model: type[Model], collector: ProblemCollector, known: KnownWords | None = None
) -> Model | None:
    """The file as a strict ``model``; every violation goes to ``collector`` with file, line and key path.

    ``known``: the words there are, of every kind that the model has (``foundation.words``). Where nothing but words is
    wrong the model is given all the same, so that the caller can tell what else is.
    """
    document = read_yaml(path)
    if not isinstance(document.data, dict):
        collector.add(file=path.name, where="line 1", message="the file must be a list of keys and values")
        return None
    found, details = _validated(document, model, known or {})
    if details and all(detail["type"] == UNKNOWN_WORD for detail in details):
        # What is told of several fields together is looked at only where each of them passes: once more without words.
        found, further = _validated(document, model, None)
        details += further
    collector.extend([_problem(path.name, document, model, detail) for detail in details])
    return found


def read_model(path: Path, model: type[Model], refusal: str, known: KnownWords | None = None) -> Model:
    """The same, by itself. Raises ``InputError`` with every violation under the headline ``refusal``."""
    collector = ProblemCollector()
    found = load_model(path, model, collector, known)
    collector.raise_if_any(refusal)
    assert found is not None
    return found


def _validated(
    document: YamlDocument, model: type[Model], known: KnownWords | None
) -> tuple[Model | None, list[ErrorDetails]]:
    """The model, or what is wrong."""
    try:
        return model.model_validate(document.data, context=known), []
    except ValidationError as error:
        return None, [detail for detail in error.errors() if not _follows_from_others(detail)]


def _follows_from_others(detail: ErrorDetails) -> bool:
    """A list that is only too short because of wrong entries, which are told by themselves."""
    return detail["type"] == "too_short" and len(detail["input"]) >= detail["ctx"]["min_length"]


_BOUNDS = {
    "greater_than_equal": "below the minimum of",
    "greater_than": "not above",
    "less_than_equal": "above the maximum of",
    "less_than": "not below",
}


def _problem(file: str, document: YamlDocument, model: type[BaseModel], detail: ErrorDetails) -> Problem:
    told: Keys = tuple(key for key in detail["loc"] if key != "[key]")  # pydantic's mark of a wrong key of a mapping
    kind = detail["type"]
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        told = (*told, detail["ctx"]["discriminator"].strip("'"))
        kind = "missing" if kind == "union_tag_not_found" else kind
    keys = _written(document.data, told, kind == "missing")
    if kind == "missing":
        message, mend = f"the key '{keys[-1]}' is missing", "Add it."
    elif kind == "extra_forbidden":
        known = _keys_at(model, told)
        message = f"'{keys[-1]}' is not a key here"
        mend = did_you_mean(str(keys[-1]), known) if known else "Take it out."
    else:
        message, mend = _wrong_value(kind, detail["input"], detail.get("ctx", {}), detail["msg"])
        if mend and kind == "tuple_type" and detail["loc"][-1] == "list":  # the part of WordsOrAll that is no word
            mend += " Or write all."
    return Problem(file, document.where(keys), message, mend)


def _wrong_value(kind: str, value: Any, context: dict[str, Any], message: str) -> tuple[str, str]:
    """What is wrong with a value and how to mend it, by pydantic's type of the error."""
    mend = ""
    if kind in ("literal_error", "union_tag_invalid"):
        # A word out of a list, or the word that tells which of several kinds a value is.
        expected = str(context["expected"] if kind == "literal_error" else context["expected_tags"])
        value = context.get("tag", value)
        allowed = re.findall(r"'([^']*)'", expected)
        message = f"'{value}' is not allowed"
        mend = did_you_mean(str(value), allowed) if allowed else f"Allowed: {expected}."
    elif kind == UNKNOWN_WORD:
        message, mend = f"'{value}' is not a {context['kind']}", did_you_mean(value, context["known"])
    elif kind == "tuple_type" and isinstance(value, str):
        message, mend = f"'{value}' is not a list", f"Write it as one: [{value}]."
    elif kind in _BOUNDS:
        message = f"{value} is {_BOUNDS[kind]} {next(iter(context.values()))}"
    elif kind == "value_error":  # raised by one of our own models, in words of its own
        message = str(context["error"])
    else:
        message = f"{message} (found {value!r})"
    return message, mend


def _written(data: Any, told: Keys, missing: bool) -> Keys:
    """The key path as it stands in the file: pydantic puts the kind of a value of several kinds in between.

    ``missing``: the last key is one that ought to stand there.
    """
    found: list[str | int] = []
    for position, key in enumerate(told):
        stands = key in data if isinstance(data, dict) else isinstance(data, list) and key in range(len(data))
        if stands:
            data = data[key]
        if stands or (missing and position == len(told) - 1):
            found.append(key)
    return tuple(found)


def _keys_at(model: type[BaseModel], keys: Keys) -> list[str]:
    """Keys allowed beside the last one of ``keys``; empty where the path leads through something that is no model."""
    current: Any = model
    for key in keys[:-1]:
        current = _inside(_bare(current), key)
    return list(getattr(_bare(current), "model_fields", ()))


def _bare(annotation: Any) -> Any:
    """The type in ``Annotated[type, …]`` and in ``type | None``."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _bare(arguments[0])
    if origin in (Union, UnionType):
        parts = [part for part in arguments if part is not NoneType]
        return _bare(parts[0]) if len(parts) == 1 else annotation
    return annotation


def _inside(annotation: Any, key: str | int) -> Any:
    fields = getattr(annotation, "model_fields", None)
    if fields is not None:
        return fields[key].annotation if key in fields else None
    if get_origin(annotation) in (Union, UnionType):
        return next((kind for kind in get_args(annotation) if key in _tags(kind)), None)
    # A key of a mapping or a place in a list: what it holds is the last type argument.
    arguments = [argument for argument in get_args(annotation) if argument is not Ellipsis]
    return arguments[-1] if arguments else None


def _tags(kind: Any) -> set[str | int]:
    """Words that stand for one kind of a value of several kinds."""
    fields = getattr(kind, "model_fields", {}).values()
    return {word for field in fields if get_origin(field.annotation) is Literal for word in get_args(field.annotation)}
