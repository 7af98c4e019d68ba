// The cells of a script's variables. Which pages have been written to since the program began is known, so that a copy
// of a run is as large as what the run has changed.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <span>
#include <vector>

#include "runtime/bytecode.h"

namespace fermata::runtime {

class Memory {
 public:
  static constexpr size_t kPage = 64;  // cells

  // The pages that differ from the beginning.
  struct Image {
    std::vector<uint32_t> pages;  // ascending
    std::vector<Cell> cells;
  };

  // Zeroed by the system where it is touched. `ok()` is false when there is not enough memory.
  explicit Memory(size_t cells) : pages_(cells / kPage + 1), dirty_(pages_) { cells_.reset(zeroed()); }
  bool ok() const { return cells_ != nullptr; }
  // Bytes of the pages that were written to; of the beginning too.
  size_t bytes() const { return (began_ + touched_.size()) * kPage * sizeof(Cell); }

  Cell operator[](size_t at) const { return cells_[at]; }
  void store(size_t at, Cell value) {
    touch(at / kPage);
    cells_[at] = value;
  }
  std::span<const Cell> read(size_t offset, size_t count) const { return {cells_.get() + offset, count}; }
  std::span<Cell> write(size_t offset, size_t count) {
    for (size_t page = offset / kPage; count > 0 && page <= (offset + count - 1) / kPage; ++page) touch(page);
    return {cells_.get() + offset, count};
  }

  // What the memory holds now is the beginning from here on.
  void begin_here() {
    begin_.reset(zeroed());
    if (begin_ == nullptr) return;
    for (const uint32_t page : touched_) std::copy_n(cells_.get() + page * kPage, kPage, begin_.get() + page * kPage);
    began_ = touched_.size();
    forget_touched();
  }
  template <typename F>
  void for_each_change(F&& f) const {  // page and its cells, where they differ from the beginning
    std::vector<uint32_t> pages = touched_;
    std::sort(pages.begin(), pages.end());
    for (const uint32_t page : pages) {
      const Cell* const now = cells_.get() + page * kPage;
      const Cell* const then = begin_ == nullptr ? nullptr : begin_.get() + page * kPage;
      if (then == nullptr || std::memcmp(now, then, kPage * sizeof(Cell)) != 0) f(page, std::span(now, kPage));
    }
  }
  Image save() const {
    Image image;
    image.pages = touched_;
    std::sort(image.pages.begin(), image.pages.end());
    image.cells.resize(image.pages.size() * kPage);
    for (size_t i = 0; i < image.pages.size(); ++i) {
      std::copy_n(cells_.get() + image.pages[i] * kPage, kPage, image.cells.begin() + static_cast<long>(i * kPage));
    }
    return image;
  }
  void load(const Image& image) {
    for (const uint32_t page : touched_) {
      Cell* const cells = cells_.get() + page * kPage;
      if (begin_ != nullptr) {
        std::copy_n(begin_.get() + page * kPage, kPage, cells);
      } else {
        std::fill_n(cells, kPage, Cell{0});
      }
    }
    forget_touched();
    for (size_t i = 0; i < image.pages.size(); ++i) {
      touch(image.pages[i]);
      std::copy_n(image.cells.begin() + static_cast<long>(i * kPage), kPage, cells_.get() + image.pages[i] * kPage);
    }
  }

 private:
  struct Free {
    void operator()(Cell* cells) const { std::free(cells); }
  };
  Cell* zeroed() const { return static_cast<Cell*>(std::calloc(pages_ * kPage, sizeof(Cell))); }
  void touch(size_t page) {
    if (dirty_[page] != 0) return;
    dirty_[page] = 1;
    touched_.push_back(static_cast<uint32_t>(page));
  }
  void forget_touched() {
    for (const uint32_t page : touched_) dirty_[page] = 0;
    touched_.clear();
  }

  size_t pages_, began_ = 0;
  std::unique_ptr<Cell[], Free> cells_, begin_;
  std::vector<uint8_t> dirty_;  // by page
  std::vector<uint32_t> touched_;
};

}  // namespace fermata::runtime
