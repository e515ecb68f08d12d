#include "app/lessons/class_answers.h"

#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/io/file.h"
#include "core/io/format_error.h"

namespace attn::lessons {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint64_t kLargestAnswers = 1U << 20U;
constexpr std::string_view kAnswersFormat = "attention-answers";
constexpr std::size_t kMostNumbers = 4096;

Answer answer_of(const Json& json) {
  if (json.is_string()) return {{}, json.get<std::string>()};
  Answer answer{json.get<std::vector<double>>(), {}};
  if (answer.numbers.size() > kMostNumbers) answer.numbers.resize(kMostNumbers);
  return answer;
}

}  // namespace

void save_class_answers(const std::filesystem::path& file, const std::string& lesson,
                        const std::map<std::string, Answer>& answers) {
  Json all = Json::object();
  for (const auto& [step, answer] : answers)
    all[step] = answer.text.empty() ? Json(answer.numbers) : Json(answer.text);
  const Json json = {
      {"format", kAnswersFormat}, {"version", 1}, {"lesson", lesson}, {"answers", std::move(all)}};
  io::write_file(file, json.dump(2) + "\n");
}

ClassAnswers load_class_answers(const std::filesystem::path& file) {
  const std::string text = io::read_file(file, kLargestAnswers);
  try {
    const Json json = Json::parse(text);
    if (json.value("format", std::string()) != kAnswersFormat || json.value("version", 0) != 1) {
      throw io::FormatError(fmt::format("{}: format: expected \"{}\", version 1, found another file",
                                        file.string(), kAnswersFormat));
    }
    ClassAnswers result{json.at("lesson").get<std::string>(), file.stem().stem().string(), {}};
    for (const auto& [step, answer] : json.at("answers").items())
      result.answers.emplace(step, answer_of(answer));
    return result;
  } catch (const Json::exception&) {
    throw io::FormatError(
        fmt::format("{}: expected the answers of a learner, found something else", file.string()));
  }
}

}  // namespace attn::lessons
