#pragma once
// One open window's worth of state: the document with its history, what is looked at, settings, playhead,
// the trace, and a pull if one is under way. Panels read it as const and post actions.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/session/action.h"
#include "app/session/document.h"
#include "app/session/engine_runner.h"
#include "app/session/history.h"
#include "app/session/lesson_rules.h"
#include "app/session/message.h"
#include "app/session/playhead.h"
#include "app/session/pull_runner.h"
#include "app/session/settings.h"
#include "app/session/view.h"

namespace attn::session {

/// What a panel draws, never a global: comparing two documents is two subjects.
/// `trace` may be absent (before the first) or older than the document (`current` is false: draw it dimmed).
/// `calm` is Session::calm_trace().
struct Subject {
  const Document& document;
  const Trace* trace;
  const Trace* calm;
  bool current;
  const View& view;
  const Playhead& playhead;
};

/// What the window must ask before it goes on.
enum class Question { none, unsaved_work };

/// An edit that was not made, for the field that posted it.
struct Refusal {
  Edit edit;
  Message reason;
};

struct SessionOptions {
  std::vector<std::shared_ptr<Backend>> backends;  ///< in the order in which they are tried; at least one
  RunnerOptions runner;
  double pull_direct_operations = 1.0e6;  ///< a pull on a larger input is solved by a worker
  /// Bytes a trace may take, until the reader sets something else; absent: as the settings say.
  std::optional<std::uint64_t> memory_limit = std::nullopt;
  /// Read at the start, written on change; empty: settings are not kept.
  std::filesystem::path settings_file;
};

/// All functions belong to one thread, the window's.
class Session {
 public:
  /// Opens the built-in example and asks for its trace.
  explicit Session(SessionOptions options);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// @name Changing
  /// @{
  void post(Action action) { posted_.push_back(std::move(action)); }
  /// Applies what was posted, in order, asks for the trace if the document moved, and collects what
  /// workers finished. True when anything changed that a panel may show. An action that cannot be
  /// carried out leaves a notice or a refusal, never an exception.
  bool apply_posted();
  /// Lets time pass: play, and a pull that needs several frames. True as apply_posted().
  bool advance(double seconds);
  /// Whether the next frame will differ without anybody doing anything: do not wait for events.
  bool animating() const;
  /// Waits until pull and trace are there: for pictures and tests.
  void settle();
  /// @}

  /// @name Reading
  /// @{
  Subject subject() const;
  const Document& document() const { return history_.document(); }
  /// The document at the press of the gesture or pull under way, for the ghost; nothing outside one.
  std::optional<Document> pressed() const;
  const History& history() const { return history_; }
  const View& view() const { return view_; }
  const Settings& settings() const { return settings_; }
  const Playhead& playhead() const { return playhead_; }
  /// Newest whole trace, possibly of an older revision; empty before the first.
  const std::shared_ptr<const Trace>& trace() const { return runner_.trace(); }
  /// The newest trace from outside a gesture; outside one, trace(). What scales hold on to and where ghosts
  /// stand while something is dragged, so that numbers are seen to change and not their scale.
  const std::shared_ptr<const Trace>& calm_trace() const { return calm_trace_; }
  /// Grows with every change of the document.
  std::uint64_t revision() const { return revision_; }
  bool trace_is_current() const;
  RunnerStatus status() const { return runner_.status(); }
  const TraceFacts& trace_facts() const { return runner_.facts(); }
  /// Bytes a trace may take.
  std::uint64_t memory_limit() const { return runner_.memory_limit(); }
  /// The pull under way, or the last one until something else changes the document. In a large input the
  /// first report may come some frames after the press.
  const std::optional<PullReport>& pull() const { return pull_report_; }
  bool pulling() const { return pull_ != nullptr; }
  /// The newest twenty, oldest first.
  const std::vector<Notice>& notices() const { return notices_; }
  /// Why the path of the save dialog could not be written, until another one is tried or the dialog closes.
  const std::optional<Message>& save_problem() const { return save_problem_; }
  /// The last edit that was refused, until one is made.
  const std::optional<Refusal>& refusal() const { return refusal_; }
  /// The file that Save writes; empty for a built-in example.
  const std::filesystem::path& file() const { return file_; }
  /// What a lesson makes is nobody's work.
  bool has_unsaved_work() const { return !in_lesson() && !history_.is_saved(); }
  /// Waits while a dialog is open: the path to save to is part of the answer.
  Question question() const {
    return pending_ && dialog_ == Dialog::none ? Question::unsaved_work : Question::none;
  }
  Dialog dialog() const { return dialog_; }
  /// The document as it was opened; Reset goes back to it.
  const Document& original() const { return original_; }
  bool quit() const { return quit_; }
  /// @}

  void notify(Severity severity, Message text);

  /// @name For whoever plays lessons
  /// @{
  /// What was posted since the last call.
  std::vector<LessonAction> take_lesson_actions() { return std::exchange(lesson_actions_, {}); }
  /// Nothing: no lesson is open, and nothing is locked or hidden.
  void set_lesson_rules(std::optional<LessonRules> rules);
  bool in_lesson() const { return lesson_rules_.has_value(); }
  const std::optional<LessonRules>& lesson_rules() const { return lesson_rules_; }
  /// Shows another document, without steps to undo.
  void show_document(const Document& document);
  /// Makes it one step that can be undone; nothing where it is the one that is shown.
  void show_document(const Document& document, Message label);
  void look(const View& view);
  /// @}

  /// @name For the window to carry out
  /// @{
  /// What was copied since the last call: text for the clipboard.
  std::optional<std::string> take_clipboard() { return std::exchange(clipboard_, std::nullopt); }
  /// Where a picture of the window was asked for since the last call.
  std::optional<std::filesystem::path> take_picture_request() {
    return std::exchange(picture_request_, std::nullopt);
  }
  /// What became of it. A problem is said in the dialog that asked for the path, which stays open.
  void picture_written(const std::filesystem::path& path, const std::optional<std::string>& problem);
  /// @}

 private:
  struct Applier;  ///< one function an action, in session_apply.cpp
  void apply(const Action& action);
  void document_changed();
  /// Asks for the trace where the document has moved since, and for a whole one when a gesture is over.
  void follow_document();
  /// Takes what the worker has finished. True when there was something.
  bool collect();
  void edit(const Edit& edit, bool preview);
  void select(const CellRef& cell);
  bool refuse_locked(bool is_locked);
  void begin_pull(const PullTarget& target);
  void move_pull(std::vector<double> goal);
  /// Takes what the pull has come to. False when there was nothing new.
  bool step_pull();
  void take(PullProgress progress);
  void end_pull(bool keep);
  void set_freedom(PullFreedom freedom);
  void ask_first(Action action);
  void carry_out(const Action& action);
  void open(Document document, std::filesystem::path file);
  void import(const Import& files);
  bool save(const std::filesystem::path& path);
  void save_failed(Dialog dialog, Message reason);
  void copy(const Copy& what);
  /// The file moves to the top of the recent ones.
  void remember(const std::filesystem::path& file);
  void change_settings(const Settings& settings);

  SessionOptions options_;
  History history_;
  View view_;
  Settings settings_;
  Playhead playhead_;
  EngineRunner runner_;
  std::shared_ptr<const Trace> calm_trace_;
  std::unique_ptr<PullRunner> pull_;
  std::optional<std::vector<double>> pull_goal_;  ///< where it was last pulled to
  std::vector<std::unique_ptr<PullRunner>> ending_pulls_;
  std::optional<PullReport> pull_report_;
  std::vector<Action> posted_;
  std::vector<LessonAction> lesson_actions_;
  std::optional<LessonRules> lesson_rules_;
  std::vector<Notice> notices_;
  std::uint64_t notice_number_ = 0;
  std::optional<Message> save_problem_;
  std::optional<Refusal> refusal_;
  std::filesystem::path file_;
  std::optional<Action> pending_;  ///< waits for the answer about unsaved work
  Dialog dialog_ = Dialog::none;
  std::optional<std::string> clipboard_;
  std::optional<std::filesystem::path> picture_request_;
  bool quit_ = false;
  std::uint64_t revision_ = 0;
  Document computed_;  ///< the document that revision_ belongs to
  Document original_;  ///< as it was opened
};

}  // namespace attn::session
