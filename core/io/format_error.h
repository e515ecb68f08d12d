#pragma once
#include <stdexcept>

namespace attn::io {

/// A file that cannot be used. what() is one line for people: "FILE: FIELD: expected …, found …", or
/// "FILE: line 3, column 14: expected …, found …" where the text is not JSON at all.
struct FormatError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace attn::io
