#include "app/session/builtin.h"

#include <stdexcept>
#include <string>

#include <fmt/format.h>

#include "core/io/scenario.h"
#include "embedded/attn_scenarios.h"

namespace attn::session {
namespace {

constexpr std::string_view kSuffix = ".json";

}  // namespace

std::vector<std::string_view> builtin_names() {
  std::vector<std::string_view> names;
  for (const scenarios::File& file : scenarios::files()) {
    names.push_back(file.name.substr(0, file.name.size() - kSuffix.size()));
  }
  return names;
}

const std::vector<BuiltinTitle>& builtin_titles() {
  static const std::vector<BuiltinTitle> kTitles = [] {
    std::vector<BuiltinTitle> titles;
    for (const std::string_view name : builtin_names()) {
      const Document document = builtin_scenario(name);
      titles.push_back({name, document.scenario().title, document.scenario().description});
    }
    return titles;
  }();
  return kTitles;
}

Document builtin_scenario(std::string_view name) {
  const std::string file = std::string(name) + std::string(kSuffix);
  const auto bytes = scenarios::find(file);
  if (!bytes) throw std::out_of_range(fmt::format("there is no built-in example named {}", name));
  return Document(io::parse_scenario(*bytes, file, {}));
}

}  // namespace attn::session
