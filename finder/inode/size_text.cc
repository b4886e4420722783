#include "finder/inode/size_text.h"

#include <charconv>
#include <optional>
#include <system_error>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "finder/text/abseil_view.h"

namespace finder {
namespace {

// How many bytes; none if there is no such unit.
std::optional<uint64_t> BytesOfUnit(std::string_view unit) {
  if (unit == "b") return 1;
  if (unit.ends_with('b')) unit.remove_suffix(1);
  const bool is_binary = unit.size() == 2 && unit.ends_with('i');
  if (is_binary) unit.remove_suffix(1);
  constexpr std::string_view kPowers = "kmgt";
  const size_t power = kPowers.find(unit);
  if (unit.size() != 1 || power == std::string_view::npos) return std::nullopt;
  uint64_t bytes = 1;
  for (size_t i = 0; i <= power; ++i) bytes *= is_binary ? 1024 : 1000;
  return bytes;
}

}  // namespace

absl::StatusOr<SizeBound> ParseSizeBound(std::string_view text) {
  const auto fail = [text](std::string_view reason) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", Abseil(text), "' ", Abseil(reason)));
  };
  constexpr std::string_view kNoSize =
      "is no size, such as +10k, -1Mi or 512b: at least, at most, exactly";
  SizeBound bound;
  std::string_view rest = text;
  if (rest.starts_with('+') || rest.starts_with('-')) {
    bound.rule = rest.front() == '+' ? SizeRule::kAtLeast : SizeRule::kAtMost;
    rest.remove_prefix(1);
  }
  const auto [end, error] =
      std::from_chars(rest.data(), rest.data() + rest.size(), bound.bytes);
  if (end == rest.data()) return fail(kNoSize);
  rest.remove_prefix(end - rest.data());
  if (rest.empty()) return fail("has no unit: b, k, m, g, t, ki, mi, gi or ti");
  const std::optional<uint64_t> unit =
      BytesOfUnit(absl::AsciiStrToLower(Abseil(rest)));
  if (!unit.has_value()) return fail(kNoSize);
  if (error != std::errc() ||
      __builtin_mul_overflow(bound.bytes, *unit, &bound.bytes)) {
    return fail("is too large");
  }
  return bound;
}

}  // namespace finder
