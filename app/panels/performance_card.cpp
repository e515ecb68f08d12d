#include "app/panels/performance_card.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <future>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "app/platform/imgui_shims.h"
#include "app/widgets/controls.h"
#include "app/widgets/formula_names.h"
#include "core/kernel/peak.h"
#include "core/kernel/pool.h"

namespace attn::ui {
namespace {

using session::Key;

const WidgetId kMove{PanelId::performance, "move"};
const WidgetId kClose{PanelId::performance, "close"};
const WidgetId kMemory{PanelId::performance, "memory"};

struct PerformanceMemory {
  std::optional<ImVec2> corner;     ///< bottom left; absent: its usual place
  std::future<double> measuring;    ///< the peak of one thread
  std::optional<double> peak;       ///< operations a second; 0: cannot be measured
  std::optional<double> megabytes;  ///< while the field is dragged
  bool shown = false;
};

double median_peak() {
  std::array<double, 5> found{};
  for (double& value : found) value = kernel::measured_peak();
  std::ranges::sort(found);
  return found[found.size() / 2];
}

/// The peak is measured when the card is first opened, on a thread of its own.
void measure_peak(PanelContext& context, PerformanceMemory& memory) {
  if (memory.peak) return;
  if (!memory.measuring.valid()) memory.measuring = std::async(std::launch::async, median_peak);
  if (memory.measuring.wait_for(std::chrono::seconds(0)) == std::future_status::ready) {
    memory.peak = memory.measuring.get();
  } else {
    context.animating = true;  // some milliseconds
  }
}

struct PerformanceLine {
  std::string name;
  std::string value;
  std::string share = {};  ///< of the processor's peak
  bool quiet = false;
  bool rule_above = false;
};

std::string names_of(const PanelContext& context, const Input& input, const StageTime& time) {
  std::string names(stage_heading(context, input, time.stages.front()));
  if (time.stages.size() > 1) names += " … " + std::string(stage_heading(context, input, time.stages.back()));
  return names;
}

std::vector<PerformanceLine> lines_of(const PanelContext& context, const PerformanceMemory& memory) {
  const session::Session& session = context.session;
  const session::TraceFacts& facts = session.trace_facts();
  std::vector<PerformanceLine> lines;
  const auto line = [&](std::string_view name, std::string value) -> PerformanceLine& {
    return lines.emplace_back(PerformanceLine{std::string(name), std::move(value)});
  };
  const std::string unknown = "–";
  const double peak = memory.peak.value_or(0.0) * static_cast<double>(kernel::thread_limit());
  double all = 0.0;
  if (session.trace()) {
    for (const StageTime& time : facts.times) {
      PerformanceLine& added =
          line(names_of(context, session.trace()->input(), time), duration_text(time.seconds));
      if (peak > 0 && time.operations > 0 && time.seconds > 0)
        added.share = fmt::format("{:.0f} %", 100.0 * time.operations / time.seconds / peak);
      all += time.seconds;
    }
  }
  PerformanceLine& total = line(
      facts.updated ? context.tr("together: only what the drag changed") : context.tr("together: everything"),
      facts.times.empty() ? unknown : duration_text(all));
  total.rule_above = !facts.times.empty();
  line(context.tr("last drag: from a movement to its trace"),
       facts.drag_seconds ? duration_text(*facts.drag_seconds) : unknown);
  const FrameTimes& frames = context.memory.get<FrameTimes>();
  line(context.say("{count} frames: half of them below", fmt::arg("count", frames.count())),
       frames.count() > 0 ? duration_text(frames.quantile(0.5)) : unknown);
  line(context.tr("99 of 100 frames below"),
       frames.count() > 0 ? duration_text(frames.quantile(0.99)) : unknown);
  const session::RunnerStatus status = session.status();
  line(status.backend + ": " + status.description, "").quiet = true;
  std::string most = unknown;
  if (memory.peak && *memory.peak > 0) most = fmt::format("{:.0f} GFLOP/s", *memory.peak * 1e-9);
  line(context.tr("peak of one thread, measured"),
       memory.peak ? most : std::string(context.tr("being measured")));
  return lines;
}

/// The heading moves the card, by the mouse or by the arrow keys.
void move_card(PanelContext& context, PerformanceMemory& memory, const Rect& heading, const Rect& card) {
  const Interaction use = interact(context, kMove, heading, true, context.style.small_rounding());
  const ImVec2 corner{card.min.x, card.max.y};
  if (use.hovered || use.held) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeAll);
  if (use.held) memory.corner = add(corner, ImGui::GetIO().MouseDelta);
  const float step = context.style.px(20);
  const auto nudge = [&](Key key, ImVec2 by) {
    if (!context.widgets.take(kMove, key)) return;
    memory.corner = add(corner, by);
    context.animating = true;
  };
  nudge(Key::left, {-step, 0});
  nudge(Key::right, {step, 0});
  nudge(Key::up, {0, -step});
  nudge(Key::down, {0, step});
}

void draw_memory_field(PanelContext& context, PerformanceMemory& memory, Rect line) {
  const session::Session& session = context.session;
  const Style& style = context.style;
  const Rect unit = line.cut_right(style.px(34), style.px(6));
  const Rect field = line.cut_right(style.px(96), style.px(10));
  const std::uint64_t used = session.trace() ? session.trace()->bytes() : 0;
  context.text.draw_in(
      *context.list, line, context.look(TextSize::body),
      used == 0 ? std::string(context.tr("memory for a trace"))
                : context.say("memory: this trace {used}, at most", fmt::arg("used", bytes_text(used))));
  context.text.draw_in(*context.list, unit, context.look(TextSize::body, context.colours().ink_muted), "MB");
  const double now = static_cast<double>(session.memory_limit() >> 20);
  NumberFieldOptions options;
  options.step = 64;
  options.decimals = 0;
  options.integer = true;
  options.low = static_cast<double>(session::Settings::kLeastMegabytes);
  options.high = static_cast<double>(session::Settings::kMostMegabytes);
  options.tooltip =
      context.tr("Longer texts need more: at n words each head's map has n × n numbers of 4 bytes.");
  const NumberFieldResult result =
      number_field(context, kMemory, field, memory.megabytes.value_or(now), options);
  const auto set = [&](double megabytes) {
    context.post(session::SetMemory{static_cast<std::size_t>(std::max(0.0, megabytes))});
  };
  // The trace is made anew with each limit: of a drag only the last one counts.
  if (result.preview) memory.megabytes = result.preview;
  if (result.commit) set(*result.commit);
  if (result.ended && memory.megabytes) set(*memory.megabytes);
  if (result.ended || result.cancelled) memory.megabytes.reset();
}

}  // namespace

std::string duration_text(double seconds) {
  if (seconds < 0.9995e-3) return fmt::format("{:.0f} µs", seconds * 1e6);
  if (seconds < 0.09995) return fmt::format("{:.1f} ms", seconds * 1e3);
  if (seconds < 0.9995) return fmt::format("{:.0f} ms", seconds * 1e3);
  return fmt::format("{:.2f} s", seconds);
}

std::string bytes_text(std::uint64_t bytes) {
  constexpr std::array<const char*, 5> kUnits = {"B", "KB", "MB", "GB", "TB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (value >= 1023.5 && unit + 1 < kUnits.size()) {
    value /= 1024.0;
    ++unit;
  }
  return fmt::format("{:.{}f} {}", value, unit > 0 && value < 9.95 ? 1 : 0, kUnits[unit]);
}

void draw_performance_card(PanelContext& outer, ImVec2 window) {
  PerformanceMemory& memory = outer.memory.get<PerformanceMemory>();
  const bool appears = !memory.shown;
  memory.shown = outer.session.settings().performance_shown;
  if (!memory.shown) return;
  const Style& style = outer.style;
  measure_peak(outer, memory);
  const std::vector<PerformanceLine> lines = lines_of(outer, memory);
  const float line_height = style.px(24);
  const ImVec2 size{std::min(style.px(600), window.x),
                    std::min(style.px(64 + 34) + line_height * static_cast<float>(lines.size()), window.y)};
  const ImVec2 wanted = memory.corner.value_or(ImVec2{style.gap(), window.y - style.gap()});
  const ImVec2 corner{std::clamp(wanted.x, 0.0f, window.x - size.x), std::clamp(wanted.y, size.y, window.y)};
  const Rect card{{corner.x, corner.y - size.y}, {corner.x + size.x, corner.y}};
  const float shade = style.px(4);
  ImGui::SetNextWindowPos({card.min.x - shade, card.min.y});
  ImGui::SetNextWindowSize({size.x + 2 * shade, size.y + 2 * shade});
  ImGui::Begin("performance", nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                   ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NoNav |
                   ImGuiWindowFlags_NoScrollWithMouse | ImGuiWindowFlags_NoFocusOnAppearing);
  if (appears) bring_window_to_front();
  PanelContext context = outer.within(card);
  context.list = ImGui::GetWindowDrawList();
  context.list->AddRectFilled(add(card.min, {0, shade}), add(card.max, {0, shade}), style.colours.shadow,
                              style.rounding());
  Rect heading{card.min, {card.max.x - style.px(48), card.min.y + style.px(44)}};
  Rect content = draw_card(context, context.tr("Times and memory"), context.tr("drag this line to move it"));
  move_card(context, memory, heading.inset(style.px(6)), card);
  const Rect cross{{card.max.x - style.px(42), card.min.y + style.px(10)},
                   {card.max.x - style.px(12), card.min.y + style.px(40)}};
  if (icon_button(context, kClose, cross, Icon::close, {.kind = ButtonKind::quiet}))
    context.post(session::ShowPerformance{false});

  const TextLook words = context.look(TextSize::body);
  const TextLook quiet = context.look(TextSize::body, style.colours.ink_muted);
  const TextLook digits = context.look(TextSize::body, Face::mono);
  const TextLook share = context.look(TextSize::body, style.colours.ink_muted, Face::mono);
  const Rect limit = content.cut_bottom(style.px(34), style.px(8));
  for (const PerformanceLine& line : lines) {
    Rect row = content.cut_top(line_height);
    if (line.rule_above)
      context.list->AddLine(row.min, {row.max.x, row.min.y}, style.colours.panel_border, style.line());
    if (line.quiet) {
      context.text.draw_in(*context.list, row, quiet, line.name);
      continue;
    }
    const Rect percent = row.cut_right(style.px(58), style.px(4));
    const Rect value = row.cut_right(style.px(140), style.px(8));
    context.text.draw_in(*context.list, row, words, line.name);
    context.text.draw_in(*context.list, value, digits, line.value, Align::right);
    context.text.draw_in(*context.list, percent, share, line.share, Align::right);
  }
  draw_memory_field(context, memory, limit);
  ImGui::End();
}

}  // namespace attn::ui
