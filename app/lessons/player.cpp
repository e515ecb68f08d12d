#include "app/lessons/player.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "app/lessons/change.h"
#include "core/io/format_error.h"

namespace attn::lessons {

Player::Player(std::shared_ptr<const Lesson> lesson)
    : lesson_(std::move(lesson)), states_(lesson_->steps.size()) {
  session::Document document = *lesson_->scenario;
  for (std::size_t i = 0; i < lesson_->steps.size(); ++i) {
    const Step& step = lesson_->steps[i];
    try {
      if (step.scenario) document = *step.scenario;
      document = changed(document, step.change);
    } catch (const io::FormatError& problem) {
      throw io::FormatError(fmt::format("{}.toml: line {}: step {}{}: {}", lesson_->name, step.line, i + 1,
                                        step.id.empty() ? std::string() : fmt::format(" ({})", step.id),
                                        problem.what()));
    }
    untouched_.push_back(document);
  }
  states_.front().start = untouched_.front();
}

std::size_t Player::steps_asking() const {
  return static_cast<std::size_t>(std::ranges::count_if(lesson_->steps, &Step::asks));
}
std::size_t Player::steps_done() const {
  std::size_t done = 0;
  for (std::size_t i = 0; i < states_.size(); ++i)
    if (lesson_->steps[i].asks() && states_[i].done()) ++done;
  return done;
}

session::Document Player::entered(std::size_t step, const session::Document& now) const {
  const Step& next = lesson_->steps[step];
  // What the learner made stays, unless the lesson goes on with something else.
  const bool goes_on = step == place_ + 1 && !next.fresh && !next.scenario && !(now == untouched_[place_]);
  if (!goes_on) return untouched_[step];
  try {
    return changed(now, next.change);
  } catch (const io::FormatError&) {
    return untouched_[step];  // the change does not fit what the learner made of it
  }
}

session::Document Player::go(std::size_t step, const session::Document& now) {
  step = std::min(step, lesson_->steps.size() - 1);
  states_[place_].left = now;
  StepState& next = states_[step];
  const bool forward = step == place_ + 1;
  // What the learner did there before is kept; a step that was only looked at begins with what came before
  // it.
  const bool nothing_done = !next.done() && next.attempts == 0 && next.left == next.start;
  if (!next.left || (forward && nothing_done)) {
    next.start = entered(step, now);
    next.left = next.start;
  }
  place_ = step;
  return *next.left;
}

session::Document Player::restart() {
  states_[place_] = {};
  states_[place_].start = untouched_[place_];
  return untouched_[place_];
}

const Feedback& Player::answer(Answer given, const Moment& moment, Scenes& scenes) {
  StepState& state = states_[place_];
  state.feedback = judge(*step().question, given, complete(moment), scenes);
  state.answer = std::move(given);
  ++state.attempts;
  state.right = state.right || state.feedback->right;
  // A prediction is compared with what comes out, whatever it was.
  if (std::holds_alternative<Predict>(step().question->kind) && !state.right) state.shown = true;
  return *state.feedback;
}

bool Player::watch(const Moment& moment, Scenes& scenes) {
  StepState& state = states_[place_];
  if (!step().task || state.done() || !evaluate_truth(step().task->until, complete(moment), scenes))
    return false;
  state.right = true;
  return true;
}

const std::vector<LessonText>& Player::hints() const {
  static const std::vector<LessonText> kNone;
  if (step().question) return step().question->hints;
  return step().task ? step().task->hints : kNone;
}
void Player::take_hint() {
  StepState& state = states_[place_];
  state.hints = std::min(state.hints + 1, hints().size());
}
bool Player::may_show() const {
  constexpr std::size_t kEnoughAttempts = 2;
  if (!step().asks() || state().done()) return false;
  return (state().hints == hints().size() && (state().attempts > 0 || !hints().empty() || step().task)) ||
         state().attempts >= kEnoughAttempts;
}

session::Document Player::show_answer(const Moment& moment, Scenes& scenes) {
  StepState& state = states_[place_];
  if (step().question) {
    state.answer = right_answer(*step().question, complete(moment), scenes);
    state.feedback = judge(*step().question, state.answer, complete(moment), scenes);
    state.shown = true;
    return moment.document;
  }
  const Solution& solution = step().task->solution;
  session::Document solved = changed(moment.document, solution.change);
  if (solution.slider) state.slider = solution.slider;
  state.shown = true;
  return solved;
}

std::optional<double> Player::slider() const {
  if (!step().figure || !step().figure->slider) return std::nullopt;
  return state().slider.value_or(step().figure->slider->start);
}

Moment Player::complete(Moment moment) const {
  moment.start = state().start;
  if (const auto value = slider()) moment.variables[step().figure->slider->name] = *value;
  for (std::size_t i = 0; i < states_.size(); ++i) {
    if (!lesson_->steps[i].id.empty() && states_[i].has_answer())
      moment.answers[lesson_->steps[i].id] = value_of(states_[i].answer);
  }
  return moment;
}

Player::Remembered Player::remembered() const {
  Remembered all{place_, {}, {}};
  for (std::size_t i = 0; i < states_.size(); ++i) {
    const std::string& id = lesson_->steps[i].id;
    if (id.empty()) continue;
    if (states_[i].has_answer()) all.answers[id] = states_[i].answer;
    if (states_[i].done()) all.done[id] = states_[i].right;
  }
  return all;
}

void Player::remember(const Remembered& before) {
  place_ = std::min(before.place, lesson_->steps.size() - 1);
  for (std::size_t i = 0; i < states_.size(); ++i) {
    const std::string& id = lesson_->steps[i].id;
    if (const auto answer = before.answers.find(id); answer != before.answers.end()) {
      states_[i].answer = answer->second;
      states_[i].attempts = std::max<std::size_t>(states_[i].attempts, 1);
    }
    if (const auto done = before.done.find(id); done != before.done.end())
      (done->second ? states_[i].right : states_[i].shown) = true;
  }
  states_[place_].start = untouched_[place_];
}

}  // namespace attn::lessons
