// The rules of one ignore file: parsed as git parses them, and compiled so that
// a path is compared with few of them. doc/ignore_files.md has the rules.
//
// What lies where is not known here: paths are relative to the directory that
// the rules are about, and the caller asks for the directories above a path
// first, since nothing below an ignored one is shown.
//
// Pure; immutable, so any thread.
#ifndef FINDER_FINDER_IGNORE_IGNORE_RULES_H_
#define FINDER_FINDER_IGNORE_IGNORE_RULES_H_

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "finder/ignore/wild_pattern.h"
#include "finder/view/ascii_case.h"

namespace finder {

// What names end with, in as far as two bytes tell: a set that holds at least
// the names that some rules can match. Most names are told by it alone.
class NameEnds {
 public:
  bool MayHold(std::string_view name) const {
    return bits_.test(Index(name.size() > 1 ? name[name.size() - 2] : '\0',
                            name.empty() ? '\0' : name.back()));
  }
  // All names that end so.
  void AddEnd(std::string_view end);
  void AddName(std::string_view name);
  void AddAll() { bits_.set(); }
  void Add(const NameEnds& other) { bits_ |= other.bits_; }

 private:
  static constexpr size_t kBits = 1024;
  // Without regard to case, so that it holds for rules of either kind.
  static size_t Index(char before, char last) {
    const auto a = static_cast<unsigned char>(FoldCase(before));
    const auto b = static_cast<unsigned char>(FoldCase(last));
    return (b * 37U + a) % kBits;
  }

  std::bitset<kBits> bits_;
};

struct IgnoreRule {
  uint32_t line = 0;              // from 1 on
  bool shows = false;             // begins with '!'
  bool directories_only = false;  // ends with '/'
  std::string_view text;          // as written, without trailing spaces
};

class IgnoreRules {
 public:
  static IgnoreRules Parse(std::string_view text, CaseRule case_rule);
  IgnoreRules(IgnoreRules&&) noexcept = default;
  IgnoreRules& operator=(IgnoreRules&&) noexcept = default;

  // The last rule that matches; null if none does. `path` has no '/' at either
  // end; without path rules its last component is enough.
  const IgnoreRule* Match(std::string_view path, bool is_directory) const;

  bool empty() const { return rules_.empty(); }
  // Whether some rule looks at more than the last component.
  bool has_path_rules() const { return has_path_rules_; }
  // What the last components of the paths that match end with.
  const NameEnds& ends() const { return ends_; }

 private:
  enum class Form : uint8_t {
    kName,      // the last component is `literal`
    kSuffix,    // it ends with it
    kPath,      // the path is `literal`
    kWildName,  // the last component matches `wild`
    kWildPath,  // the path begins with `literal`, and the rest matches `wild`
  };
  // In the order of the file, as rules_.
  struct Compiled {
    Form form;
    bool directories_only = false;
    std::string literal;  // folded
    std::optional<WildPattern> wild;
  };
  // The last rules of one literal; kNone if there are none.
  struct Last {
    uint32_t of_all = kNone;
    uint32_t of_directories = kNone;
  };
  using Index = absl::flat_hash_map<std::string, Last>;

  static constexpr uint32_t kNone = UINT32_MAX;

  IgnoreRules() = default;
  void AddLine(std::string_view line, uint32_t number);
  void Compile(std::string_view pattern, Compiled& rule) const;
  void NoteEnds(const Compiled& rule);
  void BuildIndex();
  bool Matches(const Compiled& rule, std::string_view path,
               std::string_view name, bool is_directory) const;
  // The later of `best` and the last rule of a literal.
  static void Find(const Index& index, std::string_view literal,
                   bool is_directory, uint32_t& best);

  CaseRule case_rule_ = CaseRule::kSensitive;
  bool has_path_rules_ = false;
  NameEnds ends_;
  std::string text_;
  std::vector<IgnoreRule> rules_;
  std::vector<Compiled> compiled_;
  // Of many rules. The others are in `rest_`, by their places.
  bool indexed_ = false;
  Index names_;
  Index suffixes_;
  Index paths_;
  std::vector<uint32_t> suffix_sizes_;
  std::vector<uint32_t> rest_;
};

}  // namespace finder

#endif  // FINDER_FINDER_IGNORE_IGNORE_RULES_H_
