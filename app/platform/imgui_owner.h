#pragma once
#include <imgui.h>

namespace attn::ui {

/// Dear ImGui's own state, which everything it draws lives in.
class ImGuiOwner {
 public:
  ImGuiOwner() : context_(ImGui::CreateContext()) {
    ImGui::GetIO().IniFilename = nullptr;
    ImGui::GetIO().LogFilename = nullptr;
  }
  ~ImGuiOwner() { ImGui::DestroyContext(context_); }
  ImGuiOwner(const ImGuiOwner&) = delete;
  ImGuiOwner& operator=(const ImGuiOwner&) = delete;

 private:
  ImGuiContext* context_;
};

}  // namespace attn::ui
