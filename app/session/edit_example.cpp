// An example made from words of the lexicon.

#include <algorithm>
#include <memory>

#include "app/lexicon/word_vector.h"
#include "app/session/edit.h"
#include "app/session/feature_columns.h"
#include "core/io/scenario.h"

namespace attn::session {
namespace {

constexpr std::size_t kTitleBytes = 120;

/// The words as a sentence: Chinese without spaces between them, and none before a mark.
std::string sentence_of(const std::vector<std::string>& tokens) {
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  const auto is_mark = [](const std::string& token) {
    return token == "." || token == "," || token == "!" || token == "?" || token == ";" || token == ":";
  };
  std::string sentence;
  for (const std::string& token : tokens) {
    const bool apart = !sentence.empty() && is_ascii(sentence.back()) && is_ascii(token.front());
    if (apart && !is_mark(token)) sentence += ' ';
    if (sentence.size() + token.size() > kTitleBytes) return sentence + "…";
    sentence += token;
  }
  return sentence;
}

std::size_t column_of(const std::vector<std::string>& names, std::string_view english) {
  const auto all = lexicon::builtin().features();
  const auto feature = std::ranges::find(all, english, &lexicon::Feature::english);
  const auto at = std::ranges::find_if(
      names, [&](const std::string& name) { return name == feature->english || name == feature->chinese; });
  return static_cast<std::size_t>(at - names.begin());
}

/// Four heads of four columns that copy everything; their outputs are added.
Document with_four_heads(const Document& bare) {
  constexpr std::size_t kHeads = 4;
  constexpr std::size_t kColumns = 4;
  Document document = with_position_columns(bare);
  const std::vector<std::string>& names = *document.scenario().feature_names;
  const std::size_t d_model = names.size();
  const std::size_t d_v = bare.dimensions().d_model;
  Input input = document.input();
  input.config.heads = kHeads;
  input.parameters[ParameterId::w_q] = SharedMatrix(Matrix(d_model, kHeads * kColumns));
  input.parameters[ParameterId::w_k] = SharedMatrix(Matrix(d_model, kHeads * kColumns));
  input.parameters[ParameterId::w_v] = SharedMatrix(Matrix(d_model, kHeads * d_v));
  input.parameters[ParameterId::w_o] = SharedMatrix(Matrix(kHeads * d_v, d_v));
  document = document.with_input(std::move(input));
  const auto feature = [&](std::string_view query, std::string_view key) {
    Wish wish;
    wish.kind = Wish::Kind::feature;
    wish.query_feature = column_of(names, query);
    wish.key_feature = column_of(names, key);
    return wish;
  };
  Wish previous;
  Wish first;
  first.kind = Wish::Kind::first;
  const std::vector<Wish> wishes = {previous, first, feature("pronoun", "living"),
                                    feature("action", "living")};
  for (std::size_t head = 0; head < kHeads; ++head) {
    document = changed(document, ComposeHead{head, wishes[head], kComposedStrength, false});
    document = changed(document, ComposeCopy{head, std::nullopt, false});
  }
  return document;
}

}  // namespace

Document changed(const Document&, const MakeExample& edit) {
  if (edit.tokens.empty()) throw EditRefused(message("At least one word is needed"));
  io::Scenario scenario;
  const std::vector<std::string> names = lexicon::feature_names(edit.language);
  if (std::ranges::any_of(edit.tokens, &std::string::empty))
    throw EditRefused(message("A word needs at least one character"));
  const std::vector<lexicon::WordVector> meanings = lexicon::meanings_of(edit.tokens);
  Matrix x(edit.tokens.size(), names.size());
  for (std::size_t i = 0; i < meanings.size(); ++i) std::ranges::copy(meanings[i].values, x.row(i).begin());
  scenario.title = io::LocalisedText::plain(sentence_of(edit.tokens));
  scenario.feature_names = std::make_shared<const std::vector<std::string>>(names);
  scenario.input.tokens = std::make_shared<const std::vector<std::string>>(edit.tokens);
  scenario.input.x = SharedMatrix(x);
  scenario.input.config.scale.kind = Scale::Kind::sqrt_dk;
  const Document bare(std::move(scenario));
  return edit.composed_heads ? with_four_heads(bare) : bare;
}

Message label_of(const MakeExample&) { return message("Make an example from words"); }

}  // namespace attn::session
