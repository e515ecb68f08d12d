#include "app/lessons/progress.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/session/settings.h"
#include "core/io/file.h"
#include "core/io/format_error.h"

namespace attn::lessons {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint64_t kLargestProgress = 4U << 20U;

Json to_json(const LessonProgress& progress) {
  Json answers = Json::object();
  for (const auto& [step, answer] : progress.remembered.answers)
    answers[step] = answer.text.empty() ? Json(answer.numbers) : Json(answer.text);
  Json done = Json::object();
  for (const auto& [step, right] : progress.remembered.done) done[step] = right ? "right" : "shown";
  return {{"place", progress.remembered.place},
          {"answers", std::move(answers)},
          {"done", std::move(done)},
          {"steps_done", progress.done},
          {"steps_asking", progress.asking}};
}

LessonProgress from_json(const Json& json) {
  LessonProgress progress;
  progress.remembered.place = json.value("place", std::size_t{0});
  progress.done = json.value("steps_done", std::size_t{0});
  progress.asking = json.value("steps_asking", std::size_t{0});
  // Named: items() refers to what it is asked of.
  const Json answers = json.value("answers", Json::object());
  const Json done = json.value("done", Json::object());
  for (const auto& [step, answer] : answers.items()) {
    Answer& kept = progress.remembered.answers[step];
    if (answer.is_string()) {
      kept.text = answer.get<std::string>();
    } else {
      kept.numbers = answer.get<std::vector<double>>();
    }
  }
  for (const auto& [step, how] : done.items())
    progress.remembered.done[step] = how.get<std::string>() == "right";
  return progress;
}

}  // namespace

std::filesystem::path progress_file() {
  const std::filesystem::path settings = session::settings_file();
  return settings.empty() ? settings : settings.parent_path() / "lessons.json";
}

Progress load_progress(const std::filesystem::path& file) {
  Progress progress;
  std::error_code ignored;
  if (file.empty() || !std::filesystem::exists(file, ignored)) return progress;
  const std::string text = io::read_file(file, kLargestProgress);
  try {
    const Json json = Json::parse(text);
    progress.last = json.value("last", std::string());
    for (const auto& [lesson, one] : json.at("lessons").items())
      progress.lessons.emplace(lesson, from_json(one));
  } catch (const Json::exception&) {
    throw io::FormatError(
        fmt::format("{}: expected what a learner did in lessons, found something else", file.string()));
  }
  return progress;
}

void save_progress(const std::filesystem::path& file, const Progress& progress) {
  if (file.empty()) return;
  Json lessons = Json::object();
  for (const auto& [name, one] : progress.lessons) lessons[name] = to_json(one);
  const Json json = {{"last", progress.last}, {"lessons", std::move(lessons)}};
  std::filesystem::create_directories(file.parent_path());
  io::write_file(file, json.dump(2) + "\n");
}

}  // namespace attn::lessons
