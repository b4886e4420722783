// What a command works with: the outside world, which main hands in, so that a
// test can hand in another one. A value; one thread.
#ifndef FINDER_CMD_SESSION_H_
#define FINDER_CMD_SESSION_H_

#include <optional>
#include <string>

#include "fs/background_process.h"
#include "fs/clock.h"
#include "fs/file_system.h"
#include "fs/host.h"
#include "fs/shared_file.h"
#include "fs/small_file.h"
#include "fs/standard_streams.h"
#include "fs/tree_moves.h"

namespace finder {

// The environment variables that are read, and no others.
struct Variables {
  std::optional<std::string> home;              // HOME
  std::optional<std::string> xdg_cache_home;    // XDG_CACHE_HOME
  std::optional<std::string> finder_cache_dir;  // FINDER_CACHE_DIR
  std::optional<std::string> finder_view_id;    // FINDER_VIEW_ID
  std::optional<std::string> ls_colors;         // LS_COLORS
  std::optional<std::string> no_color;          // NO_COLOR
  std::optional<std::string> term;              // TERM
};

// Owns nothing that it points to.
struct Session {
  FileSystem* files = nullptr;
  Clock* clock = nullptr;
  // For the cache directory; may be null where none is used.
  SharedFiles* shared_files = nullptr;
  SmallFiles* small_files = nullptr;
  TreeMoves* moves = nullptr;
  BackgroundProcesses* processes = nullptr;
  InputStream* in = nullptr;  // may be null where nothing is read
  OutputStream* out = nullptr;
  OutputStream* err = nullptr;
  Host host;
  Variables variables;
  std::string working_directory;  // absolute
};

}  // namespace finder

#endif  // FINDER_CMD_SESSION_H_
