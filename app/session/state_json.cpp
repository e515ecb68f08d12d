#include "app/session/state_json.h"

#include <cmath>

#include <fmt/format.h>

#include "app/session/session.h"
#include "core/io/scenario.h"
#include "core/io/text.h"

namespace attn::session {
namespace {

std::string text(std::string_view s) { return io::json_string(s); }
std::string text(bool b) { return b ? "true" : "false"; }

/// null for −∞, as in golden files; what else JSON cannot write is a word.
template <class T>
std::string number(T value) {
  if (std::isnan(value)) return "\"nan\"";
  if (std::isinf(value)) return value < 0 ? "null" : "\"inf\"";
  return io::shortest(value);
}

/// [a,b,…] of whatever `element` writes for 0 … count − 1.
template <class Element>
std::string list(std::size_t count, Element element) {
  std::string result = "[";
  for (std::size_t i = 0; i < count; ++i) result += (i == 0 ? "" : ",") + element(i);
  return result + "]";
}

std::string numbers(const std::vector<double>& values) {
  return list(values.size(), [&](std::size_t i) { return number(values[i]); });
}

std::string matrix(const SharedMatrix& m) {
  if (m.rows() * m.columns() > kStateCells)
    return fmt::format("{{\"shape\":[{},{}]}}", m.rows(), m.columns());
  return list(m.rows(), [&](std::size_t i) {
    return list(m.columns(), [&](std::size_t j) { return number(m(i, j)); });
  });
}

std::string labels(const Tokens& tokens) {
  return list(tokens->size(), [&](std::size_t i) { return text((*tokens)[i]); });
}

std::string cell(const CellRef& c) {
  return fmt::format("{{\"stage\":{},\"head\":{},\"row\":{},\"column\":{}}}", text(name(c.stage)), c.head,
                     c.row, c.column);
}

std::string scale(const Scale& s) {
  if (s.kind == Scale::Kind::number) return number(s.number);
  return s.kind == Scale::Kind::none ? "\"none\"" : "\"sqrt_dk\"";
}

std::string document_json(const Document& document, Language language) {
  const Input& input = document.input();
  std::string result =
      fmt::format("{{\"title\":{},\"tokens\":{},\"x\":{}", text(document.scenario().title.in(name(language))),
                  labels(input.tokens), matrix(input.x));
  if (input.source) {
    result += fmt::format(",\"source\":{{\"tokens\":{},\"x\":{}}}", labels(input.source->tokens),
                          matrix(input.source->x));
  }
  result += ",\"parameters\":{";
  bool first = true;
  for (const ParameterId id : kParameterIds) {
    if (!input.parameters[id]) continue;
    result += fmt::format("{}{}:{}", first ? "" : ",", text(name(id)), matrix(*input.parameters[id]));
    first = false;
  }
  const Config& config = input.config;
  return result + fmt::format("}},\"heads\":{},\"scale\":{},\"temperature\":{},\"causal\":{}}}", config.heads,
                              scale(config.scale), number(config.temperature), text(config.mask.causal));
}

std::string stage_json(const Trace& trace, Stage stage) {
  const StageShape shape = trace.shape(stage);
  if (shape.cells() > kStateCells) {
    return fmt::format("{{\"shape\":[{},{},{}]}}", shape.heads, shape.rows, shape.columns);
  }
  return list(shape.heads, [&](std::size_t head) -> std::string {
    const Read read = trace.read_head(stage, head);
    if (!read.ready()) return "null";
    return list(read.values.rows, [&](std::size_t i) {
      return list(read.values.columns, [&](std::size_t j) { return number(read.values(i, j)); });
    });
  });
}

std::string trace_json(const Trace* trace) {
  if (!trace) return "null";
  std::string result = "{";
  for (const Stage stage : stages_of(trace->input())) {
    result +=
        fmt::format("{}{}:{}", result.size() > 1 ? "," : "", text(name(stage)), stage_json(*trace, stage));
  }
  return result + "}";
}

std::string playhead_json(const Playhead& playhead) {
  std::string moment = "null";
  if (const auto m = playhead.moment()) {
    moment =
        fmt::format("{{\"stage\":{},\"row\":{},\"column\":{}}}", text(name(m->stage)), m->row, m->column);
  }
  return fmt::format("{{\"position\":{},\"count\":{},\"playing\":{},\"moment\":{}}}", playhead.position(),
                     playhead.order().count(), text(playhead.playing()), moment);
}

std::string limit_json(const std::optional<PullLimit>& limit) {
  if (!limit) return "null";
  return fmt::format(
      "{{\"bound\":{},\"key\":{},\"tokens\":{},\"share\":{}}}", number(limit->bound), limit->key,
      list(limit->tokens.size(), [&](std::size_t i) { return fmt::format("{}", limit->tokens[i]); }),
      number(limit->share));
}

std::string pull_json(const Session& session) {
  if (!session.pull()) return "null";
  const PullReport& r = *session.pull();
  return fmt::format(
      "{{\"active\":{},\"stage\":{},\"head\":{},\"row\":{},\"columns\":{},\"freedom\":{},\"start\":{},"
      "\"goal\":{},\"reached\":{},\"distance\":{},\"moved\":{},\"give\":{},\"room\":{},\"stiffness\":{},"
      "\"end\":{},\"steps\":{},\"obstacle\":{},\"limit\":{}}}",
      text(session.pulling()), text(name(r.target.stage)), r.target.head, r.target.row,
      list(r.target.columns.size(), [&](std::size_t i) { return fmt::format("{}", r.target.columns[i]); }),
      text(name(r.freedom)), numbers(r.start), numbers(r.goal), numbers(r.reached), number(r.distance),
      number(r.moved), number(r.give), number(r.room), text(name(r.stiffness)), text(name(r.end)), r.steps,
      text(name(r.obstacle)), limit_json(r.limit));
}

std::string notices_json(const std::vector<Notice>& notices) {
  static constexpr std::array<std::string_view, 3> kSeverities = {"information", "warning", "error"};
  return list(notices.size(), [&](std::size_t i) {
    return fmt::format("{{\"severity\":{},\"text\":{}}}",
                       text(kSeverities[static_cast<std::size_t>(notices[i].severity)]),
                       text(english(notices[i].text)));
  });
}

std::string history_json(const History& history) {
  const auto label = [](const std::optional<Message>& m) {
    return m ? text(english(*m)) : std::string("null");
  };
  return fmt::format("{{\"undo\":{},\"redo\":{},\"undo_label\":{},\"redo_label\":{},\"gesture\":{}}}",
                     history.undo_steps(), history.redo_steps(), label(history.undo_label()),
                     label(history.redo_label()), text(history.in_gesture()));
}

std::string status_json(const RunnerStatus& status) {
  return fmt::format("{{\"backend\":{},\"computing\":{},\"error\":{},\"lost\":{}}}", text(status.backend),
                     text(status.computing), status.error ? text(*status.error) : "null",
                     list(status.lost.size(), [&](std::size_t i) {
                       return fmt::format("{{\"name\":{},\"reason\":{}}}", text(status.lost[i].name),
                                          text(status.lost[i].reason));
                     }));
}

std::string settings_json(const Settings& s) {
  return fmt::format("{{\"theme\":{},\"language\":{},\"decimals\":{},\"reduced_motion\":{},\"speed\":{}}}",
                     text(name(s.theme)), text(name(s.language)), s.decimals, text(s.reduced_motion),
                     number(s.speed));
}

}  // namespace

std::string state_json(const Session& session, std::string_view widgets) {
  const View& view = session.view();
  std::string state = fmt::format("{{\"revision\":{},\n\"current\":{},\n\"file\":{},\n\"unsaved\":{},\n",
                                  session.revision(), text(session.trace_is_current()),
                                  text(session.file().string()), text(session.has_unsaved_work()));
  const auto add = [&](std::string_view key, const std::string& value) {
    state += fmt::format("{}:{},\n", text(key), value);
  };
  add("question", session.question() == Question::none ? "null" : "\"unsaved_work\"");
  add("dialog", session.dialog() == Dialog::none ? "null" : text(name(session.dialog())));
  add("selection", cell(view.selection));
  add("explained", cell(view.explained()));
  add("head", fmt::format("{}", view.head));
  add("stage", text(name(view.stage)));
  add("vectors", text(name(view.vectors)));
  add("freedom", text(name(view.freedom)));
  add("settings", settings_json(session.settings()));
  add("playhead", playhead_json(session.playhead()));
  add("pull", pull_json(session));
  add("notices", notices_json(session.notices()));
  add("refusal", session.refusal() ? text(english(session.refusal()->reason)) : "null");
  add("history", history_json(session.history()));
  add("status", status_json(session.status()));
  add("document", document_json(session.document(), session.settings().language));
  if (!widgets.empty()) add("widgets", std::string(widgets));
  return state + "\"trace\":" + trace_json(session.trace().get()) + "}\n";
}

}  // namespace attn::session
