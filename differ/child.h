// Work in a process of its own: what runs for ever or stops the process costs one program and not the run.
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>

namespace fermata::differ {

struct Child {
  pid_t pid = -1;
  int output = -1;  // to read from
};

// `work` gives the text that the parent is to read. `seconds`: processor time.
Child start_child(unsigned seconds, const std::function<std::string()>& work);

// Waits for it. `ended`: "" when it came to its end, else what happened.
std::string finish_child(const Child& child, std::string& ended);

}  // namespace fermata::differ
