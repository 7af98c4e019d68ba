// A line on the terminal that says how far a long run has come. Never in a log: only where standard error is a terminal
// and no CI says that it is one.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <thread>

namespace fermata {

class Progress {
 public:
  explicit Progress(std::size_t all);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();  // takes the line away
  void one_done() { ++done_; }

 private:
  void show(const std::stop_token& stop);

  std::size_t all_;
  std::atomic<std::size_t> done_ = 0;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;  // last: it uses the others
};

}  // namespace fermata
