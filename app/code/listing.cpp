#include "app/code/listing.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "app/code/program.h"

namespace attn::code {
namespace {

constexpr std::array<std::string_view, 3> kTitles = {"NumPy", "PyTorch", "TensorFlow"};

}  // namespace

std::string_view title(Framework framework) { return kTitles[static_cast<std::size_t>(framework)]; }

std::optional<Framework> framework_from_name(std::string_view wanted) {
  for (const Framework framework : kFrameworks) {
    if (session::name(framework) == wanted) return framework;
  }
  return std::nullopt;
}

std::string Listing::text() const {
  std::string out;
  for (const Line& line : lines) out += line.text + "\n";
  return out;
}

Listing::Range Listing::lines_of(Stage stage) const {
  const auto is_of = [&](const Line& line) { return line.stage == stage; };
  const auto first = std::ranges::find_if(lines, is_of);
  const auto last = std::find_if_not(first, lines.end(), is_of);
  return {static_cast<std::size_t>(first - lines.begin()), static_cast<std::size_t>(last - lines.begin())};
}

Listing write_listing(const io::Scenario& scenario, const Options& options) {
  return Program(scenario, options).write();
}

}  // namespace attn::code
