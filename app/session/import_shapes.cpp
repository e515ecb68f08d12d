#include "app/session/import_shapes.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/io/format_error.h"

namespace attn::session {
namespace {

using Shape = std::vector<std::size_t>;

[[noreturn]] void refuse(const FoundArray& array, const std::string& expected) {
  throw io::FormatError(
      fmt::format("{}: shape: expected {}, found {}", array.name, expected, shape_text(array.numbers.shape)));
}

/// Without dimensions of size 1, from the front, until `wanted` are left; only the first ones where `front`.
Shape squeezed(Shape shape, std::size_t wanted, bool front) {
  for (std::size_t d = 0; shape.size() > wanted && d < shape.size();) {
    if (shape[d] == 1) {
      shape.erase(shape.begin() + static_cast<std::ptrdiff_t>(d));
    } else if (front) {
      break;
    } else {
      ++d;
    }
  }
  return shape;
}

Matrix filled(const std::vector<float>& values, std::size_t rows, std::size_t columns,
              std::size_t first = 0) {
  Matrix m(rows, columns);
  std::copy_n(values.data() + first, rows * columns, m.data());
  return m;
}

}  // namespace

std::string shape_text(const Shape& shape) {
  return fmt::format("({}{})", fmt::join(shape, ", "), shape.size() == 1 ? "," : "");
}

Matrix as_matrix(const FoundArray& array, bool transposed) {
  const Shape shape = squeezed(array.numbers.shape, 2, false);
  if (shape.size() != 2) refuse(array, "a matrix, one sequence at a time");
  const Matrix m = filled(array.numbers.values, shape[0], shape[1]);
  return transposed ? transpose(m) : m;
}

Matrix as_row(const FoundArray& array) {
  const Shape shape = squeezed(array.numbers.shape, 1, false);
  if (shape.size() != 1) refuse(array, "one dimension");
  return filled(array.numbers.values, 1, shape[0]);
}

std::size_t as_count(const FoundArray& array) {
  const std::vector<float>& values = array.numbers.values;
  constexpr float kMost = 65536.0f;
  const bool fits =
      values.size() == 1 && values[0] >= 1.0f && values[0] <= kMost && values[0] == std::floor(values[0]);
  if (!fits) {
    throw io::FormatError(
        fmt::format("{}: expected one whole number of at least 1, found {}", array.name,
                    values.size() == 1 ? fmt::format("{}", values[0]) : shape_text(array.numbers.shape)));
  }
  return static_cast<std::size_t>(values[0]);
}

SideBySide as_heads(const FoundArray& array, std::optional<std::size_t> heads) {
  const std::vector<float>& values = array.numbers.values;
  const Shape shape = squeezed(array.numbers.shape, array.numbers.shape.size() > 3 ? 3 : 2, true);
  if (shape.size() == 2) {
    const std::size_t h = heads.value_or(1);
    if (shape[1] % h != 0) refuse(array, fmt::format("columns that {} heads divide", h));
    return {filled(values, shape[0], shape[1]), h, false};
  }
  if (shape.size() != 3) refuse(array, "(heads, n, d) or (n, heads·d)");
  const bool heads_second = heads && shape[0] != *heads && shape[1] == *heads;
  if (heads_second) return {filled(values, shape[0], shape[1] * shape[2]), shape[1], true};
  const std::size_t h = shape[0];
  const std::size_t n = shape[1];
  const std::size_t d = shape[2];
  SideBySide out{Matrix(n, h * d), h, false};
  for (std::size_t head = 0; head < h; ++head) {
    for (std::size_t i = 0; i < n; ++i)
      std::copy_n(values.data() + (head * n + i) * d, d, out.values.row(i).data() + head * d);
  }
  return out;
}

std::vector<Matrix> as_tables(const FoundArray& array) {
  Shape shape = squeezed(array.numbers.shape, 3, true);
  if (shape.size() == 2) shape.insert(shape.begin(), 1);
  if (shape.size() != 3) refuse(array, "(heads, n, m) or (n, m)");
  std::vector<Matrix> tables;
  for (std::size_t h = 0; h < shape[0]; ++h)
    tables.push_back(filled(array.numbers.values, shape[1], shape[2], h * shape[1] * shape[2]));
  return tables;
}

Matrix columns_of(const Matrix& m, std::size_t first, std::size_t count) {
  Matrix out(m.rows(), count);
  for (std::size_t i = 0; i < m.rows(); ++i) std::copy_n(m.row(i).data() + first, count, out.row(i).data());
  return out;
}

Matrix transpose(const Matrix& m) {
  Matrix out(m.columns(), m.rows());
  for (std::size_t i = 0; i < m.rows(); ++i) {
    for (std::size_t j = 0; j < m.columns(); ++j) out(j, i) = m(i, j);
  }
  return out;
}

Matrix beside(const Matrix& a, const Matrix& b) {
  Matrix out(a.rows(), a.columns() + b.columns());
  for (std::size_t i = 0; i < a.rows(); ++i) {
    std::copy_n(a.row(i).data(), a.columns(), out.row(i).data());
    std::copy_n(b.row(i).data(), b.columns(), out.row(i).data() + a.columns());
  }
  return out;
}

Matrix pick(std::size_t rows, std::size_t first, std::size_t count) {
  Matrix out(rows, count);
  for (std::size_t c = 0; c < count; ++c) out(first + c, c) = 1.0f;
  return out;
}

}  // namespace attn::session
