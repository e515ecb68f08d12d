// The words as running text, shaded by how much the pinned word listens to each. A click pins another.

#include <algorithm>
#include <cmath>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "app/panels/attention_views.h"
#include "app/panels/map_view.h"
#include "app/widgets/controls.h"
#include "app/widgets/pipeline.h"
#include "app/widgets/row_reads.h"
#include "app/widgets/scroll_area.h"

namespace attn::ui {

using session::Key;

/// Where one word stands, counted from the top left corner of the contents.
struct PlacedWord {
  std::size_t i = 0;
  bool answers = false;  ///< shaded; the words of another sequence that only ask are not
  Rect rect;
  std::string text;
};

struct TextTitle {
  Rect rect;
  bool answers = false;  ///< whose words follow
  std::string_view text;
};

/// So many words are laid out anew in every frame; more of them are kept, and so many a frame join them.
constexpr std::size_t kManyWords = 2000;

/// Where the words stand, and what that depends on.
struct TextLayout {
  Tokens tokens;
  Tokens source_tokens;
  float width = 0.0f;
  float word_px = 0.0f;
  std::string_view language;
  std::vector<PlacedWord> words;
  std::vector<TextTitle> titles;
  std::size_t asking_done = 0;  ///< words of another sequence that only ask
  std::size_t answering_done = 0;
  float height = 0.0f;
  ImVec2 at;  ///< of the next word
};

namespace {

class TextView {
 public:
  TextView(const AttentionScene& scene, TextMemory& memory)
      : scene_(scene),
        context_(scene.context()),
        memory_(memory),
        pinned_(std::min(scene.view().selection.row, scene.shape().rows - 1)) {}

  void draw(Rect content) {
    const Rect foot = content.cut_bottom(style().px(36), style().px(10));
    lay_out(content);
    const WidgetId id(PanelId::heatmap, "text");
    const Interaction use = interact(context_, id, content, true, style().small_rounding());
    if (memory_.seen != pinned_) {
      for (const PlacedWord& word : layout_->words) {
        if (!is_pinned(word)) continue;
        memory_.seen = pinned_;
        scroll_to(content, word.rect.min.y, word.rect.max.y, memory_.scroll);
      }
    }
    scroll_area(context_, content, height(), memory_.scroll);
    context_.list->PushClipRect(content.min, content.max, true);
    for (const TextTitle& title : layout_->titles) {
      const Colour colour = title.answers ? scene_.column_colour() : scene_.row_colour();
      context_.text.draw_in(*context_.list, on_screen(title.rect, content),
                            context_.look(TextSize::body, colour, Face::sans_bold), title.text);
    }
    row_ = context_.memory.get<RowReads>().row(scene_.trace(), scene_.stage(), scene_.head(), pinned_);
    for (const PlacedWord& word : seen_words(content))
      draw_word(word, on_screen(word.rect, content), content);
    context_.list->PopClipRect();
    use_mouse(use, content);
    use_keys(id);
    draw_colour_bar(context_, foot, scene_.cells().scale);
  }

 private:
  const Style& style() const { return context_.style; }
  bool two_texts() const { return scene_.input().source.has_value(); }
  /// The pinned word asks; in one text it is among those that answer.
  bool is_pinned(const PlacedWord& word) const { return word.i == pinned_ && word.answers != two_texts(); }
  Rect on_screen(const Rect& rect, const Rect& content) const {
    const ImVec2 by{content.min.x, content.min.y - std::round(memory_.scroll)};
    return {add(rect.min, by), add(rect.max, by)};
  }

  /// As large as the text fits, with the shares under the words where there is room; a long one scrolls.
  void lay_out(const Rect& content) {
    if (scene_.shape().rows + scene_.shape().columns > kManyWords) {
      lay_out_part(content.width());
      return;
    }
    struct Try {
      float px;
      bool numbers;
    };
    for (const Try& size : {Try{30, true}, {27, true}, {24, true}, {24, false}, {22, false}, {20, false}}) {
      numbers_ = size.numbers;
      layout_ = begun(content.width(), style().px(size.px));
      place_all(static_cast<std::size_t>(-1));
      if (layout_->height <= content.height()) return;
    }
  }

  /// A long text is laid out once, some of it in each frame.
  void lay_out_part(float width) {
    numbers_ = false;
    const std::shared_ptr<TextLayout> fresh = begun(width, style().px(20));
    const std::shared_ptr<TextLayout>& kept = memory_.layout;
    const bool same = kept && kept->tokens == fresh->tokens && kept->source_tokens == fresh->source_tokens &&
                      kept->width == width && kept->word_px == fresh->word_px &&
                      kept->language == fresh->language;
    if (!same) memory_.layout = fresh;
    layout_ = memory_.layout;
    place_all(kManyWords);
    if (!complete()) context_.animating = true;
  }

  std::shared_ptr<TextLayout> begun(float width, float word_px) const {
    const auto layout = std::make_shared<TextLayout>();
    layout->tokens = scene_.input().tokens;
    if (scene_.input().source) layout->source_tokens = scene_.input().source->tokens;
    layout->width = width;
    layout->word_px = word_px;
    layout->language = context_.catalogue.language();
    return layout;
  }

  bool complete() const {
    return layout_->answering_done == scene_.shape().columns &&
           (!two_texts() || layout_->asking_done == scene_.shape().rows);
  }
  /// Of all words, as far as it is known.
  float height() const {
    if (complete()) return layout_->height;
    const auto all = static_cast<float>(scene_.shape().columns + (two_texts() ? scene_.shape().rows : 0));
    return layout_->height * all / static_cast<float>(std::max<std::size_t>(layout_->words.size(), 1));
  }

  void place_all(std::size_t most) {
    const auto title = [&](std::string_view text, bool answers) {
      TextLayout& l = *layout_;
      l.titles.push_back({{{0, l.height}, {l.width, l.height + style().px(26)}}, answers, text});
      l.height += style().px(32);
    };
    if (two_texts() && layout_->asking_done < scene_.shape().rows) {
      if (layout_->asking_done == 0) title(context_.tr("these ask: click one"), false);
      place(scene_.shape().rows, false, layout_->asking_done, most);
      if (layout_->asking_done < scene_.shape().rows) return;
      layout_->height += style().px(8);
    }
    if (two_texts() && layout_->answering_done == 0) title(context_.tr("these answer"), true);
    place(scene_.shape().columns, true, layout_->answering_done, most);
  }

  void place(std::size_t count, bool answers, std::size_t& done, std::size_t most) {
    TextLayout& l = *layout_;
    const TextLook look = word_look(0);
    const bool numbers = numbers_ && answers;
    const float line = std::round(l.word_px * 1.5f) + (numbers ? style().px(22) : 0.0f);
    const float gap = style().px(3);
    const float least = numbers ? context_.text.measure(number_look(0), "<0.01").x : 0.0f;
    if (done == 0) l.at = {style().px(3), l.height + style().px(3)};
    for (std::size_t placed = 0; done < count && placed < most; ++done, ++placed) {
      const std::string name = answers ? scene_.column_name(done) : scene_.row_name(done);
      const float widest = l.width - style().px(6);
      const float text = std::max(least, std::ceil(context_.text.measure(look, name).x));
      const float own = std::min(text + 2 * style().px(5), widest);
      if (l.at.x > style().px(3) && l.at.x + own > l.width)
        l.at = {style().px(3), l.at.y + line + style().px(6)};
      l.words.push_back({done,
                         answers,
                         {l.at, {l.at.x + own, l.at.y + line}},
                         context_.text.ellipsis(look, name, own - 2 * style().px(5) + 1.0f)});
      l.at.x += own + gap;
    }
    l.height = l.at.y + line + style().px(8);
  }

  /// The words of the lines that can be seen, which come one after the other.
  std::span<const PlacedWord> seen_words(const Rect& content) const {
    const std::vector<PlacedWord>& words = layout_->words;
    const float top = std::round(memory_.scroll);
    const auto first =
        std::ranges::partition_point(words, [&](const PlacedWord& word) { return word.rect.max.y <= top; });
    const auto last = std::ranges::partition_point(
        words, [&](const PlacedWord& word) { return word.rect.min.y < top + content.height(); });
    return first < last ? std::span(first, last) : std::span<const PlacedWord>();
  }

  void draw_word(const PlacedWord& word, const Rect& rect, const Rect& content) const {
    const Rect seen = rect.intersection(content);
    if (seen.empty()) return;
    ImDrawList& list = *context_.list;
    const Theme& theme = context_.colours();
    const float rounding = style().px(4);
    Colour ink = theme.ink;
    if (word.answers) {
      const CellState state = scene_.cells().state(pinned_, word.i);
      if (state == CellState::hidden) {
        list.AddRectFilled(rect.min, rect.max, theme.hatch_background, rounding);
        draw_hatching(list, style(), rect);
        ink = theme.ink_muted;
      } else {
        const bool known = state == CellState::shown && row_.ready();
        const Colour fill = known ? scene_.cells().scale.at(row_.values(0, word.i)) : theme.cell_neutral;
        list.AddRectFilled(rect.min, rect.max, fill, rounding);
        ink = known ? ink_on(fill) : theme.ink_muted;
      }
      if (state == CellState::unknown && !numbers_) {
        context_.text.draw_in(list, {{rect.max.x - style().px(9), rect.min.y - style().px(8)}, rect.max},
                              context_.look(TextSize::small, theme.ink_muted), "?");
      }
    } else {
      list.AddRectFilled(rect.min, rect.max, theme.cell_neutral, rounding);
    }
    Rect upper = rect;
    if (numbers_ && word.answers) draw_share(upper.cut_bottom(style().px(25)), word.i, ink);
    context_.text.draw_in(list, upper, word_look(ink), word.text, Align::centre);
    const bool hovered = word.answers ? context_.hover.key == word.i : context_.hover.query == word.i;
    if (is_pinned(word)) {
      draw_selection_frame(list, style(), rect, rounding);
    } else if (hovered) {
      draw_hover_frame(list, style(), rect, rounding);
    }
    // The word that the sentence speaks of carries the colour of those that answer.
    if (word.answers && word.i == scene_.focus().column) {
      list.AddRectFilled({rect.min.x, rect.max.y + 1.0f}, {rect.max.x, rect.max.y + style().px(4)},
                         scene_.column_colour(), style().px(1));
    }
    const WidgetId id =
        word.answers ? WidgetId{PanelId::heatmap, "word"} : WidgetId{PanelId::heatmap, "asking_word"};
    context_.widgets.add(id.at(word.i), seen, Focusable::no);
  }

  TextLook word_look(Colour ink) const { return {Face::sans, layout_->word_px, ink}; }
  TextLook number_look(Colour ink) const { return {Face::mono, style().text(TextSize::body), ink}; }

  void draw_share(const Rect& place, std::size_t key, Colour ink) const {
    if (scene_.cells().state(pinned_, key) == CellState::hidden) return;
    const float advance = context_.text.measure(number_look(0), "0").x;
    const auto room = static_cast<std::size_t>(place.width() / advance);
    const int decimals = std::min(2, context_.session.settings().decimals);
    context_.text.draw_in(*context_.list, place, number_look(ink),
                          cell_text_to_fit(scene_.cells(), pinned_, key, decimals, room), Align::centre);
  }

  void use_mouse(const Interaction& use, const Rect& content) {
    if (!use.hovered && !use.clicked) return;
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    for (const PlacedWord& word : seen_words(content)) {
      if (!on_screen(word.rect, content).contains(mouse)) continue;
      const CellRef cell =
          word.answers ? scene_.cell(pinned_, word.i) : scene_.cell(word.i, scene_.focus().column);
      context_.hover_next = hover_of(scene_.input(), cell);
      if (word.answers) tooltip(context_, cell_tooltip(scene_, cell));
      if (!use.clicked) return;
      context_.widgets.choose(
          WidgetId(PanelId::heatmap, word.answers ? WidgetKind("word") : WidgetKind("asking_word"))
              .at(word.i));
      // In one text a click pins the word; among those that only answer it selects the answer.
      const bool pins = !word.answers || (!two_texts() && !ImGui::GetIO().KeyCtrl);
      const CellRef& from = scene_.view().selection;
      context_.post(session::Select{pins ? scene_.cell(word.i, from.column) : scene_.cell(pinned_, word.i)});
      return;
    }
  }

  /// Left and right go along the asking words; with Shift along the answering ones.
  void use_keys(const WidgetId& id) {
    const bool answers = ImGui::GetIO().KeyShift;
    const auto go = [&](Key key, int by) {
      if (!context_.widgets.take(id, key)) return;
      if (!scene_.selected_here()) {
        context_.post(session::ShowStage{scene_.stage()});
      } else {
        context_.post(session::MoveSelection{answers ? 0 : by, answers ? by : 0});
      }
    };
    go(Key::left, -1);
    go(Key::up, -1);
    go(Key::right, 1);
    go(Key::down, 1);
  }

  const AttentionScene& scene_;
  PanelContext& context_;
  TextMemory& memory_;
  std::size_t pinned_;
  bool numbers_ = false;
  std::shared_ptr<TextLayout> layout_;
  Read row_;  ///< what the pinned word gives to all
};

}  // namespace

void draw_text_view(const AttentionScene& scene, TextMemory& memory, Rect content) {
  TextView(scene, memory).draw(content);
}

}  // namespace attn::ui
