#include "services/cli/call.h"

#include <termios.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>

#include "services/cli/error_book.h"
#include "services/cli/words.h"

namespace switchboard::cli {
namespace {

// What is typed is not shown while this lives.
class Unseen {
 public:
  Unseen() {
    active_ = tcgetattr(STDIN_FILENO, &before_) == 0;
    termios hidden = before_;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    if (active_) tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
  }
  ~Unseen() {
    if (active_) tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  Unseen(const Unseen&) = delete;
  Unseen& operator=(const Unseen&) = delete;

 private:
  termios before_{};
  bool active_ = false;
};

std::string trimmed(std::string text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) text.pop_back();
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front()))) text.erase(0, 1);
  return text;
}

}  // namespace

Result<HubLink*> Call::hub() {
  if (hub_ != nullptr) return hub_.get();
  HubLink::Options options;
  options.connection_file = arguments_.connect;
  options.identity = arguments_.identity;
  options.timeout = milliseconds(static_cast<int64_t>(arguments_.timeout_s * 1000));
  const char* from_environment = std::getenv("SWITCHBOARD_CONNECT");
  if (options.connection_file.empty() && from_environment != nullptr) {
    options.connection_file = from_environment;
  }
  if (options.connection_file.empty()) {
    trouble_ = Trouble::kNotNamed;
    return error(v1::CODE_INVALID,
                 "which hub? name a connection file with --connect FILE or SWITCHBOARD_CONNECT\n"
                 "(switchboard sandbox init DIR makes one to try things with)");
  }
  auto opened = HubLink::open(options);
  if (!opened.ok()) {
    const bool not_running = opened.error().code == v1::CODE_BUSY;
    trouble_ = not_running ? Trouble::kNotRunning : Trouble::kConnectionFile;
    return opened.error();
  }
  hub_ = std::move(*opened);
  return hub_.get();
}

Result<v1::AdminReply> Call::ask(v1::AdminRequest request) {
  request.set_reason(arguments_.reason);
  if (request.person().empty()) request.set_person(arguments_.person);
  TRY(HubLink * link, hub());
  TRY(auto reply, link->ask(std::move(request)));
  // What is wrong with the rows of an apply stands in the reply, line by line.
  const bool says_why = reply.has_applied() && reply.applied().problems_size() > 0;
  if (reply.code() != v1::CODE_OK && !says_why) return error(reply.code(), reply.text());
  return reply;
}

Exit Call::fail(const Error& problem) {
  terminal_.complain(problem.text.empty() ? name_of(problem.code) : problem.text);
  if (trouble_ == Trouble::kNotNamed) return Exit::kUsage;
  if (trouble_ == Trouble::kConnectionFile) return Exit::kConfig;
  if (trouble_ == Trouble::kNotRunning) return Exit::kUnavailable;
  if (hub_ != nullptr && hub_->unreachable()) return Exit::kUnavailable;
  if (find_error(name_of(problem.code)) != nullptr) {
    terminal_.note(name_of(problem.code) + ", " +
                   std::string(nature_words(find_error(name_of(problem.code))->nature)) +
                   "; see: switchboard errors lookup " + name_of(problem.code));
  }
  return exit_for(problem.code);
}

Exit Call::misused(const std::string& text) {
  terminal_.complain(text);
  return Exit::kUsage;
}

Result<std::string> Call::read(const std::string& file) {
  if (file == "-") {
    return std::string(std::istreambuf_iterator<char>(std::cin), {});
  }
  std::ifstream in(file, std::ios::binary);
  if (!in) return error(v1::CODE_NOT_FOUND, "cannot read " + plain(file));
  return std::string(std::istreambuf_iterator<char>(in), {});
}

Result<std::string> Call::read_hidden(const std::string& where, const std::string& what) {
  if (where.starts_with('@')) {
    TRY(const std::string text, read(where.substr(1)));
    return trimmed(text);
  }
  if (where != "-") {
    return error(v1::CODE_INVALID, "give the " + what + " as - (stdin) or @FILE, never itself");
  }
  if (!terminal_.traits().in_is_terminal) {
    TRY(const std::string text, read("-"));
    return trimmed(text);
  }
  if (arguments_.no_input) return error(v1::CODE_INVALID, what + " is needed (--no-input)");
  const Unseen unseen;
  std::cerr << what << ": " << std::flush;
  std::string line;
  std::getline(std::cin, line);
  std::cerr << std::endl;
  return trimmed(line);
}

bool Call::agreed(const std::string& question) {
  const bool can_ask = terminal_.traits().in_is_terminal && !arguments_.no_input;
  if (!can_ask) return false;
  std::cerr << question << " [yes/no] " << std::flush;
  std::string line;
  std::getline(std::cin, line);
  return trimmed(line) == "yes" || trimmed(line) == "y";
}

std::string Call::command(const std::string& words) const {
  std::string line = "switchboard ";
  if (!arguments_.connect.empty()) line += "--connect " + arguments_.connect + " ";
  return line + words;
}

}  // namespace switchboard::cli
