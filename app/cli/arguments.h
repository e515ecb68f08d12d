#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/cli/options.h"

namespace attn::cli {

/// What parsing gave: options to act on, or a text to print and an exit code to end with.
struct Parsed {
  std::optional<Options> options;
  std::string text;  ///< help or version for standard output, or one line for standard error
  int exit_code = kSuccess;
};

/// `arguments` without the program's name. Never throws for what a person typed.
Parsed parse_arguments(const std::vector<std::string>& arguments);

}  // namespace attn::cli
