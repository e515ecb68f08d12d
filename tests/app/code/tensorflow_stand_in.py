"""The few functions of TensorFlow 2 that listings use, on NumPy, with TensorFlow's rules: no tensor of one type meets
one of another, a Python number takes the type of the tensor beside it, and a number with a point never becomes whole.
"""
import numpy as np

float32, float64, bool = np.float32, np.float64, np.bool_


class Tensor:
    def __init__(self, values):
        self.values = np.asarray(values)

    dtype = property(lambda self: self.values.dtype.type)
    shape = property(lambda self: self.values.shape)

    def numpy(self):
        return self.values

    def detach(self):  # what a test reads the numbers of PyTorch with
        return self

    def __getitem__(self, place):
        return Tensor(self.values[place])

    def __invert__(self):
        assert self.dtype is np.bool_, "~ is for booleans"
        return Tensor(~self.values)

    def __neg__(self):
        return Tensor(-self.values)

    def __abs__(self):
        return Tensor(np.abs(self.values))


def constant(values, dtype=None):
    made = np.asarray(values)
    if dtype is None:
        dtype = {"f": made.dtype.type if isinstance(values, np.ndarray) else np.float32, "i": np.int32, "b": np.bool_}[
            made.dtype.kind
        ]
    if dtype is np.bool_ and made.dtype.kind != "b":
        raise TypeError("whole numbers are no booleans")
    return Tensor(made.astype(dtype))


def pair(a, b):
    """Both as arrays of one type."""
    if isinstance(a, Tensor) and isinstance(b, Tensor):
        if a.dtype is not b.dtype:
            raise TypeError(f"{a.dtype.__name__} meets {b.dtype.__name__}")
        return a.values, b.values
    if isinstance(a, Tensor):
        return a.values, like(a, b)
    return like(b, a), b.values


def like(tensor, number):
    if isinstance(number, (np.ndarray, np.generic)):
        raise TypeError("an array of NumPy meets a tensor")
    if isinstance(number, float) and tensor.dtype not in (np.float32, np.float64):
        raise TypeError(f"{number} is no {tensor.dtype.__name__}")
    return np.asarray(number, dtype=tensor.dtype)


def operator(function, name):
    setattr(Tensor, f"__{name}__", lambda self, other: Tensor(function(*pair(self, other))))

    def reflected(self, other):
        other, own = like(self, other), self.values
        return Tensor(function(other, own))

    setattr(Tensor, f"__r{name}__", reflected)


for function, name in (
    (np.add, "add"),
    (np.subtract, "sub"),
    (np.multiply, "mul"),
    (np.power, "pow"),
    (np.bitwise_and, "and"),
):
    operator(function, name)
for function, name in ((np.equal, "eq"), (np.less_equal, "le"), (np.greater_equal, "ge")):
    setattr(Tensor, f"__{name}__", lambda self, other, f=function: Tensor(f(*pair(self, other))))


def divide(a, b):
    a, b = pair(a, b)
    if a.dtype.kind == "i":
        a, b = a.astype(np.float64), b.astype(np.float64)
    return Tensor(np.divide(a, b))


Tensor.__truediv__ = divide
Tensor.__rtruediv__ = lambda self, other: divide(Tensor(like(self, other)), self)


def matmul(a, b, transpose_a=False, transpose_b=False):
    a, b = pair(a, b)
    assert a.ndim >= 2 and b.ndim >= 2, "matmul wants matrices"
    a = a.swapaxes(-1, -2) if transpose_a else a
    b = b.swapaxes(-1, -2) if transpose_b else b
    return Tensor(a @ b)


Tensor.__matmul__ = matmul


def tensor(x):
    assert isinstance(x, Tensor), f"{type(x).__name__} is no tensor"
    return x.values


def cast(x, dtype):
    return Tensor(np.asarray(x.values if isinstance(x, Tensor) else x).astype(dtype))


def where(condition, x, y):
    assert condition.dtype is np.bool_, "a condition is boolean"
    x, y = pair(x, y)
    return Tensor(np.where(condition.values, x, y))


def range(start, limit=None, delta=1, dtype=np.int32):
    start, limit = (0, start) if limit is None else (start, limit)
    return Tensor(np.arange(start, limit, delta).astype(dtype))


def stack(parts, axis=0):
    assert len({part.dtype for part in parts}) == 1
    return Tensor(np.stack([tensor(part) for part in parts], axis=axis))


def reshape(x, shape):
    return Tensor(tensor(x).reshape(shape))


def transpose(x, perm):
    return Tensor(tensor(x).transpose(perm))


def repeat(x, repeats, axis):
    return Tensor(np.repeat(tensor(x), repeats, axis=axis))


def tensordot(a, b, axes):
    return Tensor(np.tensordot(*pair(a, b), axes=axes))


def norm(x, axis, keepdims=False):
    return Tensor(np.linalg.norm(tensor(x), axis=axis, keepdims=keepdims))


def reduce(function):
    return lambda x, axis, keepdims=False: Tensor(function(tensor(x), axis=axis, keepdims=keepdims))


def unary(function):
    return lambda x: Tensor(function(tensor(x)))


reduce_max, reduce_sum, reduce_mean = reduce(np.max), reduce(np.sum), reduce(np.mean)
exp, tanh, sin, cos, abs = unary(np.exp), unary(np.tanh), unary(np.sin), unary(np.cos), unary(np.abs)
