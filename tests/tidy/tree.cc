#include "tests/tidy/tree.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "tests/tidy/code.h"

namespace switchboard::tidy {
namespace fs = std::filesystem;

namespace {

// The subset of .gitignore this repository uses: "name/", "/name/", "*.ending".
struct Ignored {
  std::set<std::string> folders{".git"};
  std::vector<std::string> endings;
};

Ignored read_ignored(const fs::path& root) {
  Ignored ignored;
  std::ifstream in(root / ".gitignore");
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with('/')) line.erase(0, 1);
    if (line.starts_with("*")) {
      ignored.endings.push_back(line.substr(1));
    } else if (line.ends_with('/')) {
      ignored.folders.insert(line.substr(0, line.size() - 1));
    }
  }
  return ignored;
}

bool is_ignored(const Ignored& ignored, const fs::directory_entry& entry) {
  const std::string name = entry.path().filename().string();
  if (entry.is_directory()) return ignored.folders.contains(name);
  // A linked worktree has a file named .git.
  if (name == ".git") return true;
  return std::any_of(ignored.endings.begin(), ignored.endings.end(),
                     [&](const std::string& ending) { return name.ends_with(ending); });
}

std::string read_text(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

bool binary(std::string_view text) {
  return text.substr(0, 4096).find('\0') != std::string_view::npos;
}

void sort(Tree& tree) {
  std::sort(tree.files.begin(), tree.files.end(),
            [](const File& a, const File& b) { return a.path < b.path; });
  std::sort(tree.folders.begin(), tree.folders.end());
}

}  // namespace

std::string File::name() const { return path.substr(path.rfind('/') + 1); }

File make_file(std::string path, std::string text) {
  File file{.path = std::move(path), .text = std::move(text)};
  file.lines = split_lines(file.text);
  if (file.cpp()) {
    file.code = code_only(file.text);
    file.code_lines = split_lines(file.code);
  }
  return file;
}

const File* Tree::find(std::string_view path) const {
  for (const File& file : files) {
    if (file.path == path) return &file;
  }
  return nullptr;
}

bool Tree::has(std::string_view path) const {
  return find(path) != nullptr || std::binary_search(folders.begin(), folders.end(), path);
}

Tree read_tree(const fs::path& root) {
  const Ignored ignored = read_ignored(root);
  Tree tree;
  for (fs::recursive_directory_iterator at(root), end; at != end; ++at) {
    if (is_ignored(ignored, *at)) {
      if (at->is_directory()) at.disable_recursion_pending();
      continue;
    }
    const std::string path = at->path().lexically_relative(root).generic_string();
    if (at->is_directory()) {
      tree.folders.push_back(path);
    } else if (at->is_regular_file()) {
      std::string text = read_text(at->path());
      tree.files.push_back(binary(text) ? File{.path = path} : make_file(path, std::move(text)));
    }
  }
  sort(tree);
  return tree;
}

Tree make_tree(std::vector<File> files) {
  Tree tree{.files = std::move(files)};
  std::set<std::string> folders;
  for (const File& file : tree.files) {
    for (size_t at = file.path.find('/'); at != std::string::npos;
         at = file.path.find('/', at + 1)) {
      folders.insert(file.path.substr(0, at));
    }
  }
  tree.folders.assign(folders.begin(), folders.end());
  sort(tree);
  return tree;
}

std::ostream& operator<<(std::ostream& out, const Finding& f) {
  out << f.path;
  if (f.line > 0) out << ':' << f.line;
  return out << ": " << f.rule << ": " << f.instead;
}

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

}  // namespace switchboard::tidy
