#include "app/panels/composer_section.h"
#include "app/widgets/controls.h"

namespace attn::ui {
namespace {

using session::ComposeCopy;

constexpr WidgetKind kRoomOfCopy{"compose_copy_room"};

class Copies : ComposerSection {
 public:
  using ComposerSection::ComposerSection;

  void draw() {
    heading(context_.tr("copies to the output"));
    const std::vector<std::size_t> everything = session::content_columns(document());
    std::optional<std::size_t> one;
    bool all = memory_.copied == everything;
    if (memory_.copied && memory_.copied->size() == 1) one = memory_.copied->front();
    if (memory_.refused_copy) {
      one = memory_.refused_copy->column;
      all = !one;
    }
    Rect line = column_.take(style().control_height(), style().px(6));
    const float width = std::round((line.width() - style().px(6)) * 0.5f);
    if (button(context_, WidgetId{PanelId::scenario, "compose_copy"}.at(0),
               line.cut_left(width, style().px(6)), context_.tr("all features"), {.chosen = all}))
      copy(std::nullopt);
    if (button(context_, WidgetId{PanelId::scenario, "compose_copy"}.at(1), line, context_.tr("one feature"),
               {.chosen = one && !all}))
      copy(one.value_or(0));
    if (one && !all) {
      std::vector<Column> choices(everything.begin(), everything.end());
      if (const auto picked =
              draw_list(ComposerMemory::List::copied, context_.tr("which"), choices, one,
                        [&](Column column) { return key_name(column.value()); },
                        {PanelId::scenario, "compose_copied"}, {PanelId::scenario, "compose_copied_choice"}))
        copy(picked->value());
    }
    if (!one && !all) {
      say(context_.tr("W_V and W_O of this head are numbers of its own; a choice above replaces them."));
    }
    draw_problem(memory_.refused_copy, kRoomOfCopy);
  }

 private:
  void copy(Column column) {
    const ComposeCopy edit{head(), column, false};
    memory_.refused_copy.reset();
    if (session::problem_of(document(), edit)) {
      memory_.refused_copy = edit;
    } else {
      context_.post(session::Apply{edit});
    }
  }
};

}  // namespace

void draw_composer_copies(ScenarioColumn& column, ComposerMemory& memory) { Copies(column, memory).draw(); }

}  // namespace attn::ui
