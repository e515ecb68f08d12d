#pragma once
// Undo and redo. A step is one gesture: a drag of a hundred frames is undone at once.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

#include "app/session/document.h"
#include "app/session/message.h"
#include "app/session/moved_word.h"

namespace attn::session {

class History {
 public:
  static constexpr std::uint64_t kByteLimit = std::uint64_t{256} << 20;

  /// `byte_limit` counts what the steps hold beyond what the document itself holds.
  explicit History(Document start, std::uint64_t byte_limit = kByteLimit);

  /// What is shown: the document after the last step, or the preview of the gesture.
  const Document& document() const { return gesture_ ? gesture_->preview : current_; }

  /// One whole step. Ends a gesture first, as commit() does. No step when nothing changed. `moved`: the word
  /// that changed its place by it.
  void push(Document next, Message label, std::optional<MovedWord> moved = {});

  /// @name Gestures
  /// A press begins one, every movement previews, release commits, Esc cancels.
  /// @{
  void begin();
  bool in_gesture() const { return gesture_.has_value(); }
  /// The document at the press; every preview is derived from it. Outside a gesture: document().
  const Document& pressed() const { return current_; }
  /// Shows another document. Begins a gesture where there is none.
  void preview(Document next, Message label, std::optional<MovedWord> moved = {});
  /// Makes the gesture one step; none when the last preview is the pressed document.
  void commit();
  /// Back to the document at the press.
  void cancel();
  /// @}

  bool can_undo() const { return !gesture_ && !undo_.empty(); }
  bool can_redo() const { return !gesture_ && !redo_.empty(); }
  /// Nothing happens where there is nothing to undo or redo, or within a gesture.
  void undo();
  void redo();
  /// What would be undone or redone; nothing when that cannot be done.
  std::optional<Message> undo_label() const;
  std::optional<Message> redo_label() const;
  /// @name The word that changed its place
  /// @{
  /// by the gesture under way, by the step that would be undone, by the one that would be redone
  std::optional<MovedWord> preview_moved() const { return gesture_ ? gesture_->moved : std::nullopt; }
  std::optional<MovedWord> undo_moved() const { return can_undo() ? undo_.back().moved : std::nullopt; }
  std::optional<MovedWord> redo_moved() const { return can_redo() ? redo_.back().moved : std::nullopt; }
  /// @}
  std::size_t undo_steps() const { return undo_.size(); }
  std::size_t redo_steps() const { return redo_.size(); }

  /// Whether the document is the one that was last saved or opened.
  void mark_saved() { saved_ = document(); }
  bool is_saved() const { return saved_ && document() == *saved_; }
  /// What it began with is in no file yet.
  void mark_never_saved() { saved_.reset(); }

  /// Starts over with another document, saved, without steps.
  void reset(Document start);

  /// Bytes that the steps hold and document() does not.
  std::uint64_t bytes() const { return bytes_; }

 private:
  struct Step {
    Document document;  ///< before the step in undo_, after it in redo_
    Message label;
    std::uint64_t bytes;  ///< what it holds beyond its neighbour nearer to current_
    std::optional<MovedWord> moved;
  };
  struct Gesture {
    Document preview;
    Message label;
    std::optional<MovedWord> moved;
  };
  void keep_within_limit();

  std::uint64_t byte_limit_;
  Document current_;
  std::optional<Document> saved_;
  std::deque<Step> undo_;  ///< oldest first
  std::deque<Step> redo_;  ///< the next one last
  std::optional<Gesture> gesture_;
  std::uint64_t bytes_ = 0;
};

}  // namespace attn::session
