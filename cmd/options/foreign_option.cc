#include "cmd/options/foreign_option.h"

#include "absl/strings/str_split.h"
#include "finder/text/abseil_view.h"

namespace finder {
namespace {

// Of "-or", "-ok" and "-okdir" of find, which are -o with a file name here,
// nothing is said.
constexpr ForeignOption kForeign[] = {
    // What is listed.
    {"-H,-.,--hidden", "finder lists hidden files anyway"},
    {"--no-hidden",
     "finder lists hidden files, but for directories left out by -E '.*'"},
    {"-I,-u,--no-ignore,--no-ignore-vcs,--no-ignore-parent,"
     "--no-global-ignore-file,--no-require-git,--no-ignore-dot,"
     "--no-ignore-exclude,--no-ignore-files,--no-ignore-global,"
     "--no-ignore-messages,--no-ignore-file-case-insensitive,--unrestricted",
     "finder lists ignored files anyway, unless --ignore-files is given"},
    {"--ignore,--ignore-vcs,--ignore-parent,--ignore-dot,--ignore-exclude,"
     "--ignore-global,--ignore-messages,--ignore-file,"
     "--ignore-file-case-insensitive,--require-git",
     "did you mean '--ignore-files'?"},
    {"--files,-print,--print", "finder lists files anyway"},
    {"--no-follow,-P", "symlinks are not followed unless -L is given"},
    {"-follow", "did you mean '--follow'?"},
    {"--no-one-file-system",
     "other file systems are entered unless --xdev is "
     "given"},
    {"-xdev,-mount,--mount", "did you mean '--xdev'?"},
    {"-prune", "did you mean '--exclude-dirs'?"},
    {"--prune", "--first does not look below a directory that has a match"},
    {"--search-path", "name it as a ROOT, without an option"},
    {"--base-directory", "did you mean '-C'?"},
    {"--maxdepth,-maxdepth", "did you mean '--max-depth'?"},
    {"--mindepth,-mindepth", "did you mean '--min-depth'?"},
    {"--exact-depth", "give --min-depth and --max-depth the same number"},

    // Names and paths.
    {"-name,-path,-wholename,--name,--path", "did you mean '--glob'?"},
    {"-iname,-ipath,-iwholename,--iglob,--glob-case-insensitive,--iname,"
     "--no-glob-case-insensitive",
     "did you mean '--ignore-case --glob'?"},
    {"-regex,--regexp", "did you mean '--regex'?"},
    {"-iregex", "did you mean '--ignore-case --regex'?"},
    {"-regextype,--engine,--pcre2,--no-pcre2,--pcre2-unicode,"
     "--no-pcre2-unicode,--auto-hybrid-regex,--no-auto-hybrid-regex,"
     "--regex-size-limit,--dfa-size-limit,--unicode,--no-unicode",
     "--regex takes the syntax of RE2"},
    {"-s,--case-sensitive", "case counts unless -i or -S is given"},
    {"-p,--full-path",
     "--regex and a -g GLOB that holds a '/' match the path anyway"},
    {"-F,--fixed-strings,--no-fixed-strings",
     "-g '*TEXT*' matches names that hold TEXT"},
    {"--and", "filters of different kinds must all match anyway"},
    {"-not,-and,-true,-false",
     "finder find takes the expressions of find: finder find . -not ..."},

    // Types, and what a listing does not tell.
    {"-type", "did you mean '--type'?"},
    {"-T,--type-not,--type-add,--type-clear,--type-list",
     "-e c,h matches names by their extension"},
    {"-size", "did you mean '--size'?"},
    {"--max-filesize", "--size -N takes files of at most N bytes"},
    {"-newer", "did you mean '--newer'?"},
    {"--change-newer-than,--changed-after,-mmin,-mtime",
     "did you mean '--changed-within'?"},
    {"--change-older-than,--older", "did you mean '--changed-before'?"},
    {"--owner,-ctime,-cmin,-atime,-amin,-user,-group,-uid,"
     "-gid,-perm,-empty,-links,-inum,-samefile,-readable,-writable,"
     "-executable,-nouser,-nogroup,-used,-lname,-ilname,-xtype,-fstype",
     "finder looks at names, types, sizes and times only; for the rest say "
     "finder -0 ... | find -files0-from - ..."},

    // What is done with the answers.
    {"-exec", "did you mean '--exec'? its command ends at a ';'"},
    {"-execdir", "--exec runs commands in the working directory"},
    {"-delete", "finder removes nothing; say finder ... -X rm --"},
    {"-l,--list-details,-ls,-fls", "say finder ... -X ls -ld --"},
    {"-print0,--null,--null-data", "did you mean '--print0'?"},
    {"-printf,--format", "did you mean '--print-format'?"},
    {"-fprint,-fprint0,-fprintf", "-o writes to a file"},
    {"--sort,--sortr,--sort-files,-depth",
     "paths come sorted by their bytes, a directory before what is in it"},
    {"--relative-path,--no-absolute-path,--strip-cwd-prefix",
     "paths are printed as the ROOT was given"},
    {"--path-separator", "paths are printed with '/'"},
    {"-quit", "did you mean '-1'?"},
    {"-m,--max-count", "did you mean '--max-results'?"},
    {"--has-results", "did you mean '--quiet'?"},
    {"-c", "did you mean '--color' or '--count'?"},
    {"--colors", "colours are those of LS_COLORS"},
    {"--hyperlink-format,--hostname-bin", "did you mean '--hyperlink'?"},
    {"--no-json,--no-stats", "it is off unless asked for"},

    // The rest.
    {"--jobs", "did you mean '--threads'?"},
    {"--show-errors,--messages",
     "errors are told unless --ignore-unreadable is given"},
    {"--no-messages", "did you mean '--ignore-unreadable'?"},
    {"--max-buffer-time,--line-buffered,--no-line-buffered,--block-buffered,"
     "--no-block-buffered",
     "answers are printed as they become known"},
    {"--no-config", "finder reads no configuration file"},
    {"--debug", "did you mean '--verbose'?"},
    {"--gen-completions,--generate", "tools/install puts completions in place"},
    {"-A,-B,--after-context,--before-context,--context,--context-separator,"
     "--no-context-separator,--field-context-separator,"
     "--field-match-separator,-w,--word-regexp,--line-regexp,-U,--multiline,"
     "--no-multiline,--multiline-dotall,--no-multiline-dotall,-n,-N,"
     "--line-number,--no-line-number,--column,--no-column,--heading,"
     "--no-heading,--vimgrep,--pretty,-r,--replace,-z,--search-zip,"
     "--no-search-zip,--text,--no-text,--binary,--no-binary,--pre,--no-pre,"
     "--pre-glob,--passthru,--passthrough,--encoding,--no-encoding,-f,--file,"
     "--files-with-matches,--files-without-match,--count-matches,"
     "--include-zero,--only-matching,--invert-match,-M,--max-columns,"
     "--max-columns-preview,--no-max-columns-preview,-b,--byte-offset,--trim,"
     "--no-trim,--crlf,--no-crlf,--mmap,--no-mmap,--with-filename,"
     "--no-filename,--stop-on-nonmatch,--pcre2-version",
     "finder looks at names, not into files; say "
     "finder -0 ... | xargs -0 rg -e PATTERN --"},
};

}  // namespace

std::span<const ForeignOption> ForeignOptions() { return kForeign; }

std::string_view ForeignAnswer(std::string_view spelling) {
  for (const ForeignOption& option : kForeign) {
    for (const absl::string_view one :
         absl::StrSplit(Abseil(option.spellings), ',')) {
      if (std::string_view(one.data(), one.size()) == spelling) {
        return option.answer;
      }
    }
  }
  return {};
}

}  // namespace finder
