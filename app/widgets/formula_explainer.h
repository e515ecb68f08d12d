#pragma once
// One explainer for the document that is shown: it keeps what it computed, as far as the next document leaves
// it.

#include <memory>
#include <optional>

#include "app/session/document.h"
#include "core/attention/exact_values.h"
#include "core/attention/explain.h"

namespace attn::ui {

class ExplainerCache {
 public:
  Explainer& of(const session::Document& document) {
    if (!document_ || !(*document_ == document)) {
      exact_.reset();
      explainer_ = explainer_ ? Explainer(document.input(), *explainer_) : Explainer(document.input());
      document_ = document;
    }
    return *explainer_;
  }
  /// The exact values of the same document.
  ExactValues& exact_of(const session::Document& document) {
    Explainer& explainer = of(document);
    if (!exact_) exact_.emplace(explainer);
    return *exact_;
  }

 private:
  std::optional<session::Document> document_;
  std::optional<Explainer> explainer_;
  std::optional<ExactValues> exact_;
};

}  // namespace attn::ui
