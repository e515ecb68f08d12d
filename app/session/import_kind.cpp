// What an example was imported from, and what that makes of its stages.

#include <nlohmann/json.hpp>

#include "app/session/import.h"

namespace attn::session {

std::string_view name(ImportKind kind) {
  switch (kind) {
    case ImportKind::parameters:
      return "parameters";
    case ImportKind::vectors:
      return "vectors";
    case ImportKind::weights:
      return "weights";
    case ImportKind::trace:
      return "trace";
  }
  return "";
}

std::optional<ImportKind> import_kind(const io::Scenario& scenario) {
  if (scenario.extensions_json.empty()) return std::nullopt;
  const nlohmann::json object = nlohmann::json::parse(scenario.extensions_json, nullptr, false);
  const nlohmann::json::json_pointer place("/attentionscope/import");
  if (!object.is_object() || !object.contains(place) || !object[place].is_string()) return std::nullopt;
  const auto& word = object[place].get_ref<const std::string&>();
  for (const ImportKind kind :
       {ImportKind::parameters, ImportKind::vectors, ImportKind::weights, ImportKind::trace}) {
    if (name(kind) == word) return kind;
  }
  return std::nullopt;
}

std::optional<Message> stand_in(ImportKind kind, Stage stage, Normalise normalise) {
  const bool is_x = stage == Stage::x || stage == Stage::source_x;
  if (kind == ImportKind::vectors && is_x) return message("A stand-in: q, k and v side by side.");
  if (kind != ImportKind::weights || stage == Stage::weights) return std::nullopt;
  if (is_score_like(stage)) {
    return normalise == Normalise::none ? message("Reconstructed: the attention weights as they were given.")
                                        : message("Reconstructed: log α. Only attention weights were given.");
  }
  if (stage == Stage::head_outputs || stage == Stage::concat || stage == Stage::output)
    return message("The attention weights once more: no values were given.");
  return message("A stand-in: only attention weights were given.");
}

}  // namespace attn::session
