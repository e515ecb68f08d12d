// Products in float32 against float64, for every form, shape and stride that the kernels treat apart.

#include <cmath>
#include <cstddef>
#include <vector>

#include <doctest/doctest.h>

#include "core/attention/ops.h"
#include "core/kernel/kernels.h"
#include "tests/core/attention/random_input.h"

using namespace attn;

namespace {

enum class Form { plain, second_transposed, first_transposed };

struct Shape {
  std::size_t rows, inner, columns;
};

/// A matrix inside a larger one: rows lie further apart than they are wide.
template <class T>
struct Strided {
  Strided(std::size_t rows, std::size_t columns, std::size_t gap)
      : values(rows * (columns + gap) + 8, T{0}), inside{values.data() + 3, rows, columns, columns + gap} {}
  std::vector<T> values;
  MatrixView<T> inside;
};

template <class T>
void run(Form form, MatrixView<const T> a, MatrixView<const T> b, MatrixView<T> out) {
  if (form == Form::plain) return multiply<T>(a, b, out);
  if (form == Form::second_transposed) return multiply_transposed<T>(a, b, out);
  transposed_multiply<T>(a, b, out);
}

struct Operands {
  Strided<float> a, b;
  Strided<double> a_exact, b_exact;
};

Operands operands(Form form, const Shape& s, test::Random& random) {
  const bool a_flipped = form == Form::first_transposed;
  const bool b_flipped = form == Form::second_transposed;
  const std::size_t gap = random.below(4);
  const std::size_t a_rows = a_flipped ? s.inner : s.rows, a_columns = a_flipped ? s.rows : s.inner;
  const std::size_t b_rows = b_flipped ? s.columns : s.inner, b_columns = b_flipped ? s.inner : s.columns;
  Operands all{
      {a_rows, a_columns, gap}, {b_rows, b_columns, gap}, {a_rows, a_columns, gap}, {b_rows, b_columns, gap}};
  for (auto [from, to] : {std::pair{&all.a, &all.a_exact}, std::pair{&all.b, &all.b_exact}}) {
    for (std::size_t k = 0; k < from->values.size(); ++k) {
      from->values[k] = static_cast<float>(std::ldexp(static_cast<double>(random.next() >> 40U), -23)) - 1.0F;
      to->values[k] = static_cast<double>(from->values[k]);
    }
  }
  return all;
}

/// Every cell within γ(inner + 1) · Σ|a||b|, and nothing written beside the cells.
void check_product(Form form, const Shape& s, test::Random& random) {
  constexpr float kGuard = 1234.5F;
  CAPTURE(static_cast<int>(form));
  CAPTURE(s.rows);
  CAPTURE(s.inner);
  CAPTURE(s.columns);
  Operands all = operands(form, s, random);
  Strided<float> out(s.rows, s.columns, random.below(3));
  for (float& value : out.values) value = kGuard;
  run<float>(form, all.a.inside, all.b.inside, out.inside);
  Strided<double> exact(s.rows, s.columns, 0);
  run<double>(form, all.a_exact.inside, all.b_exact.inside, exact.inside);
  for (auto* m : {&all.a_exact, &all.b_exact})
    for (double& value : m->values) value = std::abs(value);
  Strided<double> most(s.rows, s.columns, 0);
  run<double>(form, all.a_exact.inside, all.b_exact.inside, most.inside);
  std::size_t outside = out.values.size() - s.rows * s.columns;
  const double gamma = static_cast<double>(s.inner + 1) * 0x1p-24;
  double worst = 0;
  for (std::size_t i = 0; i < s.rows; ++i) {
    for (std::size_t j = 0; j < s.columns; ++j) {
      const double error = std::abs(static_cast<double>(out.inside(i, j)) - exact.inside(i, j));
      const double ratio = error / (gamma * most.inside(i, j) + 1e-37);
      if (!(ratio <= worst)) worst = ratio;
    }
  }
  CHECK(worst <= 1.0);
  for (const float value : out.values) outside -= value == kGuard ? 1 : 0;
  CHECK(outside == 0);
}

const std::vector<Form> kForms = {Form::plain, Form::second_transposed, Form::first_transposed};
/// Around the tile of 6 × 16, the block of 256 inner indices and the block of 96 rows; small and large alike.
const std::vector<Shape> kShapes = {
    {1, 1, 1},     {1, 7, 1},      {5, 3, 17},    {6, 16, 16},   {7, 8, 15},    {13, 33, 31},
    {12, 64, 48},  {64, 64, 64},   {65, 64, 64},  {97, 255, 17}, {96, 256, 16}, {100, 257, 33},
    {1, 600, 700}, {11, 512, 130}, {191, 65, 50}, {40, 1, 8000}, {301, 40, 23}, {3, 64, 64}};

}  // namespace

TEST_CASE(
    "product: every form and shape agrees with float64 within the bound, and writes nothing beside its "
    "cells") {
  test::Random random(11);
  for (const Form form : kForms)
    for (const Shape& shape : kShapes) check_product(form, shape, random);
  for (int k = 0; k < 60; ++k) {
    const Shape shape{1 + random.below(120), 1 + random.below(300), 1 + random.below(70)};
    check_product(kForms[random.below(3)], shape, random);
  }
}

TEST_CASE("product: without AVX2 plain loops and Eigen keep the same bound") {
  const kernel::WithoutTable without;
  REQUIRE(kernel::table() == nullptr);
  test::Random random(12);
  for (const Form form : kForms)
    for (const Shape& shape : kShapes) check_product(form, shape, random);
}

TEST_CASE("product: what a person may look at has the same bits with AVX2 and without") {
  test::Random random(13);
  for (int k = 0; k < 90; ++k) {
    const Shape s{1 + random.below(64), 1 + random.below(64), 1 + random.below(64)};
    const Form form = kForms[static_cast<std::size_t>(k) % 3];
    const Operands all = operands(form, s, random);
    Strided<float> with(s.rows, s.columns, 0);
    Strided<float> without(s.rows, s.columns, 0);
    run<float>(form, all.a.inside, all.b.inside, with.inside);
    const kernel::WithoutTable as_if;
    run<float>(form, all.a.inside, all.b.inside, without.inside);
    CHECK(with.values == without.values);
  }
}

TEST_CASE("product: a row has the same bits whichever rows are computed with it") {
  test::Random random(14);
  const Shape s{230, 300, 70};
  for (const Form form : {Form::plain, Form::second_transposed}) {
    const Operands all = operands(form, s, random);
    Strided<float> whole(s.rows, s.columns, 0);
    run<float>(form, all.a.inside, all.b.inside, whole.inside);
    for (const std::size_t first : {std::size_t{0}, std::size_t{7}, std::size_t{95}, std::size_t{100}}) {
      Strided<float> part(s.rows - first, s.columns, 0);
      run<float>(form, all.a.inside.block(first, 0, s.rows - first, s.inner), all.b.inside, part.inside);
      std::size_t different = 0;
      for (std::size_t i = first; i < s.rows; ++i)
        for (std::size_t j = 0; j < s.columns; ++j)
          different += part.inside(i - first, j) != whole.inside(i, j) ? 1 : 0;
      CHECK(different == 0);
    }
  }
}
