#include "app/lessons/classroom.h"

#include <algorithm>
#include <utility>

#include "app/lessons/change.h"
#include "app/lessons/course.h"
#include "app/lessons/glossary.h"
#include "app/lessons/lesson_file.h"
#include "app/session/file_message.h"
#include "core/io/format_error.h"
#include "core/io/scenario.h"

namespace attn::lessons {

using session::message;
using session::Severity;

/// What each action does.
struct Classroom::Doer {
  Classroom& c;
  session::Session& s = c.session_;

  void operator()(const session::OpenLesson& a) const { c.open(a.name); }
  void operator()(const session::LeaveLesson&) const { c.leave(); }
  void operator()(const session::NextLessonStep&) const {
    if (!c.player_) return;
    if (!c.player_->may_go_on()) {
      s.notify(Severity::information, message("First do what this step asks, or let it be shown."));
    } else if (!c.player_->at_last()) {
      c.enter(c.player_->place() + 1);
    } else {
      c.leave();
      s.post(session::ShowDialog{session::Dialog::lessons});
    }
  }
  void operator()(const session::PreviousLessonStep&) const {
    if (c.player_ && !c.player_->at_first()) c.enter(c.player_->place() - 1);
  }
  void operator()(const session::GoToLessonStep& a) const {
    if (c.player_) c.enter(a.step);
  }
  void operator()(const session::RestartLessonStep&) const {
    if (!c.player_) return;
    s.show_document(c.player_->restart());
    c.arrange_step();
  }
  void operator()(const session::TakeHint&) const {
    if (c.player_) c.player_->take_hint();
  }
  void operator()(const session::ShowLessonAnswer&) const {
    const auto now = c.moment();
    if (!now || !c.player_->may_show()) return;
    s.show_document(c.player_->show_answer(*now, c.scenes_), message("As the lesson shows it"));
    if (const auto& task = c.player_->step().task; task && task->solution.select)
      s.post(session::Select{*task->solution.select});
    done();
  }
  void operator()(const session::GiveLessonAnswer& a) const {
    const auto now = c.moment();
    if (!now || !c.player_->step().question) return;
    c.player_->answer({a.numbers, a.text}, *now, c.scenes_);
    done();
  }
  void operator()(const session::MoveLessonSlider& a) const {
    if (c.player_ && c.player_->slider()) c.player_->move_slider(a.value);
  }
  void operator()(const session::ToggleTeachersNotes&) const { c.notes_ = !c.notes_; }
  void operator()(const session::SaveLessonAnswers& a) const {
    if (!c.player_) return;
    save_class_answers(a.path, c.player_->lesson().name, c.player_->remembered().answers);
    s.notify(Severity::information, message("Saved {0}", {a.path}));
  }
  void operator()(const session::OpenClassAnswers& a) const {
    std::vector<ClassAnswers> all;
    for (const std::string& path : a.paths) all.push_back(load_class_answers(path));
    c.class_ = std::move(all);
    s.notify(Severity::information, message("The answers of {0} learners are shown beside yours.",
                                            {std::to_string(c.class_.size())}));
  }
  void operator()(const session::OpenGlossaryExample& a) const {
    if (const GlossaryEntry* const entry = glossary_entry(a.entry)) c.show_example(*entry);
    s.post(session::CloseDialog{});
  }

  /// What follows once a step is done: numbers come back, and what was foreseen happens.
  void done() const {
    if (!c.player_->state().done()) return;
    c.set_rules();
    if (c.player_->step().question) {
      if (const auto* foresee = std::get_if<Foresee>(&c.player_->step().question->kind))
        s.show_document(changed(s.document(), foresee->change), message("What the lesson changes"));
    }
  }
};

Classroom::Classroom(session::Session& session, std::filesystem::path progress_file)
    : session_(session), progress_file_(std::move(progress_file)) {
  try {
    progress_ = load_progress(progress_file_);
  } catch (const io::FormatError& problem) {
    session_.notify(Severity::warning, session::file_message(problem.what()));
    progress_file_.clear();  // what is there is not written over
  }
}

bool Classroom::update() {
  const std::vector<session::LessonAction> actions = session_.take_lesson_actions();
  for (const session::LessonAction& action : actions) {
    try {
      std::visit(Doer{*this}, action);
    } catch (const std::exception& problem) {
      session_.notify(Severity::error, session::file_message(problem.what()));
    }
    ++revision_;
  }
  // Another document was opened: the lesson is over.
  if (player_ && !session_.in_lesson()) {
    player_->restart();  // the document that is open now is none of the lesson's
    put_away();
    ++revision_;
  }
  const bool became_true = watch();
  if (!actions.empty() || became_true) keep();
  return !actions.empty() || became_true;
}

std::optional<Moment> Classroom::moment() const {
  if (!player_ || !session_.trace() || !session_.trace_is_current()) return std::nullopt;
  scenes_.know(session_.document(), session_.trace());
  Moment now{session_.document(), session_.trace()};
  now.selection = session_.view().selection;
  return player_->complete(std::move(now));
}

void Classroom::open(const std::string& name) {
  std::shared_ptr<const Lesson> lesson = builtin_lesson(name);
  if (!lesson) lesson = std::make_shared<Lesson>(load_lesson(name));
  if (player_) leave();
  const std::string key = lesson->name;
  if (const auto before = left_.find(key); before != left_.end()) {
    player_ = std::move(before->second);
    left_.erase(before);
  } else {
    player_ = std::make_unique<Player>(lesson);
    if (const auto kept = progress_.lessons.find(key); kept != progress_.lessons.end())
      player_->remember(kept->second.remembered);
  }
  // Who went through to the end begins again; who was on the way goes on there.
  if (player_->finished() && player_->at_last()) player_ = std::make_unique<Player>(std::move(lesson));
  const auto& left = player_->state().left;
  session_.show_document(left ? *left : player_->start());
  arrange_step();
}

void Classroom::enter(std::size_t step) {
  const session::Document document = player_->go(step, session_.document());
  session_.show_document(document);
  arrange_step();
}

void Classroom::look_as(const Step& step) {
  session::View view = session_.view();
  const Input& input = session_.document().input();
  const Dimensions& d = session_.document().dimensions();
  if (!step.view_json.empty())
    view = session::view_from_json(merged_json(session::to_json(view), step.view_json), input, d);
  if (step.task && step.task->freedom) view.freedom = *step.task->freedom;
  session_.look(view);
  if (step.focus) session_.post(session::Select{*step.focus});
}

void Classroom::arrange_step() {
  const Step& step = player_->step();
  look_as(step);
  set_rules();
  switch (step.playhead.kind) {
    case PlayheadPlace::Kind::start:
      session_.post(session::ToStart{});
      break;
    case PlayheadPlace::Kind::end:
      session_.post(session::ToEnd{});
      break;
    case PlayheadPlace::Kind::cell:
      session_.post(
          session::GoToMoment{{step.playhead.cell.stage, step.playhead.cell.row, step.playhead.cell.column}});
      break;
  }
  session_.apply_posted();
}

void Classroom::set_rules() {
  const Step& step = player_->step();
  session::LessonRules rules;
  rules.only = step.only;
  rules.lock = step.lock;
  for (const Hidden& hidden : step.keep_hidden)
    rules.hidden.push_back({hidden.stage, hidden.head, hidden.row});
  // What is asked about is not shown before it is answered.
  if (!player_->state().done()) {
    for (const Hidden& hidden : step.hide) rules.hidden.push_back({hidden.stage, hidden.head, hidden.row});
    if (const auto* const pick = step.question ? std::get_if<Pick>(&step.question->kind) : nullptr)
      rules.picks = pick->what;
    const auto* predict = step.question ? std::get_if<Predict>(&step.question->kind) : nullptr;
    if (predict != nullptr) {
      const Scene scene = scenes_.of(session_.document());
      if (const auto row =
              named_cell(predict->row, player_->complete({scene.document, scene.trace}), scenes_))
        rules.hidden.push_back({row->cell.stage, row->cell.head, row->cell.row});
    }
  }
  session_.set_lesson_rules(std::move(rules));
}

/// Tests the condition of a task where something has changed since it was tested last.
bool Classroom::watch() {
  if (!player_ || !player_->step().task || player_->state().done()) return false;
  const auto now = moment();
  if (!now) return false;
  if (watched_document_ == session_.revision() && watched_revision_ == revision_ &&
      watched_selection_ == session_.view().selection)
    return false;
  watched_document_ = session_.revision();
  watched_revision_ = revision_;
  watched_selection_ = session_.view().selection;
  try {
    if (!player_->watch(*now, scenes_)) return false;
  } catch (const ExpressionError&) {
    return false;  // the learner made a document in which the condition has no value: it is not true
  }
  set_rules();
  ++revision_;
  return true;
}

void Classroom::leave() {
  if (!player_) return;
  player_->go(player_->place(), session_.document());
  put_away();
}

void Classroom::put_away() {
  keep();
  const std::string name = player_->lesson().name;
  left_[name] = std::move(player_);
  notes_ = false;
  session_.set_lesson_rules(std::nullopt);
}

void Classroom::show_example(const GlossaryEntry& entry) {
  leave();
  session_.show_document(changed(*entry.example.scenario, entry.example.change));
  look_as(entry.example);
}

void Classroom::keep() {
  if (!player_) return;
  Progress before = progress_;
  const std::string& name = player_->lesson().name;
  progress_.last = name;
  // What was done once stays done, for the list of lessons, when the lesson is begun again.
  LessonProgress& kept = progress_.lessons[name];
  const std::size_t asking = player_->steps_asking();
  kept = {player_->remembered(), std::min(std::max(kept.done, player_->steps_done()), asking), asking};
  if (progress_ == before) return;
  try {
    save_progress(progress_file_, progress_);
  } catch (const std::exception& problem) {
    session_.notify(Severity::warning, session::file_message(problem.what()));
  }
}

}  // namespace attn::lessons
