#include "finder/view/glob.h"

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/reference_query.h"

namespace finder {
namespace {

using Tails = std::vector<std::string>;

bool Matches(std::string_view pattern, std::string_view text,
             CaseRule case_rule = CaseRule::kSensitive) {
  const absl::StatusOr<Glob> glob = Glob::Compile(pattern, case_rule);
  EXPECT_TRUE(glob.ok()) << glob.status();
  return glob.ok() && glob->Matches(text);
}

std::string ErrorOf(std::string_view pattern) {
  return std::string(Glob::Compile(pattern).status().message());
}

TEST(Glob, LiteralMatchesItselfOnly) {
  EXPECT_TRUE(Matches("Android.bp", "Android.bp"));
  EXPECT_FALSE(Matches("Android.bp", "android.bp"));
  EXPECT_FALSE(Matches("Android.bp", "Android.bpf"));
  EXPECT_FALSE(Matches("Android.bp", "xAndroid.bp"));
  EXPECT_FALSE(Matches("", "a"));
}

TEST(Glob, StarTakesAnyBytesButSlash) {
  EXPECT_TRUE(Matches("*", "a"));
  EXPECT_TRUE(Matches("*", ".hidden"));
  EXPECT_TRUE(Matches("*.c", ".c"));
  EXPECT_TRUE(Matches("*.c", "a\n\xff.c"));
  EXPECT_FALSE(Matches("*.c", "a/b.c"));
  EXPECT_TRUE(Matches("lib*", "lib"));
  EXPECT_FALSE(Matches("lib*", "lib/a"));
  EXPECT_TRUE(Matches("a*b*c", "a.bxb.c"));
  EXPECT_FALSE(Matches("a*b*c", "a.c.b"));
  EXPECT_TRUE(Matches("***", "a"));
}

TEST(Glob, QuestionMarkTakesOneCharacter) {
  EXPECT_TRUE(Matches("?", "a"));
  EXPECT_FALSE(Matches("?", ""));
  EXPECT_FALSE(Matches("?", "ab"));
  EXPECT_FALSE(Matches("a?b", "a/b"));
  EXPECT_TRUE(Matches("caf?.c", "caf\xc3\xa9.c"));
  EXPECT_TRUE(Matches("caf?.c", "caf\xe9.c"));
  EXPECT_TRUE(Matches("?", "\xe2\x82\xac"));
}

TEST(Glob, StarDoesNotSplitACharacter) {
  EXPECT_FALSE(Matches("*??", "\xe2\x82\xac"));
  EXPECT_TRUE(Matches("*??", "\xe2\x82"));
  EXPECT_TRUE(Matches("*\x82\xac", "\xe2\x82\xac"));
}

TEST(Glob, SetTakesOneOfItsMembers) {
  EXPECT_TRUE(Matches("[abc]", "b"));
  EXPECT_FALSE(Matches("[abc]", "d"));
  EXPECT_TRUE(Matches("[a-c]x", "cx"));
  EXPECT_FALSE(Matches("[a-c]x", "dx"));
  EXPECT_TRUE(Matches("[!a-c]", "d"));
  EXPECT_FALSE(Matches("[^a-c]", "b"));
  EXPECT_FALSE(Matches("a[!b]c", "a/c"));
  EXPECT_TRUE(Matches("[]]", "]"));
  EXPECT_TRUE(Matches("[!]]", "a"));
  EXPECT_TRUE(Matches("[a-]", "-"));
  EXPECT_TRUE(Matches("[\\]]", "]"));
  EXPECT_TRUE(Matches("[{]", "{"));
  EXPECT_TRUE(Matches("[\xc3\xa9\xc3\xa8]", "\xc3\xa9"));
  EXPECT_FALSE(Matches("[\xc3\xa9]", "\xe9"));
  EXPECT_TRUE(Matches("[!a]", "\xe9"));
  EXPECT_TRUE(Matches("[[:digit:]_]", "7"));
  EXPECT_TRUE(Matches("[[:digit:]_]", "_"));
  EXPECT_FALSE(Matches("[![:digit:]]", "7"));
}

TEST(Glob, BracesGiveAlternatives) {
  EXPECT_TRUE(Matches("*.{c,h}", "a.h"));
  EXPECT_FALSE(Matches("*.{c,h}", "a.o"));
  EXPECT_TRUE(Matches("{a,b{c,d},}x", "bdx"));
  EXPECT_TRUE(Matches("{a,b{c,d},}x", "x"));
  EXPECT_TRUE(Matches("{[a,b],c}", ","));
  EXPECT_TRUE(Matches("a}", "a}"));
  EXPECT_TRUE(Matches("a,b", "a,b"));
  EXPECT_TRUE(Matches("{src,test}/**/*.c", "test/a/b.c"));
}

TEST(Glob, BackslashTakesTheMeaningAway) {
  EXPECT_TRUE(Matches("\\*", "*"));
  EXPECT_FALSE(Matches("\\*", "a"));
  EXPECT_TRUE(Matches("\\{a,b\\}", "{a,b}"));
  EXPECT_TRUE(Matches("a\\/b", "a/b"));
}

TEST(Glob, TwoStarsAsAComponentTakeAnyNumberOfThem) {
  EXPECT_TRUE(Matches("**/x", "x"));
  EXPECT_TRUE(Matches("**/x", "a/b/x"));
  EXPECT_FALSE(Matches("**/x", "a/bx"));
  EXPECT_TRUE(Matches("a/**/x", "a/x"));
  EXPECT_TRUE(Matches("a/**/x/**/y", "a/x/b/x/c/y"));
  EXPECT_FALSE(Matches("a/**/x/**/y", "a/b/y"));
  EXPECT_TRUE(Matches("a/**", "a/b/c"));
  EXPECT_FALSE(Matches("a/**", "a"));
  EXPECT_TRUE(Matches("a/**/**/b", "a/b"));
  EXPECT_FALSE(Matches("a**b/c", "a/b/c"));
  EXPECT_TRUE(Matches("a**b/c", "axb/c"));
  EXPECT_TRUE(Matches("/usr/**/x.h", "/usr/x.h"));
}

TEST(Glob, DotSlashMakesAPathPattern) {
  EXPECT_TRUE(Matches("./*.c", "a.c"));
  EXPECT_FALSE(Matches("./*.c", "b/a.c"));
  EXPECT_TRUE(Glob::Compile("./a")->is_path_pattern());
  EXPECT_FALSE(Glob::Compile("a")->is_path_pattern());
}

TEST(Glob, IgnoringCaseIsForAsciiLetters) {
  EXPECT_TRUE(Matches("*.C", "a.c", CaseRule::kIgnore));
  EXPECT_TRUE(Matches("readme*", "README.md", CaseRule::kIgnore));
  EXPECT_TRUE(Matches("a?[B-C]d", "AxCD", CaseRule::kIgnore));
  EXPECT_TRUE(Matches("a?[B-C]d", "Axcd", CaseRule::kIgnore));
  EXPECT_FALSE(Matches("\xc3\x89", "\xc3\xa9", CaseRule::kIgnore));
  EXPECT_FALSE(Matches("[_]", "?", CaseRule::kIgnore));
}

TEST(Glob, ErrorsNamePatternAndPosition) {
  EXPECT_EQ(ErrorOf("[a"), "glob \"[a\": set is not closed (position 1)");
  EXPECT_EQ(ErrorOf("x[a/b]"),
            "glob \"x[a/b]\": set is not closed (position 2)");
  EXPECT_EQ(ErrorOf("a{b,{c}"),
            "glob \"a{b,{c}\": brace is not closed (position 2)");
  EXPECT_EQ(ErrorOf("ab\\"),
            "glob \"ab\\\": nothing follows the backslash (position 3)");
  EXPECT_EQ(ErrorOf("{x,[z-a]}"),
            "glob \"{x,[z-a]}\": range of a set is reversed (position 5)");
  EXPECT_EQ(ErrorOf("[[:word:]]"),
            "glob \"[[:word:]]\": no such class in a set (position 2)");
  EXPECT_EQ(ErrorOf("{0,1}{0,1,2,3,4,5,6,7,8,9}{0,1,2,3,4,5,6,7,8,9}"
                    "{0,1,2,3,4,5,6,7,8,9}"),
            "glob \"{0,1}{0,1,2,3,4,5,6,7,8,9}{0,1,2,3,4,5,6,7,8,9}"
            "{0,1,2,3,4,5,6,7,8,9}\": braces expand to more than 1000 "
            "alternatives (position 48)");
}

TEST(Glob, HostilePatternsAreRefusedOrQuick) {
  EXPECT_FALSE(Glob::Compile(std::string(100000, '{')).ok());
  EXPECT_FALSE(Glob::Compile(std::string(100000, '[')).ok());
  std::string nested;
  for (int i = 0; i < 40; ++i) nested += "{a,";
  nested += std::string(40, '}');
  EXPECT_TRUE(Glob::Compile(nested).ok());
  std::string stars;
  for (int i = 0; i < 100; ++i) stars += "a*";
  EXPECT_FALSE(Matches(stars + "b", std::string(5000, 'a')));
  std::string deep_stars;
  std::string path;
  for (int i = 0; i < 50; ++i) deep_stars += "**/a*a*b/";
  for (int i = 0; i < 500; ++i) path += "aaaaaaaaaa/";
  EXPECT_FALSE(Matches(deep_stars + "x", path + "x"));
}

TEST(Glob, LiteralIsWhatMatches) {
  const Glob escaped = *Glob::Compile("a\\*b");
  EXPECT_TRUE(escaped.is_literal());
  EXPECT_EQ(escaped.literal(), "a*b");
  EXPECT_TRUE(Glob::Compile("src/a.c")->is_literal());
  EXPECT_FALSE(Glob::Compile("*a")->is_literal());
  EXPECT_FALSE(Glob::Compile("a{b,c}")->is_literal());
  EXPECT_FALSE(Glob::Compile("a", CaseRule::kIgnore)->is_literal());
  EXPECT_FALSE(Glob::HasSpecialBytes("plain-name.txt"));
  EXPECT_TRUE(Glob::HasSpecialBytes("a?"));
}

TEST(Glob, LiteralDirectoryIsWhereAllMatchesLie) {
  const auto directory = [](std::string_view pattern) {
    return Glob::Compile(pattern)->literal_directory();
  };
  EXPECT_EQ(directory("src/lib/**/*.c"), "src/lib");
  EXPECT_EQ(directory("src/lib/a.c"), "src/lib");
  EXPECT_EQ(directory("/usr/include/*.h"), "/usr/include");
  EXPECT_EQ(directory("/x"), "/");
  EXPECT_EQ(directory("*/a"), "");
  EXPECT_EQ(directory("{a,b}/c"), "");
  EXPECT_EQ(directory("a.c"), "");
}

TEST(Glob, TailsTellHowNamesEnd) {
  const auto tails = [](std::string_view pattern, Glob::TailKnowledge known) {
    std::vector<NameTail> found;
    EXPECT_EQ(Glob::Compile(pattern)->AppendTails(found), known) << pattern;
    Tails texts;
    for (const NameTail& tail : found) texts.push_back(tail.text);
    return texts;
  };
  EXPECT_EQ(tails("*.{c,h}", Glob::TailKnowledge::kExact), Tails({".c", ".h"}));
  EXPECT_EQ(tails("a", Glob::TailKnowledge::kExact), Tails({"a"}));
  EXPECT_EQ(tails("a*.c", Glob::TailKnowledge::kNecessary), Tails({".c"}));
  EXPECT_EQ(tails("src/**/*.c", Glob::TailKnowledge::kNecessary),
            Tails({".c"}));
  EXPECT_EQ(tails("{*.c,a*}", Glob::TailKnowledge::kNone), Tails());
  EXPECT_EQ(tails("src/**", Glob::TailKnowledge::kNone), Tails());
}

TEST(Glob, RandomPatternsMatchAsTheReferenceSays) {
  std::mt19937 random(7);
  const auto text_of = [&](std::string_view bytes, size_t max_size) {
    std::string text;
    for (size_t n = random() % max_size; n > 0; --n) {
      text += bytes[random() % bytes.size()];
    }
    return text;
  };
  for (int i = 0; i < 200000; ++i) {
    const std::string pattern = text_of("ab*?", 7);
    const std::string text = text_of("ab", 9);
    ASSERT_EQ(Matches(pattern, text), ReferenceGlob(pattern, text))
        << pattern << " " << text;
  }
}

TEST(Glob, RandomBytesNeverCrash) {
  std::mt19937 random(11);
  constexpr std::string_view kBytes = "a-z[]!^{},\\*?/.:\xc3\xa9\xe9";
  for (int i = 0; i < 200000; ++i) {
    std::string pattern;
    std::string text;
    for (size_t n = random() % 12; n > 0; --n) {
      pattern += kBytes[random() % kBytes.size()];
      text += kBytes[random() % kBytes.size()];
    }
    const absl::StatusOr<Glob> glob = Glob::Compile(pattern);
    if (!glob.ok()) continue;
    glob->Matches(text);
    if (glob->is_literal() && pattern.find("./") != 0) {
      EXPECT_TRUE(glob->Matches(glob->literal())) << pattern;
    }
  }
}

}  // namespace
}  // namespace finder
