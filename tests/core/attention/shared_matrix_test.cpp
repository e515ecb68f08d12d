#include "core/attention/shared_matrix.h"

#include <vector>

#include <doctest/doctest.h>

using attn::Matrix;
using attn::SharedMatrix;

namespace {

SharedMatrix counting(std::size_t rows, std::size_t columns) {
  Matrix values(rows, columns);
  for (std::size_t i = 0; i < rows * columns; ++i) values.data()[i] = static_cast<float>(i);
  return SharedMatrix(values);
}

}  // namespace

TEST_CASE("a shared matrix gives back the numbers it was made of") {
  const SharedMatrix m = counting(130, 3);
  CHECK(m.rows() == 130);
  CHECK(m(0, 0) == 0.0f);
  CHECK(m(129, 2) == 389.0f);
  CHECK(SharedMatrix(m.dense()).dense() == m.dense());
}

TEST_CASE("replacing a row copies one chunk and shares the others") {
  const SharedMatrix before = counting(130, 3);
  const std::vector<float> row = {7, 8, 9};
  const SharedMatrix after = before.with_row(70, row);
  CHECK(before(70, 0) == 210.0f);
  CHECK(after(70, 0) == 7.0f);
  CHECK(after.shares_row(before, 0));
  CHECK_FALSE(after.shares_row(before, 70));
  CHECK(after.shares_row(before, 128));
  CHECK(after.bytes_not_shared_with(before) == 64 * 3 * sizeof(float));
  CHECK(after.changed_rows(before) == std::vector<std::size_t>{70});
  CHECK_FALSE(after.same_as(before));
  CHECK(before.same_as(SharedMatrix(before)));
}

TEST_CASE("equal values need not be shared") {
  const SharedMatrix a = counting(5, 2);
  const SharedMatrix b = counting(5, 2);
  CHECK_FALSE(a.same_as(b));
  CHECK(equal_values(a, b));
  CHECK_FALSE(equal_values(a, b.with_cell(4, 1, -1.0f)));
  CHECK_FALSE(equal_values(a, counting(5, 3)));
}

TEST_CASE("rows and cells outside a shared matrix are refused") {
  const SharedMatrix m = counting(2, 2);
  const std::vector<float> pair = {1, 2};
  const std::vector<float> triple = {1, 2, 3};
  CHECK_THROWS_AS(m.with_row(2, pair), std::out_of_range);
  CHECK_THROWS_AS(m.with_row(0, triple), std::invalid_argument);
  CHECK_THROWS_AS(m.with_cell(0, 2, 1.0f), std::out_of_range);
  CHECK_THROWS_AS(m.changed_rows(counting(3, 2)), std::invalid_argument);
}
