#pragma once
// A lesson in the window: ties a player to the session. Between frames it carries out what was done with the
// lesson, shows the documents of its steps and tests its conditions.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/lessons/class_answers.h"
#include "app/lessons/glossary.h"
#include "app/lessons/player.h"
#include "app/lessons/progress.h"
#include "app/session/session.h"

namespace attn::lessons {

class Classroom {
 public:
  /// `progress_file`: read at the start, written on change; empty: nothing is kept.
  Classroom(session::Session& session, std::filesystem::path progress_file);

  /// To be called between frames, after the session applied what was posted. True when anything changed that
  /// may be shown.
  bool update();

  /// Null: no lesson is open.
  const Player* player() const { return player_.get(); }
  /// What expressions of the step speak of now. Needs an open lesson and a trace.
  std::optional<Moment> moment() const;
  Scenes& scenes() const { return scenes_; }
  bool shows_notes() const { return notes_; }
  const Progress& progress() const { return progress_; }
  /// Of the class, for the lesson that is open.
  const std::vector<ClassAnswers>& class_answers() const { return class_; }
  /// Grows with everything that changes what the lesson's card shows, but for document and selection.
  std::uint64_t revision() const { return revision_; }

 private:
  struct Doer;  ///< one function an action
  void open(const std::string& name);
  void enter(std::size_t step);
  void look_as(const Step& step);
  void arrange_step();
  void set_rules();
  bool watch();
  void leave();
  void put_away();
  void show_example(const GlossaryEntry& entry);
  void keep();

  session::Session& session_;
  std::filesystem::path progress_file_;
  Progress progress_;
  std::unique_ptr<Player> player_;
  std::map<std::string, std::unique_ptr<Player>> left_;  ///< lessons that were open before, by name
  mutable Scenes scenes_;
  std::vector<ClassAnswers> class_;
  bool notes_ = false;
  std::uint64_t revision_ = 0;
  std::uint64_t watched_document_ = 0;
  std::uint64_t watched_revision_ = 0;
  CellRef watched_selection_;
};

}  // namespace attn::lessons
