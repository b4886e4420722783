// What the program's end tells its caller. doc/reference.md, "Exit codes".
#ifndef FINDER_CMD_EXIT_CODE_H_
#define FINDER_CMD_EXIT_CODE_H_

namespace finder {

enum class ExitCode : int {
  kDone = 0,        // the answer is complete, though perhaps empty
  kNo = 1,          // --quiet: nothing found; --verify: differs
  kFailed = 2,      // a usage error, a missing root, output that is lost
  kIncomplete = 3,  // some directories could not be read
  // The reader of the output left: end as SIGPIPE does. Not a status of exit.
  kBrokenPipe = 141,
};

}  // namespace finder

#endif  // FINDER_CMD_EXIT_CODE_H_
