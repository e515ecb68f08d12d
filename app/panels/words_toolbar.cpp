#include "app/panels/words_toolbar.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <variant>
#include <vector>

#include "app/lexicon/word_vector.h"
#include "app/panels/sentence_preview.h"
#include "app/panels/word_origin.h"
#include "app/platform/imgui_shims.h"
#include "app/session/sentence.h"
#include "app/widgets/controls.h"
#include "app/widgets/lock.h"
#include "core/io/scenario.h"
#include "core/io/text.h"

namespace attn::ui {
namespace {

constexpr WidgetId kSentenceButton{PanelId::scenario, "sentence"};

const std::string& word_at(const Input& input, const WordPlace& place) {
  return (*session::tokens_of(input, place.side))[place.row];
}

/// Where the numbers of a word come from; nothing where x is not of the lexicon's features.
std::optional<lexicon::WordVector> origin(const session::Document& document, const WordPlace& place) {
  return lexicon::origin_of(word_at(document.input(), place), session::feature_names_of(document, place.side),
                            session::vectors_of(document.input(), place.side).row(place.row));
}

/// The same, looked up once for each word of each document.
struct OriginMemory {
  std::optional<session::Document> document;
  WordPlace place;
  std::optional<lexicon::WordVector> origin;
};
const std::optional<lexicon::WordVector>& kept_origin(PanelContext& context,
                                                      const session::Document& document,
                                                      const WordPlace& place) {
  OriginMemory& memory = context.memory.get<OriginMemory>();
  if (!memory.document || !(*memory.document == document) || !(memory.place == place))
    memory = {document, place, origin(document, place)};
  return memory.origin;
}

/// What is told below the field: how many words it would be, which, and how many of them nothing is known of.
std::string sentence_words(const PanelContext& context, const SentencePreview& preview) {
  const std::vector<std::string>& tokens = preview.tokens;
  std::string words = context.say("{count} words:", fmt::arg("count", tokens.size()));
  constexpr std::size_t kShown = 24;
  for (std::size_t i = 0; i < std::min(tokens.size(), kShown); ++i)
    words += (i > 0 ? " · " : " ") + tokens[i];
  if (tokens.size() > kShown) words += " …";
  if (preview.unknown > 0) {
    words +=
        "\n" + context.say("{count} of them are new and get zeros; a new example has the lexicon's vectors",
                           fmt::arg("count", preview.unknown));
  }
  return words;
}

/// A field over the whole width, what the sentence would be cut into, and what can be made of it.
void draw_sentence(const session::Subject& subject, PanelContext& context, WordsMemory& memory,
                   Rect& content) {
  const Style& style = context.style;
  const TokenSide side = *memory.sentence;
  const session::Document& document = subject.document;
  const TextFieldResult typed =
      text_field(context, kSentenceButton, content.cut_top(style.control_height(), style.px(4)),
                 memory.sentence_text, context.tr("type or paste a sentence"));
  const SentencePreview& preview =
      context.memory.get<SentencePreviews>().of(document, side, memory.sentence_text);
  const std::vector<std::string>& tokens = preview.tokens;
  const bool meant = !tokens.empty();
  if (meant) {
    content.min.y += context.text.draw_paragraph(*context.list, content.min,
                                                 context.look(TextSize::body, context.colours().ink_muted),
                                                 sentence_words(context, preview), content.width()) +
                     style.px(4);
  }
  std::optional<session::Edit> edit;
  const auto choice = [&](std::size_t i, std::string_view label, ButtonKind kind) {
    const Rect area = content.cut_top(style.control_height(), style.px(6));
    return button(context, WidgetId{PanelId::scenario, "make"}.at(i), area, label,
                  {.kind = kind, .enabled = meant});
  };
  if (choice(0, context.tr("replace the words"), ButtonKind::primary) || typed.commit)
    edit = session::ReplaceTokens{side, tokens, {}};
  if (side == TokenSide::queries) {
    const auto example = [&](bool composed) {
      return session::MakeExample{session::words_of_sentence(memory.sentence_text),
                                  std::string(context.catalogue.language()), composed};
    };
    if (choice(1, context.tr("new example, one head"), ButtonKind::plain)) edit = example(false);
    if (choice(2, context.tr("new example, four heads"), ButtonKind::plain)) edit = example(true);
  }
  const auto& refusal = context.session.refusal();
  if (refusal && (std::holds_alternative<session::ReplaceTokens>(refusal->edit) ||
                  std::holds_alternative<session::MakeExample>(refusal->edit))) {
    content.min.y +=
        field_error(context, content.min, content.width(), context.tr(refusal->reason)) + style.px(6);
  }
  const bool escaped = key_pressed(session::Key::escape) && !context.widgets.typing();
  if (edit && !session::problem_of(document, *edit)) memory.sentence.reset();
  if (edit) context.post(session::Apply{*edit});
  if (typed.cancelled || escaped) memory.sentence.reset();
  content.min.y += style.px(6);
}

void begin_sentence(PanelContext& context, const Input& input, WordsMemory& memory) {
  memory.adding.reset();
  if (memory.sentence) {
    memory.sentence.reset();
    return;
  }
  memory.sentence = memory.current.side;
  memory.sentence_text = session::sentence_of(*session::tokens_of(input, memory.current.side));
  // All of it is selected: what is pasted or typed takes its place.
  edit_text_field(context, kSentenceButton, memory.sentence_text, Caret::selects_all);
}

}  // namespace

void draw_words_toolbar(const session::Subject& subject, PanelContext& context, WordsMemory& memory,
                        Rect& content) {
  const Style& style = context.style;
  const Input& input = subject.document.input();
  const WordPlace current = memory.current;
  const std::string& word = word_at(input, current);
  const std::size_t count = session::tokens_of(input, current.side)->size();
  const LockedPart lock(context, "tokens");
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
  const auto from = kept_origin(context, subject.document, current);
  if (from) {
    const bool own = from->origin == lexicon::Origin::own;
    if (tool({PanelId::scenario, "lexicon"}, Icon::book, own,
             context.say("Give {word} the lexicon's vector", fmt::arg("word", word)))) {
      const auto row = session::vectors_of(input, current.side).row(current.row);
      if (auto vector = lexicon::vector_for_word(
              word, session::feature_names_of(subject.document, current.side), row)) {
        context.post(
            session::Apply{session::SetToken{current.side, current.row, word, std::move(vector->values)}});
      }
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
