// Runs that tell what has changed, on a fake disk, with as many processes as a
// test wants.
#ifndef FINDER_TESTS_CMD_SEARCH_ANSWER_WORLD_H_
#define FINDER_TESTS_CMD_SEARCH_ANSWER_WORLD_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cmd/options/command_line.h"
#include "cmd/search/check_command.h"
#include "cmd/search/search_command.h"
#include "fs/fake/fake_machine.h"
#include "gtest/gtest.h"
#include "tests/cmd/command_test.h"
#include "tests/cmd/fake_stream.h"
#include "tests/finder/cache/cache_world.h"

namespace finder {

struct Told {
  ExitCode code = ExitCode::kDone;
  std::string out;
  std::string err;
};

class AnswerTest : public CacheTest {
 protected:
  AnswerTest() {
    tree_.Chown("/home", FakeUser().id);
    tree_.MakeDirectories("/home/.cache");
    tree_.AddTree("f big/a.c\nf big/sub/b.c\nf big/sub/b.h\n", "/work");
    tree_.Chown("/work", FakeUser().id);
    clock_.Advance(kHourNs);
  }

  Told Run(const std::vector<std::string>& arguments) {
    return RunIn(*NewProcess(), arguments);
  }
  // A run of `process`, whose output goes to `out` if there is one.
  Told RunIn(CacheProcess& process, const std::vector<std::string>& arguments,
             FakeStream* out = nullptr) {
    process.machine().SetWorkingDirectory("/work");
    FakeStream own;
    FakeStream err;
    Program program = ProgramOn(process.machine().machine(),
                                out == nullptr ? own : *out, err);
    program.variables.cache.home = "/home";
    std::vector<std::string> all = {"-j1"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    const auto command = ParseCommandLine(all);
    EXPECT_TRUE(command.ok()) << command.status();
    if (!command.ok()) return {ExitCode::kFailed, "", ""};
    Told told;
    told.code = command->output.telling == Telling::kAnswers
                    ? Search(*command, program)
                    : Check(*command, program);
    told.out = own.text;
    told.err = err.text;
    return told;
  }

  // Makes files, and lets time pass so that they are old.
  void Touch(std::string_view path) {
    tree_.WriteFile(path);
    clock_.Advance(kHourNs);
  }
  void Remove(std::string_view path) {
    tree_.RemoveAll(path);
    clock_.Advance(kHourNs);
  }

  // Everything is as before the first run, but for the tree.
  void Forget() {
    for (const std::string& path :
         {std::string(kCachePath), std::string("/work/db"),
          std::string("/work/db.answers")}) {
      if (tree_.Exists(path)) tree_.RemoveAll(path);
    }
  }

  // The entries of answers in the cache that hold one.
  std::vector<std::string> AnswerKeys() {
    std::vector<std::string> keys;
    if (!tree_.Exists(At("objects"))) return keys;
    for (const std::string& key : Keys()) {
      if (tree_.Exists(At("objects/" + key + "/data/answer"))) {
        keys.push_back(key);
      }
    }
    return keys;
  }
};

// The two kinds of homes.
struct AnswerHomePlace {
  const char* name;
  std::vector<std::string> options;
};

inline const std::vector<AnswerHomePlace>& AnswerPlaces() {
  static const auto& places = *new std::vector<AnswerHomePlace>{
      {"Cache", {}}, {"Database", {"--db", "/work/db"}}};
  return places;
}

class AnswerInPlaceTest : public AnswerTest,
                          public testing::WithParamInterface<size_t> {
 protected:
  bool in_cache() const { return GetParam() == 0; }
  // `arguments` with those that choose the place.
  std::vector<std::string> Here(std::vector<std::string> arguments) const {
    const AnswerHomePlace& place = AnswerPlaces()[GetParam()];
    arguments.insert(arguments.end(), place.options.begin(),
                     place.options.end());
    return arguments;
  }
  // The file that holds what is kept.
  std::string Home() {
    if (!in_cache()) return "/work/db.answers";
    const std::vector<std::string> keys = AnswerKeys();
    return keys.empty() ? "" : At("objects/" + keys[0] + "/data/answer");
  }
};

inline std::string NameOfPlace(const testing::TestParamInfo<size_t>& info) {
  return AnswerPlaces()[info.param].name;
}

}  // namespace finder

#endif  // FINDER_TESTS_CMD_SEARCH_ANSWER_WORLD_H_
