#include "services/cli/command_line.h"

#include <algorithm>

#include "broker/runtime/edit_distance.h"
#include "services/cli/argument_guard.h"
#include "services/cli/call.h"
#include "services/cli/menu.h"
#include "services/cli/words.h"

namespace switchboard::cli {
namespace {

// How far a command line leads into the tree, and the first word that is not in it.
struct Walk {
  const CLI::App* at = nullptr;
  std::string path = "switchboard";
  std::string unknown_word;
  std::string unknown_option;
};

const CLI::Option* find_option(const CLI::App* app, const std::string& name) {
  for (; app != nullptr; app = app->get_parent()) {
    for (const CLI::Option* option : app->get_options()) {
      if (option->check_name(name)) return option;
    }
  }
  return nullptr;
}

const CLI::App* find_command(const CLI::App& app, const std::string& name) {
  for (const CLI::App* child : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (child->get_name() == name) return child;
  }
  return nullptr;
}

Walk walk(const CLI::App& root, const std::vector<std::string>& arguments) {
  Walk w{.at = &root};
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    if (word.starts_with("-") && word.size() > 1) {
      const std::string name = word.substr(0, word.find('='));
      const CLI::Option* option = find_option(w.at, name);
      if (option == nullptr && w.unknown_option.empty()) w.unknown_option = name;
      const bool takes_value = option != nullptr && option->get_items_expected_max() > 0;
      if (takes_value && name.size() == word.size()) ++i;
      continue;
    }
    const CLI::App* child = find_command(*w.at, word);
    if (child != nullptr) {
      w.at = child;
      w.path += " " + word;
    } else if (w.at->get_require_subcommand_min() > 0) {
      w.unknown_word = word;
      return w;
    }
  }
  return w;
}

// CLI11 adds the command's own word to what stands before it.
std::string help_of(const Walk& w) {
  const size_t last = w.path.rfind(' ');
  return w.at->help(last == std::string::npos ? "" : w.path.substr(0, last));
}

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* child : app.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(child->get_name());
  }
  return names;
}

std::vector<std::string> option_names(const CLI::App* app) {
  std::vector<std::string> names;
  for (; app != nullptr; app = app->get_parent()) {
    for (const CLI::Option* option : app->get_options()) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::string nearest(const std::string& word, const std::vector<std::string>& names) {
  std::string best;
  size_t distance = std::max<size_t>(1, word.size() / 3) + 1;
  for (const std::string& name : names) {
    const size_t d = edit_distance(word, name);
    if (d < distance) {
      distance = d;
      best = name;
    }
  }
  return best;
}

std::string did_you_mean(const std::string& what, const std::string& word,
                         const std::vector<std::string>& names) {
  const std::string best = nearest(word, names);
  std::string text = "unknown " + what + " '" + plain(word) + "'";
  return best.empty() ? text : text + "; did you mean '" + best + "'?";
}

int misused(Terminal& terminal, const Menu& menu, const CLI::App& root,
            const std::vector<std::string>& arguments, const std::string& why) {
  const Walk w = walk(root, arguments);
  if (!w.unknown_word.empty()) {
    terminal.complain(did_you_mean("command", w.unknown_word, command_names(*w.at)));
  } else if (!w.unknown_option.empty()) {
    terminal.complain(did_you_mean("option", w.unknown_option, option_names(w.at)));
  } else if (menu.chosen() == nullptr && w.at->get_require_subcommand_min() > 0) {
    terminal.note(help_of(w));
    return static_cast<int>(Exit::kUsage);
  } else {
    terminal.complain(why);
  }
  terminal.note("see: " + w.path + " --help");
  return static_cast<int>(Exit::kUsage);
}

// For the shell, not for people: no part of the tree, so that no help shows it.
constexpr std::string_view kComplete = "__complete";

int complete(const std::vector<std::string>& arguments, Terminal& terminal) {
  std::vector<std::string> words(arguments.begin() + 1, arguments.end());
  if (!words.empty() && words.front() == "--") words.erase(words.begin());
  for (const std::string& word : completions(words)) terminal.print(word + "\n");
  return static_cast<int>(Exit::kOk);
}

void apply_globals(const Arguments& a, Terminal& terminal) {
  const bool json = a.json || a.format == "json";
  terminal.set_format(a.format == "jsonl" ? Format::kJsonl
                                          : (json ? Format::kJson : Format::kTable));
  terminal.set_quiet(a.quiet);
  if (a.no_colour) terminal.forbid_colour();
}

}  // namespace

int run(const std::vector<std::string>& arguments, Terminal& terminal) {
  if (!arguments.empty() && arguments.front() == kComplete) return complete(arguments, terminal);
  if (const auto advice = refuse_identity(arguments)) {
    terminal.complain(*advice);
    return static_cast<int>(Exit::kUsage);
  }
  Arguments parsed;
  Menu menu(parsed);
  add_all(menu);
  // CLI11 takes them from the back.
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
  try {
    menu.root().parse(reversed);
  } catch (const CLI::CallForHelp&) {
    const Walk w = walk(menu.root(), arguments);
    terminal.print(help_of(w));
    return static_cast<int>(Exit::kOk);
  } catch (const CLI::ParseError& problem) {
    return misused(terminal, menu, menu.root(), arguments, problem.what());
  }
  apply_globals(parsed, terminal);
  Call call(parsed, terminal);
  return static_cast<int>(menu.chosen()(call));
}

std::vector<std::string> completions(const std::vector<std::string>& words) {
  Arguments ignored;
  Menu menu(ignored);
  add_all(menu);
  const std::string begun = words.empty() ? "" : words.back();
  std::vector<std::string> before(words.begin(), words.empty() ? words.end() : words.end() - 1);
  const Walk w = walk(menu.root(), before);
  std::vector<std::string> fitting;
  if (!w.unknown_word.empty()) return fitting;
  const auto names = begun.starts_with("-") ? option_names(w.at) : command_names(*w.at);
  for (const std::string& name : names) {
    if (name.starts_with(begun)) fitting.push_back(name);
  }
  return fitting;
}

}  // namespace switchboard::cli
