"""A row of draws as one value of compiled code: loaded, reckoned with and stored whole, by the processor's vectors.

Compiled loops over a few draws cost more than the sums in them (each begins by proving that no two arrays overlap), and
keep what they find in memory. As values of their own, rows stay in registers, and code reads as for a single draw:
``store(output, node, smaller(load(orders, node), load(available, node)))``.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import extending, types
from numba.core.typing.templates import AbstractTemplate, infer_global, signature

_Intrinsic = Callable[[Callable[..., Any]], Callable[..., Any]]
intrinsic: _Intrinsic = extending.intrinsic

LANES = 16
"""Draws in a row: two of the widest vectors."""

_ROW = ir.VectorType(ir.DoubleType(), LANES)
_TRUTHS = ir.VectorType(ir.IntType(1), LANES)
_ARITHMETIC = {operator.add: "fadd", operator.sub: "fsub", operator.mul: "fmul", operator.truediv: "fdiv"}
_COMPARED = {
    operator.lt: "<",
    operator.le: "<=",
    operator.gt: ">",
    operator.ge: ">=",
    operator.eq: "==",
    operator.ne: "!=",
}


class RowType(types.Type):
    """A number for each draw."""

    def __init__(self) -> None:
        super().__init__(name=f"row({LANES})")


class TruthsType(types.Type):
    """Yes or no for each draw."""

    def __init__(self) -> None:
        super().__init__(name=f"truths({LANES})")


row_type, truths_type = RowType(), TruthsType()


@extending.register_model(RowType)
class _RowModel(extending.models.PrimitiveModel):
    def __init__(self, dmm: Any, fe_type: Any) -> None:
        super().__init__(dmm, fe_type, _ROW)


@extending.register_model(TruthsType)
class _TruthsModel(extending.models.PrimitiveModel):
    def __init__(self, dmm: Any, fe_type: Any) -> None:
        super().__init__(dmm, fe_type, _TRUTHS)


def _is_row_or_number(kind: Any) -> bool:
    return isinstance(kind, RowType | types.Float)


def _as_row(builder: Any, value: Any, kind: Any) -> Any:
    """The value itself, or a number repeated."""
    if isinstance(kind, RowType):
        return value
    one = builder.insert_element(ir.Constant(_ROW, ir.Undefined), value, ir.Constant(ir.IntType(32), 0))
    return builder.shuffle_vector(one, one, ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES))


def _register(function: Any, result: Any, build: Callable[[Any, Any, Any], Any]) -> None:
    """Teach the compiler an operator on rows, and on a row and a number."""

    class Template(AbstractTemplate):
        def generic(self, args: Any, kws: Any) -> Any:
            if len(args) == 2 and all(map(_is_row_or_number, args)) and any(isinstance(a, RowType) for a in args):
                return signature(result, *args)
            return None

    infer_global(function)(Template)

    def lower(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return build(builder, *(_as_row(builder, *pair) for pair in zip(args, sig.args, strict=True)))

    for pair in ((RowType, RowType), (RowType, types.Float), (types.Float, RowType)):
        extending.lower_builtin(function, *pair)(lower)


def _arithmetic(instruction: str) -> Callable[[Any, Any, Any], Any]:
    return lambda builder, left, right: getattr(builder, instruction)(left, right)


def _comparison(sign: str) -> Callable[[Any, Any, Any], Any]:
    # Unequal also where one is no number, as everywhere else.
    compare = "fcmp_unordered" if sign == "!=" else "fcmp_ordered"
    return lambda builder, left, right: getattr(builder, compare)(sign, left, right)


for _function, _instruction in _ARITHMETIC.items():
    _register(_function, row_type, _arithmetic(_instruction))
for _function, _sign in _COMPARED.items():
    _register(_function, truths_type, _comparison(_sign))


def _pointer(context: Any, builder: Any, kind: Any, rows: Any, number: Any) -> Any:
    array = context.make_array(kind)(context, builder, value=rows)
    place = builder.mul(number, ir.Constant(number.type, LANES))
    return builder.bitcast(builder.gep(array.data, [place]), _ROW.as_pointer())


@intrinsic
def load(typing: Any, rows: Any, number: Any) -> Any:
    """Row ``number`` of an array (rows × lanes)."""

    def build(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.load(_pointer(context, builder, sig.args[0], *args), align=8)

    return row_type(rows, types.intp), build


@intrinsic
def store(typing: Any, rows: Any, number: Any, value: Any) -> Any:
    """Write a row, or the same number in all of it, to row ``number`` of an array (rows × lanes)."""

    def build(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        row = _as_row(builder, args[2], sig.args[2])
        builder.store(row, _pointer(context, builder, sig.args[0], args[0], args[1]), align=8)
        return context.get_dummy_value()

    return types.none(rows, types.intp, value), build


@intrinsic
def repeated(typing: Any, number: Any) -> Any:
    """The same number for every draw."""

    def build(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return _as_row(builder, args[0], types.float64)

    return row_type(types.float64), build


def _either(sign: str) -> Callable[[Any, Any, Any, Any], Any]:
    def build(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        left, right = (_as_row(builder, *pair) for pair in zip(args, sig.args, strict=True))
        return builder.select(builder.fcmp_ordered(sign, left, right), left, right)

    return build


@intrinsic
def smaller(typing: Any, left: Any, right: Any) -> Any:
    """The smaller of two rows, or of a row and a number, draw by draw."""
    return row_type(left, right), _either("<")


@intrinsic
def larger(typing: Any, left: Any, right: Any) -> Any:
    """The larger of two rows, or of a row and a number, draw by draw."""
    return row_type(left, right), _either(">")


@intrinsic
def choose(typing: Any, truths: Any, yes: Any, no: Any) -> Any:
    """``yes`` where true, else ``no``, draw by draw."""

    def build(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        yes_row, no_row = _as_row(builder, args[1], sig.args[1]), _as_row(builder, args[2], sig.args[2])
        return builder.select(args[0], yes_row, no_row)

    return row_type(truths, yes, no), build


@intrinsic
def anywhere(typing: Any, truths: Any) -> Any:
    """Whether it is so for any draw."""

    def build(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        bits = builder.bitcast(args[0], ir.IntType(LANES))
        return builder.icmp_unsigned("!=", bits, ir.Constant(ir.IntType(LANES), 0))

    return types.boolean(truths), build
