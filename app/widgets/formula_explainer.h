#pragma once
// One explainer for the document that is shown: it keeps what it computed, as far as the next document leaves
// it.

#include <optional>

#include "app/session/document.h"
#include "core/attention/explain.h"

namespace attn::ui {

class ExplainerCache {
 public:
  Explainer& of(const session::Document& document) {
    if (!document_ || !(*document_ == document)) {
      explainer_ = explainer_ ? Explainer(document.input(), *explainer_) : Explainer(document.input());
      document_ = document;
    }
    return *explainer_;
  }

 private:
  std::optional<session::Document> document_;
  std::optional<Explainer> explainer_;
};

}  // namespace attn::ui
