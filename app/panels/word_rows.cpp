#include "app/panels/word_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/panels/matrix_fields.h"
#include "app/platform/imgui_shims.h"
#include "app/widgets/lock.h"
#include "core/io/scenario.h"

namespace attn::ui {
namespace {

using session::Edit;
using session::Key;

WidgetId vector_widget(TokenSide side) {
  return side == TokenSide::queries ? WidgetId{PanelId::scenario, "x"}
                                    : WidgetId{PanelId::scenario, "source"};
}
WidgetId handle_widget(TokenSide side, std::size_t row) {
  const WidgetId id = side == TokenSide::queries ? WidgetId{PanelId::scenario, "handle"}
                                                 : WidgetId{PanelId::scenario, "source_handle"};
  return id.at(row);
}
WidgetId new_word_widget(TokenSide side) {
  return side == TokenSide::queries ? WidgetId{PanelId::scenario, "new_word"}
                                    : WidgetId{PanelId::scenario, "new_source_word"};
}

/// One side of the words in one frame.
class WordRows {
 public:
  WordRows(ScenarioColumn& column, WordsMemory& memory, TokenSide side)
      : column_(column),
        context_(column.context),
        memory_(memory),
        side_(side),
        tokens_(*session::tokens_of(column.input(), side)),
        x_(session::vectors_of(column.input(), side)) {}

  void draw() {
    MatrixFields matrix{
        .id = vector_widget(side_),
        .values = x_,
        .edit = [side = side_](std::size_t row, std::size_t c, float value) -> Edit {
          if (side == TokenSide::queries) return session::SetXCell{row, c, value};
          return session::SetSourceCell{row, c, value};
        },
        .label = [this](std::size_t row) -> Runs {
          return {{tokens_[row], look(row), 0.0f}};
        },
        .hovered =
            [this](std::size_t row, std::size_t c, bool hovered) {
              if (hovered) point_at(row, c);
            },
        .colour = 0,
    };
    matrix.tight = tight();
    matrix.draw_label = [this](std::size_t row, const Rect& label, const Rect& line) {
      return draw_label(row, label, line);
    };
    matrix.without_numbers = [this](std::size_t row) { return edited_ == row; };
    matrix.lies = [this](float top, float step) {
      top_ = top;
      step_ = step;
    };
    const bool named = !session::feature_names_of(column_.subject.document, side_).empty();
    if (side_ == TokenSide::queries && (named || memory_.names)) {
      matrix.draw_head = [this](std::size_t c, const Rect& area) { draw_feature(c, area); };
    }
    if (memory_.adding && memory_.adding->side == side_) {
      matrix.extra_line = std::min(memory_.adding->row, tokens_.size());
      matrix.draw_extra_line = [this](const Rect& line) { return draw_new_word(line); };
    }
    std::size_t& page = side_ == TokenSide::queries ? memory_.x_page : memory_.source_page;
    column_.y += draw_matrix_fields(context_, {column_.x, column_.y}, column_.width, matrix, page);
    if (!name_error_.empty()) column_.error(name_error_);
    drag();
  }

 private:
  /// Of a sentence as many words as possible are seen at once.
  bool tight() const { return tokens_.size() > 6; }
  bool asks() const { return side_ == TokenSide::queries; }
  bool answers() const { return side_ == TokenSide::source || !column_.input().source; }

  TextLook look(std::size_t row) const {
    const bool hovered = (asks() && context_.hover.query == row) || (answers() && context_.hover.key == row);
    const Theme& theme = context_.colours();
    return context_.look(tight() ? TextSize::body : TextSize::label,
                         hovered || dragged(row) ? theme.accent : theme.ink, Face::sans_bold);
  }
  bool dragged(std::size_t row) const {
    return memory_.drag && memory_.drag->from.side == side_ && memory_.drag->moved && memory_.drag->to == row;
  }
  void point_at(std::size_t row, std::size_t c) const {
    context_.hover_next.cell = CellRef{asks() ? Stage::x : Stage::source_x, 0, row, c};
    if (asks()) context_.hover_next.query = row;
    if (answers()) context_.hover_next.key = row;
  }

  std::function<std::optional<std::string>(const std::string&)> problem_of_label(
      std::function<Edit(const std::string&)> edit) const {
    return [this, edit = std::move(edit)](const std::string& typed) -> std::optional<std::string> {
      const auto problem = session::problem_of(column_.subject.document, edit(typed));
      if (!problem) return std::nullopt;
      return context_.tr(*problem);
    };
  }

  // ---- one row ----

  std::string draw_label(std::size_t row, const Rect& label, const Rect& line) {
    const Style& style = context_.style;
    const Rect handle{{line.min.x - style.px(13), line.min.y}, {line.min.x - style.px(1), line.max.y}};
    const bool pointed =
        ImGui::IsWindowHovered() && Rect{handle.min, line.max}.contains(ImGui::GetIO().MousePos);
    draw_handle(row, handle, pointed);
    const WidgetId id = word_widget(side_, row);
    LabelFieldOptions options;
    options.look = look(row);
    options.editor = line;
    // A question of a lesson that asks for a word is answered by a click on it.
    const bool picking = context_.session.lesson_rules() && context_.session.lesson_rules()->picks;
    options.dragged = memory_.drag.has_value() || picking;
    const LockedPart lock(context_, !picking && locks(context_.session, "tokens"));
    const auto edit = [side = side_, row](const std::string& typed) -> Edit {
      return session::SetToken{side, row, typed, std::nullopt};
    };
    options.problem = problem_of_label(edit);
    const LabelFieldResult result = label_field(context_, id, label, tokens_[row], options);
    if (result.editing) edited_ = row;
    if (result.commit) context_.post(session::Apply{edit(*result.commit)});
    if (result.mouse.hovered || (context_.locked && pointed)) {
      if (asks()) context_.hover_next.query = row;
      if (answers()) context_.hover_next.key = row;
      if (context_.text.measure(options.look, tokens_[row]).x > label.width())
        tooltip(context_, tokens_[row]);
    }
    if (!picking) begin_drag(result.mouse, row);
    return result.error;
  }

  /// Six dots left of the row, where the mouse or the keyboard is on it.
  void draw_handle(std::size_t row, const Rect& area, bool pointed) {
    if (locks(context_.session, "tokens")) return;
    const Interaction mouse = interact(context_, handle_widget(side_, row), area);
    begin_drag(mouse, row);
    if (mouse.hovered || dragged(row)) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeNS);
    const bool current = memory_.current == WordPlace{side_, row} && context_.widgets.focused() &&
                         context_.widgets.shows_focus(*context_.widgets.focused());
    if (!pointed && !dragged(row) && !current && !mouse.focused) return;
    const Style& style = context_.style;
    const Theme& theme = context_.colours();
    const Colour colour = mouse.hovered || mouse.focused || dragged(row) ? theme.accent : theme.ink_muted;
    const float step = style.px(5);
    for (int i = 0; i < 6; ++i) {
      const int line = i / 2 - 1;
      const ImVec2 dot{area.centre().x + step * (static_cast<float>(i % 2) - 0.5f),
                       area.centre().y + step * static_cast<float>(line)};
      context_.list->AddCircleFilled(dot, style.px(1.6f), colour, 8);
    }
    if (mouse.hovered && !memory_.drag)
      tooltip(context_, context_.tr("drag to move the word; Alt+↑ and Alt+↓ by keys"));
  }

  std::string draw_new_word(const Rect& line) {
    LabelFieldOptions options;
    options.look = context_.look(TextSize::body);
    options.editor = line;
    options.hint = context_.tr("new word");
    const std::size_t row = std::min(memory_.adding->row, tokens_.size());
    const auto edit = [side = side_, row](const std::string& typed) -> Edit {
      return session::InsertToken{side, row, typed, std::nullopt};
    };
    options.problem = problem_of_label(edit);
    const WidgetId id = new_word_widget(side_);
    const LabelFieldResult result = label_field(context_, id, line, "", options);
    if (result.commit) {
      context_.post(session::Apply{edit(*result.commit)});
      memory_.current = {side_, row};
      // Enter goes on to the next word; a click elsewhere or Tab ends it.
      if (result.entered) {
        begin_adding(context_, memory_, {side_, row + 1});
      } else {
        memory_.adding.reset();
      }
    } else if (!result.editing || result.cancelled || result.unchanged) {
      memory_.adding.reset();
      if (result.cancelled || result.unchanged)
        context_.widgets.focus(word_widget(side_, row > 0 ? row - 1 : 0), false);
    }
    return result.error;
  }

  /// The name of a feature above its column.
  void draw_feature(std::size_t c, const Rect& area) {
    const std::string name = session::feature_name(column_.subject.document, c);
    LabelFieldOptions options;
    options.look = context_.look(TextSize::body, context_.colours().ink_muted);
    options.align = Align::centre;
    options.editor = {{column_.x, area.min.y},
                      {column_.x + column_.width, area.max.y + context_.style.px(2)}};
    options.hint = context_.tr("name of this feature");
    const auto edit = [c](const std::string& typed) -> Edit { return session::SetFeatureName{c, typed}; };
    options.problem = problem_of_label(edit);
    const LabelFieldResult result =
        label_field(context_, WidgetId{PanelId::scenario, "feature"}.at(c), area, name, options);
    if (result.commit) context_.post(session::Apply{edit(*result.commit)});
    if (!result.error.empty()) name_error_ = result.error;
    if (result.mouse.hovered) tooltip(context_, name);
  }

  // ---- moving a row by the mouse ----

  void begin_drag(const Interaction& mouse, std::size_t row) {
    if (!mouse.held || memory_.drag) return;
    const float moved = ImGui::GetIO().MousePos.y - ImGui::GetIO().MouseClickedPos[0].y;
    if (std::abs(moved) < context_.style.px(6)) return;
    memory_.drag = WordsMemory::Drag{{side_, row}, row, false};
    memory_.adding.reset();
  }

  void drag() {
    if (!memory_.drag || memory_.drag->from.side != side_) return;
    WordsMemory::Drag& drag = *memory_.drag;
    if (key_pressed(Key::escape)) {
      context_.post(session::CancelGesture{});
      memory_.drag.reset();
      release_mouse();
      return;
    }
    if (!ImGui::IsMouseDown(ImGuiMouseButton_Left)) {
      if (drag.moved) context_.post(session::EndGesture{});
      memory_.current = {side_, drag.to};
      context_.widgets.focus(word_widget(side_, drag.to), false);
      memory_.drag.reset();
      return;
    }
    const float y = ImGui::GetIO().MousePos.y;
    const auto last = static_cast<float>(tokens_.size() - 1);
    const auto to = static_cast<std::size_t>(std::clamp(std::floor((y - top_) / step_), 0.0f, last));
    if (to != drag.to) {
      drag.to = to;
      drag.moved = true;
      context_.post(session::Preview{session::MoveToken{side_, drag.from.row, to}});
    }
    // At the edge of what can be seen the rows go on.
    const Rect seen{ImGui::GetWindowPos(), add(ImGui::GetWindowPos(), ImGui::GetWindowSize())};
    const float edge = context_.style.px(18);
    const float by = y < seen.min.y + edge ? -1.0f : y > seen.max.y - edge ? 1.0f : 0.0f;
    if (by != 0.0f) {
      ImGui::SetScrollY(
          std::clamp(ImGui::GetScrollY() + by * context_.style.px(8), 0.0f, ImGui::GetScrollMaxY()));
      context_.animating = true;
    }
  }

  ScenarioColumn& column_;
  PanelContext& context_;
  WordsMemory& memory_;
  TokenSide side_;
  const std::vector<std::string>& tokens_;
  const SharedMatrix& x_;
  std::optional<std::size_t> edited_;  ///< the row whose label is being typed
  std::string name_error_;
  float top_ = 0.0f;
  float step_ = 1.0f;
};

}  // namespace

WidgetId word_widget(TokenSide side, std::size_t row) {
  const WidgetId id = side == TokenSide::queries ? WidgetId{PanelId::scenario, "word"}
                                                 : WidgetId{PanelId::scenario, "source_word"};
  return id.at(row);
}

void begin_adding(PanelContext& context, WordsMemory& memory, const WordPlace& place) {
  memory.adding = place;
  memory.sentence.reset();
  edit_text_field(context, new_word_widget(place.side), "");
}

void remove_word(PanelContext& context, WordsMemory& memory, const WordPlace& place) {
  const std::size_t count = session::tokens_of(context.session.document().input(), place.side)->size();
  if (count < 2 || place.row >= count) return;
  const Edit edit = session::RemoveToken{place.side, place.row};
  context.post(session::Apply{edit});
  if (locks(context.session, edit)) return;  // the session says why
  memory.current = {place.side, std::min(place.row, count - 2)};
  const bool by_keyboard =
      context.widgets.focused() && context.widgets.shows_focus(*context.widgets.focused());
  context.widgets.focus(word_widget(place.side, memory.current.row), by_keyboard);
}

void move_word(PanelContext& context, WordsMemory& memory, const WordPlace& place, int by) {
  const std::size_t count = session::tokens_of(context.session.document().input(), place.side)->size();
  const bool possible = by < 0 ? place.row > 0 : place.row + 1 < count;
  if (!possible || place.row >= count) return;
  const std::size_t to = by < 0 ? place.row - 1 : place.row + 1;
  const Edit edit = session::MoveToken{place.side, place.row, to};
  context.post(session::Apply{edit});
  if (locks(context.session, edit)) return;  // the session says why
  memory.current = {place.side, to};
}

void draw_word_rows(ScenarioColumn& column, WordsMemory& memory, TokenSide side) {
  WordRows(column, memory, side).draw();
}

void use_word_keys(PanelContext& context, const Input& input, WordsMemory& memory) {
  if (!input.source) memory.current.side = TokenSide::queries;
  WordPlace& current = memory.current;
  bool here = false;
  if (const auto& focused = context.widgets.focused();
      focused && focused->panel == PanelId::scenario && focused->row) {
    const std::string_view kind = focused->kind.text;
    const bool source = kind == "source_word" || kind == "source" || kind == "source_handle";
    const bool query = kind == "word" || kind == "x" || kind == "handle";
    here = query || (source && input.source.has_value());
    if (here) current = {source ? TokenSide::source : TokenSide::queries, *focused->row};
  }
  const std::size_t count = session::tokens_of(input, current.side)->size();
  current.row = std::min(current.row, count - 1);
  if (!here || context.widgets.typing()) return;
  const auto move = [&](Key key, int by) {
    if (!modifiers().alt || modifiers().ctrl || !key_pressed(key, true)) return;
    WidgetId follows = *context.widgets.focused();
    move_word(context, memory, current, by);
    follows.row = current.row;
    context.widgets.focus(follows, true);
  };
  move(Key::up, -1);
  move(Key::down, 1);
  if (delete_pressed()) remove_word(context, memory, current);
}

}  // namespace attn::ui
