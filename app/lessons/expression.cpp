#include "app/lessons/expression.h"

#include <charconv>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "core/io/text.h"

namespace attn::lessons {
namespace {

using Kind = Expression::Kind;

bool starts_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// One function a rule of the grammar, from the loosest binding to the tightest.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Expression whole() {
    Expression result = either();
    skip_space();
    if (at_ != text_.size()) fail("the end of the expression");
    return result;
  }

 private:
  /// Counts how deep rules call each other, so that a long row of parentheses cannot exhaust the stack.
  struct Depth {
    explicit Depth(Parser& p) : parser(p) {
      if (++parser.depth_ > Expression::kDeepest) {
        throw ExpressionError(
            fmt::format("expected at most {} levels of parentheses, found more", Expression::kDeepest));
      }
    }
    ~Depth() { --parser.depth_; }
    Depth(const Depth&) = delete;
    Depth& operator=(const Depth&) = delete;
    Parser& parser;
  };

  Expression either() {
    const Depth depth(*this);
    Expression left = both();
    while (take_word("or")) left = binary("or", left, both());
    return left;
  }
  Expression both() {
    Expression left = inverse();
    while (take_word("and")) left = binary("and", left, inverse());
    return left;
  }
  Expression inverse() {
    if (!take_word("not")) return comparison();
    const Depth depth(*this);
    return {Kind::negation, {}, 0.0, {inverse()}};
  }
  Expression comparison() {
    Expression left = total();
    for (const std::string_view sign : {"<=", ">=", "==", "!=", "<", ">"})
      if (take(sign)) return binary(sign, left, total());
    return left;
  }
  Expression total() {
    Expression left = product();
    while (true) {
      if (take("+")) {
        left = binary("+", left, product());
      } else if (take("-")) {
        left = binary("-", left, product());
      } else {
        return left;
      }
    }
  }
  Expression product() {
    Expression left = signed_factor();
    while (true) {
      if (take("*")) {
        left = binary("*", left, signed_factor());
      } else if (take("/")) {
        left = binary("/", left, signed_factor());
      } else {
        return left;
      }
    }
  }
  Expression signed_factor() {
    if (!take("-")) return power();
    const Depth depth(*this);
    return {Kind::minus, {}, 0.0, {signed_factor()}};
  }
  Expression power() {
    Expression base = indexed();
    if (!take("^")) return base;
    const Depth depth(*this);
    return binary("^", base, signed_factor());
  }
  Expression indexed() {
    Expression value = primary();
    while (take("[")) {
      Expression place = either();
      expect("]");
      value = {Kind::index, {}, 0.0, {value, place}};
    }
    return value;
  }
  Expression primary() {
    skip_space();
    if (at_ == text_.size()) fail("a value");
    const char c = text_[at_];
    if (is_digit(c) || c == '.') return number();
    if (c == '"') return quoted();
    if (take("(")) {
      Expression inner = either();
      expect(")");
      return inner;
    }
    if (take("[")) return {Kind::list, {}, 0.0, arguments("]")};
    if (!starts_name(c)) fail("a value");
    std::string name = word();
    if (name == "and" || name == "or" || name == "not") fail("a value");
    if (take("(")) return {Kind::call, std::move(name), 0.0, arguments(")")};
    return {Kind::name, std::move(name), 0.0, {}};
  }
  std::vector<Expression> arguments(std::string_view close) {
    std::vector<Expression> parts;
    if (take(close)) return parts;
    do {
      parts.push_back(argument());
    } while (take(","));
    expect(close);
    return parts;
  }
  Expression argument() {
    skip_space();
    if (take("*")) return {Kind::any, {}, 0.0, {}};
    const std::size_t before = at_;
    if (at_ < text_.size() && starts_name(text_[at_])) {
      std::string name = word();
      skip_space();
      if (at_ < text_.size() && text_[at_] == '=' && text_.substr(at_, 2) != "==") {
        ++at_;
        return {Kind::setting, std::move(name), 0.0, {either()}};
      }
      at_ = before;
    }
    return either();
  }
  Expression number() {
    const char* const begin = text_.data() + at_;
    const char* const end = text_.data() + text_.size();
    double value = 0.0;
    const auto [stop, problem] = std::from_chars(begin, end, value);
    if (problem != std::errc{}) fail("a number");
    at_ += static_cast<std::size_t>(stop - begin);
    return {Kind::number, {}, value, {}};
  }
  Expression quoted() {
    const std::size_t close = text_.find('"', at_ + 1);
    if (close == std::string_view::npos) fail("a text that ends with \"");
    std::string inside(text_.substr(at_ + 1, close - at_ - 1));
    at_ = close + 1;
    return {Kind::text, std::move(inside), 0.0, {}};
  }
  std::string word() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && (starts_name(text_[at_]) || is_digit(text_[at_]))) ++at_;
    return std::string(text_.substr(begin, at_ - begin));
  }

  static Expression binary(std::string_view sign, const Expression& left, const Expression& right) {
    return {Kind::binary, std::string(sign), 0.0, {left, right}};
  }
  void skip_space() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t')) ++at_;
  }
  bool take(std::string_view sign) {
    skip_space();
    if (text_.substr(at_, sign.size()) != sign) return false;
    at_ += sign.size();
    return true;
  }
  bool take_word(std::string_view wanted) {
    skip_space();
    const std::size_t before = at_;
    if (at_ < text_.size() && starts_name(text_[at_]) && word() == wanted) return true;
    at_ = before;
    return false;
  }
  void expect(std::string_view sign) {
    if (!take(sign)) fail(fmt::format("\"{}\"", sign));
  }
  [[noreturn]] void fail(std::string_view expected) const {
    constexpr std::size_t kShown = 24;
    const std::string_view rest = text_.substr(at_);
    const std::string found = rest.empty() ? std::string("the end") : io::in_quotes(rest, kShown);
    throw ExpressionError(fmt::format("expected {}, found {} at character {}", expected, found, at_ + 1));
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
};

}  // namespace

Expression::Expression(Kind kind, std::string name, double value, std::vector<Expression> parts)
    : node_(std::make_shared<Node>(Node{kind, std::move(name), value, std::move(parts)})) {}

Expression parse_expression(std::string_view text) {
  if (text.size() > Expression::kMostCharacters) {
    throw ExpressionError(
        fmt::format("expected at most {} characters, found {}", Expression::kMostCharacters, text.size()));
  }
  return Parser(text).whole();
}

}  // namespace attn::lessons
