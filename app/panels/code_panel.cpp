#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "app/code/listing.h"
#include "app/code/syntax.h"
#include "app/panels/reason_panel.h"
#include "app/widgets/code_lines.h"
#include "app/widgets/controls.h"
#include "app/widgets/conventions.h"

namespace attn::ui {
namespace {

using session::Key;

/// What the tab keeps from frame to frame.
struct CodeMemory {
  std::optional<session::Document> document;
  code::Framework framework = code::Framework::numpy;
  std::string language;
  std::string data_file;
  code::Listing listing;
  std::vector<std::vector<code::Span>> spans;  ///< of every line
  std::size_t columns = 0;                     ///< what `rows` is broken to
  std::vector<CodeRow> rows;
  std::optional<Stage> scrolled_to;
  bool saving = false;  ///< the field for the path is open
  std::string path;
};

std::string stem_of(const session::Session& session) {
  const std::string stem = session.file().stem().string();
  return stem.empty() ? "scenario" : stem;
}

/// The stage whose lines are lit: that of the moment, or what is shown large once everything is computed.
Stage lit_stage(const session::Subject& subject) {
  if (subject.playhead.at_start()) return Stage::x;
  const auto moment = subject.playhead.moment();
  return subject.playhead.at_end() || !moment ? subject.view.stage : moment->stage;
}

Colour colour_of(const Theme& theme, code::Syntax kind) {
  switch (kind) {
    case code::Syntax::keyword:
      return mix(theme.ink, theme.accent, 0.6);
    case code::Syntax::string:
    case code::Syntax::comment:
      return theme.ink_muted;
    case code::Syntax::q:
      return theme.q;
    case code::Syntax::k:
      return theme.k;
    case code::Syntax::v:
      return theme.v;
    case code::Syntax::plain:
    case code::Syntax::number:
      return theme.ink;
  }
  return theme.ink;
}

class CodeTab {
 public:
  CodeTab(const session::Subject& subject, PanelContext& context, CodeMemory& memory)
      : subject_(subject), context_(context), memory_(memory) {
    write();
  }

  void draw(Rect content) {
    draw_tools(content);
    if (memory_.saving) draw_path(content);
    if (conventions_of(context_.session.settings()) != Conventions{}) draw_caption(content);
    context_.list->AddRectFilled(content.min, content.max, context_.colours().box, style().small_rounding());
    draw_lines(content);
  }

 private:
  const Style& style() const { return context_.style; }

  void write() {
    const session::Settings& settings = context_.session.settings();
    const std::string language = context_.catalogue.language();
    const std::string data_file = stem_of(context_.session) + ".npz";
    const bool same = memory_.document && *memory_.document == subject_.document &&
                      memory_.framework == settings.framework && memory_.language == language &&
                      memory_.data_file == data_file;
    if (same) return;
    memory_.document = subject_.document;
    memory_.framework = settings.framework;
    memory_.language = language;
    memory_.data_file = data_file;
    code::Options options;
    options.framework = settings.framework;
    options.language = language;
    options.data_file = data_file;
    options.say = [this](const session::Message& m) { return context_.catalogue.tr(m); };  // as code has it
    memory_.listing = code::write_listing(subject_.document.scenario(), options);
    memory_.spans.clear();
    for (const code::Line& line : memory_.listing.lines) memory_.spans.push_back(code::spans_of(line.text));
    memory_.columns = 0;
  }

  // ---- above the lines ----

  void draw_tools(Rect& content) {
    std::vector<std::string_view> names;
    std::size_t chosen = 0;
    float wanted = style().px(12);
    for (std::size_t i = 0; i < code::kFrameworks.size(); ++i) {
      names.push_back(code::title(code::kFrameworks[i]));
      wanted += context_.text.measure(context_.look(TextSize::body), names.back()).x + style().px(22);
      if (code::kFrameworks[i] == memory_.framework) chosen = i;
    }
    const std::string_view copy = context_.tr("Copy");
    const std::string_view save = context_.tr("Save…");
    const float copy_width = button_width(context_, copy);
    const float save_width = button_width(context_, save);
    Rect line = content.cut_top(style().control_height(), style().px(8));
    const bool one_line = wanted + copy_width + save_width + style().px(28) <= line.width();
    Rect choice = line;
    if (one_line) {
      choice = line.cut_left(wanted, style().px(12));
    } else {
      line = content.cut_top(style().control_height(), style().px(8));
    }
    if (const auto picked = segmented(context_, {PanelId::explain, "framework"}, choice, names, chosen))
      context_.post(session::SetFramework{code::kFrameworks[*picked]});
    ButtonOptions options;
    options.chosen = memory_.saving;
    if (button(context_, {PanelId::explain, "save_code"}, line.cut_right(save_width, style().px(8)), save,
               options)) {
      open_path();
    }
    if (button(context_, {PanelId::explain, "copy_code"}, line.cut_right(copy_width), copy)) {
      ImGui::SetClipboardText(memory_.listing.text().c_str());
    }
  }

  void draw_caption(Rect& content) const {
    const TextLook look = context_.look(TextSize::body, context_.colours().ink_muted);
    const float height = context_.text.draw_paragraph(
        *context_.list, content.min, look,
        context_.tr("In code vectors stay rows, and queries too, as these libraries have them."),
        content.width());
    content.cut_top(height + style().px(6));
  }

  WidgetId path_id() const { return {PanelId::explain, "code_path"}; }

  void open_path() {
    memory_.saving = !memory_.saving;
    if (!memory_.saving) return;
    memory_.path = (context_.session.file().parent_path() / (stem_of(context_.session) + ".py")).string();
    edit_text_field(context_, path_id(), memory_.path);
  }

  void draw_path(Rect& content) {
    Rect line = content.cut_top(style().control_height(), style().px(4));
    const std::string_view save = context_.tr("Save");
    const bool now =
        button(context_, {PanelId::explain, "save_code_now"},
               line.cut_right(button_width(context_, save), style().px(8)), save, {ButtonKind::primary});
    const TextFieldResult typed =
        text_field(context_, path_id(), line, memory_.path, context_.tr("Path of the program"));
    std::string note(context_.tr("A file of that name is replaced."));
    if (memory_.listing.needs_data) {
      note += ' ';
      note += context_.say("Its numbers go into {file} beside it.", fmt::arg("file", memory_.data_file));
    }
    const TextLook look = context_.look(TextSize::body, context_.colours().ink_muted);
    const float height =
        context_.text.draw_paragraph(*context_.list, content.min, look, note, content.width());
    content.cut_top(height + style().px(6));
    if (typed.cancelled) memory_.saving = false;
    if ((!now && !typed.commit) || memory_.path.empty()) return;
    context_.post(session::SaveProgram{memory_.path, memory_.listing.text(),
                                       memory_.listing.needs_data ? memory_.data_file : std::string()});
    memory_.saving = false;
  }

  // ---- the lines ----

  void draw_lines(const Rect& box) {
    const Rect content = box.inset(style().px(2), style().px(6));
    ImGui::SetCursorScreenPos(content.min);
    ImGui::BeginChild("code", content.size(), false, ImGuiWindowFlags_NoNav);
    PanelContext inner = context_;
    inner.list = ImGui::GetWindowDrawList();
    const ImVec2 origin = ImGui::GetCursorScreenPos();
    px_ = style().text(TextSize::body);
    advance_ = context_.text.measure({Face::mono, px_, 0}, "0").x;
    row_height_ = std::round(px_ * 1.45f);
    gutter_ = advance_ * static_cast<float>(fmt::format("{}", memory_.listing.lines.size()).size() + 2);
    const float width = content.width() - ImGui::GetStyle().ScrollbarSize - gutter_ - style().px(6);
    const auto columns = static_cast<std::size_t>(std::max(20.0f, width / advance_));
    if (columns != memory_.columns) {
      memory_.columns = columns;
      memory_.rows = break_code(memory_.listing, columns);
      memory_.scrolled_to.reset();
    }
    const float right = content.max.x - ImGui::GetStyle().ScrollbarSize;
    const Stage lit = lit_stage(subject_);
    for (const Stage stage : stages_of(subject_.document.input()))
      use_stage(inner, origin, right, stage, lit);
    for (std::size_t i = 0; i < memory_.rows.size(); ++i) {
      const float y = origin.y + row_height_ * static_cast<float>(i);
      if (y + row_height_ < content.min.y || y > content.max.y) continue;
      draw_row(inner, memory_.rows[i], {origin.x, y});
    }
    if (memory_.scrolled_to != lit) {
      memory_.scrolled_to = lit;
      bring_into_sight(rows_of(lit), content.height());
    }
    ImGui::SetCursorScreenPos(
        {origin.x, origin.y + row_height_ * static_cast<float>(memory_.rows.size()) - 1.0f});
    ImGui::Dummy({1, 1});
    ImGui::EndChild();
  }

  /// The rows [first, last) that the lines of a stage take.
  code::Listing::Range rows_of(Stage stage) const {
    const code::Listing::Range lines = memory_.listing.lines_of(stage);
    const auto before = [&](std::size_t line) {
      return static_cast<std::size_t>(std::ranges::lower_bound(memory_.rows, line, {}, &CodeRow::line) -
                                      memory_.rows.begin());
    };
    return {before(lines.first), before(lines.last)};
  }

  void bring_into_sight(const code::Listing::Range& rows, float height) const {
    if (rows.first == rows.last) return;
    const float top = row_height_ * static_cast<float>(rows.first);
    const float bottom = row_height_ * static_cast<float>(rows.last);
    const float now = ImGui::GetScrollY();
    if (top >= now && bottom <= now + height) return;
    // What comes next is read next: the lines stand in the upper part.
    ImGui::SetScrollY(std::max(0.0f, std::max(bottom - height, top - height * 0.3f)));
  }

  /// The lines of a stage are one thing to point at, to click and to step to by Tab.
  void use_stage(PanelContext& inner, ImVec2 origin, float right, Stage stage, Stage lit) {
    const code::Listing::Range rows = rows_of(stage);
    if (rows.first == rows.last) return;
    const Rect block{{origin.x, origin.y + row_height_ * static_cast<float>(rows.first)},
                     {right, origin.y + row_height_ * static_cast<float>(rows.last)}};
    const ImVec2 window = ImGui::GetWindowPos();
    const Rect seen =
        block.intersection({window, add(window, {ImGui::GetWindowWidth(), ImGui::GetWindowHeight()})});
    const WidgetId id = WidgetId(PanelId::explain, "code_line").at(stage);
    const Interaction use = interact(inner, id, seen.empty() ? Rect{block.min, block.min} : seen);
    const Theme& theme = context_.colours();
    if (stage == lit) {
      inner.list->AddRectFilled(block.min, block.max, theme.accent_soft, style().px(3));
      inner.list->AddRectFilled(block.min, {block.min.x + style().px(4), block.max.y}, theme.accent,
                                style().px(2));
    } else if (use.hovered) {
      inner.list->AddRectFilled(block.min, block.max, theme.box_hover, style().px(3));
    }
    focus_ring(inner, id, seen.inset(style().px(2)), style().px(3));
    if (use.hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    if (context_.widgets.focus_arrived(id)) bring_into_sight(rows, ImGui::GetWindowHeight());
    const float page = ImGui::GetWindowHeight() - 2 * row_height_;
    if (context_.widgets.take(id, Key::page_down)) ImGui::SetScrollY(ImGui::GetScrollY() + page);
    if (context_.widgets.take(id, Key::page_up))
      ImGui::SetScrollY(std::max(0.0f, ImGui::GetScrollY() - page));
    if (!use.clicked) return;
    if (!subject_.playhead.at_end()) context_.post(session::GoToMoment{{stage, 0, 0}});
    context_.post(session::ShowStage{stage});
  }

  void draw_row(const PanelContext& inner, const CodeRow& row, ImVec2 at) const {
    const Theme& theme = context_.colours();
    const std::string_view line = memory_.listing.lines[row.line].text;
    const float y = at.y + (row_height_ - px_ * 1.2f) / 2;
    if (row.begins) {
      const std::string number = fmt::format("{}", row.line + 1);
      const TextLook look{Face::mono, px_, theme.ink_disabled};
      context_.text.draw(*inner.list, {at.x + gutter_ - advance_ * static_cast<float>(number.size() + 1), y},
                         look, number);
    }
    float x = at.x + gutter_ + advance_ * static_cast<float>(row.indent);
    for (const code::Span& span : memory_.spans[row.line]) {
      const std::size_t first = std::max(span.first, row.first);
      const std::size_t last = std::min(span.last, row.last);
      if (first >= last) continue;
      x += context_.text.draw(*inner.list, {x, y}, {Face::mono, px_, colour_of(theme, span.kind)},
                              line.substr(first, last - first));
    }
  }

  const session::Subject& subject_;
  PanelContext& context_;
  CodeMemory& memory_;
  float px_ = 0.0f;
  float advance_ = 0.0f;
  float row_height_ = 0.0f;
  float gutter_ = 0.0f;
};

}  // namespace

void draw_code(const session::Subject& subject, PanelContext& context, const Rect& content) {
  CodeTab(subject, context, context.memory.get<CodeMemory>()).draw(content);
}

}  // namespace attn::ui
