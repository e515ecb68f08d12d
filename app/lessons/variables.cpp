#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "app/lessons/evaluate.h"
#include "app/lessons/functions.h"
#include "app/lessons/names.h"
#include "app/lessons/settings_under.h"
#include "core/io/text.h"

namespace attn::lessons {
namespace {

using Kind = Expression::Kind;

struct Special {
  std::string_view name;
  Arity arity;
};
constexpr std::size_t kAnyNumber = 16;
/// Functions that need more than the values of their arguments.
constexpr std::array kSpecial = {
    Special{"if", {3, 3}},
    Special{"each", {3, 3}},
    Special{"token", {1, 1}},
    Special{"source", {1, 1}},
    Special{"visible", {2, 2}},
    Special{"start", {1, 1}},
    Special{"with", {2, kAnyNumber}},
    Special{"answer", {1, 1}},
    Special{"selected", {3, 4}},
};

class Finder {
 public:
  std::set<std::string> found;

  void look(const Expression& e) {
    switch (e.kind()) {
      case Kind::name:
        if (!stage_from_name(e.name()) && !parameter_from_name(e.name()) && !is_known_name(e.name()) &&
            std::ranges::find(bound_, e.name()) == bound_.end())
          found.insert(e.name());
        return;
      case Kind::call:
        return look_call(e);
      case Kind::setting:
        throw ExpressionError(fmt::format("expected \"{} =\" only in with(…), found it elsewhere", e.name()));
      case Kind::any:
        throw ExpressionError("expected \"*\" between two numbers or in selected(…), found it elsewhere");
      default:
        for (const Expression& part : e.parts()) look(part);
    }
  }

 private:
  void look_call(const Expression& e) {
    const std::string& name = e.name();
    const auto special = std::ranges::find(kSpecial, name, &Special::name);
    const auto arity = special != kSpecial.end() ? std::optional(special->arity) : arity_of(name);
    if (!arity) {
      throw ExpressionError(
          fmt::format("expected a function that there is, found {}(…)", io::printable(name)));
    }
    if (e.parts().size() < arity->least || e.parts().size() > arity->most) {
      throw ExpressionError(fmt::format("{}: expected {} arguments, found {}", name,
                                        arity->least == arity->most
                                            ? std::to_string(arity->least)
                                            : fmt::format("{} to {}", arity->least, arity->most),
                                        e.parts().size()));
    }
    if (name == "answer") return look_answer(e);
    if (name == "each") return look_each(e);
    if (name == "with") return look_with(e);
    if (name == "selected") return look_selected(e);
    for (const Expression& part : e.parts()) look(part);
  }
  static void look_answer(const Expression& e) {
    if (e.parts()[0].kind() != Kind::name)
      throw ExpressionError("answer: expected the id of a step, found another value");
  }
  void look_each(const Expression& e) {
    if (e.parts()[0].kind() != Kind::name)
      throw ExpressionError("each: expected a name first, found another value");
    look(e.parts()[1]);
    bound_.push_back(e.parts()[0].name());
    look(e.parts()[2]);
    bound_.pop_back();
  }
  void look_with(const Expression& e) {
    for (std::size_t i = 0; i + 1 < e.parts().size(); ++i) {
      const Expression& part = e.parts()[i];
      if (part.kind() != Kind::setting || !is_setting_of_with(part.name()))
        throw ExpressionError("with: expected a setting such as scale = \"none\", found another value");
      look(part.parts()[0]);
    }
    look(e.parts().back());
  }
  void look_selected(const Expression& e) {
    for (std::size_t i = 1; i < e.parts().size(); ++i)
      if (e.parts()[i].kind() != Kind::any) look(e.parts()[i]);
    if (e.parts()[0].kind() != Kind::name || !stage_from_name(e.parts()[0].name()))
      throw ExpressionError("selected: expected a stage first, found another value");
  }

  std::vector<std::string> bound_;
};

}  // namespace

std::set<std::string> variables_of(const Expression& expression) {
  Finder finder;
  finder.look(expression);
  return finder.found;
}

}  // namespace attn::lessons
