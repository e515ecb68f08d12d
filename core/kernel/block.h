#pragma once
// Memory that is used again and again: it grows to the largest size asked for and stays.

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>

namespace attn::kernel {

/// Asks for huge pages for this memory, which starts at one, where the system has them: fewer page faults.
void prefer_huge_pages(void* memory, std::size_t bytes);

/// Numbers, not initialised, at an address that is a multiple of 64 bytes.
template <class T>
class Block {
 public:
  T* data() { return values_.get(); }
  const T* data() const { return values_.get(); }
  std::size_t capacity() const { return capacity_; }

  /// At least `needed` numbers. What the block held is lost when it has to grow.
  T* at_least(std::size_t needed) {
    if (needed <= capacity_) return values_.get();
    values_.reset();  // free the old before asking for the larger one
    capacity_ = 0;
    const std::size_t alignment = needed * sizeof(T) >= kHugePage ? kHugePage : kCacheLine;
    const std::size_t bytes = (needed * sizeof(T) + alignment - 1) / alignment * alignment;
    void* memory = std::aligned_alloc(alignment, bytes);
    if (memory == nullptr) throw std::bad_alloc();
    if (alignment == kHugePage) prefer_huge_pages(memory, bytes);
    values_.reset(static_cast<T*>(memory));
    capacity_ = needed;
    return values_.get();
  }

 private:
  static constexpr std::size_t kCacheLine = 64;
  static constexpr std::size_t kHugePage = std::size_t{1} << 21;
  struct Free {
    void operator()(T* memory) const { std::free(memory); }
  };
  std::unique_ptr<T[], Free> values_;
  std::size_t capacity_ = 0;
};

/// What one thread computes in.
struct Scratch {
  Block<float> panels;   ///< the right operand of a product
  Block<float> flipped;  ///< the left operand of a product, transposed
  Block<float> keys;     ///< the keys of all heads in panels
  Block<float> values;   ///< and their values
  Block<float> scores;   ///< some rows of one head
};
/// The calling thread's own.
Scratch& scratch();

}  // namespace attn::kernel
