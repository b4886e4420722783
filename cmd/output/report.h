// Messages on standard error: one line each, "finder: PATH: reason", without
// control characters that a terminal would obey.
//
// Thread-compatible.
#ifndef FINDER_CMD_OUTPUT_REPORT_H_
#define FINDER_CMD_OUTPUT_REPORT_H_

#include <string>
#include <string_view>

#include "finder/diagnostics.h"
#include "finder/metrics.h"
#include "fs/standard_streams.h"

namespace finder {

class Report {
 public:
  // `err` must outlive the report. A line that cannot be written is lost.
  explicit Report(OutputStream& err) : err_(err) {}

  // "finder: MESSAGE".
  void Line(std::string_view message);
  // A line for each directory that the scan could not read, and "and N more".
  void Print(const Diagnostics& diagnostics);
  // For -v: why the run was cold, and which directories it listed again and
  // why.
  void PrintCacheUse(const Metrics& metrics);
  // Writes the bytes unchanged, for --stats.
  void Write(std::string_view bytes);

  // Lines of one kind before "and N more".
  static constexpr size_t kMostLines = 20;

 private:
  OutputStream& err_;
};

}  // namespace finder

#endif  // FINDER_CMD_OUTPUT_REPORT_H_
