#include <string>

#include "app/lexicon/lexicon.h"
#include "app/lexicon/n_grams.h"
#include "core/io/format_error.h"
#include "tests/fuzz/fuzz_target.h"

// Any bytes are a lexicon or one line that says why not; every spelling of one that was read finds its own
// line, every number is in its range, and n-grams give shares that sum to 1.
ATTN_FUZZ_TARGET(lexicon) {
  using namespace attn::lexicon;
  using attn::fuzz::promise;
  try {
    const Lexicon lexicon = Lexicon::parse(attn::fuzz::as_text(bytes), "fuzz.tsv");
    promise(!lexicon.entries().empty(), "there is a word");
    for (std::size_t i = 0; i < lexicon.entries().size(); ++i) {
      const Entry& entry = lexicon.entries()[i];
      promise(entry.values.size() == lexicon.features().size(), "a number a feature");
      for (std::size_t f = 0; f < entry.values.size(); ++f) {
        const Feature& feature = lexicon.features()[f];
        promise(entry.values[f] >= feature.low && entry.values[f] <= feature.high,
                "a number is in its range");
      }
      for (const auto* const list : {&entry.english, &entry.chinese}) {
        promise(!list->empty(), "both languages");
        for (const std::string& spelling : *list) {
          const auto found = lexicon.find(spelling);
          promise(found && found->entry == i, "a spelling finds its line");
        }
      }
    }
    const NGramIndex index(lexicon);
    for (const std::string_view word :
         {std::string_view("kingdom"), attn::fuzz::as_text(bytes).substr(0, 40)}) {
      double sum = 0.0;
      const auto parts = index.parts(word);
      for (const Part& part : parts) sum += part.share;
      promise(parts.empty() || (sum > 0.999 && sum < 1.001), "shares sum to 1");
      promise(index.mean(parts).size() == lexicon.features().size(), "a mean has a number a feature");
    }
  } catch (const attn::io::FormatError& error) {
    const std::string line = error.what();
    promise(line.starts_with("fuzz.tsv: "), "the line names the file");
    promise(line.find("expected ") != std::string::npos, "the line says what was expected");
    promise(line.find(", found ") != std::string::npos, "the line says what was found");
    promise(line.find_first_of("\r\n") == std::string::npos, "it is one line");
    promise(line.size() < 4000, "the line is short");
  }
}
