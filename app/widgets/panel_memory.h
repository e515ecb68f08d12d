#pragma once
// What panels and controls remember from frame to frame and nobody saves: pan and zoom, textures, what is
// being typed. One object of each type for each window.

#include <memory>
#include <typeindex>
#include <unordered_map>

namespace attn::ui {

class PanelMemory {
 public:
  /// The one object of this type, made by its default constructor at the first call.
  template <class T>
  T& get() {
    auto& slot = slots_[std::type_index(typeid(T))];
    if (!slot) slot = std::make_unique<Slot<T>>();
    return static_cast<Slot<T>&>(*slot).value;
  }

 private:
  struct Base {
    virtual ~Base() = default;
  };
  template <class T>
  struct Slot final : Base {
    T value{};
  };
  std::unordered_map<std::type_index, std::unique_ptr<Base>> slots_;
};

}  // namespace attn::ui
