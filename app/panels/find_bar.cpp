// A bar at the top that finds a word and selects it; the window behind it stays in sight.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/panels/sheet.h"
#include "app/platform/imgui_shims.h"
#include "app/session/find_token.h"
#include "app/widgets/controls.h"

namespace attn::ui {
namespace {

using session::Key;

const WidgetId kField{PanelId::dialog, "find"};

struct FindMemory {
  std::string typed;
  std::string found_for;                    ///< what the place below belongs to
  std::size_t at = 0;                       ///< which of the places is selected
  std::vector<session::TokenPlace> places;  ///< of what is typed, in these words:
  std::string places_for;
  Tokens tokens;
  Tokens source_tokens;
};

void select(PanelContext& context, const session::TokenPlace& place) {
  const session::Session& session = context.session;
  context.post(session::Select{session::cell_of(session.document(), session.view().selection, place)});
}

/// "12, 40" is row 12 and column 40 of what is selected, counted from 1; nothing where it has no such cell.
std::optional<CellRef> typed_cell(const session::Session& session, std::string_view typed) {
  std::array<std::size_t, 2> numbers{};
  std::size_t found = 0;
  bool in_number = false;
  for (const char c : typed) {
    const bool digit = c >= '0' && c <= '9';
    if (digit && !in_number && ++found > numbers.size()) return std::nullopt;
    in_number = digit;
    if (digit) {
      std::size_t& number = numbers[found - 1];
      number = std::min<std::size_t>(number * 10 + static_cast<std::size_t>(c - '0'), 1'000'000'000);
    } else if (c != ' ' && c != ',' && c != ';') {
      return std::nullopt;
    }
  }
  if (found != numbers.size()) return std::nullopt;
  CellRef cell = session.view().selection;
  const session::Document& document = session.document();
  const StageShape shape = shape_of(cell.stage, document.input(), document.dimensions());
  if (numbers[0] == 0 || numbers[0] > shape.rows || numbers[1] == 0 || numbers[1] > shape.columns)
    return std::nullopt;
  cell.row = numbers[0] - 1;
  cell.column = numbers[1] - 1;
  return cell;
}

std::string count_text(const PanelContext& context, const FindMemory& memory, std::size_t count) {
  if (memory.typed.empty()) return std::string(context.tr("Enter goes on, Shift+Enter back"));
  if (const auto cell = typed_cell(context.session, memory.typed); cell && count == 0) {
    return context.say("row {row}, column {column}", fmt::arg("row", cell->row + 1),
                       fmt::arg("column", cell->column + 1));
  }
  if (count == 0) return std::string(context.tr("no word has these letters"));
  return context.say("{at} of {count}", fmt::arg("at", memory.at + 1), fmt::arg("count", count));
}

}  // namespace

void draw_find_bar(PanelContext& outer, ImVec2 window) {
  const Style& style = outer.style;
  FindMemory& memory = outer.memory.get<FindMemory>();
  if (outer.memory.get<DialogBegun>().begun) {
    memory = {};
    edit_text_field(outer, kField, "");
  }
  Sheet sheet(outer, window,
              {.size = {style.px(860), style.px(108)},
               .heading = outer.tr("Find a token"),
               .dims = false,
               .height = 0.0f});
  PanelContext& context = sheet.context;
  Rect line = sheet.content.cut_top(style.control_height());
  const Rect close = line.cut_right(style.control_height(), style.px(6));
  const Rect next = line.cut_right(style.control_height(), style.px(4));
  const Rect previous = line.cut_right(style.control_height(), style.px(10));
  const Rect words = line.cut_right(style.px(330), style.px(10));
  const TextFieldResult typed =
      text_field(context, kField, line, memory.typed, context.tr("a word, a part of one, or row, column"));

  const Input& input = context.session.document().input();
  const Tokens source_tokens = input.source ? input.source->tokens : nullptr;
  if (memory.places_for != memory.typed || memory.tokens != input.tokens ||
      memory.source_tokens != source_tokens) {
    memory.places = session::find_tokens(input, memory.typed);
    memory.places_for = memory.typed;
    memory.tokens = input.tokens;
    memory.source_tokens = source_tokens;
  }
  const std::vector<session::TokenPlace>& places = memory.places;
  const auto go = [&](bool forward) {
    if (places.empty()) return;
    memory.at = (memory.at + (forward ? 1 : places.size() - 1)) % places.size();
    select(context, places[memory.at]);
  };
  if (memory.found_for != memory.typed) {
    memory.found_for = memory.typed;
    memory.at = 0;
    const auto cell = typed_cell(context.session, memory.typed);
    if (!places.empty()) {
      select(context, places[0]);
    } else if (cell) {
      context.post(session::Select{*cell});
    }
  }
  if (memory.at >= places.size()) memory.at = 0;
  context.text.draw_in(*context.list, words, context.look(TextSize::body, style.colours.ink_muted),
                       count_text(context, memory, places.size()));
  const bool several = places.size() > 1;
  if (icon_button(context, {PanelId::dialog, "previous"}, previous, Icon::step_back, {.enabled = several}))
    go(false);
  if (icon_button(context, {PanelId::dialog, "next"}, next, Icon::step_forward, {.enabled = several}))
    go(true);
  const bool closed =
      icon_button(context, {PanelId::dialog, "close"}, close, Icon::close, {.kind = ButtonKind::quiet});
  if (typed.commit) {
    go(!modifiers().shift);
    edit_text_field(context, kField, memory.typed);
  }
  const bool escape = key_pressed(Key::escape) && !context.widgets.typing();
  if (typed.cancelled || closed || escape) context.post(session::CloseDialog{});
}

}  // namespace attn::ui
