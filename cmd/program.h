// What a command works with: the outside world as handed in by main, so that a
// test can hand in another one.
#ifndef FINDER_CMD_PROGRAM_H_
#define FINDER_CMD_PROGRAM_H_

#include <functional>
#include <optional>
#include <string>

#include "finder/session/cache_settings.h"
#include "fs/machine.h"
#include "fs/process_facts.h"
#include "fs/standard_streams.h"

namespace finder {

// The environment variables that are read, and no others.
struct Variables {
  CacheVariables cache;
  IgnoreSettings ignore;
  std::optional<std::string> ls_colors;        // LS_COLORS
  std::optional<std::string> no_color;         // NO_COLOR
  std::optional<std::string> term;             // TERM
  std::optional<std::string> path;             // PATH
  std::optional<std::string> posixly_correct;  // POSIXLY_CORRECT
};

// Nothing is owned.
struct Program : Machine {
  InputStream* in = nullptr;  // may be null where nothing is read
  OutputStream* out = nullptr;
  OutputStream* err = nullptr;
  Variables variables;
  // What this process hands on to those that it starts; asked only by who
  // starts one, while there is one thread.
  std::function<ProcessFacts()> process = nullptr;
};

}  // namespace finder

#endif  // FINDER_CMD_PROGRAM_H_
