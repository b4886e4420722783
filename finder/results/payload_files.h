// How the payloads of a result lie in its entry: those of up to kMaxPackedBytes
// one behind the other in part 0, each of the others in a part of its own, with
// the number of the payload and one more. doc/result_format.md, "Payloads".
//
// Internal to finder/results/result_store.h. Thread-safe.
#ifndef FINDER_FINDER_RESULTS_PAYLOAD_FILES_H_
#define FINDER_FINDER_RESULTS_PAYLOAD_FILES_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "finder/cache/cache_directory.h"
#include "finder/results/hashes/content_hash.h"
#include "finder/results/payload.h"
#include "finder/results/result_record.h"
#include "fs/file_system.h"

namespace finder {

struct PartSize {
  size_t number = 0;
  uint64_t size_bytes = 0;
};

struct PayloadLayout {
  std::vector<PayloadPlace> places;  // without their paths
  std::vector<size_t> part_of;       // of payload i
  std::vector<PartSize> parts;       // that must be there
};

PayloadLayout LayOutPayloads(const ResultRecord& record);

// Of payload i.
std::vector<ContentHash> PayloadHashes(const ResultRecord& record);

// Reads a payload; DataLoss if it is not of this hash.
absl::Status ReadChecked(
    FileSystem& files, const PayloadPlace& place, const ContentHash& hash,
    const std::function<absl::Status(std::string_view)>& consume);

// Writes a file of an entry that is being made.
absl::Status WriteCacheFile(const CacheDirectory& cache,
                            const std::string& path, std::string_view text);

// Writes all payloads. FailedPrecondition if one is not what the record says.
absl::Status WriteParts(const CacheDirectory& cache,
                        const PendingEntry& pending, const ResultRecord& record,
                        const std::vector<PayloadSource>& payloads,
                        const FileCopier& copy);

}  // namespace finder

#endif  // FINDER_FINDER_RESULTS_PAYLOAD_FILES_H_
