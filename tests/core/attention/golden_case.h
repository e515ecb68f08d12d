#pragma once
// Reads a reference case straight into engine types, for tests that must not depend on core/io.

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/attention/input.h"
#include "core/attention/matrix.h"

namespace attn::test {

/// An expected array, flat and row-major; null in the file is −∞.
struct ExpectedArray {
  std::vector<std::size_t> shape;
  std::vector<double> values;
};

struct GoldenCase {
  std::string name;
  Input input;
  std::map<std::string, ExpectedArray> expected;
  std::optional<Matrix> seed_gradient;
};

GoldenCase read_golden_case(const std::filesystem::path& file);
/// Every case in a folder of tests/golden ("forward", "gradients"), sorted by file name; never empty.
std::vector<GoldenCase> read_golden_cases(const std::string& folder);

}  // namespace attn::test
