#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/panels/file_browser.h"
#include "app/widgets/controls.h"

namespace attn::ui {
namespace {

constexpr std::size_t kMostWords = 60;

void draw_words_of(PanelContext& context, Rect& area, const session::Glance& glance) {
  const Style& style = context.style;
  const Dimensions& d = glance.dimensions;
  const std::string sizes =
      context.say("words: {words} · heads: {heads} · columns: {width}", fmt::arg("words", d.n_queries),
                  fmt::arg("heads", d.n_heads), fmt::arg("width", d.d_model));
  area.min.y += context.text.draw_paragraph(
      *context.list, area.min, context.look(TextSize::body, style.colours.ink_muted), sizes, area.width());
  std::string words;
  const std::vector<std::string>& tokens = *glance.input->tokens;
  for (std::size_t i = 0; i < std::min(tokens.size(), kMostWords); ++i)
    words += (i > 0 ? " " : "") + tokens[i];
  if (tokens.size() > kMostWords) words += " …";
  std::vector<Line> lines = context.text.wrap(context.look(TextSize::body), words, area.width());
  constexpr std::size_t kMostLines = 4;
  if (lines.size() > kMostLines) lines.resize(kMostLines);
  area.min.y += context.text.draw(*context.list, area.min, lines) + style.px(10);
}

void draw_whole(PanelContext& context, Rect area, FileBrowserMemory& memory,
                const std::shared_ptr<const session::Glance>& glance) {
  const Style& style = context.style;
  const std::string title = glance->title.in(context.catalogue.language());
  if (!title.empty()) {
    std::vector<Line> lines =
        context.text.wrap(context.look(TextSize::label, Face::sans_bold), title, area.width());
    constexpr std::size_t kMostTitleLines = 3;
    if (lines.size() > kMostTitleLines) {
      lines.resize(kMostTitleLines);
      lines.back().runs.push_back({"…", lines.back().runs.front().look, 0.0f});
      lines.back().runs = context.text.ellipsis(lines.back().runs, area.width());
    }
    area.min.y += context.text.draw(*context.list, area.min, lines) + style.px(2);
  }
  if (glance->input) draw_words_of(context, area, *glance);
  if (glance->problem) {
    const std::string line = context.tr(*glance->problem);
    const Colour ink = glance->input || glance->other_kind ? style.colours.ink_muted : style.colours.error;
    area.min.y += context.text.draw(*context.list, area.min,
                                    context.text.wrap(context.look(TextSize::body, ink), line, area.width()));
    if (context.session.dialog() == session::Dialog::import && !glance->input) {
      area.min.y += style.px(10);
      context.text.draw(*context.list, area.min,
                        context.text.wrap(context.look(TextSize::body, style.colours.ink_muted),
                                          context.tr("Mark the files that belong together: Space, Ctrl+click "
                                                     "or a click on the box."),
                                          area.width()));
    }
    return;
  }
  if (!memory.thumbnail || memory.thumbnail->glance() != glance)
    memory.thumbnail = std::make_unique<WeightsThumbnail>(glance);
  std::vector<Line> notes;
  float height = 0.0f;
  for (const session::Message& note : glance->notes) {
    for (Line& line : context.text.wrap(context.look(TextSize::small, style.colours.ink_muted),
                                        context.tr(note), area.width())) {
      height += line.height;
      notes.push_back(std::move(line));
    }
  }
  const Rect below = area.cut_bottom(std::min(height, area.height() * 0.5f), style.px(8));
  const float side = std::min(area.height(), area.width());
  memory.thumbnail->draw(context, {area.min, {area.max.x, area.min.y + side}});
  context.list->PushClipRect(below.min, below.max, true);
  context.text.draw(*context.list, below.min, notes);
  context.list->PopClipRect();
}

}  // namespace

void draw_file_glance(PanelContext& context, const Rect& area, FileBrowserMemory& memory) {
  const Style& style = context.style;
  context.list->AddRectFilled(area.min, area.max, style.colours.box, style.rounding());
  const Rect inside = area.inset(style.px(14), style.px(12));
  const auto say = [&](std::string_view words) {
    context.text.draw_in(*context.list, {inside.min, {inside.max.x, inside.min.y + style.px(28)}},
                         context.look(TextSize::body, style.colours.ink_muted), words);
  };
  const session::FolderEntry* const entry = memory.current();
  if (!entry) return;
  if (entry->kind == session::EntryKind::folder) {
    say(context.tr("a folder"));
    return;
  }
  const auto glance = memory.glances->of_file(memory.path_of(*entry));
  if (!glance) {
    say(context.tr("computing"));
    context.animating = true;
    return;
  }
  draw_whole(context, inside, memory, glance);
}

}  // namespace attn::ui
