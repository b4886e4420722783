// What the program's end tells its caller. doc/reference.md, "Exit codes".
#ifndef FINDER_CMD_EXIT_CODE_H_
#define FINDER_CMD_EXIT_CODE_H_

namespace finder {

enum class ExitCode : int {
  kDone = 0,        // the answer is complete, though perhaps empty
  kNo = 1,          // --quiet: nothing found; --verify: differs
  kFailed = 2,      // a usage error, a missing root, output that is lost
  kIncomplete = 3,  // some directories could not be read
  // `finder run`, whose other codes are those of the command it runs.
  kTimedOut = 124,
  kRunFailed = 125,
  // From here on no status of exit: end by the signal of that number, which is
  // added.
  kBySignal = 256,
  kBrokenPipe = kBySignal + 13,  // the reader of the output left: SIGPIPE
};

}  // namespace finder

#endif  // FINDER_CMD_EXIT_CODE_H_
