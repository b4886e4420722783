// A database file with its layout: who made it, its header, and where its
// blocks lie. Loading (database.h), counting and checking
// (database_check.h) read it from here alone; what is in a block they decode
// themselves.
//
// A failure is the reason for people, "database is damaged: it is cut short":
//   NotFound            there is none
//   PermissionDenied    another user's, or writable by everybody
//   FailedPrecondition  no database, or of another version
//   DataLoss            damaged
//   Unavailable         it cannot be read
//
// Thread-compatible; const methods may be called from several threads.
#ifndef FINDER_FINDER_DATABASE_DATABASE_FILE_H_
#define FINDER_FINDER_DATABASE_DATABASE_FILE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "finder/database/database_format.h"
#include "fs/file_system.h"

namespace finder {

// DataLoss, "database is damaged: WHAT".
absl::Status DamagedDatabase(std::string_view what);

class DatabaseFile {
 public:
  // Opens what may be believed. `owner` is the only one who is trusted; none:
  // any, since the directory's own rules say who may write there. Reads
  // nothing.
  static absl::StatusOr<DatabaseFile> Open(FileSystem& files,
                                           std::string_view path,
                                           std::optional<uint32_t> owner);
  // A file that is believed, or a text.
  DatabaseFile(std::unique_ptr<ReadableFile> file, const FileStat& stat);

  ReadableFile& file() const { return *file_; }
  const FileStat& stat() const { return stat_; }

  // Reads the first two lines.
  absl::Status ReadHeader();
  // Reads the last line, and checks that it is of this header and that its
  // blocks fill all that is between. Once, after ReadHeader.
  absl::Status ReadTrailer();

  // What was read.
  DatabaseHeader& header() { return header_; }
  DatabaseTrailer& trailer() { return trailer_; }
  const DatabaseHeader& header() const { return header_; }
  const DatabaseTrailer& trailer() const { return trailer_; }
  uint64_t directories() const { return directories_; }

  // All blocks with their newlines.
  size_t blocks_bytes() const {
    return static_cast<size_t>(trailer_offset_ - header_bytes_);
  }
  // Where block `index` begins among them.
  size_t block_offset(size_t index) const { return offsets_[index]; }
  // Reads a block and its newline, trailer().blocks[index].size_bytes + 1
  // bytes.
  absl::Status ReadBlock(size_t index, char* to) const;

 private:
  absl::Status ReadAt(int64_t offset, char* to, size_t size) const;
  // The last line, without its newline.
  absl::StatusOr<std::string> ReadLastLine() const;

  std::unique_ptr<ReadableFile> file_;
  FileStat stat_;
  DatabaseHeader header_;
  DatabaseTrailer trailer_;
  uint64_t header_checksum_ = 0;
  int64_t header_bytes_ = 0;  // with both newlines
  int64_t trailer_offset_ = 0;
  std::vector<size_t> offsets_;
  uint64_t directories_ = 0;
};

}  // namespace finder

#endif  // FINDER_FINDER_DATABASE_DATABASE_FILE_H_
