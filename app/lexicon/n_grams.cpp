#include "app/lexicon/n_grams.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/io/text.h"

namespace attn::lexicon {
namespace {

bool is_chinese(char32_t c) {
  return (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) ||
         (c >= 0x20000 && c <= 0x323AF);
}

float to_hundredths(double value) { return static_cast<float>(std::round(value * 100.0) / 100.0); }

}  // namespace

std::uint64_t fnv1a(std::string_view bytes) {
  std::uint64_t hash = 14695981039346656037U;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  return hash;
}

std::vector<NGram> n_grams_of(std::string_view word) {
  if (!io::is_utf8(word)) return {};
  std::u32string text = io::decode_utf8(folded(word));
  const bool chinese = std::ranges::any_of(text, is_chinese);
  if (!chinese) text = U"<" + text + U">";
  const std::size_t shortest = chinese ? 1 : 3;
  const std::size_t longest = chinese ? 3 : 6;
  std::vector<NGram> grams;
  for (std::size_t n = shortest; n <= longest; ++n) {
    for (std::size_t i = 0; i + n <= text.size(); ++i) {
      grams.push_back({fnv1a(io::encode_utf8(std::u32string_view(text).substr(i, n))), n});
    }
  }
  std::ranges::sort(grams, {}, &NGram::hash);
  const auto same = [](const NGram& a, const NGram& b) { return a.hash == b.hash; };
  grams.erase(std::unique(grams.begin(), grams.end(), same), grams.end());
  return grams;
}

double NGramIndex::weight_of(const NGram& g, std::size_t spellings) const {
  return static_cast<double>(g.length * g.length) / static_cast<double>(spellings);
}

NGramIndex::NGramIndex(const Lexicon& lexicon) : lexicon_(lexicon) {
  for (std::size_t i = 0; i < lexicon.entries().size(); ++i) {
    const Entry& entry = lexicon.entries()[i];
    for (const auto* const list : {&entry.english, &entry.chinese}) {
      for (const std::string& spelling : *list) {
        for (const NGram& g : n_grams_of(spelling)) having_[g.hash].push_back(spellings_.size());
        spellings_.push_back({spelling, i});
      }
    }
  }
  for (Spelling& spelling : spellings_) {
    for (const NGram& g : n_grams_of(spelling.text)) {
      spelling.weight += weight_of(g, having_.at(g.hash).size());
    }
  }
}

std::vector<Part> NGramIndex::parts(std::string_view word) const {
  std::map<std::size_t, double>
      shared;  // spelling → weight; ordered, so that sums and ties are always the same
  for (const NGram& g : n_grams_of(word)) {
    const auto found = having_.find(g.hash);
    if (found == having_.end()) continue;
    for (const std::size_t s : found->second) shared[s] += weight_of(g, found->second.size());
  }
  struct Candidate {
    std::size_t spelling;
    double likeness;
  };
  std::vector<Candidate> candidates;
  for (const auto& [s, weight] : shared) {
    const double part = weight / spellings_[s].weight;
    candidates.push_back({s, part * part});
  }
  std::ranges::stable_sort(candidates, std::ranges::greater{}, &Candidate::likeness);
  constexpr std::size_t kMost = 4;
  if (candidates.size() > kMost) candidates.resize(kMost);
  double sum = 0.0;
  for (const Candidate& c : candidates) sum += c.likeness;
  std::vector<Part> result;
  result.reserve(candidates.size());
  for (const Candidate& c : candidates) result.push_back({spellings_[c.spelling].text, c.likeness / sum});
  return result;
}

std::vector<float> NGramIndex::mean(const std::vector<Part>& parts) const {
  std::vector<double> sum(lexicon_.features().size(), 0.0);
  for (const Part& part : parts) {
    const auto found = lexicon_.find(part.spelling);
    if (!found) continue;  // a part of another lexicon
    const std::vector<float>& values = lexicon_.entries()[found->entry].values;
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += part.share * static_cast<double>(values[i]);
  }
  std::vector<float> result;
  result.reserve(sum.size());
  for (const double value : sum) result.push_back(to_hundredths(value));
  return result;
}

std::vector<float> small_vector(std::string_view word, std::size_t n_features) {
  std::uint64_t state = fnv1a(word);
  std::vector<float> result;
  for (std::size_t i = 0; i < n_features; ++i) {
    state += 0x9E3779B97F4A7C15U;
    std::uint64_t z = state;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    z ^= z >> 31U;
    const double unit = static_cast<double>(z >> 11U) * 0x1p-53;  // [0, 1)
    result.push_back(to_hundredths(0.2 * unit - 0.1));
  }
  return result;
}

}  // namespace attn::lexicon
