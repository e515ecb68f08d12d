#include <string>

#include "app/session/import.h"
#include "core/io/format_error.h"
#include "core/io/npz.h"
#include "tests/fuzz/fuzz_target.h"

// Any bytes are an archive of arrays that make a scenario which can be saved, or one line that says why not.
ATTN_FUZZ_TARGET(npz) {
  std::string line;
  try {
    attn::session::ImportOptions options;
    options.compare = false;
    const attn::session::Imported imported =
        attn::session::import_npz(attn::fuzz::as_text(bytes), "fuzz.npz", options);
    attn::validate(imported.scenario.input);
    const std::string written = attn::io::write_scenario(imported.scenario);
    const attn::io::Scenario again = attn::io::parse_scenario(written, "again.json", "/nowhere");
    attn::fuzz::promise(attn::io::write_scenario(again) == written, "written and read, it is the same");
    attn::fuzz::promise(!imported.notes.empty(), "what was understood is said");
    return;
  } catch (const attn::io::FormatError& error) {
    line = error.what();
  } catch (const std::invalid_argument& error) {
    line = error.what();
  }
  attn::fuzz::promise(line.find("expected ") != std::string::npos, "the line says what was expected");
  attn::fuzz::promise(line.find(", found ") != std::string::npos, "the line says what was found");
  attn::fuzz::promise(line.find_first_of("\r\n") == std::string::npos, "it is one line");
  attn::fuzz::promise(line.size() < 4000, "the line is short");
}
