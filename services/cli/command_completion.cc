#include "services/cli/call.h"
#include "services/cli/menu.h"

namespace switchboard::cli {
namespace {

constexpr const char* kBash = R"sh(# completion for bash: eval "$(switchboard completion)"
_switchboard() {
  local IFS=$'\n'
  COMPREPLY=($(switchboard __complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
  [ ${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- "${COMP_WORDS[COMP_CWORD]}"))
}
complete -o filenames -F _switchboard switchboard
)sh";

Exit script(Call& call) {
  call.terminal().print(kBash);
  return Exit::kOk;
}

}  // namespace

void add_completion(Menu& menu) {
  menu.add({.name = "completion",
            .meaning = "the script that completes words in bash",
            .examples = "eval \"$(switchboard completion)\"",
            .run = script});
}

}  // namespace switchboard::cli
