#include "finder/ignore/ignore_scopes.h"

#include <algorithm>
#include <utility>

namespace finder {

void IgnoreScope::BeginRepository(const std::vector<const IgnoreFile*>& files,
                                  const IgnoreBase& base, CaseRule case_rule) {
  in_repository_ = true;
  case_rule_ = case_rule;
  layers_.resize(ignores_);
  gitignores_ = 0;
  for (const IgnoreFile* file : files) layers_.push_back({file, base});
  Summarize();
}

void IgnoreScope::AddGitignore(const IgnoreFile& file, const IgnoreBase& base) {
  ++gitignores_;
  Insert(ignores_, file, base);
}

void IgnoreScope::AddIgnore(const IgnoreFile& file, const IgnoreBase& base) {
  ++ignores_;
  Insert(0, file, base);
}

void IgnoreScope::Insert(size_t at, const IgnoreFile& file,
                         const IgnoreBase& base) {
  layers_.insert(layers_.begin() + static_cast<ptrdiff_t>(at), {&file, base});
  Summarize();
}

void IgnoreScope::Summarize() {
  ends_ = NameEnds();
  needs_path_ = false;
  for (const Layer& layer : layers_) {
    ends_.Add(layer.file->rules.ends());
    needs_path_ |= layer.file->rules.has_path_rules();
  }
}

IgnoreDecision IgnoreScope::Decide(std::string_view path,
                                   bool is_directory) const {
  std::string joined;
  for (const Layer& layer : layers_) {
    const IgnoreRules& rules = layer.file->rules;
    std::string_view below = path;
    if (!rules.has_path_rules()) {
      below = path.substr(path.rfind('/') + 1);
    } else if (!layer.base.lead.empty()) {
      joined = layer.base.lead;
      joined += path;
      below = joined;
    } else {
      below.remove_prefix(std::min(layer.base.skip, path.size()));
    }
    const IgnoreRule* rule = rules.Match(below, is_directory);
    if (rule != nullptr) return {layer.file, rule};
  }
  return {};
}

IgnoreScopes::IgnoreScopes() { static_cast<void>(Add(IgnoreScope())); }

IgnoreScopes::~IgnoreScopes() {
  for (auto& chunk : chunks_) delete[] chunk.load();
}

uint32_t IgnoreScopes::Add(IgnoreScope scope) {
  absl::MutexLock lock(&mutex_);
  std::atomic<IgnoreScope*>& chunk = chunks_[count_ / kChunk];
  if (count_ % kChunk == 0) {
    chunk.store(new IgnoreScope[kChunk], std::memory_order_release);
  }
  chunk.load(std::memory_order_relaxed)[count_ % kChunk] = std::move(scope);
  return count_++;
}

const IgnoreFile& IgnoreScopes::AddFile(std::string path, IgnoreRules rules) {
  absl::MutexLock lock(&mutex_);
  return files_.emplace_back(IgnoreFile{std::move(path), std::move(rules)});
}

void IgnoreScopes::NoteRead(std::string printed, std::string absolute) {
  absl::MutexLock lock(&mutex_);
  read_.emplace_back(std::move(printed), std::move(absolute));
}

std::vector<std::string> IgnoreScopes::FilesRead(Spelling spelling) const {
  std::vector<std::string> paths;
  {
    absl::MutexLock lock(&mutex_);
    for (const auto& [printed, absolute] : read_) {
      paths.push_back(spelling == Spelling::kPrinted ? printed : absolute);
    }
  }
  std::sort(paths.begin(), paths.end());
  paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
  return paths;
}

}  // namespace finder
