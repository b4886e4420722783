#include "finder/ignore/git_config.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace finder {
namespace {

GitConfig Read(std::string_view text) {
  GitConfig config;
  ReadGitConfig(text, config, [](const std::string&) {});
  return config;
}

TEST(GitConfig, NamesTheUsersExcludes) {
  EXPECT_EQ(Read("[core]\n\texcludesFile = ~/my excludes  \n").excludes_file,
            "~/my excludes");
  EXPECT_EQ(Read("[CORE]\nExcludesFile=\"a b \"c # mine\n").excludes_file,
            "a b c");
  EXPECT_EQ(Read("[core] excludesfile = a\\\nb\n").excludes_file, "ab");
  EXPECT_EQ(Read("[core]\nexcludesfile = \"a;\\\"\\\\\"\n").excludes_file,
            "a;\"\\");
}

TEST(GitConfig, TheLastSettingHolds) {
  EXPECT_EQ(Read("[core]\nexcludesFile = a\n[x]\n[core]\nexcludesFile = b\n")
                .excludes_file,
            "b");
}

TEST(GitConfig, ANameAloneIsSet) {
  EXPECT_EQ(Read("[core]\n ignoreCase\n").ignore_case, true);
  EXPECT_EQ(Read("[core]\n ignoreCase = Yes\n").ignore_case, true);
  EXPECT_EQ(Read("[core]\n ignoreCase = 0\n").ignore_case, false);
  EXPECT_EQ(Read("[core]\n").ignore_case, std::nullopt);
}

TEST(GitConfig, OtherSectionsDoNotMatter) {
  EXPECT_EQ(Read("[core \"x\"]\nignoreCase\n[remote]\nexcludesFile = a\n")
                .ignore_case,
            std::nullopt);
}

TEST(GitConfig, TellsOfFilesToInclude) {
  std::vector<std::string> included;
  GitConfig config;
  ReadGitConfig("[include]\npath = a\npath = ~/b\n[includeIf \"x\"]\npath=c\n",
                config,
                [&](const std::string& path) { included.push_back(path); });
  EXPECT_EQ(included, (std::vector<std::string>{"a", "~/b"}));
}

TEST(GitConfig, EndsWhereItMakesNoSense) {
  const GitConfig config =
      Read("[core]\nexcludesFile = a\n[co re]\n[core]\nexcludesFile = b\n");
  EXPECT_EQ(config.excludes_file, "a");
  EXPECT_EQ(Read("[core]\nexcludesFile = \"a\n").excludes_file, std::nullopt);
  EXPECT_EQ(Read("[").excludes_file, std::nullopt);
  EXPECT_EQ(Read("[core]\nexcludesFile = a\\").excludes_file, "a");
}

}  // namespace
}  // namespace finder
