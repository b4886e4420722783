// The commands of --exec and --exec-batch: what is put in for the placeholders,
// as in fd.
//
//   {}    the path                      src/gen/a.tar.gz
//   {/}   its last component            a.tar.gz
//   {//}  the directory it is in        src/gen
//   {.}   the path without extension    src/gen/a.tar
//   {/.}  the name without extension    a.tar
//
// Pure; immutable, any thread.
#ifndef FINDER_CMD_EXECUTION_COMMAND_TEMPLATE_H_
#define FINDER_CMD_EXECUTION_COMMAND_TEMPLATE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "cmd/options/command_line.h"

namespace finder {

enum class Placeholder : uint8_t {
  kPath,
  kName,
  kDirectory,
  kPathWithoutExtension,
  kNameWithoutExtension,
};

// Appends what stands for the placeholder. `path` is not empty and does not end
// in '/', unless it is "/".
void AppendPlaceholder(Placeholder placeholder, std::string_view path,
                       std::string& out);

// One word of a command.
class WordTemplate {
 public:
  explicit WordTemplate(std::string_view text);

  bool has_placeholder() const { return parts_.size() > 1; }
  std::string For(std::string_view path) const;

 private:
  // A text and, but for the last part, the placeholder behind it.
  struct Part {
    std::string text;
    Placeholder placeholder = Placeholder::kPath;
  };
  std::vector<Part> parts_;
};

class CommandTemplate {
 public:
  // `words` are not empty. Without a placeholder in them, {} is put behind.
  static CommandTemplate ForEach(const CommandWords& words);
  // The same for a command that gets many paths, one behind the other in the
  // place of the word with the placeholder. Fails if that is the program or if
  // there are several.
  static absl::StatusOr<CommandTemplate> ForBatch(const CommandWords& words);

  // Whether each path has the same program.
  bool has_fixed_program() const { return !words_.front().has_placeholder(); }
  const std::string& program() const { return program_; }

  std::vector<std::string> For(std::string_view path) const;

  // Of a batch: what the word of a path is, and the command for such words.
  std::string WordFor(std::string_view path) const;
  std::vector<std::string> ForWords(const std::vector<std::string>& words,
                                    size_t begin, size_t end) const;

 private:
  std::vector<WordTemplate> words_;
  std::string program_;  // as it was given
  size_t batch_word_ = 0;
};

}  // namespace finder

#endif  // FINDER_CMD_EXECUTION_COMMAND_TEMPLATE_H_
