#include "app/session/fuzzy.h"

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "core/io/text.h"

namespace attn::session {
namespace {

/// A byte at which a person sees a word begin. Chinese characters each count as one.
bool begins_word(const std::string& text, std::size_t i) {
  if (i == 0) return true;
  const auto byte = static_cast<unsigned char>(text[i]);
  if (byte >= 0xC0) return true;
  const char before = text[i - 1];
  return before == ' ' || before == '_' || before == '-' || before == '.' || before == '/' || before == ',';
}

}  // namespace

std::optional<double> fuzzy_match(std::string_view typed, std::string_view text) {
  const std::string in = io::lower_case(text);
  std::string wanted;
  for (const char c : io::lower_case(typed)) {
    if (c != ' ') wanted += c;
  }
  if (wanted.empty()) return 0.0;
  if (wanted.size() > in.size()) return std::nullopt;
  // best[j]: the best sum when the typed letters so far end at byte j.
  constexpr double kNone = -std::numeric_limits<double>::infinity();
  std::vector<double> best(in.size(), kNone);
  for (std::size_t t = 0; t < wanted.size(); ++t) {
    std::vector<double> next(in.size(), kNone);
    double any_before = t == 0 ? 0.0 : kNone;
    for (std::size_t j = 0; j < in.size(); ++j) {
      if (in[j] == wanted[t]) {
        const double own = begins_word(in, j) ? 3.0 : 1.0;
        const double apart = any_before == kNone ? kNone : any_before + own - (t == 0 ? 0.0 : 1.0);
        const double joined = t > 0 && j > 0 && best[j - 1] != kNone ? best[j - 1] + own + 2.0 : kNone;
        next[j] = std::max(apart, joined);
      }
      if (t > 0) any_before = std::max(any_before, best[j]);
    }
    best = std::move(next);
  }
  const double score = *std::ranges::max_element(best);
  if (score == kNone) return std::nullopt;
  return score - 0.01 * static_cast<double>(in.size());
}

}  // namespace attn::session
