// A forward pass that is repeated with the same shapes asks for no memory: neither an allocation nor a page
// that the system has to bring. A program of its own, since it counts what the whole program allocates.

#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <limits>
#include <memory>
#include <new>

#include <doctest/doctest.h>

#include "core/attention/attention.h"
#include "core/kernel/pool.h"
#include "tests/support/inputs.h"

namespace {

std::atomic<std::size_t> allocations{0};

void* counted(std::size_t bytes, std::size_t alignment) {
  ++allocations;
  const std::size_t whole = (std::max<std::size_t>(bytes, 1) + alignment - 1) / alignment * alignment;
  void* memory = std::aligned_alloc(alignment, whole);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

void* operator new(std::size_t bytes) { return counted(bytes, alignof(std::max_align_t)); }
void* operator new(std::size_t bytes, std::align_val_t alignment) {
  return counted(bytes, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

using namespace attn;

namespace {

struct Cost {
  std::size_t allocations = std::numeric_limits<std::size_t>::max();
  long page_faults = std::numeric_limits<long>::max();
};

long page_faults() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_minflt + usage.ru_majflt;
}

/// The least that one of several repetitions costs: the system may move a page at any time.
Cost cost_of_repeating(const Input& input, Arrays<float>& arrays) {
  const Dimensions d = validate(input);
  Cost least;
  for (int k = 0; k < 6; ++k) {
    const std::size_t allocated = allocations;
    const long faults = page_faults();
    forward<float>(input, d, arrays);
    least.page_faults = std::min(least.page_faults, page_faults() - faults);
    least.allocations = std::min<std::size_t>(least.allocations, allocations - allocated);
  }
  return least;
}

struct Size {
  std::size_t n, d, heads;
};

}  // namespace

TEST_CASE("arena: a pass over more words brings pages, and what is allocated is counted") {
  Arrays<float> arrays;
  const Input input = tests::random_input(90, 80, 2, 1);
  const Dimensions d = validate(input);
  forward<float>(input, d, arrays);
  const long faults = page_faults();
  const Input longer = tests::random_input(900, 80, 2, 1);
  const std::size_t before = allocations;
  forward<float>(longer, validate(longer), arrays);
  CHECK(page_faults() > faults);
  CHECK(arrays.bytes() >= 4 * 900 * 900 * 2 * sizeof(float));
  const std::unique_ptr<int> one = std::make_unique<int>(1);
  CHECK(allocations > before);
}

TEST_CASE("arena: a repeated forward pass allocates nothing and brings no page, small or large") {
  const kernel::ThreadLimit limit(1);
  for (const Size& size :
       {Size{3, 64, 1}, Size{12, 128, 4}, Size{40, 96, 2}, Size{90, 128, 2}, Size{300, 64, 1}}) {
    for (const bool causal : {false, true}) {
      CAPTURE(size.n);
      CAPTURE(causal);
      Input input = tests::random_input(size.n, size.d, size.heads, 1);
      input.config.mask.causal = causal;
      input.config.scale.kind = Scale::Kind::sqrt_dk;
      Arrays<float> arrays;
      const Cost cost = cost_of_repeating(input, arrays);
      CHECK(cost.allocations == 0);
      CHECK(cost.page_faults == 0);
    }
  }
}

TEST_CASE("arena: inputs of two sizes in turn share it") {
  const kernel::ThreadLimit limit(1);
  const Input large = tests::random_input(200, 64, 1, 1);
  const Input small = tests::random_input(100, 64, 1, 1);
  Arrays<float> arrays;
  cost_of_repeating(large, arrays);
  const std::size_t before = allocations;
  forward<float>(small, validate(small), arrays);
  forward<float>(large, validate(large), arrays);
  CHECK(allocations == before);
}

TEST_CASE("arena: a second thread brings memory of its own once") {
  const kernel::ThreadLimit limit(2);
  const Input input = tests::random_input(1030, 512, 4, 8);  // large enough to be shared
  Arrays<float> arrays;
  cost_of_repeating(input, arrays);
  const Cost cost = cost_of_repeating(input, arrays);
  CHECK(cost.allocations == 0);
  CHECK(cost.page_faults == 0);
}
