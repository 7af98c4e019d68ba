#include "cli/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace fermata {

namespace {

using namespace std::chrono_literals;

bool wanted() {
  const char* term = std::getenv("TERM");
  const char* ci = std::getenv("CI");
  return ::isatty(STDERR_FILENO) == 1 && (!ci || *ci == '\0') && term && std::string_view(term) != "dumb";
}

void print(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

}  // namespace

Progress::Progress(std::size_t all) : all_(all) {
  if (wanted()) thread_ = std::jthread([this](const std::stop_token& stop) { show(stop); });
}

Progress::~Progress() = default;

void Progress::show(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  bool shown = false;
  for (auto pause = 1000ms; !wake_.wait_for(lock, stop, pause, [&] { return stop.stop_requested(); }); pause = 200ms) {
    print(fmt::format("\r\x1b[Kfermata: {} of {} main files", done_.load(), all_));
    shown = true;
  }
  if (shown) print("\r\x1b[K");
}

}  // namespace fermata
