#include "app/lessons/tree.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "core/io/format_error.h"
#include "core/io/text.h"

namespace attn::lessons {
namespace {

class Converter {
 public:
  explicit Converter(std::string_view file) : file_(file) {}

  Node node(const toml::node& from, std::size_t depth = 0) const {
    const std::size_t line = from.source().begin.line;
    if (depth > kDeepestLesson) {
      throw io::FormatError(fmt::format("{}: line {}: expected tables at most {} deep, found deeper ones",
                                        file_, line, kDeepestLesson));
    }
    if (const auto* text = from.as_string()) return {text->get(), line};
    if (const auto* integer = from.as_integer()) return {integer->get(), line};
    if (const auto* number = from.as_floating_point()) return {number->get(), line};
    if (const auto* truth = from.as_boolean()) return {truth->get(), line};
    if (const auto* array = from.as_array()) {
      NodeList list;
      for (const toml::node& one : *array) list.push_back(node(one, depth + 1));
      return {std::move(list), line};
    }
    if (const auto* table = from.as_table()) {
      NodeTable entries;
      for (const auto& [key, one] : *table) entries.push_back({std::string(key.str()), node(one, depth + 1)});
      return {std::move(entries), line};
    }
    throw io::FormatError(fmt::format(
        "{}: line {}: expected a text, number, truth, list or table, found a date or time", file_, line));
  }

 private:
  std::string_view file_;
};

/// Where the string that begins at `open` ends: the place after its last quote, or text.size().
std::size_t after_string(std::string_view text, std::size_t open) {
  const char quote = text[open];
  const std::string three(3, quote);
  const bool long_string = text.substr(open, 3) == three;
  const bool escapes = quote == '"';
  for (std::size_t i = open + (long_string ? 3 : 1); i < text.size(); ++i) {
    if (escapes && text[i] == '\\') {
      ++i;
    } else if (!long_string && (text[i] == quote || text[i] == '\n')) {
      return i + 1;
    } else if (long_string && text.substr(i, 3) == three) {
      // Up to two quotes more may belong to the string itself.
      i += 3;
      for (int more = 0; more < 2 && i < text.size() && text[i] == quote; ++more) ++i;
      return i;
    }
  }
  return text.size();
}

/// Keys of thousands of parts, a.a.a.a…, and brackets in brackets make tables that toml++ can build but not
/// take down again: each calls the one inside. The place of the first that is deeper than any lesson.
std::optional<std::size_t> too_deep(std::string_view text) {
  constexpr std::size_t kMostOpen = kDeepestLesson + 2;  // [[step]] opens two
  std::size_t dots = 0;
  std::size_t open = 0;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (c == '"' || c == '\'') {
      i = after_string(text, i);
      continue;
    }
    if (c == '#') {
      i = std::min(text.find('\n', i), text.size());
      continue;
    }
    if (c == '.') {
      ++dots;
    } else if (c == '\n' || c == '=' || c == ',' || c == '[' || c == ']' || c == '{' || c == '}') {
      dots = 0;
    }
    if (c == '[' || c == '{') ++open;
    if ((c == ']' || c == '}') && open > 0) --open;
    if (dots > kDeepestLesson || open > kMostOpen) return i;
    ++i;
  }
  return std::nullopt;
}

std::size_t line_of(std::string_view text, std::size_t place) {
  const std::string_view before = text.substr(0, place);
  return static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')) + 1;
}

void append_json(std::string& out, const Node& node) {
  if (const auto* text = std::get_if<std::string>(&node.value)) {
    io::append_json_string(out, *text);
  } else if (const auto* integer = std::get_if<std::int64_t>(&node.value)) {
    out += std::to_string(*integer);
  } else if (const auto* number = std::get_if<double>(&node.value)) {
    out += std::isfinite(*number) ? io::shortest(*number) : "null";
  } else if (const auto* truth = std::get_if<bool>(&node.value)) {
    out += *truth ? "true" : "false";
  } else if (const auto* list = node.list()) {
    out += '[';
    for (std::size_t i = 0; i < list->size(); ++i) {
      if (i > 0) out += ',';
      append_json(out, (*list)[i]);
    }
    out += ']';
  } else {
    out += '{';
    bool first = true;
    for (const auto& [key, value] : *node.table()) {
      if (!first) out += ',';
      first = false;
      io::append_json_string(out, key);
      out += ':';
      append_json(out, value);
    }
    out += '}';
  }
}

}  // namespace

const NodeTable* Node::table() const { return std::get_if<NodeTable>(&value); }
const NodeList* Node::list() const { return std::get_if<NodeList>(&value); }

const Node* Node::find(std::string_view key) const {
  const NodeTable* const entries = table();
  if (entries == nullptr) return nullptr;
  const auto found = std::ranges::find(*entries, key, &NodeEntry::key);
  return found == entries->end() ? nullptr : &found->value;
}

std::string Node::shown() const {
  if (const auto* text = std::get_if<std::string>(&value)) return io::in_quotes(*text);
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return std::to_string(*integer);
  if (const auto* number = std::get_if<double>(&value)) return fmt::format("{}", *number);
  if (const auto* truth = std::get_if<bool>(&value)) return *truth ? "true" : "false";
  return list() != nullptr ? "a list" : "a table";
}

Node parse_toml(std::string_view text, std::string_view file) {
  if (text.size() > kLargestLesson) {
    throw io::FormatError(
        fmt::format("{}: expected at most {} bytes, found {}", file, kLargestLesson, text.size()));
  }
  if (const std::size_t bad = io::first_bad_utf8(text); bad != text.size()) {
    throw io::FormatError(
        fmt::format("{}: line {}: expected UTF-8, found a byte that is none", file, line_of(text, bad)));
  }
  if (const auto place = too_deep(text)) {
    throw io::FormatError(fmt::format("{}: line {}: expected tables at most {} deep, found deeper ones", file,
                                      line_of(text, *place), kDeepestLesson));
  }
  try {
    return Converter(file).node(toml::parse(text));
  } catch (const toml::parse_error& problem) {
    throw io::FormatError(fmt::format("{}: line {}: {}", file, problem.source().begin.line,
                                      io::printable(problem.description(), 200)));
  }
}

std::string to_json(const Node& node) {
  std::string out;
  append_json(out, node);
  return out;
}

}  // namespace attn::lessons
