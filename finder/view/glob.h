// Shell patterns on names and paths, compared byte by byte without a locale.
//
//   *      any bytes but '/'        ?      one byte (a whole UTF-8 sequence if
//   **     as a whole component:           there is one) but '/'
//          any number of them; at   [a-z]  one of a set; [!a-z] or [^a-z] none
//          the end at least one            of it; [[:alpha:]] and the like
//   {a,b}  either; may be nested    \x     the byte x itself
//
// A leading dot needs no special care, as in find -name. "./" in front makes a
// path pattern and is dropped, as it is from printed paths. Immutable after
// Compile; const use from any thread.
#ifndef FINDER_FINDER_VIEW_GLOB_H_
#define FINDER_FINDER_VIEW_GLOB_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "finder/view/ascii_case.h"
#include "finder/view/glob_component.h"

namespace finder {

// How names end, so that a whole listing can be searched for a few bytes.
struct NameTail {
  enum class Form : uint8_t {
    kWhole,      // the name is `text`
    kSuffix,     // it ends with `text`
    kExtension,  // it ends with `text`, before which there is something
  };
  std::string text;  // folded if case is ignored
  Form form = Form::kSuffix;
};

class Glob {
 public:
  // Fails with InvalidArgument on a set or brace that is not closed, a range or
  // class in a set that is none, a trailing backslash, or braces that expand to
  // too many alternatives. The message names the pattern and the byte position,
  // counted from 1.
  static absl::StatusOr<Glob> Compile(
      std::string_view pattern, CaseRule case_rule = CaseRule::kSensitive);

  // Whether the whole of `text` matches. Linear in text x pattern at worst.
  bool Matches(std::string_view text) const;
  // The same, faster, for a text that holds no '/'.
  bool MatchesName(std::string_view name) const;

  // Whether the pattern is meant for paths: it holds a '/'.
  bool is_path_pattern() const { return is_path_pattern_; }
  // Whether it has no special bytes: then literal() is all that matches.
  bool is_literal() const { return is_literal_; }
  // Empty if !is_literal().
  const std::string& literal() const { return literal_; }

  // Whether `text` has bytes that Compile treats specially.
  static bool HasSpecialBytes(std::string_view text);

  // What is known of the last component of every match.
  enum class TailKnowledge : uint8_t {
    kNone,
    kNecessary,  // it has one of the tails
    kExact,      // and every name that has one matches
  };
  // Appends the tails; leaves `tails` as it is if nothing is known.
  TailKnowledge AppendTails(std::vector<NameTail>& tails) const;

  // The directory above all matches, as far as the pattern says it literally:
  // "src/lib" of "src/lib/**/*.c". Empty if unknown.
  const std::string& literal_directory() const { return literal_directory_; }

 private:
  // The components of one alternative.
  using Alternative = std::vector<GlobComponent>;

  void AddAlternative(std::string_view pattern, CaseRule case_rule);
  void FindLiterals(CaseRule case_rule);

  std::vector<Alternative> alternatives_;
  bool is_path_pattern_ = false;
  bool is_literal_ = false;
  std::string literal_;
  std::string literal_directory_;
};

}  // namespace finder

#endif  // FINDER_FINDER_VIEW_GLOB_H_
