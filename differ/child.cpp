#include "differ/child.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

namespace fermata::differ {

namespace {

void write_all(int file, const std::string& text) {
  for (size_t done = 0; done < text.size();) {
    const ssize_t count = write(file, text.data() + done, text.size() - done);
    if (count <= 0) return;
    done += static_cast<size_t>(count);
  }
}

}  // namespace

Child start_child(unsigned seconds, const std::function<std::string()>& work) {
  int ends[2];
  if (pipe(ends) != 0) return {};
  Child child{fork(), ends[0]};
  if (child.pid == 0) {
    close(ends[0]);
    const rlimit limit{seconds, seconds};
    setrlimit(RLIMIT_CPU, &limit);  // of its own time: a busy machine changes nothing
    write_all(ends[1], work());
    _exit(0);
  }
  close(ends[1]);
  return child;
}

std::string finish_child(const Child& child, std::string& ended) {
  std::string out;
  char buffer[4096];
  for (ssize_t count = 0; (count = read(child.output, buffer, sizeof buffer)) > 0;)
    out.append(buffer, static_cast<size_t>(count));
  close(child.output);
  int status = 0;
  waitpid(child.pid, &status, 0);
  if (WIFSIGNALED(status))
    ended = WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL
                ? "took too long"
                : "stopped by signal " + std::to_string(WTERMSIG(status));
  return out;
}

}  // namespace fermata::differ
