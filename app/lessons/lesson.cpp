#include "app/lessons/lesson.h"

namespace attn::lessons {

const RichText& LessonText::in(std::string_view language) const {
  static const RichText kNothing;
  for (const std::string_view wanted : {language, std::string_view("en")}) {
    if (const auto found = by_language.find(std::string(wanted)); found != by_language.end())
      return found->second;
  }
  return by_language.empty() ? kNothing : by_language.begin()->second;
}

std::string_view name(const QuestionKind& kind) {
  constexpr std::array<std::string_view, std::variant_size_v<QuestionKind>> kNames = {
      "predict", "pick", "choose", "value", "foresee", "strike"};
  return kNames.at(kind.index());
}

std::vector<double> Slider::stops() const {
  constexpr std::size_t kMost = 1000;
  std::vector<double> places;
  for (double place = from; place <= to && places.size() < kMost;
       place = doubling ? place * 2.0 : place + step)
    places.push_back(place);
  return places;
}

}  // namespace attn::lessons
