#include "app/code/dialect.h"

#include <fmt/format.h>

namespace attn::code {
namespace {

/// An expression that something is called on: in parentheses where it has operators.
std::string whole(const std::string& expression) {
  return expression.find(' ') == std::string::npos ? expression : "(" + expression + ")";
}

}  // namespace

std::string_view Dialect::prefix() const {
  if (numpy()) return "np";
  return torch() ? "torch" : "tf";
}

std::string Dialect::call(std::string_view function, std::string_view x) const {
  return fmt::format("{}.{}({})", prefix(), function, x);
}

/// To float32, from float64 or whole numbers.
std::string Dialect::cast(const std::string& x) const {
  if (numpy()) return whole(x) + ".astype(np.float32)";
  if (torch()) return whole(x) + ".float()";
  return fmt::format("tf.cast({}, tf.float32)", x);
}

std::string Dialect::import_line() const {
  if (numpy()) return "import numpy as np";
  return torch() ? "import torch" : "import tensorflow as tf";
}

std::string Dialect::set_print_options() const {
  if (torch()) return "torch.set_printoptions(precision=4, sci_mode=False)";
  return "np.set_printoptions(precision=4, suppress=True)";
}

Dialect::Literal Dialect::floats() const {
  if (numpy()) return {"np.array(", ", dtype=np.float32)"};
  if (torch()) return {"torch.tensor(", ", dtype=torch.float32)"};
  return {"tf.constant(", ", dtype=tf.float32)"};
}

Dialect::Literal Dialect::booleans() const {
  if (numpy()) return {"np.array(", ", dtype=bool)"};
  if (torch()) return {"torch.tensor(", ", dtype=torch.bool)"};
  return {"tf.cast(", ", tf.bool)"};
}

std::string Dialect::from_file(std::string_view array) const {
  if (numpy()) return fmt::format("data[\"{}\"]", array);
  return fmt::format("{}(data[\"{}\"])", torch() ? "torch.from_numpy" : "tf.constant", array);
}

std::string Dialect::multiply_transposed(std::string_view a, std::string_view b, bool heads) const {
  if (framework_ == Framework::tensorflow) return fmt::format("tf.matmul({}, {}, transpose_b=True)", a, b);
  if (!heads) return fmt::format("{} @ {}.T", a, b);
  return fmt::format("{} @ {}.{}(-1, -2)", a, b, numpy() ? "swapaxes" : "transpose");
}

std::string Dialect::transposed_multiply(std::string_view a, std::string_view b) const {
  if (framework_ == Framework::tensorflow) return fmt::format("tf.matmul({}, {}, transpose_a=True)", a, b);
  return fmt::format("{}.T @ {}", a, b);
}

std::string Dialect::split_heads(const std::string& matrix, std::string_view rows, std::string_view heads,
                                 std::string_view width) const {
  if (framework_ == Framework::tensorflow) {
    return fmt::format("tf.transpose(tf.reshape({}, [{}, {}, {}]), [1, 0, 2])", matrix, rows, heads, width);
  }
  return fmt::format("{}.reshape({}, {}, {}).transpose({})", whole(matrix), rows, heads, width,
                     numpy() ? "1, 0, 2" : "0, 1");
}

std::string Dialect::join_heads(std::string_view heads) const {
  if (framework_ == Framework::tensorflow)
    return fmt::format("tf.reshape(tf.transpose({}, [1, 0, 2]), [n, h * d_v])", heads);
  return fmt::format("{}.transpose({}).reshape(n, h * d_v)", heads, numpy() ? "1, 0, 2" : "0, 1");
}

std::string Dialect::mean_of_heads(std::string_view heads) const {
  if (framework_ == Framework::tensorflow) return fmt::format("tf.reduce_mean({}, axis=0)", heads);
  return fmt::format("{}.mean({}=0)", heads, numpy() ? "axis" : "dim");
}

std::string Dialect::repeat_heads(std::string_view heads) const {
  if (torch()) return fmt::format("{}.repeat_interleave(h // g, dim=0)", heads);
  return fmt::format("{}.repeat({}, h // g, axis=0)", prefix(), heads);
}

std::string Dialect::largest(std::string_view x, std::string_view axis) const {
  if (numpy()) return fmt::format("{}.max(axis={}, keepdims=True)", x, axis);
  if (torch()) return fmt::format("{}.amax(dim={}, keepdim=True)", x, axis);
  return fmt::format("tf.reduce_max({}, axis={}, keepdims=True)", x, axis);
}

std::string Dialect::total(std::string_view x, std::string_view axis) const {
  if (numpy()) return fmt::format("{}.sum(axis={}, keepdims=True)", x, axis);
  if (torch()) return fmt::format("{}.sum(dim={}, keepdim=True)", x, axis);
  return fmt::format("tf.reduce_sum({}, axis={}, keepdims=True)", x, axis);
}

std::string Dialect::where(std::string_view condition, std::string_view x, std::string_view otherwise) const {
  if (torch()) {
    return fmt::format("{}.masked_fill(~{}, {})", whole(std::string(x)), whole(std::string(condition)),
                       otherwise);
  }
  return fmt::format("{}.where({}, {}, {})", prefix(), condition, x, otherwise);
}

std::string Dialect::replace(std::string_view x, std::string_view condition, std::string_view number) const {
  if (torch()) return fmt::format("{}.masked_fill({}, {})", whole(std::string(x)), condition, number);
  // TensorFlow does not turn whole numbers into floats.
  const std::string_view point = numpy() ? "" : ".0";
  return fmt::format("{}.where({}, {}{}, {})", prefix(), condition, number, point, x);
}

std::string Dialect::minus_infinity() const { return numpy() ? "-np.inf" : "-math.inf"; }

std::string Dialect::is_minus_infinity(std::string_view x) const {
  return fmt::format("{} == {}", x, minus_infinity());
}

std::string Dialect::times_vector(std::string_view x, std::string_view vector) const {
  if (framework_ == Framework::tensorflow) return fmt::format("tf.tensordot({}, {}, axes=1)", x, vector);
  return fmt::format("{} @ {}", x, vector);
}

std::string Dialect::positions(std::string_view queries, std::string_view keys) const {
  const std::string_view range = framework_ == Framework::tensorflow ? "range" : "arange";
  return fmt::format("i, j = {0}.{1}({2})[:, None], {0}.{1}({3})[None, :]", prefix(), range, queries, keys);
}

std::string Dialect::distance() const { return cast(abs("i - j")); }

std::string Dialect::slopes() const {
  if (numpy()) return "(2.0 ** (-8 * np.arange(1, h + 1) / h)).astype(np.float32)";
  if (torch()) return "2.0 ** (-8 * torch.arange(1, h + 1) / h)";
  return "2.0 ** (-8 * tf.range(1, h + 1, dtype=tf.float32) / h)";
}

std::string Dialect::kept(const std::string& condition) const {
  if (numpy()) return condition;
  return fmt::format("{}({})", torch() ? "torch.from_numpy" : "tf.constant", condition);
}

std::vector<std::string> Dialect::unit() const {
  const std::string length = numpy()   ? "np.linalg.norm(t, axis=-1, keepdims=True)"
                             : torch() ? "t.norm(dim=-1, keepdim=True)"
                                       : "tf.norm(t, axis=-1, keepdims=True)";
  return {"def unit(t):", "    largest = " + largest(torch() ? "t.abs()" : abs("t"), "-1"),
          "    t = t / " + replace("largest", "largest == 0", "1"), "    length = " + length,
          "    return t / " + replace("length", "length == 0", "1")};
}

std::vector<std::string> Dialect::sinusoidal() const {
  std::string position = "np.arange(n)[:, None]";
  std::string pair = "np.arange(0, d, 2)";
  std::string joined = "np.stack([np.sin(angle), np.cos(angle)], axis=-1).reshape(n, -1)";
  if (torch()) {
    position = "torch.arange(n, dtype=torch.float64)[:, None]";
    pair = "torch.arange(0, d, 2, dtype=torch.float64)";
    joined = "torch.stack([angle.sin(), angle.cos()], dim=-1).reshape(n, -1)";
  } else if (!numpy()) {
    position = "tf.range(n, dtype=tf.float64)[:, None]";
    pair = "tf.range(0, d, 2, dtype=tf.float64)";
    joined = "tf.reshape(tf.stack([tf.sin(angle), tf.cos(angle)], axis=-1), [n, -1])";
  }
  return {"def sinusoidal(n, d):", "    position = " + position,
          "    angle = position / 10000.0 ** (" + pair + " / d)", "    code = " + joined,
          "    return " + cast("code[:, :d]")};
}

std::vector<std::string> Dialect::rotate() const {
  std::vector<std::string> lines = {"def rotate(t):"};
  if (numpy()) {
    lines.emplace_back("    position = np.arange(t.shape[-2])[:, None]");
    lines.emplace_back("    angle = position * 10000.0 ** (-np.arange(0, d_k, 2) / d_k)");
  } else if (torch()) {
    lines.emplace_back("    position = torch.arange(t.shape[-2], dtype=torch.float64)[:, None]");
    lines.emplace_back(
        "    angle = position * 10000.0 ** (-torch.arange(0, d_k, 2, dtype=torch.float64) / d_k)");
  } else {
    lines.emplace_back("    position = tf.range(t.shape[-2], dtype=tf.float64)[:, None]");
    lines.emplace_back("    angle = position * 10000.0 ** (-tf.range(0, d_k, 2, dtype=tf.float64) / d_k)");
  }
  lines.push_back("    cos, sin = " + cast(call("cos", "angle")) + ", " + cast(call("sin", "angle")));
  lines.emplace_back("    a, b = t[..., 0::2], t[..., 1::2]");
  const std::string turned = "[a * cos - b * sin, a * sin + b * cos]";
  if (framework_ == Framework::tensorflow) {
    lines.push_back("    return tf.reshape(tf.stack(" + turned + ", axis=-1), t.shape)");
  } else {
    lines.push_back(fmt::format("    return {}.stack({}, {}=-1).reshape(t.shape)", prefix(), turned,
                                numpy() ? "axis" : "dim"));
  }
  return lines;
}

std::vector<std::string> Dialect::uniform() const {
  return {
      "def uniform(seed, h, n, m):",
      "    head, query, key = np.indices((h, n, m), dtype=np.uint64)",
      "    c0, c1, c2, c3 = key, query, head, np.zeros_like(key)",
      "    k0, k1 = seed & 0xFFFFFFFF, seed >> 32",
      "    for _ in range(10):",
      "        p0, p1 = c0 * 0xD2511F53, c2 * 0xCD9E8D57",
      "        c0, c1 = (p1 >> 32) ^ c1 ^ k0, p1 & 0xFFFFFFFF",
      "        c2, c3 = (p0 >> 32) ^ c3 ^ k1, p0 & 0xFFFFFFFF",
      "        k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF",
      "    return c0 / 2**32",
  };
}

}  // namespace attn::code
