#include <fmt/format.h>

#include "app/cli/commands.h"
#include "app/session/import.h"

namespace attn::cli {

int import_arrays(const ImportOptions& options, std::FILE* out) {
  const session::Imported imported =
      session::import_files(options.files, {.heads = options.heads, .open = std::nullopt});
  io::save_scenario(options.output, imported.scenario);
  for (const session::Message& note : imported.notes) fmt::print(out, "{}\n", english(note));
  return kSuccess;
}

}  // namespace attn::cli
