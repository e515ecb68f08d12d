// The glossary: a word of the field in both languages, its synonyms, what it means, and an example to open.

#include <algorithm>
#include <array>

#include "app/lessons/change.h"
#include "app/lessons/classroom.h"
#include "app/panels/lesson_links.h"
#include "app/panels/lesson_words.h"
#include "app/panels/sheet.h"
#include "app/platform/imgui_shims.h"
#include "app/session/fuzzy.h"
#include "app/widgets/controls.h"
#include "app/widgets/pick_list.h"

namespace attn::ui {
namespace {

using lessons::GlossaryEntry;

const WidgetId kGlossaryFilter{PanelId::dialog, "filter"};
const WidgetId kGlossaryList{PanelId::dialog, "entry"};

struct GlossaryMemory {
  std::string filter;
  PickListMemory list;
  std::string shown;                       ///< id of the entry that `example` belongs to
  std::optional<lessons::Moment> example;  ///< what its live values are taken from
  std::optional<WidgetId> from;            ///< the link that led here: it has the keyboard again afterwards
};

/// A term: no values stand in it.
Runs words(const PanelContext& context, const GlossaryEntry& entry, const lessons::LessonText& text,
           std::string_view language, const TextLook& look) {
  return lesson_runs(context, text.in(language), {*entry.example.scenario, nullptr},
                     context.classroom->scenes(), look);
}

/// The entry's example, computed when the entry is shown first.
const lessons::Moment& example_of(PanelContext& context, const GlossaryEntry& entry) {
  GlossaryMemory& memory = context.memory.get<GlossaryMemory>();
  if (!memory.example || memory.shown != entry.id) {
    const lessons::Scene scene =
        context.classroom->scenes().of(lessons::changed(*entry.example.scenario, entry.example.change));
    memory.shown = entry.id;
    memory.example = lessons::Moment{scene.document, scene.trace};
  }
  return *memory.example;
}
std::string plain(const Runs& runs) {
  std::string text;
  for (const Run& run : runs) text += run.text;
  return text;
}

std::string synonyms(const GlossaryEntry& entry, std::string_view language) {
  std::string text;
  if (const auto also = entry.also.find(std::string(language)); also != entry.also.end()) {
    for (const std::string& word : also->second)
      text += (text.empty() ? "" : language == "zh" ? "、" : ", ") + word;
  }
  return text;
}

bool matches(const PanelContext& context, const GlossaryEntry& entry, std::string_view typed) {
  std::string all;
  for (const std::string_view language : {"en", "zh"}) {
    all += plain(words(context, entry, entry.term, language, context.look(TextSize::body))) + " " +
           synonyms(entry, language) + " ";
  }
  return session::fuzzy_match(typed, all).has_value();
}

void draw_entry(PanelContext& context, Rect area, const GlossaryEntry& entry) {
  const Style& style = context.style;
  const Theme& theme = context.colours();
  const std::string_view language = context.catalogue.language();
  const std::string_view other = language == "zh" ? "en" : "zh";
  context.list->AddRectFilled(area.min, area.max, theme.box, style.small_rounding());
  area = area.inset(style.px(18), style.px(16));
  float y = area.min.y;
  const auto paragraph = [&](const Runs& runs, float gap) {
    y += context.text.draw_paragraph(*context.list, {area.min.x, y}, runs, area.width()) + gap;
  };
  const TextLook muted = context.look(TextSize::body, theme.ink_muted);
  paragraph(words(context, entry, entry.term, language, context.look(TextSize::title, Face::sans_bold)),
            style.px(2));
  paragraph(words(context, entry, entry.term, other, muted), style.px(10));
  paragraph(lesson_runs(context, entry.text.in(language), example_of(context, entry),
                        context.classroom->scenes(), context.look(TextSize::label)),
            style.px(14));
  for (const std::string_view tag : {language, other}) {
    const std::string also = synonyms(entry, tag);
    if (!also.empty()) {
      paragraph({{std::string(context.tr("also called")) + "  ", muted, 0.0f},
                 {also, context.look(TextSize::body), 0.0f}},
                style.px(4));
    }
  }
}

void leave_glossary(PanelContext& context, const GlossaryMemory& memory) {
  context.post(session::CloseDialog{});
  if (memory.from) context.widgets.focus(*memory.from, true);
}

}  // namespace

void draw_glossary(PanelContext& outer, ImVec2 window) {
  const Style& style = outer.style;
  GlossaryMemory& memory = outer.memory.get<GlossaryMemory>();
  if (outer.memory.get<DialogBegun>().begun) {
    memory.filter.clear();
    memory.list.restart();
    memory.from.reset();
    GlossaryLink& link = outer.memory.get<GlossaryLink>();
    const auto entry = std::ranges::find(lessons::glossary(), link.entry, &GlossaryEntry::id);
    if (entry != lessons::glossary().end()) {
      memory.list.cursor = static_cast<std::size_t>(entry - lessons::glossary().begin());
      memory.from = link.from;
    }
    link = {};
    edit_text_field(outer, kGlossaryFilter, "");
  }
  Sheet sheet(outer, window,
              {.size = {style.px(1060), style.px(680)},
               .heading = outer.tr("Glossary"),
               .subheading = outer.tr("each word with what others call it, and an example to open")});
  PanelContext& context = sheet.context;
  Rect content = sheet.content;
  Rect top = content.cut_top(style.control_height(), style.px(12));
  const std::array<std::string_view, 2> answers = {context.tr("Close"), context.tr("Open the example")};
  const float buttons = button_width(context, answers[0]) + button_width(context, answers[1]) + style.px(60);
  const Rect place = top.cut_right(buttons, style.px(12));
  const std::string before = memory.filter;
  const TextFieldResult typed = text_field(context, kGlossaryFilter, top, memory.filter,
                                           context.tr("type to find a word, in either language"));
  if (memory.filter != before) memory.list.restart();

  std::vector<const GlossaryEntry*> found;
  for (const GlossaryEntry& entry : lessons::glossary())
    if (memory.filter.empty() || matches(context, entry, memory.filter)) found.push_back(&entry);
  const Rect about = content.cut_right(std::round(content.width() * 0.58f), style.px(16));
  PickListOptions options;
  options.count = found.size();
  options.row_height = style.px(34);
  const PickListResult result =
      pick_list(context, kGlossaryList, content, options, memory.list,
                [&](std::size_t i, const Rect& rect, bool, bool) {
                  const Runs term = words(context, *found[i], found[i]->term, context.catalogue.language(),
                                          context.look(TextSize::label));
                  context.text.draw_in(*context.list, rect.inset(style.px(12), 0),
                                       context.text.ellipsis(term, rect.width() - style.px(24)));
                });
  const bool any = !found.empty();
  const std::size_t chosen = any ? std::min(memory.list.cursor, found.size() - 1) : 0;
  if (any) draw_entry(context, about, *found[chosen]);
  const auto answer = draw_answers(context, place, answers, 1, any);
  if (answer == 0 || typed.cancelled || (key_pressed(session::Key::escape) && !context.widgets.typing()))
    leave_glossary(context, memory);
  if (typed.commit) edit_text_field(context, kGlossaryFilter, memory.filter);
  if (any && (answer == 1 || result.opened))
    context.post(session::InLesson{session::OpenGlossaryExample{found[result.opened.value_or(chosen)]->id}});
}

}  // namespace attn::ui
