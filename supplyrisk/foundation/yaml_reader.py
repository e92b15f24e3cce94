"""YAML files read by the rules of YAML 1.2, with the line of every value, into strict models.

PyYAML alone reads YAML 1.1, where ``NO`` is false, ``1e6`` is text, ``0123`` is 83 and ``12:30`` is 750.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from supplyrisk.foundation.errors import InputError
from supplyrisk.foundation.nearest import did_you_mean
from supplyrisk.foundation.problems import Problem, ProblemCollector

Keys = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)


class _CoreLoader(yaml.SafeLoader):
    """Safe loader with the core schema of YAML 1.2 (https://yaml.org/spec/1.2.2, chapter 10.3)."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep=deep)
        except (ValueError, KeyError, AttributeError) as error:
            # What PyYAML's constructors raise for a value that its tag does not allow, as !!int abc.
            tag = node.tag.rpartition(":")[2]
            problem = f"the value cannot be read as {tag}"
            raise yaml.constructor.ConstructorError(None, None, problem, node.start_mark) from error


_CoreLoader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("null", r"~|null|Null|NULL|", [*"~nN", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", [*"tTfF"]),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", [*"-+0123456789"]),
    (
        "float",
        r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
        [*"-+.0123456789"],
    ),
):
    _CoreLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"^(?:{_pattern})$"), _first)


def _construct_int(loader: _CoreLoader, node: yaml.ScalarNode) -> int:
    text = str(loader.construct_scalar(node))
    return int(text, 8) if text.startswith("0o") else int(text, 16) if text.startswith("0x") else int(text)


_CoreLoader.add_constructor("tag:yaml.org,2002:int", _construct_int)


@dataclass(frozen=True)
class YamlDocument:
    """Data of a YAML file and the line each key stands on."""

    data: Any
    lines: Mapping[Keys, int]

    def line_of(self, keys: Keys) -> int:
        """Line of a key path, else of its nearest ancestor, else 1."""
        while keys and keys not in self.lines:
            keys = keys[:-1]
        return self.lines.get(keys, 1)

    def where(self, keys: Keys) -> str:
        """Where a key stands, as problems tell it: line 9, shocks.stop.from[0]."""
        return f"line {self.line_of(keys)}, {key_path(keys)}"


def read_yaml(path: Path) -> YamlDocument:
    """Read one YAML file. Raises ``InputError`` with file and line for syntax errors and duplicate keys."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise InputError(f"{path.name}: the file does not exist ({path}).") from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path.name}: the file cannot be read as UTF-8 text ({error}).") from error
    loader = None
    try:
        loader = _CoreLoader(text)
        node = loader.get_single_node()
        problems: list[Problem] = []
        lines: dict[Keys, int] = {}
        if node is not None:
            _walk(node, (), lines, problems, path.name)
        collector = ProblemCollector()
        collector.extend(problems)
        collector.raise_if_any(f"{path.name} cannot be read")
        data = None if node is None else loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = "" if mark is None else f", line {mark.line + 1}"
        raise InputError(f"{path.name}{line}: this is not valid YAML: {error.problem or error.context}.") from error
    except yaml.reader.ReaderError as error:
        raise InputError(f"{path.name}: this is not a YAML text file: {error.reason}.") from error
    except RecursionError as error:
        raise InputError(f"{path.name}: the values nest too deep, or an alias stands inside its own anchor.") from error
    finally:
        if loader is not None:
            loader.dispose()
    return YamlDocument(data=data, lines=lines)


def _walk(node: yaml.Node, keys: Keys, lines: dict[Keys, int], problems: list[Problem], file: str) -> None:
    lines.setdefault(keys, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key_node, value_node in node.value:
            key, line = str(key_node.value), key_node.start_mark.line + 1
            if key in seen:
                problems.append(
                    Problem(
                        file,
                        f"line {line}, {key_path((*keys, key))}",
                        f"the key '{key}' stands here a second time (first on line {seen[key]})",
                        "Keep one of the two.",
                    )
                )
            seen.setdefault(key, line)
            lines[(*keys, key)] = line
            _walk(value_node, (*keys, key), lines, problems, file)
    elif isinstance(node, yaml.SequenceNode):
        for position, item in enumerate(node.value):
            _walk(item, (*keys, position), lines, problems, file)


def load_model(path: Path, model: type[Model], collector: ProblemCollector) -> Model | None:
    """The file as a strict ``model``; every violation goes to ``collector`` with file, line and key path."""
    document = read_yaml(path)
    if not isinstance(document.data, dict):
        collector.add(file=path.name, where="line 1", message="the file must be a list of keys and values")
        return None
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        for detail in error.errors():
            if not _follows_from_others(detail):
                collector.extend([_problem(path.name, document, model, detail)])
        return None


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
    keys = _written(document.data, told)
    where = f"line {document.line_of(keys)}, {key_path(keys)}"
    if kind == "extra_forbidden":
        known = _keys_at(model, told)
        mend = did_you_mean(str(keys[-1]), known) if known else "Take it out."
        return Problem(file, where, f"'{keys[-1]}' is not a key here", mend)
    if kind == "missing":
        return Problem(file, where, f"the key '{keys[-1]}' is missing", "Add it.")
    context = detail.get("ctx", {})
    value = detail["input"]
    if kind in ("literal_error", "union_tag_invalid"):
        # A word out of a list, or the word that tells which of several kinds a value is.
        expected = str(context["expected"] if kind == "literal_error" else context["expected_tags"])
        value = context.get("tag", value)
        allowed = re.findall(r"'([^']*)'", expected)
        mend = did_you_mean(str(value), allowed) if allowed else f"Allowed: {expected}."
        return Problem(file, where, f"'{value}' is not allowed", mend)
    if kind in _BOUNDS:
        bound = next(iter(context.values()))
        return Problem(file, where, f"{value} is {_BOUNDS[kind]} {bound}", "")
    if kind == "value_error":  # raised by one of our own models, in words of its own
        return Problem(file, where, str(context["error"]), "")
    return Problem(file, where, f"{detail['msg']} (found {value!r})", "")


def _written(data: Any, told: Keys) -> Keys:
    """The key path as it stands in the file: pydantic puts the kind of a value of several kinds in between."""
    found: list[str | int] = []
    for position, key in enumerate(told):
        if isinstance(data, dict) and key not in data and position < len(told) - 1:
            continue
        found.append(key)
        inside = key in data if isinstance(data, dict) else isinstance(data, list) and key in range(len(data))
        data = data[key] if inside else None
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


def key_path(keys: Keys) -> str:
    """A key path as it is told: shocks.stop.from[0]."""
    text = ""
    for key in keys:
        text += f"[{key}]" if isinstance(key, int) else f".{key}" if text else str(key)
    return text or "top level"
