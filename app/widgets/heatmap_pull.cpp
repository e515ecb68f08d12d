#include "app/widgets/heatmap_pull.h"

#include <fmt/format.h>

#include <cmath>

#include "app/widgets/formula_names.h"
#include "app/widgets/number_format.h"

namespace attn::ui {
namespace {

using session::PullEnd;
using session::PullFreedom;
using session::PullLimit;
using session::PullObstacle;
using session::PullReport;
using session::Stiffness;

/// "0.62", or "(1.2, 3)" for several components.
std::string numbers(const std::vector<double>& values, int decimals) {
  if (values.size() == 1) return format_number(values[0], decimals);
  std::string out = "(";
  for (std::size_t i = 0; i < values.size(); ++i)
    out += (i > 0 ? ", " : "") + format_number(values[i], decimals);
  return out + ")";
}

std::string target_name(const PanelContext& context, const Input& input, const PullReport& report) {
  const session::PullTarget& target = report.target;
  if (target.columns.size() == 1) {
    return cell_symbol_text({target.stage, target.head, target.row, target.columns[0]},
                            conventions_of(context.session.settings()));
  }
  return context.say("output of {word}", fmt::arg("word", row_word(input, Stage::output, target.row)));
}

std::string_view stiffness(const PanelContext& context, Stiffness value) {
  switch (value) {
    case Stiffness::loose:
      return context.tr("moves easily");
    case Stiffness::stiff:
      return context.tr("stiff: moves little");
    case Stiffness::saturated:
      return context.tr("saturated: hardly moves");
  }
  return {};
}

std::string_view freedom(const PanelContext& context, PullFreedom value) {
  switch (value) {
    case PullFreedom::this_word:
      return context.tr("this word may move");
    case PullFreedom::all_words:
      return context.tr("all words may move");
    case PullFreedom::w_q_and_w_k:
      return context.tr("W_Q and W_K may move");
    case PullFreedom::w_v:
      return context.tr("W_V may move");
  }
  return {};
}

std::string bound_text(double bound, int decimals) {
  // One third is what the argument gives; "0.3333" would hide it.
  return std::abs(bound - 1.0 / 3.0) < 1e-12 ? "1/3" : format_number(bound, decimals);
}

std::string limit_reason(const PanelContext& context, const Input& input, const PullLimit& limit,
                         int decimals) {
  const auto word = [&](std::size_t key) { return std::string(column_word(input, Stage::weights, key)); };
  const std::string bound = bound_text(limit.bound, decimals);
  const std::string name = word(limit.key);
  const auto key = fmt::arg("key", name);
  switch (limit.kind) {
    case PullLimit::Kind::midpoint:
      return context.say(
          "{key} lies exactly midway between {a} and {b}: whatever W_Q and W_K are, it never gets more "
          "than {bound}.",
          key, fmt::arg("a", word(limit.tokens.at(0))), fmt::arg("b", word(limit.tokens.at(1))),
          fmt::arg("bound", bound));
    case PullLimit::Kind::between:
      return context.say(
          "{key} lies between {a} and {b}: whatever W_Q and W_K are, it never gets more than {bound}.", key,
          fmt::arg("a", word(limit.tokens.at(0))), fmt::arg("b", word(limit.tokens.at(1))),
          fmt::arg("bound", bound));
    case PullLimit::Kind::duplicate:
      return context.say(
          "{key} has a twin with the same vector: they share equally, and it never gets more than {bound}.",
          key, fmt::arg("bound", bound));
  }
  return {};
}

/// What stands in the way for certain; empty where nothing does.
std::string obstacle_reason(const PanelContext& context, const Input& input, const PullReport& report,
                            int decimals) {
  switch (report.obstacle) {
    case PullObstacle::none:
      return {};
    case PullObstacle::hidden:
      return context.say("The mask hides this cell: it stays {value}.",
                         fmt::arg("value", format_number(report.reached.at(0), decimals)));
    case PullObstacle::no_rival:
      return std::string(context.tr("Nothing shares with it: a single share is always 1."));
    case PullObstacle::after:
      return std::string(context.tr("W_V comes after the attention weights: it has no effect on them."));
    case PullObstacle::flat:
      return std::string(context.tr("The slope is 0 here: what may move does not move it at first."));
    case PullObstacle::hull:
      return std::string(
          context.tr("An output is a mean of values: no W_Q and W_K take it out of their hull."));
    case PullObstacle::range:
      break;
  }
  const std::string least = format_number((*report.range)[0], decimals);
  const std::string most = format_number((*report.range)[1], decimals);
  const auto low = fmt::arg("low", least);
  const auto high = fmt::arg("high", most);
  if (input.config.score == Score::cosine)
    return context.say("A cosine is at most 1: here it stays between {low} and {high}.", low, high);
  return context.say("tanh keeps this score small: here it stays between {low} and {high}.", low, high);
}

}  // namespace

PullWords pull_words(const PanelContext& context, const Input& input, const PullReport& report) {
  const int decimals = context.session.settings().decimals;
  PullWords words;
  const std::string target = target_name(context, input, report);
  const std::string goal = numbers(report.goal, std::min(decimals, 2));
  const std::string reached = numbers(report.reached, decimals);
  words.goal = context.say("{target} → {goal}, now {reached}", fmt::arg("target", target),
                           fmt::arg("goal", goal), fmt::arg("reached", reached));
  const bool stuck = report.end != PullEnd::moving && report.end != PullEnd::arrived;
  // How easily it moves is no news where it does not move any more.
  if (!stuck) words.handle = std::string(stiffness(context, report.stiffness)) + " · ";
  words.handle += freedom(context, report.freedom);
  if (report.limit) {
    words.reason = limit_reason(context, input, *report.limit, decimals);
    return words;
  }
  words.reason = obstacle_reason(context, input, report, decimals);
  if (!words.reason.empty()) return words;
  const std::string distance = format_number(report.distance, decimals);
  if (report.end == PullEnd::held_back) {
    words.reason = context.say("It comes no nearer: {distance} is missing.", fmt::arg("distance", distance));
  } else if (report.end == PullEnd::step_limit) {
    words.reason =
        context.say("It is still {distance} away; pull again to go on.", fmt::arg("distance", distance));
  }
  return words;
}

float draw_pull_words(PanelContext& context, const Rect& area, const PullWords& words) {
  float y = area.min.y;
  const TextLook ink = context.look(TextSize::body, context.colours().accent, Face::sans_bold);
  y += context.text.draw_paragraph(*context.list, {area.min.x, y}, ink, words.goal, area.width());
  y += context.text.draw_paragraph(*context.list, {area.min.x, y},
                                   context.look(TextSize::body, context.colours().ink_muted), words.handle,
                                   area.width());
  if (!words.reason.empty()) {
    y += context.text.draw_paragraph(*context.list, {area.min.x, y},
                                     context.look(TextSize::body, context.colours().error), words.reason,
                                     area.width());
  }
  return y - area.min.y;
}

float height_of_pull_words(const PanelContext& context, float width, const PullWords& words) {
  float height = 0.0f;
  const auto add_lines = [&](std::string_view text, Face face) {
    if (text.empty()) return;
    for (const Line& line : context.text.wrap(context.look(TextSize::body, face), text, width))
      height += line.height;
  };
  add_lines(words.goal, Face::sans_bold);
  add_lines(words.handle, Face::sans);
  add_lines(words.reason, Face::sans);
  return height;
}

void draw_pull_goal(PanelContext& context, const Rect& line, const PullWords& words) {
  context.text.draw_in(*context.list, line,
                       context.look(TextSize::body, context.colours().accent, Face::sans_bold), words.goal);
}

void draw_pull_reason(PanelContext& context, const Rect& area, const PullWords& words) {
  const Theme& theme = context.colours();
  const auto lines_of = [&](std::string_view text, Colour colour) {
    return text.empty() ? std::vector<Line>()
                        : context.text.wrap(context.look(TextSize::body, colour), text, area.width());
  };
  std::vector<Line> lines = lines_of(words.handle, theme.ink_muted);
  const std::vector<Line> reason = lines_of(words.reason, theme.error);
  const auto height = [](const std::vector<Line>& some) {
    float sum = 0.0f;
    for (const Line& line : some) sum += line.height;
    return sum;
  };
  if (height(lines) + height(reason) > area.height() && !reason.empty()) lines.clear();
  lines.insert(lines.end(), reason.begin(), reason.end());
  float y = area.min.y;
  for (std::size_t i = 0; i < lines.size() && y + lines[i].height <= area.max.y + 1.0f; ++i) {
    const bool cut = i + 1 < lines.size() && y + lines[i].height + lines[i + 1].height > area.max.y + 1.0f;
    Runs runs = lines[i].runs;
    if (cut && !runs.empty()) runs.back().text += " …";
    context.text.draw(*context.list, {area.min.x, y}, context.text.ellipsis(runs, area.width()));
    y += lines[i].height;
  }
}

}  // namespace attn::ui
