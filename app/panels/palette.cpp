// The command palette: everything that can be done, found by a few letters of its title in the language shown
// or in English; examples and words are found as well.

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "app/panels/sheet.h"
#include "app/platform/imgui_shims.h"
#include "app/session/builtin.h"
#include "app/session/find_token.h"
#include "app/session/fuzzy.h"
#include "app/widgets/controls.h"
#include "app/widgets/pick_list.h"
#include "core/io/scenario.h"

namespace attn::ui {
namespace {

const WidgetId kPaletteFilter{PanelId::dialog, "filter"};
const WidgetId kPaletteList{PanelId::dialog, "command"};

struct PaletteMemory {
  std::string filter;
  std::string listed_for = "\n";  ///< the filter of the list below
  PickListMemory list;
};

struct Entry {
  std::string title;
  std::string aside;  ///< in muted ink: the English title, or why it cannot be done
  std::string keys;
  session::Action action;
  bool enabled = true;
  double score = 0.0;
};

/// The better of two matches.
std::optional<double> better(std::optional<double> a, std::optional<double> b) {
  if (!a || !b) return a ? a : b;
  return std::max(*a, *b);
}

void add_commands(const PanelContext& context, std::string_view typed, std::vector<Entry>& entries) {
  for (const session::Command& command : session::commands()) {
    if (command.id == "help.commands") continue;  // it is open
    Entry entry;
    const std::string title = context.catalogue.tr(command.title);  // "W_Q" is found as it is typed
    const std::string in_english = english(command.title);
    const auto score = better(session::fuzzy_match(typed, title), session::fuzzy_match(typed, in_english));
    if (!score) continue;
    entry.title = with_indices(title);
    entry.score = *score;
    entry.enabled = command.enabled(context.session);
    if (const auto detail = detail_of(command, context.session)) entry.title += "  " + context.tr(*detail);
    if (!entry.enabled) {
      if (const auto reason = why_disabled(command, context.session)) entry.aside = context.tr(*reason);
    } else if (context.catalogue.language() != "en") {
      entry.aside = with_indices(in_english);
    }
    if (!command.keys.empty()) entry.keys = text(command.keys.front());
    entry.action = command.make(context.session);
    entries.push_back(std::move(entry));
  }
}

void add_examples(const PanelContext& context, std::string_view typed, std::vector<Entry>& entries) {
  for (const session::BuiltinTitle& example : session::builtin_titles()) {
    const std::string title = example.title.in(context.catalogue.language());
    const auto score =
        better(session::fuzzy_match(typed, title), session::fuzzy_match(typed, example.title.in("en")));
    if (!score) continue;
    entries.push_back({title, std::string(context.tr("example")), "",
                       session::OpenExample{std::string(example.name)}, true, *score - 0.5});
  }
}

/// Words of the example, once something is typed.
void add_tokens(const PanelContext& context, std::string_view typed, std::vector<Entry>& entries) {
  constexpr std::size_t kMost = 50;
  if (typed.empty()) return;
  const CellRef from = context.session.view().selection;
  std::size_t found = 0;
  for (const session::TokenPlace& place : session::find_tokens(context.session.document().input(), typed)) {
    if (++found > kMost) return;
    const std::string where =
        place.of_source ? context.say("word {number} of the source", fmt::arg("number", place.index + 1))
                        : context.say("word {number}", fmt::arg("number", place.index + 1));
    entries.push_back({place.label, where, "",
                       session::Select{session::cell_of(context.session.document(), from, place)}, true,
                       session::fuzzy_match(typed, place.label).value_or(0.0) - 1.0});
  }
}

std::vector<Entry> entries_for(const PanelContext& context, std::string_view typed) {
  std::vector<Entry> entries;
  add_commands(context, typed, entries);
  add_examples(context, typed, entries);
  add_tokens(context, typed, entries);
  if (!typed.empty())
    std::ranges::stable_sort(entries, [](const Entry& a, const Entry& b) { return a.score > b.score; });
  return entries;
}

void draw_entry(PanelContext& context, const Rect& rect, const Entry& entry) {
  const Theme& colours = context.colours();
  Rect words = rect.inset(context.style.px(12), 0);
  const TextLook keys = context.look(TextSize::small, entry.enabled ? colours.accent : colours.ink_disabled);
  const Rect right = words.cut_right(context.text.measure(keys, entry.keys).x, context.style.px(12));
  context.text.draw_in(*context.list, right, keys, entry.keys, Align::right);
  Runs runs{
      {entry.title, context.look(TextSize::body, entry.enabled ? colours.ink : colours.ink_disabled), 0.0f}};
  if (!entry.aside.empty()) {
    runs.push_back({"   " + entry.aside,
                    context.look(TextSize::small, entry.enabled ? colours.ink_muted : colours.ink_disabled),
                    0.0f});
  }
  context.text.draw_in(*context.list, words, runs);
}

}  // namespace

void draw_palette(PanelContext& outer, ImVec2 window) {
  const Style& style = outer.style;
  PaletteMemory& memory = outer.memory.get<PaletteMemory>();
  if (outer.memory.get<DialogBegun>().begun) {
    memory = {};
    edit_text_field(outer, kPaletteFilter, "");
  }
  Sheet sheet(outer, window,
              {.size = {style.px(820), style.px(620)},
               .heading = outer.tr("All commands"),
               .subheading = outer.tr("examples and words as well"),
               .height = 0.2f});
  PanelContext& context = sheet.context;
  Rect content = sheet.content;
  const TextFieldResult typed =
      text_field(context, kPaletteFilter, content.cut_top(style.control_height(), style.px(10)),
                 memory.filter, context.tr("type a few letters"));
  if (memory.listed_for != memory.filter) {
    memory.listed_for = memory.filter;
    memory.list.restart();
  }
  std::vector<Entry> entries = entries_for(context, memory.filter);
  if (entries.empty()) {
    context.text.draw_in(*context.list, content.cut_top(style.px(32)),
                         context.look(TextSize::body, style.colours.ink_muted),
                         context.tr("no command has these letters"));
  }
  PickListOptions options;
  options.count = entries.size();
  options.row_height = style.px(34);
  const PickListResult result =
      pick_list(context, kPaletteList, content, options, memory.list,
                [&](std::size_t i, const Rect& rect, bool, bool) { draw_entry(context, rect, entries[i]); });
  std::optional<std::size_t> chosen = result.opened ? result.opened : result.clicked;
  if (typed.commit && memory.list.cursor < entries.size()) chosen = memory.list.cursor;
  if (chosen && entries[*chosen].enabled) {
    context.post(session::CloseDialog{});
    context.post(std::move(entries[*chosen].action));
  } else if (typed.commit) {
    edit_text_field(context, kPaletteFilter, memory.filter);
  }
  if (typed.cancelled || (key_pressed(session::Key::escape) && !context.widgets.typing()))
    context.post(session::CloseDialog{});
}

}  // namespace attn::ui
