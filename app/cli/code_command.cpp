#include <stdexcept>

#include <fmt/format.h>

#include "app/cli/commands.h"
#include "core/io/file.h"
#include "core/io/scenario.h"

namespace attn::cli {

int code(const CodeOptions& options, std::FILE* out,
         const std::function<std::string(const session::Message&)>& say) {
  if (!say && options.language != "en") {
    throw std::invalid_argument(
        fmt::format("--language: expected en in a build without translations, found {}", options.language));
  }
  const io::Scenario scenario = io::load_scenario(options.file);
  code::Options wanted;
  wanted.framework = options.framework;
  wanted.language = options.language;
  wanted.data_file = options.file.stem().string() + ".npz";
  if (say) wanted.say = say;
  const code::Listing listing = code::write_listing(scenario, wanted);
  if (options.output) {
    io::write_file(*options.output, listing.text());
  } else {
    fmt::print(out, "{}", listing.text());
  }
  if (listing.needs_data) {
    fmt::print(stderr, "It reads {0} beside it:  attentionscope trace {1} -o {0}\n", wanted.data_file,
               options.file.string());
  }
  return kSuccess;
}

}  // namespace attn::cli
