#include "finder/results/hashes/kept_hashes.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "finder/text/checksum.h"
#include "finder/text/json_cursor.h"
#include "finder/text/json_string.h"

namespace finder {
namespace {

// The whole first line but for the sum.
constexpr std::string_view kMagic = std::endian::native == std::endian::little
                                        ? "finder-hashes 1 le "
                                        : "finder-hashes 1 be ";
constexpr size_t kSumDigits = 16;

// More file systems than one command reads.
constexpr size_t kMaxVolumes = 4096;

bool TakeText(JsonCursor& cursor, std::string& out) {
  std::string_view text;
  std::string scratch;
  bool plain = false;
  if (!cursor.TakeString(text, plain, scratch)) return false;
  out = text;
  return true;
}

bool TakeVolume(JsonCursor& cursor, Volume& volume) {
  unsigned trust = 0;
  if (!cursor.Take('[') || !TakeText(cursor, volume.identity) ||
      !cursor.Take(',') || !TakeText(cursor, volume.mount) ||
      !cursor.Take(',') || !cursor.TakeNumber(trust) || !cursor.Take(']') ||
      trust > static_cast<unsigned>(StampTrust::kLayers)) {
    return false;
  }
  volume.trust = static_cast<StampTrust>(trust);
  return true;
}

// The second line, without its newline.
bool TakeHeader(std::string_view line, KeptHashes& hashes, uint64_t& count) {
  JsonCursor cursor(line);
  if (!cursor.Take('[') || !TakeText(cursor, hashes.boot_id) ||
      !cursor.Take(',') || !cursor.TakeSigned(hashes.time.realtime_ns) ||
      !cursor.Take(',') || !cursor.TakeSigned(hashes.time.boottime_ns) ||
      !cursor.Take(',') || !cursor.TakeNumber(count) || !cursor.Take(',') ||
      !cursor.Take('[')) {
    return false;
  }
  while (!cursor.Take(']')) {
    if (hashes.volumes.size() >= kMaxVolumes) return false;
    if (!hashes.volumes.empty() && !cursor.Take(',')) return false;
    if (!TakeVolume(cursor, hashes.volumes.emplace_back())) return false;
  }
  return cursor.Take(']') && cursor.at_end();
}

}  // namespace

std::string EncodeHashes(const KeptHashes& hashes) {
  std::string body = "[";
  AppendJsonString(hashes.boot_id, body);
  absl::StrAppend(&body, ",", hashes.time.realtime_ns, ",",
                  hashes.time.boottime_ns, ",", hashes.files.size(), ",[");
  for (const Volume& volume : hashes.volumes) {
    if (body.back() != '[') body += ',';
    body += '[';
    AppendJsonString(volume.identity, body);
    body += ',';
    AppendJsonString(volume.mount, body);
    absl::StrAppend(&body, ",", static_cast<unsigned>(volume.trust), "]");
  }
  body += "]]\n";
  body.append(reinterpret_cast<const char*>(hashes.files.data()),
              hashes.files.size() * sizeof(KeptHash));
  return absl::StrCat(std::string(kMagic), Hex64(Checksum64(body)), "\n", body);
}

std::optional<KeptHashes> DecodeHashes(std::string_view text) {
  if (!text.starts_with(kMagic)) return std::nullopt;
  text.remove_prefix(kMagic.size());
  if (text.size() < kSumDigits + 1 || text[kSumDigits] != '\n') {
    return std::nullopt;
  }
  const std::string_view sum = text.substr(0, kSumDigits);
  text.remove_prefix(kSumDigits + 1);
  if (Hex64(Checksum64(text)) != sum) return std::nullopt;
  const size_t newline = text.find('\n');
  if (newline == text.npos) return std::nullopt;
  KeptHashes hashes;
  uint64_t count = 0;
  if (!TakeHeader(text.substr(0, newline), hashes, count)) return std::nullopt;
  text.remove_prefix(newline + 1);
  if (text.size() % sizeof(KeptHash) != 0 ||
      text.size() / sizeof(KeptHash) != count) {
    return std::nullopt;
  }
  hashes.files.resize(count);
  if (count > 0) std::memcpy(hashes.files.data(), text.data(), text.size());
  // Not out of order, and of no volume that there is not.
  for (size_t i = 0; i < hashes.files.size(); ++i) {
    if (hashes.files[i].volume >= hashes.volumes.size()) return std::nullopt;
    if (i > 0 && hashes.files[i - 1].file() >= hashes.files[i].file()) {
      return std::nullopt;
    }
  }
  return hashes;
}

}  // namespace finder
