#include "app/session/input_message.h"

#include <vector>

#include "app/session/line_match.h"

namespace attn::session {
namespace {

/// The lines of core/attention/input.cpp, special ones first.
const std::vector<Message>& known_lines() {
  static const std::vector<Message> kLines = {
      message(
          "{0}: expected a number of columns that heads = {1} divides, found the identity of {2} columns"),
      message("{0}: expected a number of columns that heads = {1} divides, found {2} columns"),
      message(
          "{0}: expected a number of columns that kv_heads = {1} divides, found the identity of {2} columns"),
      message("{0}: expected a number of columns that kv_heads = {1} divides, found {2} columns"),
      message("{0}: expected at least one token, found none"),
      message("{0}: expected at least one column a head, found none"),
      message("{0}: expected at least one column, found none"),
      message("{0}: expected {1} rows, as many as {2}, found {3} rows"),
      message("{0}: expected {1} columns a head, as w_q gives, found {2}"),
      message("{0}: expected {1} booleans, one a key, found {2}"),
      message("{0}: expected {1} numbers, found {2}"),
      message("{0}: expected {1} × {2}, queries × keys, found {3} × {4}"),
      message("{0}: expected {1} × {2} with attend_over \"features\", found {3} × {4}"),
      message("{0}: expected {1} with attend_over \"features\", found {2}"),
      message("{0}: expected {1} × {2}, found {3} × {4}"),
      message("{0}: expected a divisor of heads = {1}, found {2}"),
      message("{0}: expected an even number of columns a head for \"rope\", found {1}"),
      message("{0}: expected a value, for score \"{1}\", found none"),
      message("{0}: expected a finite number above 0, found {1}"),
      message("{0}: expected a finite number, found {1}"),
      message("{0}: expected a whole number below 2^53, found {1}"),
      message("{0}: expected at least 1, found {1}"),
      message("{0}: expected 0 or more, found {1}"),
      message("{0}: expected 0 ≤ p < 1, found {1}"),
      message("{0}: expected {1}, found {2}"),
  };
  return kLines;
}

}  // namespace

Message translatable(const std::string& line) {
  return first_match(known_lines(), line).value_or(verbatim(line));
}

}  // namespace attn::session
