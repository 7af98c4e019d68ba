#include "cli/process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>

namespace fermata {

namespace {

struct Pipe {
  int read = -1, write = -1;
  bool open() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return false;
    read = ends[0];
    write = ends[1];
    return true;
  }
  static void close(int& end) {
    if (end >= 0) ::close(end);
    end = -1;
  }
  ~Pipe() {
    close(read);
    close(write);
  }
};

[[noreturn]] void become(const ProcessCall& call, const Pipe& in, const Pipe& out) {
  std::vector<char*> arguments;
  for (const std::string& argument : call.arguments) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  for (const std::string& variable : call.environment) ::putenv(const_cast<char*>(variable.c_str()));
  ::dup2(in.read, STDIN_FILENO);
  ::dup2(out.write, STDOUT_FILENO);
  if (call.quiet) {
    const int null = ::open("/dev/null", O_WRONLY);
    if (null >= 0) ::dup2(null, STDERR_FILENO);
  }
  ::signal(SIGPIPE, SIG_DFL);
  if (call.folder.empty() || ::chdir(call.folder.c_str()) == 0) ::execvp(arguments[0], arguments.data());
  ::_exit(127);
}

// Feeds and drains at once, so that neither side waits for the other for ever.
void talk(const ProcessCall& call, Pipe& in, Pipe& out, std::string& output) {
  ::fcntl(in.write, F_SETFL, O_NONBLOCK);
  std::size_t sent = 0;
  if (call.input.empty()) Pipe::close(in.write);
  std::array<char, 65536> buffer{};
  while (out.read >= 0) {
    pollfd ends[2] = {{out.read, POLLIN, 0}, {in.write, POLLOUT, 0}};
    if (::poll(ends, in.write >= 0 ? 2 : 1, -1) < 0 && errno != EINTR) return;
    if (in.write >= 0 && (ends[1].revents & (POLLOUT | POLLERR)) != 0) {
      const ssize_t count = ::write(in.write, call.input.data() + sent, call.input.size() - sent);
      if (count > 0) sent += static_cast<std::size_t>(count);
      const bool broken = count < 0 && errno != EAGAIN && errno != EINTR;
      if (broken || sent == call.input.size()) Pipe::close(in.write);
    }
    if ((ends[0].revents & (POLLIN | POLLHUP | POLLERR)) == 0) continue;
    const ssize_t count = ::read(out.read, buffer.data(), buffer.size());
    if (count > 0) output.append(buffer.data(), static_cast<std::size_t>(count));
    if (count == 0 || (count < 0 && errno != EINTR)) Pipe::close(out.read);
  }
}

}  // namespace

ProcessResult run_process(const ProcessCall& call) {
  ProcessResult result;
  Pipe in, out;
  if (!in.open() || !out.open()) return result;
  const pid_t child = ::fork();
  if (child < 0) return result;
  if (child == 0) become(call, in, out);
  Pipe::close(in.read);
  Pipe::close(out.write);
  void (*const before)(int) = ::signal(SIGPIPE, SIG_IGN);
  talk(call, in, out, result.output);
  ::signal(SIGPIPE, before);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  result.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return result;
}

}  // namespace fermata
