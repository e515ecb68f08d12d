#pragma once
// How long the last frames took on the window's thread.

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

namespace attn::ui {

class FrameTimes {
 public:
  static constexpr std::size_t kKept = 240;

  void add(double seconds) {
    seconds_[next_] = seconds;
    next_ = (next_ + 1) % kKept;
    count_ = std::min(count_ + 1, kKept);
  }
  std::size_t count() const { return count_; }
  /// The time that this share of the frames stays below or meets, 0 to 1; there must be a frame.
  double quantile(double share) const {
    std::vector<double> sorted(seconds_.begin(), seconds_.begin() + static_cast<std::ptrdiff_t>(count_));
    const auto at = std::min(count_ - 1, static_cast<std::size_t>(share * static_cast<double>(count_)));
    std::ranges::nth_element(sorted, sorted.begin() + static_cast<std::ptrdiff_t>(at));
    return sorted[at];
  }

 private:
  std::array<double, kKept> seconds_{};
  std::size_t next_ = 0;
  std::size_t count_ = 0;
};

}  // namespace attn::ui
