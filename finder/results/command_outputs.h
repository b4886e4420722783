// What a command makes (--output): looked at after it ran, and put back when it
// need not run.
//
// All is done beneath the working directory and through no symlink
// (fs/output_tree.h): who may write there could plant one, or a record may be
// hostile. With OutsideOutputs::kAllowed absolute paths are reached as any
// other program would.
//
// A file of an output directory that is not of this result stays, unless it is
// of the last result of the same command and still what that had made.
//
// Thread-compatible.
#ifndef FINDER_FINDER_RESULTS_COMMAND_OUTPUTS_H_
#define FINDER_FINDER_RESULTS_COMMAND_OUTPUTS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "finder/results/hashes/file_hashes.h"
#include "finder/results/result_record.h"
#include "finder/results/result_store.h"
#include "fs/file_system.h"
#include "fs/output_tree.h"

namespace finder {

struct CollectedOutputs {
  std::vector<RecordedOutput> outputs;  // by path
  std::vector<PayloadSource> payloads;  // of those that are files, in order
  // "PATH: reason" for what keeps them from being kept.
  std::vector<std::string> problems;
};

// Where the payloads of a result come from; a StoredResult, but for tests.
class PayloadReader {
 public:
  virtual ~PayloadReader() = default;
  // As StoredResult's.
  virtual absl::Status Check(FileHashes& hashes,
                             const std::vector<size_t>& which) = 0;
  virtual PayloadPlace Place(size_t i) const = 0;
  virtual absl::StatusOr<std::string> Read(size_t i) const = 0;
};

// Makes the file `to`, which is not there yet, hold what the file `from` does,
// by a clone where the file system can.
absl::Status CopyFile(const std::string& from, const std::string& to,
                      uint32_t permissions, FileSystem& files,
                      OutputTree& tree);

struct RestoreCounts {
  uint64_t in_place = 0;  // had the right contents already
  uint64_t cloned = 0;
  uint64_t copied = 0;
  uint64_t removed = 0;         // of the last result, and not of this one
  uint64_t restored_bytes = 0;  // of what was cloned or copied
};

class CommandOutputs {
 public:
  // Nothing is owned. Relative paths are those of the working directory.
  CommandOutputs(FileSystem& files, OutputTree& tree, FileHashes& hashes,
                 OutsideOutputs outside)
      : files_(files), tree_(tree), hashes_(hashes), outside_(outside) {}

  // What is at the paths declared, and below them where they are directories.
  CollectedOutputs Collect(std::span<const std::string> declared);

  // Makes everything be there as the record says. What is in place already is
  // not touched, but for wrong permissions. Each file appears by a rename;
  // payloads are checked before the first is touched. `printed`: payload 0 is
  // needed, too. `last`, if not null, is that of the same command: what it had
  // made below the paths declared, and is not of this one, goes.
  // DataLoss: a payload is damaged, and nothing was touched. Any other failure
  // is "PATH: reason", and a part may be there.
  absl::StatusOr<RestoreCounts> Restore(const ResultRecord& record,
                                        PayloadReader& payloads, bool printed,
                                        std::span<const std::string> declared,
                                        const ResultRecord* last);

 private:
  struct Work {
    const RecordedOutput* output;
    size_t payload;  // of a file
  };
  struct Plan {
    std::vector<Work> missing;                   // to be put there
    std::vector<const RecordedOutput*> inexact;  // only with other permissions
    uint64_t in_place = 0;
  };
  // What an output looks like without a look at its contents.
  enum class Look : uint8_t { kMissing, kRight, kSameSize };

  // The open directory that holds `path`, whose last component is `*name`.
  absl::StatusOr<const DirectoryHandle*> ParentOf(std::string_view path,
                                                  std::string_view* name);
  // The same, made where it is missing.
  absl::StatusOr<const DirectoryHandle*> MakeParentOf(std::string_view path,
                                                      std::string_view* name);
  // What is there. NotFound if there is nothing.
  absl::StatusOr<FileStat> Stat(std::string_view path);
  absl::StatusOr<std::string> ReadLink(std::string_view path);

  void CollectOne(const std::string& path, CollectedOutputs& into);
  absl::Status CollectFound(const std::string& path, const FileStat& stat,
                            CollectedOutputs& into);
  absl::Status CollectBelow(const std::string& path, CollectedOutputs& into);
  void HashFiles(CollectedOutputs& into);

  absl::StatusOr<Look> LookAt(const RecordedOutput& output, bool* exact);
  absl::StatusOr<Plan> MakePlan(const ResultRecord& record);
  absl::Status Place(const Work& work, PayloadReader& payloads,
                     RestoreCounts& counts);
  absl::Status PlaceFile(const Work& work, PayloadReader& payloads,
                         const DirectoryHandle& parent, std::string_view name,
                         RestoreCounts& counts);
  absl::Status FinishDirectories(const ResultRecord& record, const Plan& plan);
  absl::Status SetPermissions(const RecordedOutput& output);
  void RemoveStale(const ResultRecord& record,
                   std::span<const std::string> declared,
                   const ResultRecord& last, RestoreCounts& counts);

  FileSystem& files_;
  OutputTree& tree_;
  FileHashes& hashes_;
  const OutsideOutputs outside_;
  // The directory opened last: outputs come by path.
  std::string parent_path_;
  DirectoryHandle parent_;
};

}  // namespace finder

#endif  // FINDER_FINDER_RESULTS_COMMAND_OUTPUTS_H_
