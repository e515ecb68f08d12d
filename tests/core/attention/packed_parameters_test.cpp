#include "core/attention/packed_parameters.h"

#include <algorithm>
#include <vector>

#include <doctest/doctest.h>

#include "tests/core/attention/random_input.h"

using namespace attn;

namespace {

constexpr std::size_t kRows = 70;  // more than a chunk
constexpr std::size_t kColumns = 36;

SharedMatrix numbers(test::Random& random) {
  Matrix values(kRows, kColumns);
  for (std::size_t i = 0; i < kRows; ++i)
    std::ranges::generate(values.row(i), [&] { return random.number(); });
  return SharedMatrix(values);
}

/// Column c of head h stands in panel c / 16 of that head.
bool holds(const float* panels, const SharedMatrix& w, std::size_t heads) {
  const std::size_t columns = kColumns / heads;
  const std::size_t size = kernel::panel_size(kRows, columns);
  for (std::size_t h = 0; h < heads; ++h) {
    for (std::size_t i = 0; i < kRows; ++i) {
      for (std::size_t c = 0; c < columns; ++c) {
        const std::size_t at =
            c / kernel::kPanel * kRows * kernel::kPanel + i * kernel::kPanel + c % kernel::kPanel;
        if (panels[h * size + at] != w(i, h * columns + c)) return false;
      }
    }
  }
  return true;
}

}  // namespace

TEST_CASE("packed parameters: four matrices are kept, the one that was not used for longest gives way") {
  if (kernel::table() == nullptr) return;
  test::Random random(7);
  PackedParameters packed;
  const auto panels = [&](const SharedMatrix& w, std::size_t heads) {
    return packed.panels(*kernel::table(), w, heads, false);
  };
  std::vector<SharedMatrix> w;
  for (int k = 0; k < 6; ++k) w.push_back(numbers(random));
  std::vector<const float*> first;
  for (std::size_t k = 0; k < 4; ++k) first.push_back(panels(w[k], 3));
  for (std::size_t k = 0; k < 4; ++k) {
    CHECK(panels(w[k], 3) == first[k]);
    CHECK(holds(first[k], w[k], 3));
  }
  CHECK(panels(w[4], 3) == first[0]);
  CHECK(holds(first[0], w[4], 3));
  CHECK(panels(w[1], 3) == first[1]);
  CHECK(panels(w[0], 3) == first[2]);
  CHECK(holds(first[2], w[0], 3));
}

TEST_CASE("packed parameters: another number or another number of heads is packed anew") {
  if (kernel::table() == nullptr) return;
  test::Random random(8);
  PackedParameters packed;
  const SharedMatrix w = numbers(random);
  const SharedMatrix changed = w.with_cell(69, 35, 77.0F);
  CHECK(holds(packed.panels(*kernel::table(), w, 1, false), w, 1));
  CHECK(holds(packed.panels(*kernel::table(), changed, 1, false), changed, 1));
  CHECK(holds(packed.panels(*kernel::table(), w, 2, true), w, 2));
  CHECK(holds(packed.panels(*kernel::table(), w, 1, false), w, 1));
}
