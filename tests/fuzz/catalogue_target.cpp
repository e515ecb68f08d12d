#include <string>

#include "app/locale/catalogue.h"
#include "tests/fuzz/fuzz_target.h"

// Any bytes are a catalogue, no larger than they are, or one line that says why not; what was read is found
// again, and takes arguments whatever its braces look like.
ATTN_FUZZ_TARGET(catalogue) {
  try {
    const auto catalogue = attn::ui::Catalogue::from_mo("fuzz", attn::fuzz::as_text(bytes));
    std::size_t length = 0;
    for (const auto& [id, translation] : catalogue.messages()) {
      length += id.size() + translation.size();
      attn::fuzz::promise(!id.empty() && !translation.empty(), "a message has an id and a translation");
      attn::fuzz::promise(catalogue.tr(id) == translation, "a message is found");
      const attn::session::Message sentence{std::string(id), {"x1", "{0}"}};
      attn::fuzz::promise(
          catalogue.tr(sentence) == attn::session::substitute(translation, sentence.arguments),
          "a sentence is its translation with the arguments");
    }
    attn::fuzz::promise(length <= bytes.size(), "the texts were in the file");
  } catch (const attn::ui::CatalogueError& error) {
    const std::string line = error.what();
    attn::fuzz::promise(line.starts_with("fuzz.mo: "), "the line names the file");
    attn::fuzz::promise(line.find_first_of("\r\n") == std::string::npos, "it is one line");
    attn::fuzz::promise(line.size() < 4000, "the line is short");
  }
}
