#include "cmd/options/run_option_table.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "finder/cache/disk/cache_limits.h"

namespace finder {
namespace {

constexpr std::pair<std::string_view, CountBy> kCountBys[] = {
    {"contents", CountBy::kContents},
    {"stamp", CountBy::kStamp},
    {"name", CountBy::kName},
};

}  // namespace

absl::Status SetCountBy(CommandLine& c, std::string_view v) {
  const absl::StatusOr<CountBy> by = ParseChoice<CountBy>(v, kCountBys);
  if (by.ok()) c.run.by = *by;
  return by.status();
}

absl::Status SetMaxOutput(CommandLine& c, std::string_view v) {
  const absl::StatusOr<std::optional<uint64_t>> size = ParseSize(v);
  if (size.ok()) c.run.max_output_bytes = size->value_or(UINT64_MAX);
  return size.status();
}

absl::Status SetTimeout(CommandLine& c, std::string_view v) {
  const absl::StatusOr<std::optional<int64_t>> time = ParseAge(v);
  if (time.ok()) c.run.timeout_ns = *time;
  return time.status();
}

absl::Status SetRelocatable(CommandLine& c, std::string_view v) {
  c.run.relocatable = v.empty() ? "." : std::string(v);
  return absl::OkStatus();
}

absl::Status SetRunDepfile(CommandLine& c, std::string_view v) {
  if (v.empty()) return EmptyValue();
  c.run.depfile = std::string(v);
  return absl::OkStatus();
}

}  // namespace finder
