#include "app/session/session.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <exception>
#include <thread>
#include <utility>

#include "app/session/builtin.h"
#include "app/session/copy.h"
#include "app/session/file_message.h"
#include "app/session/file_problem.h"
#include "app/session/import.h"
#include "core/io/scenario.h"
#include "core/io/text.h"

namespace attn::session {
namespace {

constexpr std::size_t kMostNotices = 20;

StepOrder order_of(const Document& document) { return {document.input(), document.dimensions()}; }

}  // namespace

Session::Session(SessionOptions options)
    : options_(std::move(options)),
      history_(builtin_scenario(kDefaultExample)),
      playhead_(order_of(history_.document())),
      runner_(options_.backends, options_.runner),
      computed_(history_.document()),
      original_(history_.document()) {
  LoadedSettings loaded = load_settings(options_.settings_file);
  settings_ = loaded.settings;
  runner_.set_memory_limit(options_.memory_limit.value_or(session::memory_limit(settings_)));
  if (loaded.notice) notify(loaded.notice->severity, std::move(loaded.notice->text));
  document_changed();
  collect();
}

Session::~Session() = default;

bool Session::apply_posted() {
  const std::vector<Action> actions = std::exchange(posted_, {});
  for (const Action& action : actions) apply(action);
  follow_document();
  return collect() || !actions.empty();
}

bool Session::advance(double seconds) {
  bool changed = playhead_.advance(seconds, settings_.speed);
  if (pull_ && step_pull()) changed = true;
  follow_document();
  return collect() || changed;
}

bool Session::animating() const {
  return playhead_.playing() || !posted_.empty() || (pull_ && pull_->moving());
}

void Session::settle() {
  apply_posted();
  while (pull_ && pull_->moving()) {
    if (!advance(0.0)) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  advance(0.0);
  runner_.wait();
  collect();
}

Subject Session::subject() const {
  return {document(), trace().get(), calm_trace_.get(), trace_is_current(), view_, playhead_};
}

std::optional<Document> Session::pressed() const {
  if (!history_.in_gesture()) return std::nullopt;
  return history_.pressed();
}

bool Session::collect() {
  const bool collected = runner_.collect();
  if (!history_.in_gesture()) calm_trace_ = trace();
  return collected;
}

bool Session::trace_is_current() const { return trace() && trace()->revision() == revision_; }

void Session::notify(Severity severity, Message text) {
  const Notice notice{severity, std::move(text), ++notice_number_, true};
  // The same line twice in a row says nothing new: it is shown again.
  if (!notices_.empty() && notices_.back().text == notice.text) {
    notices_.back() = notice;
    return;
  }
  if (notices_.size() == kMostNotices) notices_.erase(notices_.begin());
  notices_.push_back(notice);
}

void Session::follow_document() {
  if (!(document() == computed_)) document_changed();
  if (!history_.in_gesture()) runner_.settle_preview();
}

void Session::document_changed() {
  computed_ = document();
  ++revision_;
  playhead_.change_order(order_of(computed_));
  if (lesson_rules_) playhead_.set_veil(Veil(lesson_rules_->hidden, computed_.input()));
  keep_inside(view_, computed_.input(), computed_.dimensions());
  runner_.request(computed_, revision_, history_.in_gesture());
}

void Session::edit(const Edit& edit, bool preview) {
  if (pull_) end_pull(true);
  if (lesson_rules_ && refuse_locked(is_locked(*lesson_rules_, edit))) return;
  if (!preview) history_.commit();
  const Document& before = history_.pressed();
  try {
    Document after = session::apply(before, edit);
    Message label = label_of(before, edit);
    const auto moved = moved_word(edit);
    const Input input = before.input();
    // Every preview is made from the document at the press.
    if (const auto last = history_.preview_moved()) follow(view_, last->back(), input);
    if (preview) {
      history_.preview(std::move(after), std::move(label), moved);
    } else {
      history_.push(std::move(after), std::move(label), moved);
    }
    if (moved) follow(view_, *moved, input);
    refusal_.reset();
    pull_report_.reset();
  } catch (const EditRefused& refused) {
    refusal_ = Refusal{edit, refused.reason};
  }
}

void Session::select(const CellRef& cell) {
  if (!present(cell.stage, document().input())) return;
  view_.selection = cell;
  view_.stage = cell.stage;
  view_.explain_trail.clear();
  view_.explain_open.clear();
  keep_inside(view_, document().input(), document().dimensions());
  const Dimensions& d = document().dimensions();
  const StageShape shape = shape_of(cell.stage, document().input(), d);
  if (!has_heads(cell.stage)) return;
  const std::size_t head = view_.selection.head;
  if (shape.heads == d.n_heads) {
    view_.head = head;
  } else if (d.kv_head(view_.head) != head) {
    view_.head = head * (d.n_heads / d.n_kv_heads);  // the first head that reads this key/value head
  }
}

// ---- pull on the answer ----

void Session::take(PullProgress progress) {
  const Input& input = document().input();
  const PullTarget& target = progress.report.target;
  const bool over_tokens = input.config.attend_over == AttendOver::tokens;
  Message label = message("Pull on the answer");
  if (target.stage == Stage::output || target.stage == Stage::head_outputs) {
    label = message("Pull the output of {0}", {input.tokens->at(target.row)});
  } else if (over_tokens) {
    label = message("Pull {0} towards {1}",
                    {input.tokens->at(target.row), input.key_tokens()->at(target.columns[0])});
  }
  history_.preview(history_.pressed().with_input(std::move(progress.input)), std::move(label));
  pull_report_ = std::move(progress.report);
}

bool Session::refuse_locked(bool is_locked) {
  if (is_locked) notify(Severity::information, message("This step of the lesson keeps that as it is."));
  return is_locked;
}

void Session::set_lesson_rules(std::optional<LessonRules> rules) {
  lesson_rules_ = std::move(rules);
  playhead_.set_veil(lesson_rules_ ? Veil(lesson_rules_->hidden, document().input()) : Veil());
}

void Session::show_document(const Document& document) {
  if (pull_) end_pull(false);
  const std::vector<Notice> notices = notices_;
  open(document, {});
  notices_ = notices;
}

void Session::show_document(const Document& document, Message label) {
  if (pull_) end_pull(true);
  if (document == history_.document()) return;
  history_.push(document, std::move(label));
  pull_report_.reset();
  refusal_.reset();
}

void Session::look(const View& view) {
  view_ = view;
  keep_inside(view_, document().input(), document().dimensions());
}

void Session::begin_pull(const PullTarget& target) {
  if (pull_) end_pull(true);
  if (lesson_rules_ && refuse_locked(is_locked(*lesson_rules_, view_.freedom, target.row))) return;
  history_.commit();
  PullRunner::Options options;
  options.wake = options_.runner.wake;
  options.memory_limit = runner_.memory_limit();
  options.direct_operations = options_.pull_direct_operations;
  pull_ = std::make_unique<PullRunner>(history_.document().input(), target, view_.freedom, options);
  pull_goal_.reset();
  pull_report_.reset();
  history_.begin();
  step_pull();
}

void Session::move_pull(std::vector<double> goal) {
  pull_->set_goal(goal);
  pull_goal_ = std::move(goal);
  step_pull();
}

bool Session::step_pull() {
  try {
    std::optional<PullProgress> progress = pull_->advance();
    if (!progress) return false;
    take(std::move(*progress));
  } catch (const std::exception& problem) {
    // Not RunError alone: this runs every frame, where nobody else would catch what went wrong.
    end_pull(false);
    notify(Severity::error, file_message(problem.what()));
  }
  return true;
}

void Session::end_pull(bool keep) {
  // What was posted last counts, even if the button was let go in the same frame.
  if (keep) step_pull();
  if (!pull_) return;
  if (keep) {
    history_.commit();
  } else {
    history_.cancel();
    pull_report_.reset();
  }
  pull_->stop();
  std::erase_if(ending_pulls_, [](const auto& pull) { return pull->stopped(); });
  if (pull_->stopped()) {
    pull_.reset();
  } else {
    ending_pulls_.push_back(std::move(pull_));  // nobody waits for its last step
  }
}

void Session::set_freedom(PullFreedom freedom) {
  view_.freedom = freedom;
  if (!pull_) return;
  // The same pull, solved anew from the press.
  const PullTarget target = pull_->target();
  const std::optional<std::vector<double>> goal = pull_goal_;
  end_pull(false);
  begin_pull(target);
  if (goal && pull_) move_pull(*goal);  // it may have failed at once
}

// ---- files ----

void Session::ask_first(Action action) {
  if (pull_) end_pull(true);
  history_.commit();
  if (has_unsaved_work()) {
    pending_ = std::move(action);
  } else {
    carry_out(action);
  }
}

void Session::carry_out(const Action& action) {
  if (std::holds_alternative<Quit>(action)) {
    quit_ = true;
    return;
  }
  if (!std::holds_alternative<InLesson>(action)) set_lesson_rules(std::nullopt);
  if (const auto* const example = std::get_if<OpenExample>(&action)) {
    open(builtin_scenario(example->name), {});
  } else if (const auto* const made = std::get_if<NewExample>(&action)) {
    open(changed(document(), made->content), {});
    history_.mark_never_saved();  // somebody wrote these words
  } else if (const auto* const arrays = std::get_if<Import>(&action)) {
    import(*arrays);
  } else if (const auto* const lesson = std::get_if<InLesson>(&action)) {
    lesson_actions_.push_back(lesson->action);
  } else if (const auto* const file = std::get_if<Open>(&action)) {
    if (file->path.extension() == ".toml") {  // a lesson
      lesson_actions_.emplace_back(OpenLesson{file->path.string()});
      return;
    }
    if (is_array_file(file->path)) {
      import({{file->path}, std::nullopt});
      return;
    }
    io::ScenarioFile content = io::load_scenario_file(file->path);
    if (auto* const golden = std::get_if<io::GoldenCase>(&content)) {
      // Saving would lose what the case expects: it needs a name of its own.
      open(Document(std::move(golden->scenario)), {});
    } else {
      open(Document(std::get<io::Scenario>(std::move(content))), file->path);
    }
    remember(file->path);
  }
}

void Session::import(const Import& files) {
  Imported imported = import_files(files.files, {.heads = files.heads, .open = document()});
  // Saving must not write over the arrays: it needs a name of its own.
  open(Document(std::move(imported.scenario)), {});
  if (files.files.size() == 1) remember(files.files.front());
  for (Message& note : imported.notes) notify(Severity::information, std::move(note));
}

void Session::open(Document document, std::filesystem::path file) {
  // What is being computed is of use where the same document is opened again.
  if (!(document == computed_)) runner_.cancel();
  history_.reset(std::move(document));
  file_ = std::move(file);
  const Document& opened = history_.document();
  original_ = opened;
  view_ = view_from_json(opened.scenario().view_json, opened.input(), opened.dimensions());
  playhead_ = Playhead(order_of(opened));
  if (view_.playhead) playhead_.go(*view_.playhead);
  pull_report_.reset();
  refusal_.reset();
  notices_.clear();
}

bool Session::save(const std::filesystem::path& path) {
  if (pull_) end_pull(true);
  history_.commit();
  View view = view_;
  view.playhead.reset();
  if (!playhead_.at_end()) view.playhead = playhead_.position();
  try {
    io::save_scenario(path, document().with_view_json(to_json(view)).scenario());
  } catch (const std::exception& problem) {
    save_failed(Dialog::save_as, why_not_written(path, problem.what()));
    return false;
  }
  history_.mark_saved();
  file_ = path;
  remember(path);
  notify(Severity::information, message("Saved {0}", {path.string()}));
  return true;
}

void Session::save_failed(Dialog dialog, Message reason) {
  if (dialog_ == dialog) {
    save_problem_ = std::move(reason);
  } else {
    notify(Severity::error, std::move(reason));
  }
}

void Session::picture_written(const std::filesystem::path& path, const std::optional<std::string>& problem) {
  if (problem) {
    // The dialog left so that it is not in the picture; it comes back with what was typed.
    if (dialog_ == Dialog::none) dialog_ = Dialog::save_picture;
    save_failed(Dialog::save_picture, why_not_written(path, *problem));
    return;
  }
  notify(Severity::information, message("Saved {0}", {path.string()}));
}

void Session::remember(const std::filesystem::path& file) {
  std::error_code error;
  const std::string name = std::filesystem::absolute(file, error).lexically_normal().string();
  if (error || !io::is_utf8(name)) return;  // settings are text
  Settings settings = settings_;
  std::erase(settings.recent_files, name);
  settings.recent_files.insert(settings.recent_files.begin(), name);
  if (settings.recent_files.size() > Settings::kMostRecentFiles)
    settings.recent_files.resize(Settings::kMostRecentFiles);
  change_settings(settings);
}

void Session::copy(const Copy& what) {
  constexpr std::size_t kMostCopied = std::size_t{1} << 20;
  if (what.part == CopyPart::matrix && trace_is_current() && trace()->has(view_.explained().stage)) {
    const StageShape shape = trace()->shape(view_.explained().stage);
    if (shape.rows * shape.columns > kMostCopied) {
      notify(Severity::warning, message("{0} numbers are too many to copy: copy a row.",
                                        {std::to_string(shape.rows * shape.columns)}));
      return;
    }
  }
  const auto text =
      trace_is_current() ? copy_text(*trace(), view_.explained(), what.part, what.format) : std::nullopt;
  if (!text) {
    notify(Severity::warning, message("There is nothing to copy yet: it is still being computed."));
    return;
  }
  constexpr std::size_t kLongest = 60;
  notify(Severity::information, message("Copied: {0}", {io::printable(*text, kLongest)}));
  clipboard_ = text;
}

void Session::change_settings(const Settings& settings) {
  if (settings == settings_) return;
  settings_ = settings;
  if (options_.settings_file.empty()) return;
  try {
    save_settings(options_.settings_file, settings_);
  } catch (const std::runtime_error& problem) {
    notify(Severity::warning, file_message(problem.what()));
  }
}

}  // namespace attn::session
