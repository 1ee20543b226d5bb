"""What the code says of the model's keys: the text below each, read from the source.

pydantic can do it (`use_attribute_docstrings`), but reads the source of every entry whenever a program loads:
a sixth of the time that each preview's program takes to load, for texts that only documentation has.
"""

import ast
import inspect
import textwrap
from collections.abc import Iterator
from itertools import pairwise

from pydantic import BaseModel


def words_of(entry: type[BaseModel]) -> dict[str, str]:
    """Return the text below each attribute of an entry and of the classes that it is made from."""
    return {
        name: text
        for kind in reversed(entry.__mro__)
        if issubclass(kind, BaseModel) and kind is not BaseModel
        for name, text in _below_attributes(kind)
    }


def _below_attributes(kind: type[BaseModel]) -> Iterator[tuple[str, str]]:
    for written in ast.parse(textwrap.dedent(inspect.getsource(kind))).body:
        for attribute, below in pairwise(written.body if isinstance(written, ast.ClassDef) else ()):
            match attribute, below:
                case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                    yield name, inspect.cleandoc(text)
