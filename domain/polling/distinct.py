"""Distinct values of arrays. numpy's own `unique` and `union1d` do the same, but load its masked arrays: ten megabytes
that nobody here needs."""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Scalar = TypeVar("Scalar", bound=np.generic)


def distinct(*arrays: NDArray[Scalar]) -> NDArray[Scalar]:
    """All values of one or more arrays of one type, in order, each once."""
    values = np.sort(arrays[0] if len(arrays) == 1 else np.concatenate(arrays))
    new = np.ones(len(values), np.bool_)
    np.not_equal(values[1:], values[:-1], out=new[1:])
    return values[new]
