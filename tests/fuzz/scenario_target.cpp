#include <string>

#include "core/io/scenario.h"
#include "tests/fuzz/fuzz_target.h"

// Any bytes are a scenario or one line that says why not; a scenario that was read is written in a form
// that reads back to itself.
ATTN_FUZZ_TARGET(scenario) {
  attn::io::ParseLimits limits;
  limits.memory_bytes = std::uint64_t{1} << 26U;
  attn::io::Scenario scenario;
  try {
    scenario = attn::io::parse_scenario(attn::fuzz::as_text(bytes), "fuzz.json", "/nowhere", limits);
  } catch (const attn::io::FormatError& error) {
    const std::string line = error.what();
    attn::fuzz::promise(line.starts_with("fuzz.json: "), "the line names the file");
    attn::fuzz::promise(line.find("expected ") != std::string::npos, "the line says what was expected");
    attn::fuzz::promise(line.find(", found ") != std::string::npos, "the line says what was found");
    attn::fuzz::promise(line.find_first_of("\r\n") == std::string::npos, "it is one line");
    attn::fuzz::promise(line.size() < 4000, "the line is short");
    return;
  }
  const std::string written = attn::io::write_scenario(scenario);
  const attn::io::Scenario again = attn::io::parse_scenario(written, "again.json", "/nowhere", limits);
  attn::fuzz::promise(attn::io::write_scenario(again) == written, "written and read, it is the same");
}
