// The gallery: every example that travels inside the program, with a map of its attention weights that the
// program computes.

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/panels/sheet.h"
#include "app/platform/imgui_shims.h"
#include "app/session/builtin.h"
#include "app/session/fuzzy.h"
#include "app/session/glance.h"
#include "app/widgets/controls.h"
#include "app/widgets/pick_list.h"
#include "app/widgets/weights_thumbnail.h"
#include "core/io/scenario.h"
#include "core/io/text.h"

namespace attn::ui {
namespace {

const WidgetId kFilter{PanelId::dialog, "filter"};
const WidgetId kGalleryList{PanelId::dialog, "example"};

struct GalleryMemory {
  std::string filter;
  std::string listed_for;
  PickListMemory list;
  std::unique_ptr<session::Glances> glances = std::make_unique<session::Glances>();
  std::map<std::string, std::unique_ptr<WeightsThumbnail>, std::less<>> thumbnails;
};

std::vector<session::BuiltinTitle> examples_for(const PanelContext& context, std::string_view typed) {
  std::vector<session::BuiltinTitle> found;
  for (const session::BuiltinTitle& example : session::builtin_titles()) {
    const std::string_view language = context.catalogue.language();
    const std::string all =
        example.title.in(language) + " " + example.description.in(language) + " " + example.title.in("en");
    if (io::lower_case(all).find(io::lower_case(typed)) != std::string::npos) found.push_back(example);
  }
  return found;
}

void draw_thumbnail(PanelContext& context, const Rect& area, const session::BuiltinTitle& example,
                    GalleryMemory& memory) {
  auto& thumbnail = memory.thumbnails[std::string(example.name)];
  if (!thumbnail) {
    const std::string name(example.name);
    const auto glance = memory.glances->get(
        name, [name] { return session::glance_of(session::builtin_scenario(name).scenario()); });
    if (!glance) {
      context.animating = true;
      context.text.draw_in(*context.list, area, context.look(TextSize::body, context.colours().ink_muted),
                           context.tr("computing"), Align::centre);
      return;
    }
    thumbnail = std::make_unique<WeightsThumbnail>(glance);
  }
  if (thumbnail->glance()->problem) {
    const std::string line = context.tr(*thumbnail->glance()->problem);
    context.text.draw_paragraph(*context.list, area.min,
                                context.look(TextSize::small, context.colours().error), line, area.width());
    return;
  }
  thumbnail->draw(context, area);
}

void draw_example(PanelContext& context, const Rect& rect, const session::BuiltinTitle& example,
                  GalleryMemory& memory) {
  const Style& style = context.style;
  context.list->AddRect(rect.min, rect.max, style.colours.panel_border, style.small_rounding(), 0,
                        style.line());
  Rect inside = rect.inset(style.px(12), style.px(10));
  const std::string_view language = context.catalogue.language();
  const std::string title = example.title.in(language);
  const std::string description = example.description.in(language);
  std::vector<Line> lines =
      context.text.wrap(context.look(TextSize::body, style.colours.ink_muted), description, inside.width());
  constexpr std::size_t kMostLines = 3;
  const bool cut = lines.size() > kMostLines;
  if (cut) {
    lines.resize(kMostLines);
    lines.back().runs.push_back({"…", context.look(TextSize::body, style.colours.ink_muted), 0.0f});
    lines.back().runs = context.text.ellipsis(lines.back().runs, inside.width());
  }
  Rect words = inside.cut_bottom(style.px(122), style.px(8));
  draw_thumbnail(context, inside, example, memory);
  // A title that is too long for the line is written smaller before it is cut.
  TextLook heading = context.look(TextSize::label, Face::sans_bold);
  const float wanted = context.text.measure(heading, title).x;
  if (wanted > words.width())
    heading.px = std::max(style.text(TextSize::small), std::floor(heading.px * words.width() / wanted));
  context.text.draw_in(*context.list, words.cut_top(style.px(26), style.px(2)), heading, title);
  if (rect.contains(ImGui::GetIO().MousePos) &&
      (context.text.measure(heading, title).x > words.width() || cut))
    tooltip(context, title + "\n" + description);
  context.text.draw(*context.list, words.min, lines);
}

}  // namespace

void draw_gallery(PanelContext& outer, ImVec2 window) {
  const Style& style = outer.style;
  GalleryMemory& memory = outer.memory.get<GalleryMemory>();
  if (outer.memory.get<DialogBegun>().begun) {
    memory.filter.clear();
    memory.list.restart();
    edit_text_field(outer, kFilter, "");
  }
  Sheet sheet(outer, window,
              {.size = {style.px(1340), style.px(820)},
               .heading = outer.tr("Gallery"),
               .subheading = outer.tr("the maps are computed now: attention weights of the first heads")});
  PanelContext& context = sheet.context;
  Rect content = sheet.content;
  Rect top = content.cut_top(style.control_height(), style.px(12));
  const std::array<std::string_view, 2> labels = {context.tr("Cancel"), context.tr("Open")};
  const float buttons = button_width(context, labels[0]) + button_width(context, labels[1]) + style.px(60);
  const Rect answers = top.cut_right(buttons, style.px(12));
  const TextFieldResult typed =
      text_field(context, kFilter, top, memory.filter, context.tr("type to find an example"));
  if (memory.listed_for != memory.filter) {
    memory.listed_for = memory.filter;
    memory.list.restart();
  }
  const auto examples = examples_for(context, memory.filter);
  PickListOptions options;
  options.count = examples.size();
  options.columns = 3;
  options.row_height = style.px(330);
  options.gap = style.px(14);
  const PickListResult result = pick_list(
      context, kGalleryList, content, options, memory.list,
      [&](std::size_t i, const Rect& rect, bool, bool) { draw_example(context, rect, examples[i], memory); });
  const auto chosen = draw_answers(context, answers, labels, 1, !examples.empty());
  std::optional<std::size_t> open = result.opened;
  if ((typed.commit || chosen == 1) && memory.list.cursor < examples.size()) open = memory.list.cursor;
  if (open) {
    context.post(session::OpenExample{std::string(examples[*open].name)});
  } else if (typed.commit) {
    edit_text_field(context, kFilter, memory.filter);
  }
  const bool escape = key_pressed(session::Key::escape) && !context.widgets.typing();
  if (chosen == 0 || typed.cancelled || escape) context.post(session::CloseDialog{});
}

}  // namespace attn::ui
