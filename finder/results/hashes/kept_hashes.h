// The file of hashes that finder/results/hashes/file_hashes.h keeps between
// runs. doc/result_format.md, "Hashes", is the format, version 1.
//
// Pure; any thread.
#ifndef FINDER_FINDER_RESULTS_HASHES_KEPT_HASHES_H_
#define FINDER_FINDER_RESULTS_HASHES_KEPT_HASHES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include "finder/results/hashes/content_hash.h"
#include "finder/tree/stamp.h"
#include "fs/volume.h"

namespace finder {

// As it lies in the file, so that ten thousand of them cost one copy.
struct KeptHash {
  uint64_t inode = 0;
  int64_t size_bytes = 0;
  int64_t modified_ns = 0;
  int64_t change_ns = 0;
  ContentHash hash;
  uint32_t volume = 0;  // index in KeptHashes::volumes
  uint32_t reserved = 0;

  // The file, whatever it holds.
  std::tuple<uint32_t, uint64_t> file() const { return {volume, inode}; }

  friend bool operator==(const KeptHash&, const KeptHash&) = default;
};
static_assert(sizeof(KeptHash) == 72 && std::is_trivially_copyable_v<KeptHash>);

struct KeptHashes {
  std::string boot_id;  // of the machine's start in which they were written
  ScanTime time;        // when
  std::vector<Volume> volumes;
  std::vector<KeptHash> files;  // by file(), each once
};

std::string EncodeHashes(const KeptHashes& hashes);
// None for text that is damaged, of another version, or of a machine with
// another order of bytes.
std::optional<KeptHashes> DecodeHashes(std::string_view text);

}  // namespace finder

#endif  // FINDER_FINDER_RESULTS_HASHES_KEPT_HASHES_H_
