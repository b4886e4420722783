// -exec and its like: runs a command for entries, one by one or many at once,
// and waits for it. Commands that run side by side are not its business.
//
// Thread-compatible.
#ifndef FINDER_CMD_ACTIONS_EXECUTION_H_
#define FINDER_CMD_ACTIONS_EXECUTION_H_

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cmd/actions/action_messages.h"
#include "cmd/actions/action_target.h"
#include "cmd/actions/command_template.h"
#include "cmd/actions/directory_chain.h"
#include "fs/child_process.h"
#include "fs/file_system.h"
#include "fs/standard_streams.h"

namespace finder {

// What an Execution works with. Nothing is owned.
struct ExecutionWorld {
  ChildProcesses* children = nullptr;
  FileSystem* files = nullptr;
  InputStream* in = nullptr;    // where consent comes from; null: there is none
  OutputStream* err = nullptr;  // where it is asked for
  ActionMessages* messages = nullptr;
  // Writes what is buffered, so that it comes before what a command writes.
  std::function<void()> flush;
};

class Execution {
 public:
  Execution(CommandTemplate command, ExecutionWorld world);

  // Runs the command, and returns whether it has succeeded; or keeps the entry
  // for a batch, and returns true.
  bool Take(const ActionTarget& target);
  // Runs the command for what is kept. A batch of kInDirectory is also over
  // with the last entry of a directory.
  void Finish();

 private:
  bool RunForOne(const ActionTarget& target);
  void Keep(const ActionTarget& target);
  void RunBatch(std::span<const std::string> paths);
  bool HasConsent(const ActionTarget& target);
  std::string PathFor(const ActionTarget& target) const;
  // Starts the command and waits. None if there is no room for the arguments.
  std::optional<bool> Run(std::vector<std::string> arguments,
                          const ActionTarget& target);
  bool WaitFor(ChildProcess& child, const std::string& program);
  // Says what is wrong with a command: a failure of batches, an answer of
  // others.
  void Complain(const std::string& message);

  const CommandTemplate command_;
  const ExecutionWorld world_;
  DirectoryChain chain_;
  // Of a batch.
  std::vector<std::string> kept_;
  size_t kept_bytes_ = 0;
  size_t kept_room_ = 0;
  // The first entry that is kept: where the batch runs.
  std::string kept_path_;
  std::string kept_start_;
  std::string kept_directory_;
  ActionTarget kept_target_;
};

// Whether the line says yes in the user's language.
bool SaysYes(const std::string& line);

}  // namespace finder

#endif  // FINDER_CMD_ACTIONS_EXECUTION_H_
