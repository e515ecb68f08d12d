// The kernels' own functions. Where the processor has no AVX2 there is nothing to test.

#include "core/kernel/kernels.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include "tests/core/attention/random_input.h"

using namespace attn;

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

double in_last_places(float found, double exact) {
  return std::abs(static_cast<double>(found) - exact) / std::ldexp(1.0, std::ilogb(exact) - 23);
}

/// Softmax of the visible run in float64; the others 0.
std::vector<double> softmax_exactly(const std::vector<float>& row, std::size_t first, std::size_t last,
                                    float factor) {
  std::vector<double> out(row.size(), 0.0);
  double most = -std::numeric_limits<double>::infinity();
  const auto score = [&](std::size_t j) { return static_cast<double>(row[j] * factor); };
  for (std::size_t j = first; j < last; ++j) most = std::max(most, score(j));
  if (std::isinf(most)) return out;
  double sum = 0;
  for (std::size_t j = first; j < last; ++j) sum += out[j] = std::exp(score(j) - most);
  for (double& value : out) value /= sum;
  return out;
}

}  // namespace

TEST_CASE("kernel: exp is within two units in the last place wherever its result is a normal number") {
  if (kernel::table() == nullptr) return;
  // Every 509th float from −0 to −87.33: 2.2 million.
  std::vector<float> in;
  for (std::uint32_t bits = 0x80000000U; bits <= std::bit_cast<std::uint32_t>(-87.33F); bits += 509)
    in.push_back(std::bit_cast<float>(bits));
  std::vector<float> out(in.size());
  kernel::table()->exponentials(in.data(), in.size(), out.data());
  double worst = 0;
  std::size_t at = 0;
  for (std::size_t k = 0; k < in.size(); ++k) {
    const double off = in_last_places(out[k], std::exp(static_cast<double>(in[k])));
    if (!(off <= worst)) worst = off, at = k;
  }
  CAPTURE(in[at]);
  CHECK(worst <= 2.0);
  CHECK(worst > 0.3);  // half a unit is what rounding alone takes: the measure works
}

TEST_CASE("kernel: exp is 1 at 0, and 0 where float32 has no normal number left") {
  if (kernel::table() == nullptr) return;
  const std::vector<float> in = {0.0F, -0.0F, -87.33F, -87.34F, -1e30F, -kInfinity};
  std::vector<float> out(in.size());
  kernel::table()->exponentials(in.data(), in.size(), out.data());
  CHECK(out[0] == 1.0F);
  CHECK(out[1] == 1.0F);
  CHECK(out[2] > 0.0F);
  CHECK(std::vector<float>(out.begin() + 3, out.end()) == std::vector<float>{0, 0, 0});
}

TEST_CASE(
    "kernel: softmax of any visible run agrees with float64, hidden cells are 0, the rest is left alone") {
  if (kernel::table() == nullptr) return;
  test::Random random(21);
  for (int k = 0; k < 400; ++k) {
    const std::size_t count = 1 + random.below(90);
    const std::size_t first = random.below(count + 1);
    const std::size_t last = first + random.below(count - first + 1);
    const float factor = random.coin() ? 0.125F : -1.5F;
    std::vector<float> row(count);
    for (float& value : row) value = random.below(9) == 0 && factor > 0 ? -kInfinity : 12 * random.number();
    const std::vector<double> exact = softmax_exactly(row, first, last, factor);
    row.insert(row.end(), {7, 7, 7, 7, 7, 7, 7, 7});
    const float share = kernel::table()->softmax({row.data(), count, first, last, factor});
    CAPTURE(k);
    for (std::size_t j = 0; j < count; ++j) {
      CAPTURE(j);
      CHECK(static_cast<double>(row[j] * share) == doctest::Approx(exact[j]).epsilon(2e-6));
      if (exact[j] == 0.0) CHECK(row[j] == 0.0F);
    }
    for (std::size_t j = count; j < row.size(); ++j) CHECK(row[j] == 7.0F);
  }
}

TEST_CASE("kernel: streaming scales and clears exactly the numbers it is given") {
  if (kernel::table() == nullptr) return;
  for (std::size_t start = 0; start < 9; ++start) {
    for (const std::size_t count : {0, 1, 7, 8, 9, 40, 47}) {
      std::vector<float> in(64);
      for (std::size_t k = 0; k < in.size(); ++k) in[k] = static_cast<float>(k + 1);
      std::vector<float> out(80, -1.0F);
      kernel::table()->stream(in.data(), count, 2.0F, out.data() + start);
      kernel::table()->stream_zeros(count, out.data() + start + count / 2);
      kernel::table()->end_streams();
      for (std::size_t k = 0; k < out.size(); ++k) {
        float expected = -1;
        if (k >= start && k < start + count) expected = static_cast<float>(2 * (k - start + 1));
        if (k >= start + count / 2 && k < start + count / 2 + count) expected = 0;
        CHECK(out[k] == expected);
      }
    }
  }
}

TEST_CASE(
    "kernel: the largest magnitude is found wherever it stands, and NaN and infinity are larger than any "
    "number") {
  if (kernel::table() == nullptr) return;
  for (std::size_t at = 0; at < 21; ++at) {
    std::vector<float> values(21, 0.5F);
    values[at] = -3;
    CHECK(kernel::table()->largest(values.data(), values.size()) == 3.0F);
    values[at] = -kInfinity;
    CHECK(kernel::table()->largest(values.data(), values.size()) == kInfinity);
    values[(at + 5) % 21] = std::numeric_limits<float>::quiet_NaN();
    CHECK(std::isnan(kernel::table()->largest(values.data(), values.size())));
  }
  CHECK(kernel::table()->largest(nullptr, 0) == 0.0F);
}
