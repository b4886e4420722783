// A record with one of everything.
#ifndef FINDER_TESTS_FINDER_RESULTS_SAMPLE_RECORD_H_
#define FINDER_TESTS_FINDER_RESULTS_SAMPLE_RECORD_H_

#include <string>

#include "finder/results/result_record.h"

namespace finder {

inline ResultRecord SampleRecord() {
  ResultRecord record;
  record.key = std::string(48, '7');
  record.command = {"protoc", "--out", "caf\xe9"};
  record.directory = "/home/me/src";
  record.exit_code = 3;
  record.started_ns = 1'600'000'000'123'456'789;
  record.duration_ns = 1'500'000'000;
  record.chunks = {{PrintedStream::kStdout, 4},
                   {PrintedStream::kStderr, 7},
                   {PrintedStream::kStdout, 2}};
  record.printed_hash = HashOf("one\nfailed\nno");
  record.outputs = {
      {.path = "gen",
       .kind = OutputKind::kDirectory,
       .permissions = 0755,
       .modified_ns = 7},
      {.path = "gen/a\n\xff",
       .kind = OutputKind::kFile,
       .permissions = 0640,
       .modified_ns = -1,
       .size_bytes = 5,
       .hash = HashOf("bytes")},
      {.path = "gen/empty",
       .kind = OutputKind::kFile,
       .permissions = 0444,
       .modified_ns = 1'600'000'000'000'000'001,
       .size_bytes = 0,
       .hash = HashOf("")},
      {.path = "gen/link",
       .kind = OutputKind::kSymlink,
       .permissions = 0777,
       .modified_ns = 5,
       .target = "../a"},
  };
  return record;
}

inline RecordedIngredients SampleIngredients() {
  RecordedIngredients ingredients;
  ingredients.salt = "00112233445566778899aabbccddeeff";
  ingredients.executable = "/usr/bin/protoc";
  ingredients.executable_hash = HashOf("elf");
  ingredients.umask = 022;
  ingredients.user_salt = HashOf("salted");
  ingredients.options = {"output gen"};
  ingredients.sets = {
      {"-g '*.proto' src",
       {{.path = "src/a.proto", .hash = HashOf("a")},
        {.path = "src/b", .kind = FileKind::kSymlink, .hash = HashOf("b")},
        {.path = "src/d", .kind = FileKind::kDirectory},
        {.path = "src/gone", .kind = FileKind::kAbsent},
        {.path = "src/run", .executable = true, .hash = HashOf("run")}}},
      {"", {}},
  };
  ingredients.variables = {{"CC", HashOf("salted gcc")},
                           {"LANG", std::nullopt}};
  return ingredients;
}

}  // namespace finder

#endif  // FINDER_TESTS_FINDER_RESULTS_SAMPLE_RECORD_H_
