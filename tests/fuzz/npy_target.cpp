#include <string>

#include "core/io/format_error.h"
#include "core/io/npy.h"
#include "tests/fuzz/fuzz_target.h"

// Any bytes are a matrix, no larger than they are, or one line that says why not.
ATTN_FUZZ_TARGET(npy) {
  try {
    const attn::Matrix m = attn::io::read_npy_matrix(attn::fuzz::as_text(bytes), "fuzz.npy");
    attn::fuzz::promise(m.size() > 0, "the matrix is not empty");
    attn::fuzz::promise(m.size() * sizeof(float) <= bytes.size(), "the numbers were in the file");
  } catch (const attn::io::FormatError& error) {
    const std::string line = error.what();
    attn::fuzz::promise(line.starts_with("fuzz.npy: "), "the line names the file");
    attn::fuzz::promise(line.find_first_of("\r\n") == std::string::npos, "it is one line");
    attn::fuzz::promise(line.size() < 4000, "the line is short");
  }
}
