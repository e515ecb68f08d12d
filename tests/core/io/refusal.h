#pragma once
// What a bad scenario is answered with, for tables of bad scenarios.

#include <string>

#include "core/io/scenario.h"

namespace attn::test {

/// The line with which `json`, as the file "bad.json" in `folder`, is refused; "accepted" when it is not.
inline std::string refusal(const std::string& json, const std::string& folder = "/nowhere",
                           const io::ParseLimits& limits = {}) {
  try {
    io::parse_scenario_file(json, "bad.json", folder, limits);
    return "accepted";
  } catch (const io::FormatError& error) {
    return error.what();
  }
}

/// The part of the line after "bad.json: ".
inline std::string complaint(const std::string& json) {
  const std::string line = refusal(json);
  const std::string file = "bad.json: ";
  return line.starts_with(file) ? line.substr(file.size()) : line;
}

inline const std::string kHead = R"("format":"attention-scenario","version":1,)";
inline const std::string kTwoTokens = kHead + R"("tokens":["a","b"],"x":[[1,2],[3,4]])";

/// A scenario of two tokens and two columns with more fields.
inline std::string with(const std::string& fields) {
  return "{" + kTwoTokens + (fields.empty() ? "" : "," + fields) + "}";
}
inline std::string with_attention(const std::string& fields) {
  return with("\"attention\":{" + fields + "}");
}
inline std::string with_mask(const std::string& fields) {
  return with_attention("\"mask\":{" + fields + "}");
}
inline std::string with_weights(const std::string& fields) { return with("\"weights\":{" + fields + "}"); }
inline std::string with_x(const std::string& x) {
  return "{" + kHead + R"("tokens":["a","b"],"x":)" + x + "}";
}

}  // namespace attn::test
