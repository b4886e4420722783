// The descriptors 0 to 2. Thread-compatible.
#ifndef FINDER_FS_POSIX_PROCESS_POSIX_STANDARD_STREAMS_H_
#define FINDER_FS_POSIX_PROCESS_POSIX_STANDARD_STREAMS_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "fs/result.h"
#include "fs/standard_streams.h"

namespace finder {

class PosixStandardInput final : public InputStream {
 public:
  // Waits if the other side has made the stream non-blocking and is slow.
  Result<std::string> ReadAll(size_t max_bytes) override;
  Result<std::optional<std::string>> ReadLine() override;
  bool IsTerminal() const override;
};

// What all streams that write to a descriptor do. Waits if the other side has
// made it non-blocking and is slow.
Outcome WriteAll(int descriptor, std::string_view bytes);
Outcome CloseWritten(int descriptor);

enum class StandardStream { kOutput, kError };

class PosixStandardStream final : public OutputStream {
 public:
  explicit PosixStandardStream(StandardStream which);

  // Waits if the other side has made the stream non-blocking and is slow.
  Outcome Write(std::string_view bytes) override;
  Outcome Close() override;
  bool IsTerminal() const override;

 private:
  const int descriptor_;
};

// Occupies the descriptors 0 to 2 where the parent has closed them, so that no
// later file is mistaken for a standard stream. A write to an occupied one
// fails with EBADF, as to a closed one. Call it before anything opens a file.
void ReserveStandardDescriptors();

// Makes a write to a closed pipe fail with EPIPE instead of ending the process,
// so that a run can still save its database. ExitBySignal in
// fs/posix/process/process.h undoes it.
void IgnoreBrokenPipes();

}  // namespace finder

#endif  // FINDER_FS_POSIX_PROCESS_POSIX_STANDARD_STREAMS_H_
