#include "core/attention/philox.h"

#include <cmath>
#include <cstdint>

#include <doctest/doctest.h>

using namespace attn;

namespace {

using Words = std::array<std::uint32_t, 4>;

}  // namespace

TEST_CASE("philox: the known answers that its authors publish") {
  CHECK(philox(0, {0, 0, 0, 0}) == Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  constexpr std::uint32_t kOnes = 0xffffffff;
  CHECK(philox(0xffffffffffffffff, {kOnes, kOnes, kOnes, kOnes}) ==
        Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox(0x299f31d0a4093822, {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}) ==
        Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("philox_normal is the Box-Muller formula of the first two words") {
  // u0 = 0x6627e8d5 · 2⁻³² = 0.399046471, u1 = 0xe169c58d · 2⁻³² = 0.880520198:
  // √(−2 ln 0.399046471) = √1.837354802 = 1.355490613; cos(2π · 0.880520198) = 0.731202172.
  CHECK(philox_normal(0, {0, 0, 0, 0}) == doctest::Approx(0.991137680).epsilon(1e-8));
}

TEST_CASE("philox_normal has mean 0 and standard deviation 1, and a fifth of a percent beyond 3") {
  constexpr std::uint32_t kCount = 100000;
  double sum = 0.0;
  double squares = 0.0;
  int far = 0;
  for (std::uint32_t i = 0; i < kCount; ++i) {
    const double z = philox_normal(7, {i, 0, 0, 1});
    sum += z;
    squares += z * z;
    if (std::abs(z) > 3.0) ++far;
    REQUIRE(std::abs(z) < 6.8);
  }
  // Four standard errors: 4/√n of the mean, 4·√(2/n) of the variance.
  CHECK(std::abs(sum / kCount) < 0.0127);
  CHECK(std::abs(squares / kCount - 1.0) < 0.0179);
  CHECK(far > 200);  // 0.27 % are expected
  CHECK(far < 340);
}
