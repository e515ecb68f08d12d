#pragma once
// The language of lessons: what a text shows, what a task waits for, what the right answer is. Parsed once,
// when the lesson is read; assets/lessons/README.md describes it for those who write lessons.

#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace attn::lessons {

/// A text that is no expression, or one that has no value here: what() is "expected …, found …" or a
/// sentence.
struct ExpressionError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A node of the parsed tree; immutable and shared.
class Expression {
 public:
  enum class Kind {
    number,   ///< value()
    text,     ///< name(): what stands in quotes
    name,     ///< name(): a stage, a parameter, a setting, a variable
    list,     ///< parts(): what stands in brackets
    index,    ///< parts()[0] at parts()[1]
    call,     ///< name() of parts()
    setting,  ///< name() = parts()[0], an argument of with()
    any,      ///< "*", an argument of selected()
    minus,    ///< −parts()[0]
    binary,   ///< name() ("+", "and", "<=", …) of two parts
    negation  ///< not parts()[0]
  };
  static constexpr std::size_t kMostCharacters = 2000;
  static constexpr std::size_t kDeepest = 64;

  /// The number 0.
  Expression() : Expression(Kind::number, {}, 0.0, {}) {}
  Expression(Kind kind, std::string name, double value, std::vector<Expression> parts);

  Kind kind() const { return node_->kind; }
  const std::string& name() const { return node_->name; }
  double value() const { return node_->value; }
  const std::vector<Expression>& parts() const { return node_->parts; }
  /// The same for copies of one expression, another for any other that lives.
  const void* identity() const { return node_.get(); }

 private:
  struct Node {
    Kind kind;
    std::string name;
    double value;
    std::vector<Expression> parts;
  };
  std::shared_ptr<const Node> node_;
};

/// Throws ExpressionError, with the place in the text.
Expression parse_expression(std::string_view text);

}  // namespace attn::lessons
