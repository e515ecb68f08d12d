// A new example from a sentence: how it is cut into words, where each word's vector comes from, and whether
// its heads look at something from the start.

#include <array>
#include <string>
#include <vector>

#include "app/lexicon/word_vector.h"
#include "app/panels/sheet.h"
#include "app/panels/word_origin.h"
#include "app/platform/imgui_shims.h"
#include "app/session/sentence.h"
#include "app/widgets/controls.h"

namespace attn::ui {
namespace {

constexpr WidgetId kSentence{PanelId::dialog, "sentence"};
constexpr WidgetId kHeads{PanelId::dialog, "heads"};

struct NewExampleMemory {
  std::string sentence;
  bool four_heads = true;
  /// @name What the sentence would become, read again when it changes
  /// @{
  std::string read;
  std::vector<std::string> words;
  std::vector<lexicon::WordVector> meanings;
  /// @}
};

Colour ink_of(const PanelContext& context, lexicon::Origin origin) {
  return origin == lexicon::Origin::entry ? context.colours().ink : context.colours().ink_muted;
}

/// The words side by side, each on a plate of its own: a full one where the lexicon has the word.
void draw_words(PanelContext& context, const Rect& area, const NewExampleMemory& memory) {
  const Style& style = context.style;
  const float height = style.control_height();
  ImVec2 at = area.min;
  for (std::size_t i = 0; i < memory.words.size(); ++i) {
    const std::string& word = memory.words[i];
    const lexicon::Origin origin = memory.meanings[i].origin;
    const TextLook look = context.look(TextSize::body, ink_of(context, origin));
    const float width = context.text.measure(look, word).x + style.px(20);
    if (at.x > area.min.x && at.x + width > area.max.x) at = {area.min.x, at.y + height + style.px(8)};
    if (at.y + height > area.max.y) {
      context.text.draw(*context.list, {area.min.x, area.max.y},
                        context.look(TextSize::small, context.colours().ink_muted),
                        context.say("and {count} more", fmt::arg("count", memory.words.size() - i)));
      return;
    }
    const Rect plate{at, {at.x + std::min(width, area.width()), at.y + height}};
    if (origin == lexicon::Origin::entry)
      context.list->AddRectFilled(plate.min, plate.max, context.colours().box, style.small_rounding());
    context.list->AddRect(plate.min, plate.max, context.colours().panel_border, style.small_rounding(), 0,
                          style.line());
    context.text.draw_in(*context.list, plate, look, word, Align::centre);
    at.x += plate.width() + style.px(8);
  }
}

/// What is to be known of the words that the lexicon does not have, a line each.
std::string about(const PanelContext& context, const NewExampleMemory& memory) {
  if (memory.words.empty()) return std::string(context.tr("No word yet."));
  std::string lines = context.say("{count} words.", fmt::arg("count", memory.words.size()));
  for (std::size_t i = 0; i < memory.words.size(); ++i) {
    if (memory.meanings[i].origin != lexicon::Origin::entry)
      lines += "\n" + origin_text(context, memory.words[i], memory.meanings[i]);
  }
  return lines;
}

}  // namespace

void draw_new_example(PanelContext& outer, ImVec2 window) {
  const Style& style = outer.style;
  NewExampleMemory& memory = outer.memory.get<NewExampleMemory>();
  if (outer.memory.get<DialogBegun>().begun)
    edit_text_field(outer, kSentence, memory.sentence, Caret::selects_all);
  Sheet sheet(outer, window,
              {.size = {style.px(820), style.px(500)},
               .heading = outer.tr("New example"),
               .subheading = outer.tr("words get the lexicon's vectors, whose numbers have names")});
  PanelContext& context = sheet.context;
  Rect content = sheet.content;
  const TextFieldResult typed =
      text_field(context, kSentence, content.cut_top(style.control_height(), style.px(12)), memory.sentence,
                 context.tr("type or paste a sentence"));
  if (memory.read != memory.sentence) {
    memory.read = memory.sentence;
    memory.words = session::words_of_sentence(memory.sentence);
    memory.meanings = lexicon::meanings_of(memory.words);
  }
  const bool meant = !memory.words.empty();

  const std::array<std::string_view, 2> answers = {context.tr("Cancel"), context.tr("Make it")};
  const auto answer =
      draw_answers(context, content.cut_bottom(style.control_height(), style.px(12)), answers, 1, meant);
  const Rect meaning = content.cut_bottom(style.px(26), style.px(14));
  Rect heads = content.cut_bottom(style.control_height(), style.px(4));
  const std::string_view label = context.tr("heads");
  context.text.draw_in(
      *context.list,
      heads.cut_left(context.text.measure(context.look(TextSize::body), label).x, style.px(12)),
      context.look(TextSize::body, context.colours().ink_muted), label);
  const std::array<std::string_view, 2> kinds = {context.tr("one, which compares the words"),
                                                 context.tr("four, which look at something each")};
  if (const auto chosen = segmented(context, kHeads, heads, kinds, memory.four_heads ? 1 : 0))
    memory.four_heads = *chosen == 1;
  if (memory.four_heads) {
    context.text.draw_in(
        *context.list, meaning, context.look(TextSize::body, context.colours().ink_muted),
        context.tr("the previous word · the first word · pronoun → living · action → living"));
  }

  std::vector<Line> lines = context.text.wrap(context.look(TextSize::body, context.colours().ink_muted),
                                              about(context, memory), content.width());
  float height = 0.0f;
  std::size_t fits = 0;
  while (fits < lines.size() && height + lines[fits].height <= content.height() * 0.4f)
    height += lines[fits++].height;
  const Rect below = content.cut_bottom(height, style.px(26));
  lines.resize(fits);
  context.text.draw(*context.list, below.min, lines);
  draw_words(context, content, memory);

  if (meant && (typed.commit || answer == 1)) {
    context.post(
        session::NewExample{{memory.words, std::string(context.catalogue.language()), memory.four_heads}});
    return;
  }
  if (typed.commit) edit_text_field(context, kSentence, memory.sentence);
  const bool escape = key_pressed(session::Key::escape) && !context.widgets.typing();
  if (answer == 0 || typed.cancelled || escape) context.post(session::CloseDialog{});
}

}  // namespace attn::ui
