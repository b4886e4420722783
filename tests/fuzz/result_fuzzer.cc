// Records, manifests and hashes of arbitrary bytes. Nearly all of them are told
// apart by a checksum, so the sums are first made right: what is behind them
// must hold by itself. What is read is what would be written, and safe to be
// restored.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "finder/results/hashes/kept_hashes.h"
#include "finder/results/result_record.h"
#include "finder/text/checksum.h"

namespace finder {
namespace {

std::string WithSum(std::string_view kind, std::string_view body) {
  std::string text = "{\"finder\":\"";
  text.append(kind).append("\",\"version\":1,\"sum\":\"");
  return text.append(Checksum128Hex(body)).append("\"}\n").append(body);
}

void CheckRecord(std::string_view body) {
  const std::string text = WithSum("result", body);
  const auto record = DecodeRecord(text, OutsideOutputs::kRefused);
  if (!record.ok()) return;
  for (const RecordedOutput& output : record->outputs) {
    const std::string path = "/" + output.path + "/";
    if (path.find('\0') != path.npos || path.find("//") != path.npos) abort();
    if (path.find("/../") != path.npos || path.find("/./") != path.npos) {
      abort();
    }
  }
  const auto ingredients = DecodeIngredients(text);
  if (!ingredients.ok()) return;
  const std::string again = EncodeRecord(*record, *ingredients);
  const auto record_again = DecodeRecord(again, OutsideOutputs::kRefused);
  if (!record_again.ok() || *record_again != *record) abort();
  const auto ingredients_again = DecodeIngredients(again);
  if (!ingredients_again.ok() || *ingredients_again != *ingredients) abort();
}

void CheckSets(std::string_view body) {
  const auto sets = DecodeInputSets(WithSum("inputs", body));
  if (!sets.ok()) return;
  const auto again = DecodeInputSets(EncodeInputSets(*sets));
  if (!again.ok() || *again != *sets) abort();
}

void CheckHashes(std::string_view body) {
  std::string text = EncodeHashes({});
  // The magic and the place of the sum are as they are written.
  const size_t line = text.find('\n');
  text.resize(line - 16);
  text.append(Hex64(Checksum64(body))).append("\n").append(body);
  const auto hashes = DecodeHashes(text);
  if (!hashes) return;
  const auto again = DecodeHashes(EncodeHashes(*hashes));
  if (!again || again->files != hashes->files) abort();
}

}  // namespace
}  // namespace finder

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto decoded =
      finder::DecodeRecord(text, finder::OutsideOutputs::kAllowed);
  if (!decoded.ok() && decoded.status().message().empty()) abort();
  // The first line is replaced.
  const size_t newline = text.find('\n');
  if (newline == text.npos) return 0;
  const std::string_view body = text.substr(newline + 1);
  finder::CheckRecord(body);
  finder::CheckSets(body);
  finder::CheckHashes(body);
  return 0;
}
