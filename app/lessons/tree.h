#pragma once
// A lesson file as a tree of tables, lists and values, each with its line: what TOML is, before it is known
// to be a lesson.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace attn::lessons {

struct Node;
struct NodeEntry;
using NodeList = std::vector<Node>;
/// In the order of the file's keys as TOML sorts them.
using NodeTable = std::vector<NodeEntry>;

struct Node {
  std::variant<std::string, std::int64_t, double, bool, NodeList, NodeTable> value;
  std::size_t line = 0;

  const NodeTable* table() const;
  const NodeList* list() const;
  /// Null where a table has no such key, and where it is no table.
  const Node* find(std::string_view key) const;
  /// "a table", "a list", "the text \"…\"", "3": for messages.
  std::string shown() const;
};

/// A type of its own: clang cannot keep std::pair of an unfinished Node.
struct NodeEntry {
  std::string key;
  Node value;
};

inline constexpr std::size_t kLargestLesson = std::size_t{1} << 20;  ///< bytes
inline constexpr std::size_t kDeepestLesson = 16;

/// Throws io::FormatError: "FILE: line 3: …", also for a file that is too large or not UTF-8, for a date, and
/// for tables that lie too deep.
Node parse_toml(std::string_view text, std::string_view file);

/// The same content as JSON: integers without a point.
std::string to_json(const Node& node);

}  // namespace attn::lessons
