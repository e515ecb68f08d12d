// The `view` object of a scenario file: written in full, read with forbearance.

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/session/view.h"

namespace attn::session {
namespace {

using nlohmann::json;

// What a file may open in the explain tree: enough for a lesson, too little to hurt.
constexpr std::size_t kMaxTrail = 64;
constexpr std::size_t kMaxOpen = 1024;
constexpr std::size_t kMaxDepth = 64;
// Tokens and heads shown together: as many as a scenario may have.
constexpr std::size_t kMaxTogether = 65536;

json cell_json(const CellRef& cell) {
  return {{"stage", name(cell.stage)}, {"head", cell.head}, {"row", cell.row}, {"column", cell.column}};
}

const json* member(const json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}

void read(const json& object, const char* key, std::size_t& value) {
  const json* const found = member(object, key);
  if (found && found->is_number_unsigned()) value = found->get<std::size_t>();
}

void read(const json& object, const char* key, Stage& stage) {
  const json* const found = member(object, key);
  if (!found || !found->is_string()) return;
  stage = stage_from_name(found->get_ref<const std::string&>()).value_or(stage);
}

void read(const json& object, const char* key, bool& value) {
  const json* const found = member(object, key);
  if (found && found->is_boolean()) value = found->get<bool>();
}

/// An enumeration whose values from 0 to `last` have names.
template <class Enum>
void read_word(const json& object, const char* key, Enum last, Enum& value) {
  const json* const found = member(object, key);
  if (!found || !found->is_string()) return;
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    if (name(static_cast<Enum>(i)) == found->get_ref<const std::string&>()) value = static_cast<Enum>(i);
  }
}

CellRef read_cell(const json& object, CellRef cell) {
  read(object, "stage", cell.stage);
  read(object, "head", cell.head);
  read(object, "row", cell.row);
  read(object, "column", cell.column);
  return cell;
}

void read_numbers(const json& object, const char* key, std::vector<std::size_t>& values) {
  const json* const found = member(object, key);
  if (!found || !found->is_array() || found->size() > kMaxTogether) return;
  if (!std::ranges::all_of(*found, [](const json& i) { return i.is_number_unsigned(); })) return;
  values = found->get<std::vector<std::size_t>>();
}

void read_heads_and_lines(const json& object, View& view) {
  if (const json* const order = member(object, "head_order"); order && order->is_string()) {
    for (const HeadMeasure measure : kHeadMeasures) {
      if (name(measure) == order->get_ref<const std::string&>()) view.head_order = measure;
    }
  }
  read_numbers(object, "also_heads", view.also_heads);
  read_numbers(object, "also_rows", view.also_rows);
  if (const json* const t = member(object, "line_threshold"); t && t->is_number())
    view.line_threshold = std::clamp(t->get<double>(), 0.0, 1.0);
  if (const json* const fit = member(object, "lines_fit"); fit && fit->is_boolean())
    view.lines_fit = fit->get<bool>();
}

void read_mask_layers(const json& object, View& view) {
  const json* const off = member(object, "mask_layers_off");
  if (!off || !off->is_array()) return;
  for (const MaskLayer layer : kMaskLayers) {
    const auto is_it = [&](const json& word) { return word.is_string() && word == name(layer); };
    if (std::ranges::any_of(*off, is_it)) view.mask_layers[static_cast<std::size_t>(layer)] = false;
  }
}

void read_explanation(const json& object, View& view) {
  if (const json* const trail = member(object, "explain_trail"); trail && trail->is_array()) {
    for (const json& cell : *trail) {
      if (view.explain_trail.size() < kMaxTrail)
        view.explain_trail.push_back(read_cell(cell, view.selection));
    }
  }
  const json* const open = member(object, "explain_open");
  if (!open || !open->is_array()) return;
  for (const json& path : *open) {
    if (!path.is_array() || path.size() > kMaxDepth || view.explain_open.size() == kMaxOpen) continue;
    if (!std::ranges::all_of(path, [](const json& i) { return i.is_number_unsigned(); })) continue;
    view.explain_open.push_back(path.get<ExplainPath>());
  }
}

}  // namespace

std::string to_json(const View& view) {
  json object = {{"selection", cell_json(view.selection)},
                 {"head", view.head},
                 {"stage", name(view.stage)},
                 {"vectors", name(view.vectors)},
                 {"freedom", name(view.freedom)},
                 {"scenario_tab", name(view.scenario_tab)},
                 {"attention_view", name(view.attention_view)},
                 {"reason_tab", name(view.reason_tab)},
                 {"head_composer", view.head_composer},
                 {"plane_axes", view.plane_axes},
                 {"pipeline_folded", view.pipeline_folded},
                 {"principal_plane", view.principal_plane},
                 {"hull", view.hull},
                 {"fit_outputs", view.fit_outputs},
                 {"attention_lines", view.attention_lines},
                 {"shared_score_range", view.shared_score_range}};
  if (view.head_order) object["head_order"] = name(*view.head_order);
  if (!view.also_heads.empty()) object["also_heads"] = view.also_heads;
  if (!view.also_rows.empty()) object["also_rows"] = view.also_rows;
  if (view.line_threshold > 0.0) object["line_threshold"] = view.line_threshold;
  if (!view.lines_fit) object["lines_fit"] = false;
  if (view.mean_squares) object["mean_squares"] = true;
  for (const MaskLayer layer : kMaskLayers)
    if (!view.mask_layers[static_cast<std::size_t>(layer)]) object["mask_layers_off"].push_back(name(layer));
  if (view.playhead) object["playhead"] = *view.playhead;
  if (!view.explain_trail.empty()) {
    json& trail = object["explain_trail"];
    for (const CellRef& cell : view.explain_trail) trail.push_back(cell_json(cell));
  }
  if (!view.explain_open.empty()) object["explain_open"] = view.explain_open;
  return object.dump();
}

View view_from_json(const std::string& text, const Input& input, const Dimensions& d) {
  View view;
  const json object = json::parse(text, nullptr, false);
  if (object.is_object()) {
    if (const json* const selection = member(object, "selection")) {
      view.selection = read_cell(*selection, view.selection);
    }
    view.stage = view.selection.stage;
    read(object, "head", view.head);
    read(object, "stage", view.stage);
    if (const json* const p = member(object, "playhead"); p && p->is_number_unsigned()) {
      view.playhead = p->get<std::size_t>();
    }
    read_word(object, "vectors", VectorKind::source, view.vectors);
    read_word(object, "freedom", PullFreedom::w_v, view.freedom);
    read_word(object, "scenario_tab", ScenarioTab::heads, view.scenario_tab);
    read_word(object, "attention_view", AttentionView::bars, view.attention_view);
    read_word(object, "reason_tab", ReasonTab::code, view.reason_tab);
    if (const json* const composer = member(object, "head_composer"); composer && composer->is_boolean()) {
      view.head_composer = composer->get<bool>();
    }
    if (const json* const axes = member(object, "plane_axes");
        axes && axes->is_array() && axes->size() == 2 && axes->at(0).is_number_unsigned() &&
        axes->at(1).is_number_unsigned()) {
      view.plane_axes = axes->get<std::array<std::size_t, 2>>();
    }
    read(object, "pipeline_folded", view.pipeline_folded);
    read(object, "principal_plane", view.principal_plane);
    read(object, "hull", view.hull);
    read(object, "fit_outputs", view.fit_outputs);
    read(object, "attention_lines", view.attention_lines);
    read(object, "shared_score_range", view.shared_score_range);
    read(object, "mean_squares", view.mean_squares);
    read_heads_and_lines(object, view);
    read_mask_layers(object, view);
    read_explanation(object, view);
  }
  keep_inside(view, input, d);
  return view;
}

}  // namespace attn::session
