#pragma once
// The built-in examples with composed heads, as the program makes them.

#include <string>
#include <vector>

#include "core/io/scenario.h"

namespace attn::tests {

struct ComposedScenario {
  std::string name;  ///< of the file, without .json
  io::Scenario scenario;
};

std::vector<ComposedScenario> composed_scenarios();

}  // namespace attn::tests
