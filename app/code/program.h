#pragma once
// Puts a program together: numbers, sizes, functions, stages, in the order in which Python needs them.

#include <string>
#include <string_view>
#include <vector>

#include "app/code/dialect.h"
#include "app/code/listing.h"

namespace attn::code {

class Program {
 public:
  Program(const io::Scenario& scenario, const Options& options);
  Listing write();

 private:
  using Lines = std::vector<Line>;

  // The numbers (program_numbers.cpp).
  void write_numbers();
  void write_matrix(std::string_view variable, const SharedMatrix& values, const std::string& shape,
                    const std::vector<std::string>* labels, Stage stage);
  void write_parameter(ParameterId id);
  void write_masks();
  void write_settings();
  void write_sizes();
  /// "name = before[ … ]after" with the rows between.
  void write_rows(Lines& to, const std::string& start, const std::vector<std::string>& rows,
                  const std::string& end, const std::string& comment, std::optional<Stage> stage) const;

  // The stages (program_stages.cpp).
  void write_stages();
  void write_positions();
  void write_projection(Stage stage, ParameterId w, ParameterId b, std::string_view letter);
  void write_scores();
  void write_scaled();
  void write_biased();
  void write_masked();
  void write_weights();
  void write_softmax();
  void write_dropped();
  void write_head_outputs();
  void write_concat();
  void write_output();

  /// "name = expression  # shape; remark"; the comment goes above where it would make the line too long.
  void statement(Stage stage, const std::string& expression, const std::string& remark = {});
  /// A line on the way to `stage`.
  void helper(Stage stage, const std::string& code, const std::string& remark = {});
  void add(Lines& to, const std::string& code, const std::string& comment, std::optional<Stage> stage) const;
  void define(const std::vector<std::string>& function, const std::string& comment);
  /// "i, j = …", once.
  void need_positions(Stage stage);
  /// What `k`, `k_rotated` or `v` is called once every query head has its own.
  std::string shared_heads(Stage of, Stage stage);

  std::string shape_text(Stage stage) const;
  std::string say(const char* id, std::vector<std::string> arguments = {}) const;
  bool has(Stage stage) const { return present(stage, input_); }
  bool heads() const { return d_.n_heads > 1; }  ///< one head has no axis of its own
  bool features() const { return input_.config.attend_over == AttendOver::features; }
  bool any_mask() const;
  /// Whether a line that the softmax runs along has nothing to see.
  bool any_empty_line() const;
  std::string_view keys() const { return input_.source ? "m" : "n"; }
  std::string_view axis() const;

  const io::Scenario& scenario_;
  const Input& input_;
  Dimensions d_;
  const Options& options_;
  Dialect dialect_;
  Lines numbers_;
  Lines functions_;
  Lines body_;
  bool needs_data_ = false;
  bool needs_json_ = false;
  bool has_positions_ = false;
};

}  // namespace attn::code
