#pragma once
// A fuzz target is one function that takes any bytes and must neither crash nor break its promises.
// libFuzzer calls it with bytes of its own making; the normal tests call it with every file of
// corpus/NAME. README.md says how to add one.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace attn::fuzz {

using Function = void (*)(std::span<const std::uint8_t> bytes);

struct Target {
  std::string_view name;
  Function run;
};

/// All targets that are linked into this program.
inline std::vector<Target>& targets() {
  static std::vector<Target> list;
  return list;
}

struct Registration {
  Registration(std::string_view name, Function run) { targets().push_back({name, run}); }
};

/// Stops the program: a broken promise is a finding like a crash.
void promise(bool kept, const char* what);

inline std::string_view as_text(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace attn::fuzz

/// ATTN_FUZZ_TARGET(scenario) { … } defines the target of that name; `bytes` is what to try.
#define ATTN_FUZZ_TARGET(NAME)                                                   \
  static void fuzz_##NAME(std::span<const std::uint8_t> bytes);                  \
  static const attn::fuzz::Registration registration_##NAME{#NAME, fuzz_##NAME}; \
  static void fuzz_##NAME(std::span<const std::uint8_t> bytes)
