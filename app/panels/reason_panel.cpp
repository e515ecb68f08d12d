// The card at the right: the arithmetic of a number, or the scenario as code.

#include <array>
#include <vector>

#include "app/panels/reason_panel.h"
#include "app/widgets/controls.h"

namespace attn::ui {
namespace {

struct TabEntry {
  session::ReasonTab tab;
  std::string_view title;  ///< an id of the catalogue
  void (*draw)(const session::Subject& subject, PanelContext& context, const Rect& content);
};

/// In the order of the screen.
constexpr std::array kTabs = {
    TabEntry{session::ReasonTab::explain, ATTN_MESSAGE("Arithmetic"), draw_explanation},
    TabEntry{session::ReasonTab::code, ATTN_MESSAGE("Code"), draw_code},
};

}  // namespace

void draw_reason_panel(const session::Subject& subject, PanelContext& context) {
  draw_card_background(context);
  const Style& style = context.style;
  Rect content = context.area.inset(style.padding(), style.px(10));
  const Rect line = content.cut_top(style.control_height(), style.px(8));
  std::vector<std::string_view> labels;
  std::size_t chosen = 0;
  for (std::size_t i = 0; i < kTabs.size(); ++i) {
    labels.push_back(context.tr(kTabs[i].title));
    if (kTabs[i].tab == subject.view.reason_tab) chosen = i;
  }
  if (const auto picked = segmented(context, {PanelId::explain, "tab"}, line, labels, chosen))
    context.post(session::ShowReasonTab{kTabs[*picked].tab});
  kTabs[chosen].draw(subject, context, content);
}

}  // namespace attn::ui
