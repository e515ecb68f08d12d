// Questions in which what is wrong in an excerpt is struck out.

#include <algorithm>
#include <cmath>
#include <optional>

#include "app/panels/lesson_asked.h"
#include "app/widgets/controls.h"

namespace attn::ui {
namespace {

class Excerpt {
 public:
  explicit Excerpt(const AskedQuestion& asked) : asked_(asked) {}

  /// The facsimile: lines as they are printed, in which pieces can be struck out.
  void draw(const lessons::Strike& question) const {
    const Theme& theme = context().colours();
    ImDrawList& list = *context().list;
    const float pad = style().px(10);
    const float top = asked_.lesson.column.y;
    const TextLook look = context().look(TextSize::body, Face::mono);
    const float line_height = std::round(look.px * 1.75f);
    const float left = asked_.lesson.column.x + pad;
    const float right = asked_.lesson.column.x + asked_.lesson.column.width - pad;
    list.ChannelsSplit(2);
    list.ChannelsSetCurrent(1);
    float x = left;
    float y = top + pad;
    std::size_t place = 0;
    for (const lessons::Piece& piece : question.pieces) {
      const bool can = !piece.id.empty();
      const bool struck = can && asked_.is_ticked(place);
      draw_piece(piece, can ? std::optional(place) : std::nullopt, struck, look, {left, right, line_height},
                 x, y);
      if (can) ++place;
    }
    y += line_height + pad;
    list.ChannelsSetCurrent(0);
    list.AddRectFilled({asked_.lesson.column.x, top},
                       {asked_.lesson.column.x + asked_.lesson.column.width, y}, theme.field,
                       style().small_rounding());
    list.AddRect({asked_.lesson.column.x, top}, {asked_.lesson.column.x + asked_.lesson.column.width, y},
                 theme.field_border, style().small_rounding());
    list.ChannelsMerge();
    asked_.lesson.column.y = y + style().px(10);
  }

 private:
  struct Page {
    float left;
    float right;
    float line_height;
  };
  void draw_piece(const lessons::Piece& piece, std::optional<std::size_t> place, bool struck,
                  const TextLook& look, const Page& page, float& x, float& y) const {
    const Theme& theme = context().colours();
    std::string_view rest = piece.text;
    bool first = true;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      std::string_view line = rest.substr(0, end);
      while (!line.empty()) {
        std::string_view fits = piece_that_fits(line, look, page, x);
        if (fits.empty()) {
          x = page.left;
          y += page.line_height;
          fits = piece_that_fits(line, look, page, x);
          if (fits.empty()) fits = line.substr(0, 1);
        }
        const float width = context().text.measure(look, fits).x;
        const Rect rect{{x, y}, {x + width, y + page.line_height}};
        if (place) draw_strikeable(rect, *place, struck, first);
        TextLook own = look;
        if (struck) own.colour = theme.error;
        context().text.draw(*context().list, {x, y + (page.line_height - look.px) / 2 - style().px(3)}, own,
                            fits);
        if (struck) {
          context().list->AddLine({rect.min.x - style().px(2), rect.centre().y},
                                  {rect.max.x + style().px(2), rect.centre().y}, theme.error,
                                  style().px(2.5f));
        }
        x += width;
        line.remove_prefix(fits.size());
        first = false;
      }
      if (end == rest.size()) return;
      rest.remove_prefix(end + 1);
      x = page.left;
      y += page.line_height;
    }
  }
  /// The bytes of a Chinese comma or full stop at the beginning, which belongs to the line before.
  static std::size_t hanging(std::string_view text) {
    for (const std::string_view mark : {"。", "，", "、", "；", "：", "？", "！", "）", "”"})
      if (text.starts_with(mark)) return mark.size();
    return 0;
  }
  /// As many whole characters as the rest of the line has room for; a word that fits a line is not cut, and
  /// no line begins with a full stop: it hangs over the edge instead.
  std::string_view piece_that_fits(std::string_view line, const TextLook& look, const Page& page,
                                   float x) const {
    if (x + context().text.measure(look, line).x <= page.right) return line;
    const std::string_view fits = whole_characters(line, look, page, x);
    if (fits.empty() && x <= page.left + 1.0f) return fits;
    return line.substr(0, fits.size() + hanging(line.substr(fits.size())));
  }
  std::string_view whole_characters(std::string_view line, const TextLook& look, const Page& page,
                                    float x) const {
    std::size_t best = 0;
    for (std::size_t i = 1; i <= line.size(); ++i) {
      if (i < line.size() && (static_cast<unsigned char>(line[i]) & 0xC0U) == 0x80U) continue;
      if (x + context().text.measure(look, line.substr(0, i)).x > page.right) break;
      const bool breaks = i == line.size() || line[i] == ' ' || line[i - 1] == ' ' || line[i - 1] == ',' ||
                          (static_cast<unsigned char>(line[i]) & 0x80U) != 0 ||
                          (static_cast<unsigned char>(line[i - 1]) & 0x80U) != 0 || x <= page.left + 1.0f;
      if (breaks) best = i;
    }
    return line.substr(0, best);
  }
  void draw_strikeable(const Rect& rect, std::size_t place, bool struck, bool first) const {
    const Theme& theme = context().colours();
    const WidgetId id = WidgetId(PanelId::lesson, "piece").at(place, first ? 0 : 1);
    const Interaction mouse = interact(context(), id, rect, asked_.open(), style().px(4));
    const Colour back = mouse.hovered && asked_.open() ? theme.accent_soft
                        : struck                       ? theme.error_soft
                                                       : theme.box;
    context().list->AddRectFilled({rect.min.x - style().px(1), rect.min.y + style().px(2)},
                                  {rect.max.x + style().px(1), rect.max.y - style().px(2)}, back,
                                  style().px(4));
    context().list->AddLine({rect.min.x, rect.max.y - style().px(3)},
                            {rect.max.x, rect.max.y - style().px(3)}, with_alpha(theme.accent, 0.6f),
                            style().px(1.5f));
    if (mouse.clicked) asked_.toggle(place, true);
  }

  PanelContext& context() const { return asked_.context(); }
  const Style& style() const { return asked_.style(); }

  const AskedQuestion& asked_;
};

}  // namespace

void ask(const AskedQuestion& asked, const lessons::Strike& question) {
  Excerpt(asked).draw(question);
  const PanelContext& context = asked.context();
  if (question.translation.by_language.contains(std::string(context.catalogue.language()))) {
    asked.lesson.paragraph(
        asked.lesson.runs(question.translation, context.look(TextSize::body, context.colours().ink_muted)),
        asked.style().px(10));
  }
  if (asked.open() && asked.hand_in(asked.context().tr("Check"), !asked.draft.answer.numbers.empty()))
    asked.give(asked.draft.answer);
}

}  // namespace attn::ui
