#include "app/panels/words_toolbar.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "app/lexicon/join_words.h"
#include "app/lexicon/word_vector.h"
#include "app/session/sentence.h"
#include "app/widgets/controls.h"
#include "app/widgets/field_memory.h"
#include "core/io/scenario.h"
#include "core/io/text.h"

namespace attn::ui {
namespace {

constexpr WidgetId kSentence{PanelId::scenario, "sentence"};

const std::string& word_at(const Input& input, const WordPlace& place) {
  return (*session::tokens_of(input, place.side))[place.row];
}

/// Where the numbers of a word come from; nothing where x is not of the lexicon's features.
std::optional<lexicon::WordVector> origin(const session::Document& document, const WordPlace& place) {
  return lexicon::origin_of(word_at(document.input(), place), session::feature_names_of(document, place.side),
                            session::vectors_of(document.input(), place.side).row(place.row));
}

/// "king: from the lexicon"
std::string origin_text(const PanelContext& context, const std::string& word,
                        const lexicon::WordVector& vector) {
  std::string parts;
  for (const lexicon::Part& part : vector.parts) parts += (parts.empty() ? "" : ", ") + part.spelling;
  switch (vector.origin) {
    case lexicon::Origin::entry:
      return vector.parts.empty() || vector.parts[0].spelling == word
                 ? context.say("{word}: from the lexicon", fmt::arg("word", word))
                 : context.say("{word}: from the lexicon, as {entry}", fmt::arg("word", word),
                               fmt::arg("entry", parts));
    case lexicon::Origin::n_grams:
      return context.say("{word}: not in the lexicon, a mean of {words}", fmt::arg("word", word),
                         fmt::arg("words", parts));
    case lexicon::Origin::unknown:
      return context.say("{word}: not in the lexicon, small numbers of its own", fmt::arg("word", word));
    case lexicon::Origin::own:
      break;
  }
  return context.say("{word}: own numbers", fmt::arg("word", word));
}

/// The tokens of what is typed; Chinese words of the lexicon stay whole where the vectors are the lexicon's.
std::vector<std::string> tokens_of_sentence(const session::Document& document, TokenSide side,
                                            const std::string& typed) {
  if (!io::is_utf8(typed)) return {};
  std::vector<std::string> tokens = session::split_sentence(typed);
  if (session::is_cut_by_spaces(typed)) return tokens;
  if (!lexicon::columns_of(session::feature_names_of(document, side))) return tokens;
  return lexicon::join_words(tokens);
}

/// A field over the whole width; below it what the sentence would be cut into.
void draw_sentence(const session::Subject& subject, PanelContext& context, WordsMemory& memory,
                   Rect& content) {
  const Style& style = context.style;
  const TokenSide side = *memory.sentence;
  const auto edit = [&](const std::string& typed) -> session::Edit {
    return session::ReplaceTokens{side, tokens_of_sentence(subject.document, side, typed), {}};
  };
  LabelFieldOptions options;
  options.look = context.look(TextSize::body);
  const Rect line = content.cut_top(style.control_height(), style.px(4));
  options.editor = line;
  options.hint = context.tr("type or paste a sentence");
  options.problem = [&](const std::string& typed) -> std::optional<std::string> {
    const auto problem = session::problem_of(subject.document, edit(typed));
    if (!problem) return std::nullopt;
    return context.tr(*problem);
  };
  const std::string before = session::sentence_of(*session::tokens_of(subject.document.input(), side));
  const LabelFieldResult result = label_field(context, kSentence, line, before, options);
  if (result.commit) context.post(session::Apply{edit(*result.commit)});
  if (!result.editing || result.commit || result.cancelled || result.unchanged) memory.sentence.reset();
  if (!result.error.empty()) {
    content.min.y += field_error(context, content.min, content.width(), result.error) + style.px(8);
    return;
  }
  const std::string typed = context.memory.get<FieldMemory>().text.data();
  const std::vector<std::string> tokens = tokens_of_sentence(subject.document, side, typed);
  std::string shown =
      context.say("{count} words; Enter replaces all, Esc keeps them", fmt::arg("count", tokens.size()));
  constexpr std::size_t kShown = 24;
  if (!tokens.empty()) shown += "\n";
  for (std::size_t i = 0; i < std::min(tokens.size(), kShown); ++i) shown += (i > 0 ? " · " : "") + tokens[i];
  if (tokens.size() > kShown) shown += " …";
  content.min.y += context.text.draw_paragraph(*context.list, content.min,
                                               context.look(TextSize::body, context.colours().ink_muted),
                                               shown, content.width()) +
                   style.px(8);
}

void begin_sentence(PanelContext& context, const Input& input, WordsMemory& memory) {
  memory.adding.reset();
  memory.sentence = memory.current.side;
  // All of it is selected: what is pasted or typed takes its place.
  edit_text_field(context, kSentence, session::sentence_of(*session::tokens_of(input, memory.current.side)),
                  Caret::selects_all);
}

}  // namespace

void draw_words_toolbar(const session::Subject& subject, PanelContext& context, WordsMemory& memory,
                        Rect& content) {
  const Style& style = context.style;
  const Input& input = subject.document.input();
  const WordPlace current = memory.current;
  const std::string& word = word_at(input, current);
  const std::size_t count = session::tokens_of(input, current.side)->size();
  Rect line = content.cut_top(style.px(30), style.px(6));
  const float side = line.height();
  const auto tool = [&](const WidgetId& id, Icon icon, bool enabled, std::string_view words) {
    return icon_button(context, id, line.cut_left(side, style.px(4)), icon,
                       {.kind = ButtonKind::quiet, .enabled = enabled, .tooltip = words});
  };
  if (tool({PanelId::scenario, "add"}, Icon::plus, true,
           context.say("Add a word after {word}", fmt::arg("word", word))))
    begin_adding(context, memory, {current.side, current.row + 1});
  if (tool({PanelId::scenario, "remove"}, Icon::close, count > 1,
           context.say("Remove {word} (Delete)", fmt::arg("word", word))))
    remove_word(context, memory, current);
  if (tool({PanelId::scenario, "up"}, Icon::up, current.row > 0,
           context.say("Move {word} up (Alt+↑)", fmt::arg("word", word))))
    move_word(context, memory, current, -1);
  if (tool({PanelId::scenario, "down"}, Icon::down, current.row + 1 < count,
           context.say("Move {word} down (Alt+↓)", fmt::arg("word", word))))
    move_word(context, memory, current, 1);
  if (tool({PanelId::scenario, "paste"}, Icon::paste, true, context.tr("Replace all words by a sentence")))
    begin_sentence(context, input, memory);
  const bool named = subject.document.scenario().feature_names != nullptr;
  if (tool({PanelId::scenario, "names"}, Icon::tag, !named, context.tr("Name the features")))
    memory.names = !memory.names;
  const auto from = origin(subject.document, current);
  if (from) {
    const bool own = from->origin == lexicon::Origin::own;
    if (tool({PanelId::scenario, "lexicon"}, Icon::book, own,
             context.say("Give {word} the lexicon's vector", fmt::arg("word", word)))) {
      const auto row = session::vectors_of(input, current.side).row(current.row);
      if (auto vector =
              lexicon::vector_for_word(word, session::feature_names_of(subject.document, current.side), row))
        context.post(
            session::Apply{session::SetToken{current.side, current.row, word, std::move(vector->values)}});
    }
  }
  if (memory.sentence && (*memory.sentence == TokenSide::queries || input.source)) {
    draw_sentence(subject, context, memory, content);
  } else if (from) {
    context.text.draw_in(*context.list, content.cut_top(style.px(26), style.px(4)),
                         context.look(TextSize::body, context.colours().ink_muted),
                         origin_text(context, word, *from));
  }
}

}  // namespace attn::ui
