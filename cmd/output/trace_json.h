// Spans of time as Chrome trace events, the JSON that Perfetto and
// chrome://tracing open ("Trace Event Format", JSON object format).
//
// Pure; any thread.
#ifndef FINDER_CMD_OUTPUT_TRACE_JSON_H_
#define FINDER_CMD_OUTPUT_TRACE_JSON_H_

#include <string>

#include "finder/threads/trace.h"

namespace finder {

// One complete event ("X") for each span, times in microseconds since the first
// of them, and metadata ("M") with the names of the process and its threads.
// REQUIRES: no thread adds to `trace`.
std::string TraceJson(const Trace& trace);

}  // namespace finder

#endif  // FINDER_CMD_OUTPUT_TRACE_JSON_H_
