// -perm: the mode bits of a file against octal or symbolic ones.
// Pure values; any thread.
#ifndef FINDER_FINDER_EXPRESSION_PERMISSION_TEST_H_
#define FINDER_FINDER_EXPRESSION_PERMISSION_TEST_H_

#include <cstdint>
#include <optional>
#include <string_view>

namespace finder {

struct PermissionTest {
  enum class Match : uint8_t {
    kExactly,  // MODE
    kAllOf,    // -MODE
    kAnyOf,    // /MODE; without a bit, any file
  };
  Match match = Match::kExactly;
  // 'X' is a bit of directories only, so that the two may differ.
  uint32_t file_bits = 0;
  uint32_t directory_bits = 0;

  // None if it is malformed, or octal and more than 07777.
  static std::optional<PermissionTest> Parse(std::string_view text);
  bool Matches(uint32_t mode, bool is_directory) const;
};

}  // namespace finder

#endif  // FINDER_FINDER_EXPRESSION_PERMISSION_TEST_H_
