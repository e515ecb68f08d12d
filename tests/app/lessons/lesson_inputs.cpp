#include "tests/app/lessons/lesson_inputs.h"

#include "app/lessons/change.h"
#include "app/lessons/functions.h"
#include "app/lessons/lesson_file.h"

namespace attn::lessons::tests {

session::Document document_of(const std::string& json) { return scenario_from_json(json, "test"); }

session::Document three_words() {
  return document_of(R"({"tokens": ["x1", "x2", "x3"], "x": [[1, 2], [2, 3], [3, 4]]})");
}

session::Document two_heads() {
  return document_of(R"({"tokens": ["a", "b"], "x": [[2, 0], [0, 1]],
      "attention": {"heads": 2, "scale": "sqrt_dk"}, "weights": {"w_k": [[2, 0], [0, 2]]}})");
}

Here::Here(session::Document document) : now{document, scenes.of(document).trace} {}

Value Here::value(std::string_view expression) {
  const Expression parsed = parse_expression(expression);
  variables_of(parsed);
  return evaluate(parsed, now, scenes);
}
double Here::number(std::string_view expression) { return number_of(value(expression)); }
std::string Here::text(std::string_view expression) { return format(value(expression)); }
std::string Here::complaint(std::string_view expression) {
  return complaint_of([&] { value(expression); });
}

Lesson lesson_with(const std::string& steps) {
  const std::string head = R"(format = "attention-lesson"
version = 1
title = { en = "Test" }
minutes = 1
scenario = "three_words"
[teacher]
goal = { en = "A" }
usual_wrong_answer = { en = "B" }
ask_the_class = { en = "C" }
)";
  return parse_lesson(head + steps, "test.toml", {});
}
std::shared_ptr<const Lesson> shared_lesson_with(const std::string& steps) {
  return std::make_shared<const Lesson>(lesson_with(steps));
}

}  // namespace attn::lessons::tests
