#include "app/lexicon/join_words.h"

#include "app/lexicon/lexicon.h"
#include "core/io/text.h"

namespace attn::lexicon {
namespace {

bool is_one_chinese_character(const std::string& token) {
  if (!io::is_utf8(token)) return false;
  const std::u32string text = io::decode_utf8(token);
  return text.size() == 1 && text[0] >= 0x3400 && text[0] <= 0x9FFF;
}

}  // namespace

std::vector<std::string> join_words(std::span<const std::string> tokens) {
  constexpr std::size_t kLongest = 6;
  std::vector<std::string> result;
  for (std::size_t i = 0; i < tokens.size();) {
    std::string longest = tokens[i];
    std::size_t taken = 1;
    std::string run;
    for (std::size_t n = 0; n < kLongest && i + n < tokens.size(); ++n) {
      if (!is_one_chinese_character(tokens[i + n])) break;
      run += tokens[i + n];
      if (n > 0 && builtin().find(run)) {
        longest = run;
        taken = n + 1;
      }
    }
    result.push_back(std::move(longest));
    i += taken;
  }
  return result;
}

}  // namespace attn::lexicon
