#include "finder/cache/entry_packing.h"

#include <zstd.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

namespace finder {
namespace {

// Upkeep has time, and what is packed are sorted paths, to a tenth; levels
// above take twice the memory for a few percent.
constexpr int kLevel = 19;
constexpr size_t kPieceBytes = size_t{1} << 20;

absl::Status Unavailable(const std::string& path, SystemError error) {
  return absl::UnavailableError(absl::StrCat(path, ": ", error.Message()));
}

struct CompressorDeleter {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};
struct DecompressorDeleter {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

// Calls `take` for each piece of a file, the last one being marked; an empty
// file is one empty piece.
template <typename Take>
absl::Status ForEachPiece(ReadableFile& file, const std::string& path,
                          Take take) {
  std::vector<char> buffer(kPieceBytes);
  for (int64_t offset = 0;;) {
    const Result<size_t> got =
        file.ReadAt(offset, buffer.data(), buffer.size());
    if (!got.ok()) return Unavailable(path, got.error());
    const bool last = got.value() < buffer.size();
    absl::Status taken =
        take(std::string_view(buffer.data(), got.value()), last);
    if (!taken.ok() || last) return taken;
    offset += static_cast<int64_t>(got.value());
  }
}

// A file being made, whose errors name its path.
class Output {
 public:
  static absl::StatusOr<Output> Create(FileSystem& files,
                                       const std::string& path,
                                       uint32_t permissions) {
    auto file = files.CreateFile(path, permissions);
    if (!file.ok()) return Unavailable(path, file.error());
    return Output(path, std::move(file).value());
  }
  absl::Status Append(std::string_view bytes) {
    const Outcome done = file_->Append(bytes);
    return done.ok() ? absl::OkStatus() : Unavailable(path_, done.error());
  }
  absl::Status Commit() {
    const Outcome done = file_->Commit();
    return done.ok() ? absl::OkStatus() : Unavailable(path_, done.error());
  }

 private:
  Output(std::string path, std::unique_ptr<PendingFile> file)
      : path_(std::move(path)), file_(std::move(file)) {}

  std::string path_;
  std::unique_ptr<PendingFile> file_;
};

}  // namespace

absl::Status PackFile(FileSystem& files, const std::string& from,
                      const std::string& to, uint32_t permissions) {
  auto file = files.OpenFile(from, SymlinkPolicy::kNoFollow);
  if (!file.ok()) return Unavailable(from, file.error());
  const Result<FileStat> stat = file.value()->Stat();
  if (!stat.ok()) return Unavailable(from, stat.error());
  absl::StatusOr<Output> output = Output::Create(files, to, permissions);
  if (!output.ok()) return output.status();
  const std::unique_ptr<ZSTD_CCtx, CompressorDeleter> context(
      ZSTD_createCCtx());
  if (context == nullptr) return absl::ResourceExhaustedError("no memory");
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, kLevel);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  // Without it, zstd prepares for the largest files with 80 MB of tables.
  ZSTD_CCtx_setPledgedSrcSize(context.get(),
                              static_cast<uint64_t>(stat->size_bytes));
  std::vector<char> packed(ZSTD_CStreamOutSize());
  absl::Status status = ForEachPiece(
      *file.value(), from,
      [&](std::string_view piece, bool last) -> absl::Status {
        ZSTD_inBuffer in = {piece.data(), piece.size(), 0};
        for (;;) {
          ZSTD_outBuffer out = {packed.data(), packed.size(), 0};
          const size_t left = ZSTD_compressStream2(
              context.get(), &out, &in, last ? ZSTD_e_end : ZSTD_e_continue);
          if (ZSTD_isError(left)) {
            return absl::InternalError(
                absl::StrCat(from, ": ", ZSTD_getErrorName(left)));
          }
          absl::Status appended = output->Append({packed.data(), out.pos});
          if (!appended.ok()) return appended;
          if (last ? left == 0 : in.pos == in.size) return absl::OkStatus();
        }
      });
  if (!status.ok()) return status;
  return output->Commit();
}

absl::Status UnpackTo(
    FileSystem& files, const std::string& from,
    absl::FunctionRef<absl::Status(std::string_view piece)> take) {
  const std::unique_ptr<ZSTD_DCtx, DecompressorDeleter> context(
      ZSTD_createDCtx());
  if (context == nullptr) return absl::ResourceExhaustedError("no memory");
  auto file = files.OpenFile(from, SymlinkPolicy::kNoFollow);
  if (!file.ok()) return Unavailable(from, file.error());
  std::vector<char> unpacked(ZSTD_DStreamOutSize());
  size_t expected = 1;  // 0 at the end of a frame
  absl::Status status = ForEachPiece(
      *file.value(), from, [&](std::string_view piece, bool) -> absl::Status {
        ZSTD_inBuffer in = {piece.data(), piece.size(), 0};
        bool full = false;
        while (in.pos < in.size || full) {
          ZSTD_outBuffer out = {unpacked.data(), unpacked.size(), 0};
          expected = ZSTD_decompressStream(context.get(), &out, &in);
          if (ZSTD_isError(expected)) {
            return absl::DataLossError(
                absl::StrCat(from, ": ", ZSTD_getErrorName(expected)));
          }
          absl::Status taken = take({unpacked.data(), out.pos});
          if (!taken.ok()) return taken;
          full = out.pos == out.size && expected != 0;
        }
        return absl::OkStatus();
      });
  if (!status.ok()) return status;
  if (expected != 0) {
    return absl::DataLossError(absl::StrCat(from, ": cut off"));
  }
  return absl::OkStatus();
}

absl::Status UnpackFile(FileSystem& files, const std::string& from,
                        const std::string& to, uint32_t permissions) {
  absl::StatusOr<Output> output = Output::Create(files, to, permissions);
  if (!output.ok()) return output.status();
  absl::Status status = UnpackTo(files, from, [&](std::string_view piece) {
    return output->Append(piece);
  });
  if (!status.ok()) return status;
  return output->Commit();
}

}  // namespace finder
