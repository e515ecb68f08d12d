#include "tests/app/session/composed_scenarios.h"

#include "app/session/edit.h"
#include "app/session/feature_columns.h"
#include "tests/app/session/documents.h"

namespace attn::tests {
namespace {

using namespace session;
using Words = std::vector<std::string>;

io::LocalisedText in_both(std::string english, std::string chinese) {
  io::LocalisedText text;
  text.by_language = {{"en", std::move(english)}, {"zh", std::move(chinese)}};
  return text;
}

io::Scenario named(const Document& document, io::LocalisedText title, io::LocalisedText description,
                   CellRef selection) {
  io::Scenario scenario = document.scenario();
  scenario.title = std::move(title);
  scenario.description = std::move(description);
  View view;
  view.selection = selection;
  view.head = selection.head;
  view.stage = selection.stage;
  view.scenario_tab = ScenarioTab::heads;
  view.head_composer = true;
  scenario.view_json = to_json(view);
  return scenario;
}

Wish wish_for(Wish::Kind kind) {
  Wish wish;
  wish.kind = kind;
  return wish;
}

Document example(const Words& words, const char* language, bool composed) {
  return apply(three_word_document(), MakeExample{words, language, composed});
}

/// Eight words that are nothing but places: x is 0, the sinusoids are all there is.
Document sinusoids() {
  io::Scenario scenario;
  scenario.input.tokens = std::make_shared<const Words>(Words{"a", "b", "c", "d", "e", "f", "g", "h"});
  scenario.input.x = SharedMatrix(Matrix(8, 12));
  scenario.input.config.heads = 3;
  scenario.input.config.position = Position::sinusoidal;
  scenario.input.config.scale.kind = Scale::Kind::sqrt_dk;
  Document document(std::move(scenario));
  for (const Wish::Kind kind : {Wish::Kind::previous, Wish::Kind::first, Wish::Kind::same}) {
    document = apply(document, ComposeHead{static_cast<std::size_t>(kind), wish_for(kind), 8.0, false});
  }
  return document;
}

Document after_the_same_word() {
  Document document = example({"king", "loves", "bread", "and", "king", "loves"}, "en", false);
  document = apply(document, SetCausal{true});
  document = apply(document, ComposeHead{0, wish_for(Wish::Kind::match), 12.0, true});
  return apply(document, ComposeCopy{0, std::nullopt, false});
}

}  // namespace

std::vector<ComposedScenario> composed_scenarios() {
  const char* const heads_en =
      " Head 1 looks at the previous word, head 2 at the first one, head 3 lets a pronoun look for a living "
      "thing, head 4 lets an action look for one. The vectors are the lexicon's, #1, #2 … are positions.";
  const char* const heads_zh =
      "头 1 看前一个词，头 2 看第一个词，头 3 让代词去找有生命的东西，头 4 "
      "让动作去找有生命的东西。向量来自词典，#1、#2 …… 是位置。";
  return {
      {"pronoun_en",
       named(
           example({"The", "animal", "did", "not", "cross", "the", "street", "because", "it", "was", "too",
                    "tired"},
                   "en", true),
           in_both("Four heads: the pronoun finds the animal", "四个头：代词找到动物（英文）"),
           in_both(
               std::string("“It” finds the animal, not the street, because the head asks for what lives.") +
                   heads_en,
               std::string("“it” 找到的是 animal 而不是 street，因为这个头找的是有生命的东西。") + heads_zh),
           {Stage::weights, 2, 8, 1})},
      {"pronoun_zh",
       named(
           example({"动物", "没有", "穿过", "马路", "，", "因为", "它", "太", "累", "了"}, "zh", true),
           in_both("Four heads: the pronoun, in Chinese", "四个头：代词找到动物"),
           in_both(std::string("“它” (it) finds 动物 (the animal), not 马路 (the street).") + heads_en,
                   std::string("“它”找到的是“动物”而不是“马路”，因为这个头找的是有生命的东西。") + heads_zh),
           {Stage::weights, 2, 6, 0})},
      {"sinusoidal_heads",
       named(sinusoids(),
             in_both("Previous, first, same: from sinusoids alone", "只靠正弦位置：前一个、第一个、自己"),
             in_both("Every word is 0 and only its position is left. Head 1 turns the sinusoids back by one "
                     "step, so "
                     "that it looks at the previous word; head 2 looks at the first one, head 3 at the word "
                     "itself.",
                     "每个词都是 0，只剩下位置。头 1 把正弦往回转一步，因此看向前一个词；头 2 看第一个词；头 "
                     "3 看自己。"),
             {Stage::weights, 0, 4, 3})},
      {"after_the_same_word",
       named(
           after_the_same_word(),
           in_both("What came next last time? Composed", "上一次后面是什么？组合出的头"),
           in_both("The head is made from a wish: change the wish in the heads' tab, or the sentence, and "
                   "its parameters follow. The second “loves” looks at “bread”, which came after the first. "
                   "One layer can do that only "
                   "because "
                   "every word carries the word before it (the features with ←); in large models an earlier "
                   "layer "
                   "puts it there.",
                   "这个头由一个愿望组成：在“注意力头”页里改愿望，或改句子，参数会跟着变。第二个 “loves” "
                   "看向第一个 “loves” 后面的 “bread”。一层能做到，只因为每个词都带着前一个词（带 "
                   "← "
                   "的特征）；在大模型里由更前面的一层来放。"),
           {Stage::weights, 0, 5, 2})},
  };
}

}  // namespace attn::tests
