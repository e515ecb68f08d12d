#include "app/session/edit_compose.h"

#include <algorithm>
#include <cmath>

#include "app/session/edit.h"
#include "app/session/feature_columns.h"

namespace attn::session {
namespace {

using Kind = Hindrance::Kind;

[[noreturn]] void refuse_head(std::size_t head) {
  throw EditRefused(message("There is no head {0}", {std::to_string(head + 1)}));
}

/// The wish with the pairs that this document has for a match.
Wish completed(const Document& document, Wish wish) {
  if (wish.kind == Wish::Kind::match && wish.pairs.empty()) wish.pairs = match_pairs(document);
  return wish;
}

bool lacks_previous(const Wish& wish) { return wish.kind == Wish::Kind::match && wish.pairs.empty(); }

void check_columns(const Document& document, const Wish& wish) {
  const Dimensions& d = document.dimensions();
  const auto check = [](std::size_t column, std::size_t count) {
    if (column >= count) throw EditRefused(message("There is no feature {0}", {std::to_string(column + 1)}));
  };
  if (wish.kind == Wish::Kind::feature) {
    check(wish.key_feature, d.d_source);
    if (wish.query_feature) check(*wish.query_feature, d.d_model);
  }
  for (const ColumnPair& pair : wish.pairs) {
    check(pair.query, d.d_model);
    check(pair.key, d.d_source);
  }
}

/// The document with what a wish needs and the head does not have.
Document with_room(Document document, std::size_t head, const Wish& wish) {
  if (lacks_previous(completed(document, wish))) document = with_previous_columns(document);
  const Wish whole = completed(document, wish);
  auto problem = hindrance(document.input(), head, whole);
  if (problem && problem->kind == Kind::no_positions) {
    document = with_position_columns(document);
    problem = hindrance(document.input(), head, whole);
  }
  if (problem && problem->kind == Kind::narrow_head) document = with_head_width(document, problem->needed);
  return document;
}

std::vector<std::size_t> copied_columns(const Document& document, const ComposeCopy& edit) {
  if (!edit.column) return content_columns(document);
  if (*edit.column >= document.dimensions().d_source) {
    throw EditRefused(message("There is no feature {0}", {std::to_string(*edit.column + 1)}));
  }
  return {*edit.column};
}

}  // namespace

Document changed(const Document& document, const ComposeHead& edit) {
  if (edit.head >= document.dimensions().n_heads) refuse_head(edit.head);
  if (!std::isfinite(edit.strength) || edit.strength < 0.0) {
    throw EditRefused(message("The strength must be a number from 0 on"));
  }
  check_columns(document, edit.wish);
  if (document.input().config.attend_over == AttendOver::features) {
    throw EditRefused(explained({Kind::over_features}));
  }
  const Document roomy = edit.make_room ? with_room(document, edit.head, edit.wish) : document;
  const Wish wish = completed(roomy, edit.wish);
  if (lacks_previous(wish)) {
    throw EditRefused(message("No word has the features of the word before it yet"));
  }
  if (const auto problem = hindrance(roomy.input(), edit.head, wish)) throw EditRefused(explained(*problem));
  return roomy.with_input(compose_head(roomy.input(), edit.head, wish, edit.strength));
}

Document changed(const Document& document, const ComposeCopy& edit) {
  if (edit.head >= document.dimensions().n_heads) refuse_head(edit.head);
  const std::vector<std::size_t> columns = copied_columns(document, edit);
  auto problem = copy_hindrance(document.input(), edit.head, columns);
  Document roomy = document;
  if (problem && problem->kind == Kind::narrow_head && edit.make_room) {
    roomy = with_value_width(document, problem->needed);
    problem = copy_hindrance(roomy.input(), edit.head, columns);
  }
  if (problem) throw EditRefused(explained(*problem));
  return roomy.with_input(compose_copy(roomy.input(), edit.head, columns));
}

Message label_of(const ComposeHead& edit) {
  return message("Where head {0} looks", {std::to_string(edit.head + 1)});
}
Message label_of(const ComposeCopy& edit) {
  return message("What head {0} copies", {std::to_string(edit.head + 1)});
}

std::optional<Message> room_of(const Document& document, const ComposeHead& edit) {
  if (edit.head >= document.dimensions().n_heads) return std::nullopt;
  ComposeHead with = edit;
  with.make_room = true;
  ComposeHead without = edit;
  without.make_room = false;
  if (!problem_of(document, without) || problem_of(document, with)) return std::nullopt;
  const Document after = changed(document, with);
  const std::string width = std::to_string(after.dimensions().d_k);
  const bool wider_heads = after.dimensions().d_k > document.dimensions().d_k;
  const bool previous = lacks_previous(completed(document, edit.wish));
  const bool more = after.dimensions().d_model > document.dimensions().d_model;
  if (previous && wider_heads) {
    return message("Add the word before to every word, and widen the heads to {0} columns", {width});
  }
  if (previous) return message("Add the word before to every word");
  const std::string count = std::to_string(std::max(after.dimensions().n_queries, after.dimensions().n_keys));
  if (more && wider_heads) {
    return message("Add the positions #1 to #{0} to x, and widen the heads to {1} columns", {count, width});
  }
  if (wider_heads) return message("Widen the heads to {0} columns", {width});
  return message("Add the positions #1 to #{0} to x", {count});
}

std::optional<Message> room_of(const Document& document, const ComposeCopy& edit) {
  ComposeCopy with = edit;
  with.make_room = true;
  ComposeCopy without = edit;
  without.make_room = false;
  if (!problem_of(document, without) || problem_of(document, with)) return std::nullopt;
  const std::size_t d_v = changed(document, with).dimensions().d_v;
  return message("Widen the values of the heads to {0} columns", {std::to_string(d_v)});
}

Message explained(const Hindrance& hindrance) {
  const std::string needed = std::to_string(hindrance.needed);
  const std::string found = std::to_string(hindrance.found);
  switch (hindrance.kind) {
    case Kind::no_dot_product:
      return message("Heads are composed for the dot product without RoPE: choose these in the settings");
    case Kind::over_features:
      return message("Attention over features has no words to look at");
    case Kind::no_softmax:
      return message("Heads are composed for a softmax over the keys: choose it in the settings");
    case Kind::no_factor:
      return message("The scale is 0: no score is left");
    case Kind::shared_keys:
      return message("{0} heads share {1} key/value heads: composing one would change the others",
                     {needed, found});
    case Kind::no_positions:
      return message("x says nothing of positions: it needs one-hot columns, or sinusoids");
    case Kind::unlike_positions:
      return message("Sinusoids of {0} and of {1} columns do not fit together", {needed, found});
    case Kind::narrow_head:
      return message("This needs {0} columns a head, here are {1}", {needed, found});
    case Kind::narrow_output:
      return message("This needs {0} columns of the output, here are {1}", {needed, found});
    case Kind::shared_output:
      return message("The heads are averaged: W_O belongs to all of them");
  }
  return message("This cannot be composed");
}

}  // namespace attn::session
