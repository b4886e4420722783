// The paths that a walk of find(1) begins with: those of the command line, or
// of the file of -files0-from, looked at once.
//
// Thread-compatible.
#ifndef FINDER_CMD_FIND_FIND_OPERANDS_H_
#define FINDER_CMD_FIND_FIND_OPERANDS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "cmd/find/find_options.h"
#include "cmd/find/find_walk.h"
#include "cmd/program.h"

namespace finder {

class FindOperands {
 public:
  // Both must outlive this.
  FindOperands(const FindOptions& options, Program& program)
      : options_(options), program_(program), paths_(options.paths) {}

  // Reads the file of -files0-from, if there is one. Fails if it cannot be
  // read.
  absl::Status Read();

  using ReportProblem =
      absl::FunctionRef<void(const std::string& path, std::string_view reason)>;
  // Those that are there, in the order given. The others are reported.
  std::vector<FindOperand> Examine(ReportProblem problem);

 private:
  absl::StatusOr<std::string> ReadPaths(const std::string& from);
  void ExamineOne(const std::string& path, ReportProblem problem,
                  std::vector<FindOperand>& operands);

  const FindOptions& options_;
  Program& program_;
  std::vector<std::string> paths_;
};

}  // namespace finder

#endif  // FINDER_CMD_FIND_FIND_OPERANDS_H_
