// The bytes that belong to a record: where they lie when it was found, and
// where they come from when it is to be stored.
//
// Plain data.
#ifndef FINDER_FINDER_RESULTS_PAYLOAD_H_
#define FINDER_FINDER_RESULTS_PAYLOAD_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"

namespace finder {

// Where the bytes of a payload lie.
struct PayloadPlace {
  std::string path;
  uint64_t offset = 0;
  uint64_t size_bytes = 0;
  // Whether the file holds nothing else, so that it can be cloned.
  bool alone = false;
};

// Payloads up to this are put together in one file. Above it a file of its own
// costs less than it may save, since it can be cloned. Part of the format.
inline constexpr uint64_t kMaxPackedBytes = uint64_t{64} << 10;

// A payload that is to be stored: bytes, or what a file holds.
struct PayloadSource {
  std::string bytes;
  std::string path;  // empty: `bytes`
};

// Copies the file `from` to the new file `to`, by a clone where it can.
using FileCopier =
    std::function<absl::Status(const std::string& from, const std::string& to)>;

}  // namespace finder

#endif  // FINDER_FINDER_RESULTS_PAYLOAD_H_
