"""YAML files read by the rules of YAML 1.2, with the line of every value.

PyYAML alone reads YAML 1.1, where ``NO`` is false, ``1e6`` is text, ``0123`` is 83 and ``12:30`` is 750.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from supplyrisk.foundation.errors import InputError
from supplyrisk.foundation.problems import Problem, ProblemCollector

Keys = tuple[str | int, ...]


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


def key_path(keys: Keys) -> str:
    """A key path as it is told: shocks.stop.from[0]."""
    text = ""
    for key in keys:
        text += f"[{key}]" if isinstance(key, int) else f".{key}" if text else str(key)
    return text or "top level"
