#include "app/lessons/change.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/io/format_error.h"
#include "core/io/scenario.h"

namespace attn::lessons {
namespace {

using Json = nlohmann::ordered_json;

[[noreturn]] void refuse(const std::string& field, const std::string& expected, const std::string& found) {
  throw io::FormatError(fmt::format("change.{}: expected {}, found {}", field, expected, found));
}

std::size_t place_in(const Json& places, const char* key, std::size_t count, const std::string& field) {
  const Json& place = places.at(key);
  if (!place.is_number_integer() || place.get<std::int64_t>() < 0 || place.get<std::size_t>() >= count)
    refuse(field + "." + key, fmt::format("a whole number below {}", count), place.dump());
  return place.get<std::size_t>();
}

bool names_a_row(const Json& change) {
  return change.is_object() && change.contains("row") && change.contains("to");
}

/// One row or one number of a matrix.
void change_row(Json& matrix, const Json& change, const std::string& field) {
  if (!matrix.is_array())
    refuse(field, "a matrix whose rows can change", "\"identity\" or no matrix: give it whole first");
  Json& row = matrix.at(place_in(change, "row", matrix.size(), field));
  if (!change.contains("column")) {
    row = change.at("to");
  } else {
    row.at(place_in(change, "column", row.size(), field)) = change.at("to");
  }
}

/// An identity that one cell of is changed has to be written out first.
Json written_out(std::size_t n) {
  Json matrix = Json::array();
  for (std::size_t i = 0; i < n; ++i) {
    Json row = Json::array();
    for (std::size_t j = 0; j < n; ++j) row.push_back(i == j ? 1 : 0);
    matrix.push_back(std::move(row));
  }
  return matrix;
}

class Merger {
 public:
  explicit Merger(std::size_t d_model) : d_model_(d_model) {}

  void merge(Json& base, const Json& over, const std::string& path) const {
    for (const auto& [key, value] : over.items()) {
      const std::string field = path.empty() ? key : fmt::format("{}.{}", path, key);
      if (value.is_string() && value.get<std::string>() == "default") {
        base.erase(key);
      } else if (names_a_row(value)) {
        if (is_identity(base, key, field)) base[key] = written_out(d_model_);
        change_row(base[key], value, field);
      } else if (value.is_object() && (!base.contains(key) || base[key].is_object())) {
        if (!base.contains(key)) base[key] = Json::object();
        merge(base[key], value, field);
      } else {
        base[key] = value;
      }
    }
  }

 private:
  static bool is_identity(const Json& base, const std::string& key, const std::string& field) {
    if (!field.starts_with("weights.w_")) return false;
    return !base.contains(key) || (base[key].is_string() && base[key].get<std::string>() == "identity");
  }
  std::size_t d_model_;
};

}  // namespace

session::Document changed(const session::Document& document, const Change& change) {
  if (change.empty()) return document;
  Json scenario = Json::parse(io::write_scenario(document.scenario()));
  try {
    Merger(document.dimensions().d_model).merge(scenario, Json::parse(change.json), {});
  } catch (const Json::exception& problem) {
    throw io::FormatError(
        fmt::format("change: expected places that the scenario has, found others ({})", problem.what()));
  }
  return session::Document(io::parse_scenario(scenario.dump(), "change", {}));
}

session::Document scenario_from_json(const std::string& json, std::string_view file,
                                     const std::filesystem::path& directory) {
  Json scenario = Json::parse(json);
  scenario.emplace("format", "attention-scenario");
  scenario.emplace("version", 1);
  return session::Document(io::parse_scenario(scenario.dump(), file, directory));
}

std::string merged_json(const std::string& base, const std::string& over) {
  if (over.empty()) return base;
  Json result = base.empty() ? Json::object() : Json::parse(base);
  result.merge_patch(Json::parse(over));
  return result.dump();
}

}  // namespace attn::lessons
