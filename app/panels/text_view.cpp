// The words as running text, shaded by how much the pinned word listens to each. A click pins another.

#include <algorithm>
#include <cmath>

#include "app/panels/attention_views.h"
#include "app/panels/map_view.h"
#include "app/widgets/controls.h"
#include "app/widgets/pipeline.h"
#include "app/widgets/scroll_area.h"

namespace attn::ui {
namespace {

using session::Key;

/// Where one word stands, counted from the top left corner of the contents.
struct PlacedWord {
  std::size_t i = 0;
  bool answers = false;  ///< shaded; the words of another sequence that only ask are not
  Rect rect;
  std::string text;
};

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
      memory_.seen = pinned_;
      for (const PlacedWord& word : words_)
        if (is_pinned(word)) scroll_to(content, word.rect.min.y, word.rect.max.y, memory_.scroll);
    }
    scroll_area(context_, content, height_, memory_.scroll);
    context_.list->PushClipRect(content.min, content.max, true);
    for (const Title& title : titles_) {
      context_.text.draw_in(*context_.list, on_screen(title.rect, content),
                            context_.look(TextSize::body, title.colour, Face::sans_bold), title.text);
    }
    for (const PlacedWord& word : words_) draw_word(word, on_screen(word.rect, content), content);
    context_.list->PopClipRect();
    use_mouse(use, content);
    use_keys(id);
    draw_colour_bar(context_, foot, scene_.cells().scale);
  }

 private:
  struct Title {
    Rect rect;
    std::string_view text;
    Colour colour;
  };

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
    struct Try {
      float px;
      bool numbers;
    };
    for (const Try& size : {Try{30, true}, {27, true}, {24, true}, {24, false}, {22, false}, {20, false}}) {
      word_px_ = style().px(size.px);
      numbers_ = size.numbers;
      words_.clear();
      titles_.clear();
      height_ = 0.0f;
      lay_out_at(content.width());
      if (height_ <= content.height()) return;
    }
  }

  void lay_out_at(float width) {
    const auto title = [&](std::string_view text, Colour colour) {
      titles_.push_back({{{0, height_}, {width, height_ + style().px(26)}}, text, colour});
      height_ += style().px(32);
    };
    if (two_texts()) {
      title(context_.tr("these ask: click one"), scene_.row_colour());
      place(width, scene_.shape().rows, false);
      height_ += style().px(8);
      title(context_.tr("these answer"), scene_.column_colour());
    }
    place(width, scene_.shape().columns, true);
  }

  void place(float width, std::size_t count, bool answers) {
    const TextLook look = word_look(0);
    const bool numbers = numbers_ && answers;
    const float line = std::round(word_px_ * 1.5f) + (numbers ? style().px(22) : 0.0f);
    const float gap = style().px(3);
    const float least = numbers ? context_.text.measure(number_look(0), "<0.01").x : 0.0f;
    ImVec2 at{style().px(3), height_ + style().px(3)};
    for (std::size_t i = 0; i < count; ++i) {
      const std::string name = answers ? scene_.column_name(i) : scene_.row_name(i);
      const float most = width - style().px(6);
      const float text = std::max(least, std::ceil(context_.text.measure(look, name).x));
      const float own = std::min(text + 2 * style().px(5), most);
      if (at.x > style().px(3) && at.x + own > width) at = {style().px(3), at.y + line + style().px(6)};
      words_.push_back({i,
                        answers,
                        {at, {at.x + own, at.y + line}},
                        context_.text.ellipsis(look, name, own - 2 * style().px(5) + 1.0f)});
      at.x += own + gap;
    }
    height_ = at.y + line + style().px(8);
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
      const Read read = scene_.trace().read_cell(scene_.cell(pinned_, word.i));
      if (state == CellState::hidden) {
        list.AddRectFilled(rect.min, rect.max, theme.hatch_background, rounding);
        draw_hatching(list, style(), rect);
        ink = theme.ink_muted;
      } else {
        const bool known = state == CellState::shown && read.ready();
        const Colour fill = known ? scene_.cells().scale.at(read.values(0, 0)) : theme.cell_neutral;
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

  TextLook word_look(Colour ink) const { return {Face::sans, word_px_, ink}; }
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
    for (const PlacedWord& word : words_) {
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
  float word_px_ = 0.0f;
  bool numbers_ = false;
  float height_ = 0.0f;
  std::vector<PlacedWord> words_;
  std::vector<Title> titles_;
};

}  // namespace

void draw_text_view(const AttentionScene& scene, TextMemory& memory, Rect content) {
  TextView(scene, memory).draw(content);
}

}  // namespace attn::ui
