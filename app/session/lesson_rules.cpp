#include "app/session/lesson_rules.h"

#include <algorithm>

#include <fmt/format.h>

namespace attn::session {
namespace {

/// What an edit changes, by the names that lessons use. What no name stands for is never locked.
struct Names {
  using Of = std::vector<std::string>;

  Of operator()(const SetXCell& e) const { return {fmt::format("x[{}]", e.row)}; }
  Of operator()(const SetXRow& e) const { return {fmt::format("x[{}]", e.row)}; }
  Of operator()(const SetSourceCell& e) const { return {fmt::format("source[{}]", e.row)}; }
  Of operator()(const SetSourceRow& e) const { return {fmt::format("source[{}]", e.row)}; }
  Of operator()(const SetParameterCell& e) const { return {parameter(e.cell.id)}; }
  Of operator()(const SetParameter& e) const { return {parameter(e.id)}; }
  Of operator()(const FillParameter& e) const { return {parameter(e.id)}; }
  Of operator()(const SetScale&) const { return {"scale"}; }
  Of operator()(const SetTemperature&) const { return {"temperature"}; }
  Of operator()(const SetCausal&) const { return {"mask"}; }
  Of operator()(const SetWindow&) const { return {"mask"}; }
  Of operator()(const SetPadding&) const { return {"mask"}; }
  Of operator()(const SetPaddedKey&) const { return {"mask"}; }
  Of operator()(const SetOwnMask&) const { return {"mask"}; }
  Of operator()(const SetHiddenValue&) const { return {"mask"}; }
  Of operator()(const PaintMask&) const { return {"mask"}; }
  Of operator()(const PadKeys&) const { return {"mask"}; }
  Of operator()(const SetHeads&) const { return {"heads"}; }
  Of operator()(const SetKvHeads&) const { return {"heads"}; }
  Of operator()(const SetScore&) const { return {"score"}; }
  Of operator()(const SetPosition&) const { return {"position"}; }
  Of operator()(const SetNormalise&) const { return {"normalise"}; }
  Of operator()(const SetSoftmaxAxis&) const { return {"axis"}; }
  Of operator()(const SetDropout&) const { return {"dropout"}; }
  Of operator()(const SetCombine&) const { return {"combine"}; }
  Of operator()(const SetAttendOver&) const { return {"attend_over"}; }
  Of operator()(const SetWidth&) const { return {"widths"}; }
  Of operator()(const SetCrossAttention&) const { return {"source"}; }
  Of operator()(const SetToken&) const { return {"tokens"}; }
  Of operator()(const InsertToken&) const { return {"tokens"}; }
  Of operator()(const RemoveToken&) const { return {"tokens"}; }
  Of operator()(const MoveToken&) const { return {"tokens"}; }
  Of operator()(const ReplaceTokens&) const { return {"tokens"}; }
  Of operator()(const MakeExample&) const { return {"tokens"}; }
  Of operator()(const ComposeHead&) const { return {"w_q", "w_k"}; }
  Of operator()(const ComposeCopy&) const { return {"w_v", "w_o"}; }
  Of operator()(const SetInput&) const { return {"x", "parameters"}; }
  Of operator()(const SetText&) const { return {}; }
  Of operator()(const SetFeatureName&) const { return {}; }

  static std::string parameter(ParameterId id) { return std::string(name(id)); }
};

bool is_parameter(std::string_view called) {
  return std::ranges::any_of(kParameterIds, [&](ParameterId id) { return name(id) == called; });
}

/// Whether `called` is what a list's entry names, or a part of it.
bool covers(std::string_view entry, std::string_view called) {
  return entry == "all" || entry == called ||
         (called.starts_with(entry) && called.substr(entry.size()).starts_with("[")) ||
         (entry == "parameters" && is_parameter(called));
}

}  // namespace

bool is_locked(const LessonRules& rules, std::string_view name) {
  const auto named = [&](const std::string& entry) { return covers(entry, name); };
  if (rules.only && std::ranges::none_of(*rules.only, named)) return true;
  return std::ranges::any_of(rules.lock, named);
}

bool is_locked(const LessonRules& rules, const Edit& edit) {
  if (!rules.only && rules.lock.empty()) return false;
  const AnyEdit& any = edit;
  const std::vector<std::string> names = std::visit(Names{}, any);
  return std::ranges::any_of(names, [&](const std::string& name) { return is_locked(rules, name); });
}

bool is_locked(const LessonRules& rules, PullFreedom freedom, std::size_t word) {
  switch (freedom) {
    case PullFreedom::this_word:
      return is_locked(rules, fmt::format("x[{}]", word));
    case PullFreedom::all_words:
      return is_locked(rules, "x");
    case PullFreedom::w_q_and_w_k:
      return is_locked(rules, "w_q") || is_locked(rules, "w_k");
    case PullFreedom::w_v:
      return is_locked(rules, "w_v");
  }
  return false;
}

}  // namespace attn::session
