#include "app/lessons/fields.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "app/lessons/evaluate.h"
#include "core/io/format_error.h"
#include "core/io/text.h"

namespace attn::lessons {
namespace {

constexpr std::size_t kLongestText = 8000;  // bytes

std::string known_words(std::span<const std::string_view> words) {
  std::string text;
  for (const std::string_view word : words) text += fmt::format("{}\"{}\"", text.empty() ? "" : ", ", word);
  return words.size() == 1 ? text : "one of " + text;
}

}  // namespace

Fields::Fields(const Node& node, LessonFile& file, std::string place)
    : node_(&node), file_(&file), place_(std::move(place)) {
  if (node.table() == nullptr) {
    const std::string field = place_.empty() ? "lesson" : place_.substr(0, place_.size() - 1);
    place_.clear();
    refuse(field, node, "a table");
  }
}

void Fields::refuse(std::string_view field, const Node& at, std::string_view expected,
                    std::string_view found) const {
  fail(field, at, fmt::format("expected {}, found {}", expected, found));
}

void Fields::fail(std::string_view field, const Node& at, std::string_view what) const {
  // Keys are other people's text: they may hold line breaks.
  constexpr std::size_t kLongestPlace = 160;
  constexpr std::size_t kLongest = 800;
  throw io::FormatError(fmt::format(
      "{}: line {}: {}{}: {}", file_->name, at.line != 0 ? at.line : node_->line, file_->step,
      io::printable(fmt::format("{}{}", place_, field), kLongestPlace), io::printable(what, kLongest)));
}

bool Fields::has(std::string_view field) const { return node_->find(field) != nullptr; }

const Node* Fields::optional(std::string_view field) {
  asked_.emplace(field);
  return node_->find(field);
}
const Node& Fields::required(std::string_view field) {
  if (const Node* const found = optional(field)) return *found;
  refuse(field, *node_, "a value", "none");
}

std::optional<std::string> Fields::maybe_text(std::string_view field) {
  const Node* const found = optional(field);
  if (found == nullptr) return std::nullopt;
  const auto* text = std::get_if<std::string>(&found->value);
  if (text == nullptr) refuse(field, *found, "a text in quotes");
  if (text->size() > kLongestText)
    refuse(field, *found, fmt::format("at most {} bytes", kLongestText), std::to_string(text->size()));
  return *text;
}
std::string Fields::text(std::string_view field) {
  required(field);
  return *maybe_text(field);
}

std::optional<double> Fields::maybe_number(std::string_view field, double low, double high) {
  const Node* const found = optional(field);
  if (found == nullptr) return std::nullopt;
  const auto* integer = std::get_if<std::int64_t>(&found->value);
  const auto* number = std::get_if<double>(&found->value);
  const std::string expected = fmt::format("a number from {} to {}", low, high);
  if (integer == nullptr && number == nullptr) refuse(field, *found, expected);
  const double value = integer != nullptr ? static_cast<double>(*integer) : *number;
  if (!(value >= low && value <= high)) refuse(field, *found, expected);
  return value;
}
double Fields::number(std::string_view field, double low, double high) {
  required(field);
  return *maybe_number(field, low, high);
}
std::int64_t Fields::integer(std::string_view field, std::int64_t low, std::int64_t high) {
  const Node& found = required(field);
  const auto* value = std::get_if<std::int64_t>(&found.value);
  if (value == nullptr || *value < low || *value > high) {
    refuse(field, found,
           low == high ? std::to_string(low) : fmt::format("a whole number from {} to {}", low, high));
  }
  return *value;
}
bool Fields::truth(std::string_view field) {
  const Node* const found = optional(field);
  if (found == nullptr) return false;
  const bool* const value = std::get_if<bool>(&found->value);
  if (value == nullptr) refuse(field, *found, "true or false");
  return *value;
}

std::vector<std::string> Fields::texts(std::string_view field) {
  const Node* const found = optional(field);
  if (found == nullptr) return {};
  const NodeList* const list = found->list();
  if (list == nullptr) refuse(field, *found, "a list of texts");
  std::vector<std::string> result;
  for (const Node& one : *list) {
    const auto* text = std::get_if<std::string>(&one.value);
    if (text == nullptr) refuse(field, one, "a text in quotes");
    result.push_back(*text);
  }
  return result;
}

LessonText Fields::read_text(std::string_view field, const Node& node) const {
  const NodeTable* const table = node.table();
  if (table == nullptr) refuse(field, node, "a table of texts by language, { en = \"…\", zh = \"…\" }");
  if (table->empty()) refuse(field, node, "a text in at least one language", "none");
  LessonText result;
  for (const auto& [language, words] : *table) {
    const std::string place = fmt::format("{}.{}", field, language);
    const auto* text = std::get_if<std::string>(&words.value);
    if (text == nullptr) refuse(place, words, "a text in quotes");
    if (text->empty()) refuse(place, words, "a text", "an empty one");
    if (text->size() > kLongestText)
      refuse(place, words, fmt::format("at most {} bytes", kLongestText), std::to_string(text->size()));
    try {
      RichText parts = parse_rich_text(*text);
      for (const TextPart& part : parts) {
        if (!part.expression) continue;
        for (const std::string& variable : variables_of(*part.expression)) {
          if (!file_->variables.contains(variable))
            throw ExpressionError(fmt::format("expected a name that there is, found {}", variable));
        }
      }
      if (const auto digits = digits_of(parts))
        refuse(place, words, "no digits outside braces", io::in_quotes(*digits));
      result.by_language.emplace(language, std::move(parts));
    } catch (const ExpressionError& problem) {
      fail(place, words, problem.what());
    }
  }
  return result;
}
LessonText Fields::lesson_text(std::string_view field) { return read_text(field, required(field)); }
LessonText Fields::maybe_lesson_text(std::string_view field) {
  const Node* const found = optional(field);
  return found == nullptr ? LessonText{} : read_text(field, *found);
}
std::vector<LessonText> Fields::lesson_texts(std::string_view field) {
  const Node* const found = optional(field);
  if (found == nullptr) return {};
  const NodeList* const list = found->list();
  if (list == nullptr) refuse(field, *found, "a list of texts");
  std::vector<LessonText> result;
  for (std::size_t i = 0; i < list->size(); ++i)
    result.push_back(read_text(fmt::format("{}[{}]", field, i), (*list)[i]));
  return result;
}

Expression Fields::read_expression(std::string_view field, const Node& node,
                                   std::span<const std::string_view> more_variables) const {
  try {
    // Plain numbers and truths need no quotes.
    std::string text;
    if (const auto* quoted = std::get_if<std::string>(&node.value)) {
      text = *quoted;
    } else if (std::holds_alternative<NodeTable>(node.value)) {
      refuse(field, node, "an expression in quotes");
    } else {
      text = to_json(node);
    }
    Expression expression = parse_expression(text);
    for (const std::string& variable : variables_of(expression)) {
      if (!file_->variables.contains(variable) &&
          std::ranges::find(more_variables, variable) == more_variables.end())
        throw ExpressionError(fmt::format("expected a name that there is, found {}", variable));
    }
    return expression;
  } catch (const ExpressionError& problem) {
    fail(field, node, problem.what());
  }
}
Expression Fields::expression(std::string_view field, std::span<const std::string_view> more_variables) {
  return read_expression(field, required(field), more_variables);
}
std::optional<Expression> Fields::maybe_expression(std::string_view field,
                                                   std::span<const std::string_view> more_variables) {
  const Node* const found = optional(field);
  return found == nullptr ? std::nullopt : std::optional(read_expression(field, *found, more_variables));
}

std::optional<std::size_t> Fields::maybe_word(std::string_view field,
                                              std::span<const std::string_view> words) {
  const Node* const found = optional(field);
  if (found == nullptr) return std::nullopt;
  const auto* text = std::get_if<std::string>(&found->value);
  const auto known = text == nullptr ? words.end() : std::ranges::find(words, *text);
  if (known == words.end()) refuse(field, *found, known_words(words));
  return static_cast<std::size_t>(known - words.begin());
}
std::size_t Fields::word(std::string_view field, std::span<const std::string_view> words) {
  required(field);
  return *maybe_word(field, words);
}

Change Fields::change(std::string_view field) {
  const Node* const found = optional(field);
  if (found == nullptr) return {};
  if (found->table() == nullptr) refuse(field, *found, "a table with fields of a scenario");
  return {to_json(*found)};
}

std::optional<Stage> Fields::maybe_stage(std::string_view field) {
  const Node* const found = optional(field);
  if (found == nullptr) return std::nullopt;
  const auto* text = std::get_if<std::string>(&found->value);
  const auto stage = text == nullptr ? std::nullopt : stage_from_name(*text);
  if (!stage) refuse(field, *found, "a stage such as \"weights\"");
  return stage;
}

std::optional<CellRef> Fields::cell(std::string_view field) {
  if (optional(field) == nullptr) return std::nullopt;
  constexpr std::int64_t kMost = 65536;
  Fields places = table(field);
  const auto place = [&](std::string_view name) {
    return places.has(name) ? static_cast<std::size_t>(places.integer(name, 0, kMost)) : 0;
  };
  CellRef cell;
  cell.stage = places.maybe_stage("stage").value_or(Stage::weights);
  cell.head = place("head");
  cell.row = place("row");
  cell.column = place("column");
  places.finish();
  return cell;
}

Fields Fields::table(std::string_view field) {
  const Node& found = required(field);
  if (found.table() == nullptr) refuse(field, found, "a table");
  return {found, *file_, fmt::format("{}{}.", place_, field)};
}

std::vector<Fields> Fields::tables(std::string_view field, std::size_t least, std::size_t most) {
  const Node* const found = optional(field);
  const NodeList* const list = found == nullptr ? nullptr : found->list();
  const std::string expected = fmt::format("a list of {} to {} tables", least, most);
  if (found == nullptr && least == 0) return {};
  if (found == nullptr) refuse(field, *node_, expected, "none");
  if (list == nullptr) refuse(field, *found, expected);
  if (list->size() < least || list->size() > most)
    refuse(field, *found, expected, std::to_string(list->size()));
  std::vector<Fields> result;
  for (std::size_t i = 0; i < list->size(); ++i)
    result.emplace_back((*list)[i], *file_, fmt::format("{}{}[{}].", place_, field, i));
  return result;
}

void Fields::finish() const {
  for (const auto& [key, value] : *node_->table())
    if (!asked_.contains(key)) refuse(key, value, "a field that there is", "this one");
}

}  // namespace attn::lessons
