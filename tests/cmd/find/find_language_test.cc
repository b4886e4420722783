// How a command line of find(1) is read.

#include <string>

#include "gtest/gtest.h"
#include "tests/cmd/find/find_test.h"

namespace finder {
namespace {

class FindLanguageTest : public FindTest {
 protected:
  FindLanguageTest() {
    tree_.AddTree("f t/a\nf t/b\nf t/d/c\nl t/l -> d\n", "/work");
  }
};

TEST_F(FindLanguageTest, PathsStandBeforeTheExpression) {
  EXPECT_EQ(Find({"t/a", "t//b", "-true"}), "t/a\nt//b\n");
  EXPECT_EQ(Find({"--", "t/a"}), "t/a\n");
  EXPECT_EQ(Find({"-P", "-O3", "-D", "tree", "--", "t/a"}), "t/a\n");
}

TEST_F(FindLanguageTest, WithoutPathsItIsTheWorkingDirectory) {
  EXPECT_EQ(Find({"-maxdepth", "1"}), ".\n./t\n");
}

TEST_F(FindLanguageTest, PathsComeInTheirOrderAndAsOftenAsGiven) {
  EXPECT_EQ(Find({"t/d", "t/a", "t/d"}), "t/d\nt/d/c\nt/a\nt/d\nt/d/c\n");
}

TEST_F(FindLanguageTest, AndBindsTighterThanOrThanComma) {
  EXPECT_EQ(Matches({"-true", "-o", "-true", "-false"}), "a b d dc l ");
  EXPECT_EQ(Matches({"(", "-true", "-o", "-true", ")", "-false"}), "");
  EXPECT_EQ(Matches({"-true", ",", "-name", "a"}), "a ");
  EXPECT_EQ(Matches({"!", "-false", "-false"}), "");
  EXPECT_EQ(Matches({"-not", "!", "-name", "a", "-and", "-true"}), "a ");
  EXPECT_EQ(Matches({"-name", "a", "-or", "-name", "b", "-a", "-true"}),
            "a b ");
}

TEST_F(FindLanguageTest, PrintIsImpliedUnlessThereIsAnAction) {
  EXPECT_EQ(Find({"t/a", "-prune"}), "t/a\n");
  EXPECT_EQ(Find({"t/a", "-quit"}), "");
  EXPECT_EQ(Find({"t/a", "-false", "-print"}), "");
  EXPECT_EQ(Find({"t/a", "-print", "-print0"}), std::string("t/a\nt/a\0", 8));
}

TEST_F(FindLanguageTest, OptionsHoldForTheWholeCommand) {
  EXPECT_EQ(Find({"t", "-false", "-o", "-maxdepth", "0"}), "t\n");
  EXPECT_EQ(Find({"t", "-name", "c", "-depth", "-mindepth", "2"}), "t/d/c\n");
}

TEST_F(FindLanguageTest, MalformedExpressionsAreNamed) {
  EXPECT_EQ(Refusal({"-name"}), "-name needs a value");
  EXPECT_EQ(Refusal({"(", "-name", "a"}), "')' is missing");
  EXPECT_EQ(Refusal({"(", ")"}), "empty parentheses");
  EXPECT_EQ(Refusal({"-true", ")"}), "unexpected ')'");
  EXPECT_EQ(Refusal({"-true", "-o"}), "the expression ends too early");
  EXPECT_EQ(Refusal({"!"}), "the expression ends too early");
  EXPECT_EQ(Refusal({"-o", "-true"}), "nothing before '-o'");
  EXPECT_EQ(Refusal({"-true", ",", ",", "-true"}), "nothing before ','");
  EXPECT_EQ(Refusal({"-true", "t"}),
            "'t': paths must come before the expression");
  EXPECT_EQ(Refusal({"-true", "-L"}), "-L must come before the paths");
  EXPECT_EQ(Refusal({"-nonsense"}), "-nonsense: no such test or action");
  EXPECT_EQ(Refusal({"-newerxy", "t"}), "-newerxy: no such test");
  EXPECT_EQ(Refusal({"-Ox"}), "-Ox: -O is followed by a number at once");
  EXPECT_EQ(Refusal({"-D"}), "-D needs a value");
}

TEST_F(FindLanguageTest, MalformedValuesAreNamed) {
  EXPECT_EQ(Refusal({"-maxdepth", "-1"}), "-maxdepth '-1': not a whole number");
  EXPECT_EQ(Refusal({"-type", "x"}), "-type 'x': no such type as 'x'");
  EXPECT_EQ(Refusal({"-type", "fd"}),
            "-type 'fd': types must be separated by ','");
  EXPECT_EQ(Refusal({"-type", "f,"}),
            "-type 'f,': a type is missing behind the last ','");
  EXPECT_EQ(Refusal({"-type", ""}), "-type '': a type is missing");
  EXPECT_EQ(Refusal({"-type", "f,f"}), "-type 'f,f': 'f' stands there twice");
  EXPECT_EQ(Refusal({"-size", "1x"}), "-size '1x': not a size, like 2k or +1M");
  EXPECT_EQ(Refusal({"-perm", "8"}), "-perm '8': not a mode");
  EXPECT_EQ(Refusal({"-mtime", "x"}), "-mtime 'x': not a number of days");
  EXPECT_EQ(Refusal({"-mmin", ""}), "-mmin '': not a number of minutes");
  EXPECT_EQ(Refusal({"-links", "1.5"}), "-links '1.5': not a whole number");
  EXPECT_EQ(Refusal({"-user", "nobody at all"}),
            "-user 'nobody at all': no such user");
  EXPECT_EQ(Refusal({"-group", ""}), "-group '': no such group");
  EXPECT_EQ(Refusal({"-newermt", "soon"}),
            "-newermt 'soon': not a date or time");
  EXPECT_EQ(Refusal({"-regextype", "perl"}).substr(0, 33),
            "-regextype 'perl': no such type; ");
  EXPECT_EQ(Refusal({"-regex", "\\("}), "-regex '\\(': Unmatched ( or \\(");
}

TEST_F(FindLanguageTest, AMissingFileToCompareWithIsNamed) {
  EXPECT_EQ(Refusal({"-newer", "nowhere"}),
            "nowhere: No such file or directory");
  EXPECT_EQ(Refusal({"-samefile", "nowhere"}),
            "nowhere: No such file or directory");
}

TEST_F(FindLanguageTest, ManyParenthesesAreRefused) {
  std::vector<std::string> deep(1000, "(");
  deep.emplace_back("-true");
  deep.insert(deep.end(), 1000, ")");
  EXPECT_EQ(Refusal(deep), "too many parentheses inside one another");
}

TEST_F(FindLanguageTest, WarningsComeOnlyIfAskedFor) {
  Find({"t/a", "-name", "x/y", "-maxdepth", "1"});
  EXPECT_EQ(err_.text, "");
  Find({"t/a", "-warn", "-name", "x", "-maxdepth", "1"});
  EXPECT_EQ(err_.text,
            "finder: find: warning: -maxdepth behind -name holds for what is "
            "before it, too; put it before all tests\n");
  Find({"t/a", "-warn", "-nowarn", "-name", "x/y"});
  EXPECT_EQ(err_.text, "");
}

TEST_F(FindLanguageTest, PathsComeFromAFile) {
  tree_.WriteFile("/work/list", std::string("t/d\0t/a", 7));
  EXPECT_EQ(Find({"-files0-from", "list"}), "t/d\nt/d/c\nt/a\n");
  EXPECT_EQ(Refusal({"t", "-files0-from", "list"}),
            "'t': no path may be given along with -files0-from");
  tree_.WriteFile("/work/list");
  EXPECT_EQ(Find({"-files0-from", "list"}), "");
  EXPECT_EQ(Find({"-files0-from", "nowhere"}), "");
  EXPECT_EQ(code_, ExitCode::kNo);
  EXPECT_EQ(err_.text,
            "finder: nowhere: cannot be read: No such file or directory\n");
}

TEST_F(FindLanguageTest, ExclusionsHoldForTheWholeCommand) {
  EXPECT_EQ(Find({"t", "-name", "c", "-o", "-exclude", "-name", "d"}),
            "t\nt/a\nt/b\nt/l\n");
  EXPECT_EQ(Find({"t", "-depth", "-exclude", "-name", "d"}),
            "t/a\nt/b\nt/l\nt\n");
  EXPECT_EQ(Refusal({"-exclude", "-print"}), "-exclude takes tests only");
}

}  // namespace
}  // namespace finder
