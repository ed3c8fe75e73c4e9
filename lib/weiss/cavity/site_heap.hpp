// Sites in the order of their priorities, which may change: a binary heap that knows where each site is.
// Equal priorities: the lower site first, so that the order depends on the priorities alone.
#pragma once

#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

namespace weiss {

class SiteHeap {
 public:
  explicit SiteHeap(std::vector<double> priorities)
      : priority_(std::move(priorities)), heap_(priority_.size()), place_(priority_.size()) {
    std::iota(heap_.begin(), heap_.end(), 0);
    std::iota(place_.begin(), place_.end(), 0);
    for (std::size_t k = heap_.size() / 2; k-- > 0;) sink(k);
  }

  std::int32_t top() const { return heap_.front(); }
  double top_priority() const { return priority_[static_cast<std::size_t>(heap_.front())]; }

  void change(std::int32_t site, double priority) {
    const auto i = static_cast<std::size_t>(site);
    const bool rises = priority > priority_[i];
    priority_[i] = priority;
    if (rises)
      rise(static_cast<std::size_t>(place_[i]));
    else
      sink(static_cast<std::size_t>(place_[i]));
  }

 private:
  bool before(std::int32_t a, std::int32_t b) const {
    const double pa = priority_[static_cast<std::size_t>(a)], pb = priority_[static_cast<std::size_t>(b)];
    return pa != pb ? pa > pb : a < b;
  }
  void exchange(std::size_t a, std::size_t b) {
    std::swap(heap_[a], heap_[b]);
    place_[static_cast<std::size_t>(heap_[a])] = static_cast<std::int32_t>(a);
    place_[static_cast<std::size_t>(heap_[b])] = static_cast<std::int32_t>(b);
  }
  void rise(std::size_t k) {
    for (; k > 0 && before(heap_[k], heap_[(k - 1) / 2]); k = (k - 1) / 2) exchange(k, (k - 1) / 2);
  }
  void sink(std::size_t k) {
    for (;;) {
      std::size_t first = k;
      for (std::size_t child = 2 * k + 1; child <= 2 * k + 2 && child < heap_.size(); ++child)
        if (before(heap_[child], heap_[first])) first = child;
      if (first == k) return;
      exchange(k, first);
      k = first;
    }
  }

  std::vector<double> priority_;
  std::vector<std::int32_t> heap_, place_;
};

}  // namespace weiss
