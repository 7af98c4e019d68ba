#include "cli/write.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

namespace fermata {

namespace {

bool write_all(int file, std::string_view bytes, bool durable) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(file, bytes.data(), bytes.size());
    if (count < 0 && errno != EINTR) return false;
    if (count > 0) bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return !durable || ::fsync(file) == 0;
}

}  // namespace

std::string write_atomically(const std::filesystem::path& file, std::string_view bytes, bool durable) {
  std::error_code error;
  std::filesystem::path target = std::filesystem::weakly_canonical(file, error);
  if (error) target = file;
  // In the same folder, so that the rename stays within one file system.
  std::string name = (target.parent_path() / ("." + target.filename().string() + ".XXXXXX")).string();
  const int out = ::mkstemp(name.data());
  if (out < 0) return std::string("cannot be written: ") + std::strerror(errno);
  struct stat old{};
  mode_t mode = 0644;
  if (::stat(target.c_str(), &old) == 0) {
    mode = old.st_mode & 07777;
  } else {
    const mode_t mask = ::umask(0);
    ::umask(mask);
    mode = 0666 & ~mask;
  }
  bool good = ::fchmod(out, mode) == 0 && write_all(out, bytes, durable);
  int why = errno;
  good = ::close(out) == 0 && good;
  if (good && ::rename(name.c_str(), target.c_str()) == 0) return "";
  if (good) why = errno;
  ::unlink(name.c_str());
  return std::string("cannot be written: ") + std::strerror(why);
}

}  // namespace fermata
